"""How needs of a list, and of an order, are answered."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from grading.evidence import Item
from grading.known import Known
from grading.proof import Answer, Change, Doing, Numbers, Proof
from grading.requirements.needs import Covers, InOrder, Measure
from grading.requirements.selection import Selection
from grading.weighing.amounts import reached, to_come, to_say, who_adds
from grading.weighing.counting import Candidate, Candidates, Sure, candidates
from grading.weighing.measuring import of_candidates, values_of


def covers(need: Covers, found: Known) -> Proof:
    """Each of the list, or some of it; every value is a part of the proof."""
    may = candidates(need.amount.of, found, need.amount.measure, need.by)
    parts = tuple(_value(need, value, may) for value in need.values)
    wanted = len(need.values) if need.some is None else need.some
    numbers = Numbers(
        Decimal(wanted),
        "",
        _how_many(parts, {Answer.MET}),
        _how_many(parts, {Answer.MET, Answer.WAITING}),
        _how_many(parts, {Answer.MET, Answer.WAITING, Answer.UNKNOWN}),
    )
    answer = reached(numbers, Decimal(wanted))
    changes = () if answer is Answer.MET else tuple(to_say(tuple(may.left_out), answer))
    return Proof(answer, "covers", numbers, parts=parts, changes=changes, changes_on=may.falls_out_on)


def _value(need: Covers, value: str, may: Candidates) -> Proof:
    mine = [
        each
        for each in may.found
        if value in (values := values_of(each.item, need.by)) or (not values and need.by not in each.item.has)
    ]
    numbers, counted, left_out, _ = of_candidates(need.amount, replace(may, found=mine, left_out=[]), need.threshold)
    answer = reached(numbers, need.threshold)
    missing = tuple(to_come(need.amount.of, numbers, need.threshold, answer, left_out))
    return Proof(
        answer,
        "value",
        numbers,
        counted,
        left_out,
        name=value,
        changes=tuple(replace(each, name=value) for each in missing),
    )


def in_order(need: InOrder, found: Known) -> Proof:
    """One step after the other: the earliest thing for each that is not before the one for the last."""
    steps = [candidates(step, found, Measure.COUNT, need.same) for step in need.steps]
    reached_at = [_furthest(steps, need.same, level) for level in Sure]
    taken, waiting, possible = reached_at
    count = Decimal(len(steps))
    numbers = Numbers(count, "", Decimal(len(taken)), Decimal(len(waiting)), Decimal(len(possible)))
    answer = reached(numbers, count)
    left_out = tuple(each for step in steps for each in step.left_out)
    changes = tuple(to_say(left_out, answer))
    if answer is Answer.NOT_YET:
        following: Selection = need.steps[len(possible)]
        changes = (Change(who_adds(following), Doing.ADD, Decimal(1)), *changes)
    counted = tuple((item, Decimal(1)) for item in taken)
    return Proof(answer, "in_order", numbers, counted, left_out, changes=() if answer is Answer.MET else changes)


def _furthest(steps: Sequence[Candidates], same: str, level: Sure) -> list[Item]:
    """The longest beginning of the steps, within one observation (or whatever must be the same)."""
    sure = [[each for each in step.found if each.sure <= level] for step in steps]
    if not same:
        return _taken(sure)
    keys = sorted({key for step in sure for each in step for key in values_of(each.item, same)})
    return max((_taken([_of(step, same, key) for step in sure]) for key in keys), key=len, default=[])


def _of(step: Sequence[Candidate], same: str, key: str) -> list[Candidate]:
    return [each for each in step if key in values_of(each.item, same)]


def _taken(steps: Sequence[Sequence[Candidate]]) -> list[Item]:
    taken: list[Item] = []
    for step in steps:
        after = [each.item for each in step if not taken or each.item.on >= taken[-1].on]
        unused = [item for item in after if item not in taken]
        if not unused:
            break
        taken.append(min(unused, key=lambda item: (item.on, item.id)))
    return taken


def _how_many(parts: Sequence[Proof], answers: set[Answer]) -> Decimal:
    return Decimal(sum(part.answer in answers for part in parts))
