"""How it is answered whether something is held for so long."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from grading.evidence import Item
from grading.known import Known, day_or_today
from grading.periods import Period
from grading.program import Who
from grading.proof import Answer, Change, Doing, Proof
from grading.requirements.needs import Held, Measure
from grading.weighing.amounts import to_say, who_adds
from grading.weighing.answers import of_levels
from grading.weighing.candidates import candidates
from grading.weighing.passing import comes_on, earliest
from grading.weighing.pile import Candidates, Sure

ONE = Decimal(1)
NEXT = Period(days=1)


def held(need: Held, found: Known) -> Proof:
    """Something began long enough before a day (and not too long), and is still in force on it."""
    may = candidates(need.of, found, Measure.COUNT)
    at = day_or_today(need.at, found)
    sure = _held_at(need, [item for item, _ in may.sure], at)
    more = (_held_at(need, [item for item, _ in may.up_to(level)], at) for level in (Sure.WAITS, Sure.UNKNOWN))
    answer = Answer.MET if sure else of_levels([False, *map(bool, more)])
    counted = tuple((item, ONE) for item in sure)
    changes: tuple[Change, ...] = ()
    if answer is Answer.NOT_YET:
        on = earliest(*(day for day in _long_enough(need, may) if day > at))
        changes = (Change(Who.NOBODY, Doing.WAIT, on=on) if on else Change(who_adds(need.of), Doing.ADD, ONE),)
    else:
        changes = tuple(to_say(tuple(may.left_out), answer))
    turns = _turns(need, may, sure, answer)
    on = earliest(comes_on(partial(day_or_today, need.at), turns, found), may.changes_on)
    return Proof(answer, "held", None, counted, tuple(may.left_out), changes=changes, changes_on=on)


def _held_at(need: Held, items: Sequence[Item], at: date) -> list[Item]:
    """Those that are in force on the day, and what they follow without a gap goes back far enough."""
    return [
        item
        for item in items
        if item.on <= at
        and _goes_on(item, at)
        and (need.less_than is None or need.less_than.after(item.on) > at)
        and (need.at_least is None or need.at_least.after(_since(item.on, items)) <= at)
    ]


def _long_enough(need: Held, may: Candidates) -> Iterator[date]:
    """The days from which on one of them, which is not over by then, has been held for long enough."""
    if need.at_least is None:
        return
    for level in Sure:
        items = [item for item, _ in may.up_to(level)]
        there = ((item, need.at_least.after(_since(item.on, items))) for item in items)
        yield from (day for item, day in there if _goes_on(item, day))


def _turns(need: Held, may: Candidates, sure: Sequence[Item], answer: Answer) -> Iterator[date]:
    """The days from which on the answer may be another: something is held for long enough, or it ends."""
    if answer is not Answer.MET:
        yield from (item.on for item in may.all_items())
        yield from _long_enough(need, may)
    if answer is not Answer.NOT_YET:
        ending = sure or list(may.all_items())
        yield from (NEXT.after(item.until) for item in ending if item.until)
        yield from (need.less_than.after(item.on) for item in ending if need.less_than)


def _since(day: date, items: Sequence[Item]) -> date:
    """The day since which it holds without a gap, where one thing follows another: a membership of each year.

    The things are in the order of their days.
    """
    for item in reversed(items):
        if item.on < day and (item.until is None or NEXT.after(item.until) >= day):
            day = item.on
    return day


def _goes_on(item: Item, at: date) -> bool:
    return item.until is None or item.until >= at
