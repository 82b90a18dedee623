"""What of a selection may count: steps 1 to 4 of the order that `grading.requirements.selection` says.

A program asks many things of the same evidence, so what is the same for all of them is made once for each evaluation
and kept in `Known.shelves`: a kind's things with their amounts, by how sure they are, and those that have one value.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum

from grading.evidence import Item, Kind
from grading.known import Known, day_of
from grading.periods import Stretch, earlier, later
from grading.proof import LeftOut, Why
from grading.requirements.needs import Measure
from grading.requirements.selection import Anchor, Named, Selection, Where, Window
from grading.weighing.matching import matches_all, value_of, values_of

ONE = Decimal(1)
INFINITE = Decimal(10) ** 12
"""An amount that nobody said: more than any rule asks, so that it can be added and taken away like others."""

Pair = tuple[Item, Decimal]
"""A thing, and how much of it counts."""


class Sure(IntEnum):
    """How sure it is that a thing counts."""

    YES = 0
    WAITS = 1
    """It counts once it is signed."""
    UNKNOWN = 2
    """Something is not said that the rule asks."""


@dataclass(slots=True)
class Candidates:
    """Things with their amounts, in the order of their days, by how sure they are. The lists are never changed."""

    sure: list[Pair] = field(default_factory=list)
    waiting: list[Pair] = field(default_factory=list)
    unsaid: list[tuple[Pair, str]] = field(default_factory=list)
    """With what is not said."""
    left_out: list[LeftOut] = field(default_factory=list)
    """What does not count, and why; things that wait or are not sure are named there too."""
    is_cap_unsaid: bool = False
    """Of something it is not said whether a cap holds for it."""
    falls_out_on: date | None = None
    """The next day on which one of them is too old, as time goes on."""
    merged: dict[Sure, list[Pair]] = field(default_factory=dict)

    def up_to(self, level: Sure) -> list[Pair]:
        """Those that count when everything up to this level does."""
        if level is Sure.YES or not (self.waiting or self.unsaid):
            return self.sure
        if level not in self.merged:
            more = [*self.waiting, *(pair for pair, _ in self.unsaid)] if level is Sure.UNKNOWN else self.waiting
            self.merged[level] = sorted([*self.sure, *more], key=_by_day) if more else self.sure
        return self.merged[level]

    @property
    def is_there(self) -> bool:
        """Whether there is anything, also of what does not count."""
        return bool(self.sure or self.waiting or self.unsaid or self.left_out)

    def all_items(self) -> Iterator[Item]:
        """Every one of them."""
        for item, _ in (*self.sure, *self.waiting, *(pair for pair, _ in self.unsaid)):
            yield item

    def only(self, keeps: Callable[[Item], bool]) -> "Candidates":
        """Those that are kept, with what was left out of them."""
        return Candidates(
            [pair for pair in self.sure if keeps(pair[0])],
            [pair for pair in self.waiting if keeps(pair[0])],
            [each for each in self.unsaid if keeps(each[0][0])],
            [each for each in self.left_out if keeps(each.item)],
            self.is_cap_unsaid,
            self.falls_out_on,
        )


def split(may: Candidates, asked: Sequence[Stretch]) -> list[Candidates]:
    """What lies in each of some stretches, which follow each other in the order of time."""
    starts = [stretch.first for stretch in asked]
    found = [Candidates(is_cap_unsaid=may.is_cap_unsaid, falls_out_on=may.falls_out_on) for _ in asked]

    def places(item: Item) -> Sequence[Candidates]:
        at = bisect_right(starts, item.on) - 1
        return found[at : at + 1] if at >= 0 and item.on <= asked[at].last else ()

    _deal(may, places)
    return found


def by_value(may: Candidates, name: str, values: Iterable[str]) -> dict[str, Candidates]:
    """What has each of the values of a name, or may have it, for nobody said."""
    found = {each: Candidates(is_cap_unsaid=may.is_cap_unsaid, falls_out_on=may.falls_out_on) for each in values}
    any_of = list(found.values())

    def places(item: Item) -> Sequence[Candidates]:
        if value_of(name, item) is None:
            return any_of
        return [found[value] for value in values_of(item, name) if value in found]

    _deal(may, places)
    return found


def _deal(may: Candidates, places: Callable[[Item], Iterable[Candidates]]) -> None:
    """Put everything where it belongs."""
    for pair in may.sure:
        for here in places(pair[0]):
            here.sure.append(pair)
    for pair in may.waiting:
        for here in places(pair[0]):
            here.waiting.append(pair)
    for each in may.unsaid:
        for here in places(each[0][0]):
            here.unsaid.append(each)
    for left in may.left_out:
        for here in places(left.item):
            here.left_out.append(left)


def candidates(selection: Selection, found: Known, measure: Measure, *names: str) -> Candidates:
    """What may count. Things that do not say one of the `names` are not sure; an empty name asks nothing."""
    shelf, rest = _shelf(selection, found, measure)
    result = _judged(selection, rest, shelf, found, tuple(filter(None, names)))
    if selection.caps:
        _note_caps(selection, result)
    if selection.windows:
        result.falls_out_on = _falls_out_on(selection, result, found)
    return result


# ---- what is made once for all requirements ----


def _shelf(selection: Selection, found: Known, measure: Measure) -> tuple[Candidates, tuple[Where, ...]]:
    """The things of the kinds, narrowed by one value where the selection asks for one, and what is still to judge."""
    counted = measure in (Measure.COUNT, Measure.DISTINCT)
    if counted:
        key: tuple[object, ...] = (selection.kinds,)
    else:
        key = (selection.kinds, selection.unit, tuple(sorted(selection.units.items())) if selection.units else ())
    shelf = found.shelves.get(key)
    if shelf is None:
        shelf = found.shelves[key] = _noted(_of_kinds(selection, found, counted))
    if selection.word is None:
        return shelf, selection.rest
    by_word = (*key, selection.word.name)
    words = found.shelves_by_word.get(by_word)
    if words is None:
        words = found.shelves_by_word[by_word] = _by_word(shelf, selection.word.name)
    (word,) = selection.word.any_of
    return words.get(word, words[None]), selection.rest


def _noted(result: Candidates) -> Candidates:
    """The same, with why things that wait or are not sure do not count yet."""
    result.left_out += [LeftOut(item, Why.WAITS) for item, _ in result.waiting]
    result.left_out += [LeftOut(item, Why.NOT_SAID, unsaid) for (item, _), unsaid in result.unsaid]
    return result


def _of_kinds(selection: Selection, found: Known, counted: bool) -> Candidates:
    """Everything of the kinds, with its amount in the unit."""
    result = Candidates()
    several = [found.by_kind.get(kind, ()) for kind in selection.kinds]
    items: Iterable[Item] = several[0] if len(several) == 1 else sorted((i for each in several for i in each), key=_day)
    for item in items:
        if item.kind is Kind.RATING and item.amount is None:
            result.left_out.append(LeftOut(item, Why.NOT_OBSERVED))
            continue
        amount = ONE if counted else _amount(selection, item)
        if amount is None:
            unsaid = "amount" if item.amount is None else "unit"
            result.unsaid.append(((item, INFINITE), unsaid))
        elif item.id in found.waits:
            result.waiting.append((item, amount))
        else:
            result.sure.append((item, amount))
    return result


def _amount(selection: Selection, item: Item) -> Decimal | None:
    """How much it is in the selection's unit; None: nobody said."""
    if item.amount is None or item.unit == selection.unit or not selection.unit:
        return item.amount
    times = selection.units.get(item.unit)
    return None if times is None else item.amount * times


