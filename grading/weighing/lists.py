"""How needs of a list, and of an order, are answered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.evidence import Item
from grading.known import Known
from grading.proof import Answer, Change, Doing, Numbers, Proof
from grading.requirements.needs import Covers, InOrder, Measure
from grading.requirements.selection import Selection
from grading.weighing.amounts import reached, to_come, to_say, who_adds
from grading.weighing.candidates import candidates
from grading.weighing.matching import value_of, values_of
from grading.weighing.measuring import of_candidates
from grading.weighing.passing import earliest
from grading.weighing.pile import Candidates, Sure, by_value


def covers(need: Covers, found: Known) -> Proof:
    """Each of the list, or some of it; every value is a part of the proof."""
    may = candidates(need.amount.of, found, need.amount.measure, need.by, need.amount.name)
    there = by_value(may, need.by, need.values)
    parts = tuple(_value(need, value, there[value]) for value in need.values)
    wanted = len(need.values) if need.some is None else need.some
    numbers = Numbers(
        Decimal(wanted),
        "",
        _how_many(parts, {Answer.MET}),
        _how_many(parts, {Answer.MET, Answer.WAITING}),
        _how_many(parts, {Answer.MET, Answer.WAITING, Answer.UNKNOWN}),
    )
    answer = reached(numbers, Decimal(wanted))
    changes = tuple(to_say(tuple(may.left_out), answer))
    return Proof(answer, "covers", numbers, parts=parts, changes=changes, changes_on=may.changes_on)


def _value(need: Covers, value: str, mine: Candidates) -> Proof:
    numbers, counted, left_out, _ = of_candidates(need.amount, mine, need.threshold)
    answer = reached(numbers, need.threshold)
    missing = to_come(need.amount.of, numbers, need.threshold, answer, left_out)
    changes = tuple(each if each.doing is Doing.SAY else replace(each, name=value) for each in missing)
    return Proof(answer, "value", numbers, counted, left_out, name=value, changes=changes)


def in_order(need: InOrder, found: Known) -> Proof:
    """One step after the other: the earliest thing for each that is not before the one for the last."""
    steps = [candidates(step, found, Measure.COUNT, need.same) for step in need.steps]
    taken = _furthest(steps, need.same, Sure.YES)
    # What is complete needs no more; so it is not looked for.
    is_done = len(taken) == len(steps)
    waiting = taken if is_done else _furthest(steps, need.same, Sure.WAITS)
    possible = taken if is_done else _furthest(steps, need.same, Sure.UNKNOWN)
    count = Decimal(len(steps))
    numbers = Numbers(count, "", Decimal(len(taken)), Decimal(len(waiting)), Decimal(len(possible)))
    answer = reached(numbers, count)
    left_out = tuple(each for step in steps for each in step.left_out)
    changes = tuple(to_say(left_out, answer))
    if answer is Answer.NOT_YET:
        following: Selection = need.steps[len(possible)]
        changes = (Change(who_adds(following), Doing.ADD, Decimal(1)), *changes)
    counted = tuple((item, Decimal(1)) for item in taken)
    on = earliest(*(step.changes_on for step in steps))
    return Proof(answer, "in_order", numbers, counted, left_out, changes=changes, changes_on=on)


def _furthest(steps: Sequence[Candidates], same: str, level: Sure) -> list[Item]:
    """The longest beginning of the steps, within one observation (or whatever must be the same)."""
    there = [[item for item, _ in step.up_to(level)] for step in steps]
    if not same:
        return _taken(there)
    by_key = [_by_key(step, same) for step in there]
    keys = sorted({key for step in by_key for key in step if key is not None})
    of_key = ([step.get(key, step.get(None, [])) for step in by_key] for key in [*keys, None])
    return max((_taken(each) for each in of_key), key=len, default=[])


def _by_key(step: Sequence[Item], same: str) -> dict[str | None, list[Item]]:
    """The things of each observation (or whatever must be the same), in their order; a silent one may be of any."""
    silent = [item for item in step if value_of(same, item) is None]
    found: dict[str | None, list[Item]] = {None: silent}
    for item in step:
        for key in values_of(item, same):
            found.setdefault(key, list(silent)).append(item)
    return found


def _taken(steps: Sequence[Sequence[Item]]) -> list[Item]:
    """The earliest things for as many steps as can be; on one day they are given out so that most steps are done."""
    done: list[Item] = []
    on_day: dict[int, Item] = {}
    day = date.min
    for number, step in enumerate(steps):
        if _has_place(number, steps, day, on_day, set()):
            continue
        following = min((item.on for item in step if item.on > day), default=None)
        if following is None:
            break
        done += (on_day[each] for each in sorted(on_day))
        day, on_day = following, {}
        _has_place(number, steps, day, on_day, set())
    return [*done, *(on_day[each] for each in sorted(on_day))]


def _has_place(
    number: int, steps: Sequence[Sequence[Item]], day: date, on_day: dict[int, Item], looked_at: set[str]
) -> bool:
    """Whether a step finds a thing of the day, where need be one that another step can do without; notes who has it."""
    for item in sorted((each for each in steps[number] if each.on == day), key=lambda each: each.id):
        if item.id in looked_at:
            continue
        looked_at.add(item.id)
        other = next((step for step, each in on_day.items() if each.id == item.id), None)
        if other is None or _has_place(other, steps, day, on_day, looked_at):
            on_day[number] = item
            return True
    return False


def _how_many(parts: Sequence[Proof], answers: set[Answer]) -> Decimal:
    return Decimal(sum(part.answer in answers for part in parts))
