"""What of a selection counts, in the order that `grading.requirements.selection` says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from grading.evidence import Item
from grading.known import Known, day_of
from grading.periods import Period, earlier
from grading.proof import LeftOut, Why
from grading.requirements.needs import Measure
from grading.requirements.selection import Cap, Keep, Selection, Window
from grading.weighing.matching import matches_all

ONE = Decimal(1)
INFINITE = Decimal("Infinity")


class Sure(IntEnum):
    """How sure it is that a thing counts."""

    YES = 0
    WAITS = 1
    """It counts once it is signed."""
    UNKNOWN = 2
    """Something is not said that the rule asks."""


@dataclass(slots=True)
class Candidate:
    """A thing that may count, with how much of it."""

    item: Item
    amount: Decimal
    sure: Sure


@dataclass(slots=True)
class Candidates:
    """What is left after units (step 4), and what was left out before."""

    found: list[Candidate]
    left_out: list[LeftOut]
    waiting: bool = False
    unknown: bool = False
    falls_out_on: date | None = None
    """The next day on which one of them is too old, as time goes on."""


Bounds = tuple[date | None, date | None, bool]
"""The first and last day that count, and whether counting has begun."""


def candidates(selection: Selection, found: Known, measure: Measure, name: str = "") -> Candidates:
    """What may count: steps 1 to 4. With `name`, things that do not say it are not sure."""
    result = Candidates([], [])
    bounds = [_bounds(window, found) for window in selection.windows]
    in_force = [day for window in selection.windows if (day := _force_day(window, found)) is not None]
    items: Iterable[Item]
    if len(selection.kinds) == 1:
        items = found.by_kind.get(next(iter(selection.kinds)), ())
    else:
        items = sorted(
            (item for kind in selection.kinds for item in found.by_kind.get(kind, ())),
            key=lambda item: (item.on, item.id),
        )
    for item in items:
        meant, unsaid = matches_all(selection.where, item) if selection.where else (True, "")
        if meant is False:
            continue
        why = _why_not(selection, item, bounds, in_force)
        if why is not None:
            result.left_out.append(LeftOut(item, why))
            continue
        amount = _amount(selection, item, measure)
        _take(result, item, amount, unsaid or _unsaid(selection, item, amount, name), found.today)
    result.falls_out_on = _falls_out_on(selection, result.found)
    return result


def _take(result: Candidates, item: Item, amount: Decimal | None, unsaid: str, today: date) -> None:
    sure = Sure.YES
    if unsaid:
        sure, result.unknown = Sure.UNKNOWN, True
        result.left_out.append(LeftOut(item, Why.NOT_SAID, unsaid))
    elif not item.stands(today):
        sure, result.waiting = Sure.WAITS, True
        result.left_out.append(LeftOut(item, Why.WAITS))
    result.found.append(Candidate(item, INFINITE if amount is None else amount, sure))


def _unsaid(selection: Selection, item: Item, amount: Decimal | None, name: str) -> str:
    """The first thing that nobody said of it and that the selection asks."""
    if amount is None:
        return "amount" if item.amount is None else "unit"
    if name and name not in item.has:
        return name
    unknown = (matches_all(group, item) for group in selection.not_counting)
    return next((asked for matched, asked in unknown if matched is None), "")


def counting(
    selection: Selection,
    found: Sequence[Candidate],
    level: Sure,
    measure: Measure,
    left_out: list[LeftOut] | None = None,
) -> list[Candidate]:
    """What counts of them (steps 5 to 7), when all up to this level of sureness do."""
    chosen = [each for each in found if each.sure <= level]
    if selection.once_per:
        chosen = _once(selection, chosen, left_out)
    for cap in selection.caps:
        chosen = _capped(cap, chosen, level, left_out)
    return _best_stretch(selection.within, chosen) if selection.within else chosen


def _bounds(window: Window, found: Known) -> Bounds:
    until = day_of(window.until, found) if window.until else None
    begun = True
    since = None
    if window.since:
        since = day_of(window.since, found)
        begun = since is not None
    if window.last:
        start = earlier(until or found.day, window.last, found.pauses("windows"))
        since = start if since is None else max(since, start)
    return since, until, begun


def _force_day(window: Window, found: Known) -> date | None:
    return (day_of(window.in_force, found) or found.day) if window.in_force else None


def _why_not(selection: Selection, item: Item, bounds: Sequence[Bounds], in_force: Sequence[date]) -> Why | None:
    for group in selection.not_counting:
        if matches_all(group, item)[0] is True:
            return Why.NOT_COUNTING
    for since, until, begun in bounds:
        if not begun:
            return Why.NOT_BEGUN
        if since is not None and item.on < since:
            return Why.TOO_EARLY
        if until is not None and item.on > until:
            return Why.TOO_LATE
    for day in in_force:
        if item.on > day or (item.until is not None and item.until < day):
            return Why.NOT_IN_FORCE
    return None


def _amount(selection: Selection, item: Item, measure: Measure) -> Decimal | None:
    """How much it is in the selection's unit; one where things are only counted; None: nobody said."""
    if measure in (Measure.COUNT, Measure.DISTINCT):
        return ONE
    if item.amount is None:
        return None
    if item.unit == selection.unit or not selection.unit:
        return item.amount
    times = selection.units.get(item.unit)
    return None if times is None else item.amount * times


