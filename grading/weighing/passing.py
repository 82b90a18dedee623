"""When a day that moves on with today comes past another one."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from grading.known import Known, on_day

Moving = Callable[[Known], date | None]
"""A day as it is on the day of what is known; None: it has not come."""

DAY = timedelta(days=1)
ROOM = 10
"""Where nothing was paused, it moves a day with each day, give or take the ends of months: three days for each of an
anchor's two periods, and for that of a window. A pause holds it up, and it leaps over one that it comes to."""


def passes_on(moving: Moving, days: Iterable[date], found: Known) -> date | None:
    """The next day on which it comes to be after one of these days by time alone; None: it never does.

    It never moves back as time goes on.
    """
    now = moving(found)
    ahead = min((day for day in days if now is not None and day >= now), default=None)
    return None if now is None or ahead is None else _first_after(ahead, moving, (ahead - now).days, found)


def comes_on(moving: Moving, days: Iterable[date], found: Known) -> date | None:
    """The same of when it comes to one of the days it is before."""
    return passes_on(moving, (day - DAY for day in days), found)


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

    last = date.max.toordinal()
    if not is_past(last):
        return None
    today = found.day.toordinal()
    around = range(max(today, today + near - ROOM), min(today + near + ROOM, last))
    coming = range(today, last) if found.evidence.pauses else around
    return date.fromordinal(coming.start + bisect_left(coming, x=True, key=is_past))
