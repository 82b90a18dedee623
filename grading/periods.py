"""Lengths of time as rules write them, and the days they lead to.

A month later is the same day of that month, or its last day where there is none: a month after 31 January is the last
of February, and a year after 29 February is 28 February. A day within "the last 2 years before" a day is no earlier
than that day two years before; the boundary day counts.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum

SHORTEST_MONTH = 28
"""Every month has so many days."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in calendar units."""

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day that is so much later; the last day that there is, where it would be beyond it."""
        return _days_on(_months_on(day, self.months), self.days)

    def before(self, day: date) -> date:
        """The day that is so much earlier; the first day that there is, where it would be before it."""
        return _days_on(_months_on(day, -self.months), -self.days)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the clocks that may pause stand still; `until` is the last of them, None: it goes on."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day is one of it."""
        return self.since <= day and (self.until is None or day <= self.until)


class Calendar(StrEnum):
    """The stretches that "each week" and the like speak of. Weeks begin on Monday (ISO 8601)."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TERM = "term"
    """As the program names the days on which its terms begin."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one day to another; both belong to it."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of it."""
        return self.first <= day <= self.last


def so_far(pauses: Iterable[Pause], day: date) -> tuple[Pause, ...]:
    """The pauses as they are on a day: those that began, and of one that goes on the days up to this one.

    When it was meant to end says nothing: nobody knows how long somebody needs.
    """
    begun = (each for each in pauses if each.since <= day)
    return tuple(Pause(each.since, day if each.until is None else min(each.until, day)) for each in begun)


def later(day: date, period: Period, pauses: Sequence[Pause] = ()) -> date:
    """The day that is so much later, when paused days are not counted.

    A pause without an end moves nothing here; `so_far` says what it is worth on a day.
    """
    if not pauses:
        return period.after(day)
    ended = [each for each in pauses if each.until is not None]
    end = period.after(day)
    while (moved := _days_on(period.after(day), paused_days(day, end, ended))) != end:
        end = moved
    return end


def earlier(day: date, period: Period, pauses: Sequence[Pause] = ()) -> date:
    """The day that is so much earlier, when paused days are not counted."""
    if not pauses:
        return period.before(day)
    start = period.before(day)
    while (moved := _days_on(period.before(day), -paused_days(start, day, pauses))) != start:
        start = moved
    return start


def paused_days(first: date, last: date, pauses: Sequence[Pause]) -> int:
    """How many days of a stretch are paused; days of several pauses count once."""
    days = 0
    reached = first
    for pause in sorted(pauses, key=lambda each: each.since):
        start = max(pause.since, reached)
        end = min(pause.until or last, last)
        if start <= end:
            days += (end - start).days + 1
            reached = _days_on(end, 1)
    return days


def stretches(unit: Calendar, first: date, last: date, terms: Sequence[tuple[int, int]] = ()) -> Iterator[Stretch]:
    """The whole weeks, months ... that lie in these days, cut to them at both ends.

    `terms` are the month and day on which terms begin; without them there is one a year.
    """
    start = first
    while start <= last:
        following = _next_start(unit, start, terms or ((1, 1),))
        yield Stretch(start, min(following - timedelta(days=1), last))
        start = following


def stretch_end(unit: Calendar, day: date, terms: Sequence[tuple[int, int]] = ()) -> date:
    """The last day of the whole week, month ... that the day lies in."""
    return _next_start(unit, day, terms or ((1, 1),)) - timedelta(days=1)


def _months_on(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.min if year < MINYEAR else date.max
    of_month = day.day if day.day <= SHORTEST_MONTH else min(day.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, of_month)


def _days_on(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _next_start(unit: Calendar, day: date, terms: Sequence[tuple[int, int]]) -> date:
    match unit:
        case Calendar.WEEK:
            return day + timedelta(days=7 - day.weekday())
        case Calendar.TERM:
            starts = (date(year, month, start) for year in (day.year, day.year + 1) for month, start in sorted(terms))
            return next(start for start in starts if start > day)
    length = {Calendar.MONTH: 1, Calendar.QUARTER: 3, Calendar.HALF_YEAR: 6, Calendar.YEAR: 12}[unit]
    return _months_on(date(day.year, (day.month - 1) // length * length + 1, 1), length)
