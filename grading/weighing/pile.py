"""Things that may count, by how sure it is, and how they are dealt out."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum

from grading.evidence import Item
from grading.periods import Stretch
from grading.proof import LeftOut
from grading.weighing.matching import value_of, values_of

ONE = Decimal(1)

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
    holds: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    """The places of the caps that hold for a thing, by its id, and whether that is sure."""
    changes_on: date | None = None
    """The next day on which time alone may make them others."""
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

    def first_items(self) -> Iterator[Item]:
        """The earliest of each list; what is not sure is in no order."""
        if self.sure:
            yield self.sure[0][0]
        if self.waiting:
            yield self.waiting[0][0]
        yield from (item for (item, _), _ in self.unsaid)

    def all_items(self) -> Iterator[Item]:
        """Every one of them."""
        for item, _ in (*self.sure, *self.waiting, *(pair for pair, _ in self.unsaid)):
            yield item

    def only(self, keeps: Callable[[Item], bool]) -> "Candidates":
        """Those that are kept."""
        return Candidates(
            [pair for pair in self.sure if keeps(pair[0])],
            [pair for pair in self.waiting if keeps(pair[0])],
            [each for each in self.unsaid if keeps(each[0][0])],
        )


def split(may: Candidates, asked: Sequence[Stretch]) -> list[Candidates]:
    """What lies in each of some stretches, which follow each other in the order of time."""
    starts = [stretch.first for stretch in asked]
    found = [_like(may) for _ in asked]

    def places(item: Item) -> Sequence[Candidates]:
        at = bisect_right(starts, item.on) - 1
        return found[at : at + 1] if at >= 0 and item.on <= asked[at].last else ()

    deal(may, places)
    return found


def by_value(may: Candidates, name: str, values: Iterable[str]) -> dict[str, Candidates]:
    """What has each of the values of a name, or may have it, for nobody said."""
    found = {each: _like(may) for each in values}
    any_of = list(found.values())

    def places(item: Item) -> Sequence[Candidates]:
        if value_of(name, item) is None:
            return any_of
        return [found[value] for value in values_of(item, name) if value in found]

    deal(may, places)
    return found


def _like(may: Candidates) -> Candidates:
    """Nothing yet, of the same selection."""
    return Candidates(is_cap_unsaid=may.is_cap_unsaid, holds=may.holds)


def deal(may: Candidates, places: Callable[[Item], Iterable[Candidates]]) -> None:
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


def _by_day(pair: Pair) -> tuple[date, str]:
    return pair[0].on, pair[0].id
