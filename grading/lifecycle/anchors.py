"""On which day a validity ends: an anniversary, the end of a month, a fixed day, a birthday."""

from collections.abc import Iterable
from datetime import date, timedelta

from grading.evidence import Evidence, Item, Kind
from grading.lifecycle.rules import Ends, RunsFrom, Validity
from grading.periods import Pause, Period, later

LEAP_YEAR = 2000


def ends_on(
    validity: Validity, decided: date, before: date | None, pauses: Iterable[Pause] = (), born: date | None = None
) -> date | None:
    """The last day of a validity that was decided on a day; `before` is the end of the one that it renews.

    Renewed early or late, it ends as if it had been renewed on its last day, unless the rule counts from the
    decision. A fixed day and a birthday are the one in the year of the anniversary, or a later one where it would be
    over at once or be valid for less than the rule asks. A birthday that nobody knows leaves the anniversary.
    """
    if validity.lasts is None:
        return None
    start = before if before is not None and validity.runs_from is RunsFrom.EXPIRY else decided
    end = later(start, validity.lasts, tuple(pauses))
    match validity.ends:
        case Ends.ANNIVERSARY:
            return end
        case Ends.MONTH_END:
            return Period(months=1).after(end.replace(day=1)) - timedelta(days=1)
        case Ends.MONTH_START:
            return end.replace(day=1)
        case Ends.BIRTHDAY:
            return end if born is None else _on_day(born, end.year, _earliest(validity, start))
        case Ends.FIXED_DAY:
            month, of_month = validity.fixed_day or (12, 31)
            return _on_day(date(LEAP_YEAR, month, of_month), end.year, _earliest(validity, start))


def in_year(day: date, year: int) -> date:
    """The same day in another year; 28 February where there is no 29th."""
    return Period(months=12 * (year - day.year)).after(day)


def birthday(evidence: Evidence) -> date | None:
    """The event "birthday", where somebody gave it; of several the first."""
    found = (item.on for item in evidence.items if item.kind is Kind.EVENT and "birthday" in _names(item))
    return min(found, default=None)


def _earliest(validity: Validity, start: date) -> date:
    return max(validity.at_least.after(start) if validity.at_least else start, Period(days=1).after(start))


def _on_day(day: date, year: int, earliest: date) -> date:
    years = (year, max(year, earliest.year), max(year, earliest.year + 1))
    return next((found for each in years if (found := in_year(day, each)) >= earliest), in_year(day, years[-1]))


def _names(item: Item) -> frozenset[str]:
    value = item.has.get("name", frozenset())
    return value if isinstance(value, frozenset) else frozenset()
