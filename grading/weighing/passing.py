"""When a day that moves on with today comes past another one."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date

from grading.known import Known, on_day
from grading.periods import Pause, Period

Moving = Callable[[Known], date | None]
"""A day as it is on the day of what is known; None: it has not come."""

NEXT = Period(days=1)
ROOM = 10
"""Where nothing was paused, it moves a day with each day, give or take the ends of months: three days for each of an
anchor's two periods, and for that of a window. A pause holds it up, and it leaps over one that it comes to."""


def passes_on(moving: Moving, days: Iterable[date], found: Known) -> date | None:
    """The next day on which it comes to be after one of these days by time alone; None: it never does.

    It must not move back as time goes on. Days that are counted back from one to come do so in a pause: then
    `Standing.changes_on` is tomorrow anyway.
    """
    now = moving(found)
    ahead = min((day for day in days if now is not None and day >= now), default=None)
    return None if now is None or ahead is None else _first_after(ahead, moving, (ahead - now).days, found)


def comes_on(moving: Moving, days: Iterable[date], found: Known) -> date | None:
    """The same of when it comes to one of the days it is before."""
    return passes_on(moving, (NEXT.before(day) for day in days), found)


def is_another_on(moving: Moving, found: Known) -> date | None:
    """The next day on which it is another day than today."""
    now = moving(found)
    return None if now is None else passes_on(moving, [now], found)


def earliest(*days: date | None) -> date | None:
    """The first of the days that there are."""
    return min((day for day in days if day is not None), default=None)


def _first_after(ahead: date, moving: Moving, near: int, found: Known) -> date | None:
    """The first day on which it is after the one that is so many days ahead of it."""

    def is_past(ordinal: int) -> bool:
        then = moving(on_day(found, date.fromordinal(ordinal)))
        return then is not None and then > ahead

    pauses = found.evidence.pauses
    today = found.day.toordinal()
    last = min(today + near + ROOM + sum(map(_length, pauses)), date.max.toordinal())
    if not is_past(last):
        return None
    first = today if pauses else max(today, today + near - ROOM)
    return date.fromordinal(first + bisect_left(range(first, last), x=True, key=is_past))


def _length(pause: Pause) -> int:
    """How many days it holds things up, where it ends; while it goes on, nothing moves."""
    return (pause.until - pause.since).days + 1 if pause.until else 0