def _by_word(shelf: Candidates, name: str) -> dict[str | None, Candidates]:
    """The shelf for each word that the name has; under None what may have any, for nobody said it."""
    silent = [(pair, name) for pair in (*shelf.sure, *shelf.waiting) if value_of(name, pair[0]) is None]
    silent += [(pair, unsaid) for pair, unsaid in shelf.unsaid if value_of(name, pair[0]) is None]
    found: dict[str | None, Candidates] = {None: Candidates()}

    def places(item: Item) -> Iterator[Candidates]:
        return (found.setdefault(word, Candidates()) for word in values_of(item, name))

    unseen = [left for left in shelf.left_out if left.why is Why.NOT_OBSERVED]
    _deal(replace(shelf, left_out=unseen), places)
    for each in found.values():
        each.unsaid += silent
        _noted(each)
    return found


# ---- what each selection judges for itself ----


def _judged(
    selection: Selection, wheres: tuple[Where, ...], shelf: Candidates, found: Known, names: tuple[str, ...]
) -> Candidates:
    reasons = _reasons(selection, found) if selection.windows else []
    if not (wheres or selection.not_counting or reasons or names):
        return replace(shelf, left_out=list(shelf.left_out)) if selection.caps else shelf
    result = Candidates()
    for pairs, counting in ((shelf.sure, result.sure), (shelf.waiting, result.waiting)):
        for pair in pairs:
            unsaid = _unsaid(selection, wheres, reasons, pair[0], names, result)
            if unsaid:
                result.unsaid.append((pair, unsaid))
            elif unsaid is not None:
                counting.append(pair)
    for pair, before in shelf.unsaid:
        unsaid = _unsaid(selection, wheres, reasons, pair[0], names, result)
        if unsaid is not None:
            result.unsaid.append((pair, unsaid or before))
    unseen = [left for left in shelf.left_out if left.why is Why.NOT_OBSERVED]
    result.left_out += [left for left in unseen if matches_all(wheres, left.item)[0] is not False]
    return _noted(result)


