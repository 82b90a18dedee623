"""How needs of a list, and of an order, are answered."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from grading.evidence import Item
from grading.known import Known
from grading.proof import Answer, Change, Doing, Numbers, Proof
from grading.requirements.needs import Covers, InOrder, Measure
from grading.requirements.selection import Selection
from grading.weighing.amounts import earliest, reached, to_come, to_say, who_adds
from grading.weighing.candidates import Candidates, Sure, candidates
from grading.weighing.matching import value_of, values_of
from grading.weighing.measuring import of_candidates


def covers(need: Covers, found: Known) -> Proof:
    """Each of the list, or some of it; every value is a part of the proof."""
    may = candidates(need.amount.of, found, need.amount.measure, need.by, need.amount.name)
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
    mine = may.only(lambda item: _may_be(item, need.by, value))
    numbers, counted, left_out, _ = of_candidates(need.amount, mine, need.threshold)
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
    changes = () if answer is Answer.MET else changes
    on = earliest(*(step.falls_out_on for step in steps))
    return Proof(answer, "in_order", numbers, counted, left_out, changes=changes, changes_on=on)


def _furthest(steps: Sequence[Candidates], same: str, level: Sure) -> list[Item]:
    """The longest beginning of the steps, within one observation (or whatever must be the same)."""
    there = [[item for item, _ in step.up_to(level)] for step in steps]
    if not same:
        return _taken(there)
    keys = sorted({key for step in there for item in step for key in values_of(item, same)}) or [""]
    of_key = ([[item for item in step if _may_be(item, same, key)] for step in there] for key in keys)
    return max((_taken(each) for each in of_key), key=len, default=[])


def _may_be(item: Item, name: str, value: str) -> bool:
    """Whether a thing has the value, or could have it, for nobody said."""
    return value in values_of(item, name) or value_of(name, item) is None


def _taken(steps: Sequence[Sequence[Item]]) -> list[Item]:
    taken: list[Item] = []
    for step in steps:
        after = [item for item in step if (not taken or item.on >= taken[-1].on) and item not in taken]
        if not after:
            break
        taken.append(min(after, key=lambda item: (item.on, item.id)))
    return taken


def _how_many(parts: Sequence[Proof], answers: set[Answer]) -> Decimal:
    return Decimal(sum(part.answer in answers for part in parts))
