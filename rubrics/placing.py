"""Whether somebody can be placed at a site: what the agreements with it cover; and when an end is told beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TOLD_BEFORE = (timedelta(days=60), timedelta(days=14))
"""How long before an end it is told, once each."""


class CoverState(StrEnum):
    """How the agreements with a site stand on a day."""

    NONE = "none"
    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    first: date
    last: date | None
    """None: without an end."""

    def has(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Cover:
    """How the agreements stand on a day, and the day that matters."""

    state: CoverState
    day: date | None = None
    """In force: the last covered day, None without an end. Ended: the last day. Not begun: the first."""


def cover(agreements: Iterable[Days], on: date) -> Cover:
    """How the agreements with a site stand on that day; those that follow one another without a gap are one."""
    known = sorted(agreements, key=lambda one: one.first)
    if not known:
        return Cover(CoverState.NONE)
    if any(one.has(on) for one in known):
        return Cover(CoverState.IN_FORCE, _last_covered(known, on))
    ahead = [one.first for one in known if one.first > on]
    if ahead:
        return Cover(CoverState.NOT_BEGUN, min(ahead))
    return Cover(CoverState.ENDED, max(one.last for one in known if one.last is not None))


def is_due(last_day: date, told_on: date | None, today: date) -> bool:
    """Whether the end on `last_day` is to be told today: once sixty days before, and once fourteen days before."""
    reached = [last_day - before for before in TOLD_BEFORE if last_day - before <= today]
    if not reached or today > last_day:
        return False
    return told_on is None or told_on < max(reached)


def _last_covered(known: list[Days], on: date) -> date | None:
    """`known` in the order of their first days; one of them has the day."""
    reach = on
    for one in known:
        if one.last is None and one.first <= _next(reach):
            return None
        if one.last is not None and one.first <= _next(reach):
            reach = max(reach, one.last)
    return reach


def _next(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day