Reason = Callable[[Item], Why | None]


def _unsaid(
    selection: Selection,
    wheres: tuple[Where, ...],
    reasons: Sequence[Reason],
    item: Item,
    names: tuple[str, ...],
    result: Candidates,
) -> str | None:
    """What is not said of a thing; empty: it counts; None: it does not, and why is noted."""
    meant, unsaid = matches_all(wheres, item) if wheres else (True, "")
    if meant is False:
        return None
    for group in selection.not_counting:
        matched, asked = matches_all(group, item)
        if matched is True:
            result.left_out.append(LeftOut(item, Why.NOT_COUNTING))
            return None
        unsaid = unsaid or asked if matched is None else unsaid
    for reason in reasons:
        why = reason(item)
        if why is not None:
            result.left_out.append(LeftOut(item, why))
            return None
    return unsaid or next((name for name in names if value_of(name, item) is None), "")


def _reasons(selection: Selection, found: Known) -> list[Reason]:
    return [reason for window in selection.windows for reason in _of_window(window, found)]


def _of_window(window: Window, found: Known) -> Iterator[Reason]:
    """Why a thing may be out of its time."""
    until = day_of(window.until, found) if window.until else None
    since = None
    if window.since:
        since = day_of(window.since, found)
        if since is None:
            yield lambda _: Why.NOT_BEGUN
            return
    if window.last:
        start = earlier(until or found.day, window.last, found.pauses("windows"))
        since = start if since is None else max(since, start)
    if since is not None:
        yield _not_before(since)
    if until is not None:
        yield _not_after(until)
    if window.in_force:
        yield _in_force(day_of(window.in_force, found) or found.day)


def _not_before(since: date) -> Reason:
    return lambda item: Why.TOO_EARLY if item.on < since else None


def _not_after(until: date) -> Reason:
    return lambda item: Why.TOO_LATE if item.on > until else None


def _in_force(day: date) -> Reason:
    def reason(item: Item) -> Why | None:
        ended = item.until is not None and item.until < day
        return Why.NOT_IN_FORCE if item.on > day or ended else None

    return reason


def _note_caps(selection: Selection, result: Candidates) -> None:
    """Where it cannot be known whether a cap holds for a thing, more of it may count than is sure."""
    for cap in selection.caps:
        for item in result.all_items():
            matched, unsaid = matches_all(cap.where, item)
            if matched is None:
                result.is_cap_unsaid = True
                result.left_out.append(LeftOut(item, Why.NOT_SAID, unsaid))


def _falls_out_on(selection: Selection, result: Candidates, found: Known) -> date | None:
    days: list[date] = []
    for window in selection.windows:
        if window.last and _is_today(window.until, found):
            oldest = min((item.on for item in result.all_items()), default=None)
            days += [later(oldest, window.last, found.pauses("windows"))] if oldest else []
        if window.in_force and _is_today(window.in_force, found):
            days += [item.until for item in result.all_items() if item.until]
    return min(days) + timedelta(days=1) if days else None


def _is_today(anchor: Anchor | None, found: Known) -> bool:
    """Whether the day moves on with today: it is today itself, or has not come."""
    return anchor is None or anchor.named is Named.TODAY or day_of(anchor, found) is None


def _day(item: Item) -> tuple[date, str]:
    return item.on, item.id


def _by_day(pair: Pair) -> tuple[date, str]:
    return pair[0].on, pair[0].id