def _once(selection: Selection, chosen: list[Candidate], left_out: list[LeftOut] | None) -> list[Candidate]:
    best: dict[object, Candidate] = {}
    better = _BETTER[selection.keep]
    for each in chosen:
        value = each.item.has.get(selection.once_per)
        key: object = value if value is not None else each.item.id
        other = best.get(key)
        if other is None or better(each) < better(other):
            best[key] = each
        if left_out is not None and other is not None:
            left_out.append(LeftOut(other.item if best[key] is each else each.item, Why.TWICE, selection.once_per))
    kept = {id(each) for each in best.values()}
    return [each for each in chosen if id(each) in kept]


_BETTER: dict[Keep, Callable[[Candidate], tuple[object, ...]]] = {
    Keep.LARGEST: lambda each: (-each.amount, each.item.on, each.item.id),
    Keep.LATEST: lambda each: (-each.item.on.toordinal(), -each.amount, each.item.id),
    Keep.EARLIEST: lambda each: (each.item.on, -each.amount, each.item.id),
}


def _capped(cap: Cap, chosen: list[Candidate], level: Sure, left_out: list[LeftOut] | None) -> list[Candidate]:
    """Of what matches the cap no more than it lets count; where nobody said, it is not let off the cap."""
    inside = {id(each) for each in chosen if _is_capped(cap, each, level)}
    most = cap.at_most
    if cap.share is not None and cap.share < 1:
        rest = sum((each.amount for each in chosen if id(each) not in inside), Decimal())
        of_share = rest * cap.share / (1 - cap.share)
        most = of_share if most is None else min(most, of_share)
    if most is None:
        return chosen
    kept = []
    for each in chosen:
        if id(each) not in inside:
            kept.append(each)
            continue
        amount = min(each.amount, most)
        most -= amount
        if amount:
            kept.append(each if amount == each.amount else Candidate(each.item, amount, each.sure))
        if left_out is not None and amount < each.amount:
            left_out.append(LeftOut(each.item, Why.CAPPED, "", each.amount - amount))
    return kept


def _is_capped(cap: Cap, each: Candidate, level: Sure) -> bool:
    matched = matches_all(cap.where, each.item)[0]
    return matched is True or (matched is None and level < Sure.UNKNOWN)


def _best_stretch(within: Period, chosen: list[Candidate]) -> list[Candidate]:
    """The stretch of this length in which most lies; of several the earliest."""
    best: list[Candidate] = []
    most = Decimal(-1)
    start, total = 0, Decimal()
    for end, each in enumerate(chosen):
        total += each.amount
        while within.after(chosen[start].item.on) < each.item.on:
            total -= chosen[start].amount
            start += 1
        if total > most:
            most, best = total, chosen[start : end + 1]
    return best


def _falls_out_on(selection: Selection, found: Sequence[Candidate]) -> date | None:
    lasting = [
        window.last for window in selection.windows if window.last and window.until is None and not window.in_force
    ]
    if not lasting or not found:
        return None
    oldest = min(each.item.on for each in found)
    return min(last.after(oldest) for last in lasting)
