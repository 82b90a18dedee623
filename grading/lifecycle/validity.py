"""Until when a certification is valid."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from grading.evidence import Decision, Evidence, Kind, Outcome
from grading.lifecycle.rules import Ends, RunsFrom, Validity
from grading.periods import Pause, Period, later

if TYPE_CHECKING:  # the program holds the rules of this package
    from grading.program import Program


def valid_until(program: "Program", decisions: Sequence[Decision], evidence: Evidence, day: date) -> date | None:
    """The last day of the validity that decisions up to that day made; None: nothing was decided, or it has no end.

    `decisions` are in the order of their days. A decision that names its own last day is valid until then.
    """
    validity = program.lifecycle.validity
    provisional = {stage.key: stage for stage in program.stages if stage.lasts is not None}
    pauses = evidence.pauses if "validity" in program.pausable else ()
    end: date | None = None
    for each in decisions:
        if each.on > day:
            continue
        stage = provisional.get(each.stage)
        match each.outcome:
            case Outcome.CERTIFIED | Outcome.RENEWED | Outcome.REINSTATED | Outcome.EXTENDED if each.until:
                end = each.until
            case Outcome.CERTIFIED | Outcome.REINSTATED if stage and stage.lasts:
                end = later(each.on, stage.lasts, pauses)
            case Outcome.EXTENDED if end and stage and stage.extension:
                end = later(end, stage.extension, pauses)
            case Outcome.CERTIFIED | Outcome.REINSTATED if validity:
                end = ends_on(validity, each.on, None, pauses, birthday(evidence))
            case Outcome.RENEWED if validity:
                end = ends_on(validity, each.on, end, pauses, birthday(evidence))
            case Outcome.REVOKED | Outcome.SURRENDERED:
                end = None
    return end


def ends_on(
    validity: Validity, decided: date, before: date | None, pauses: Iterable[Pause] = (), born: date | None = None
) -> date | None:
    """The last day of a validity that was decided on a day; `before` is the end of the one that it renews.

    Renewed early or late, it ends as if it had been renewed on its last day, unless the rule counts from the
    decision. A birthday that nobody knows leaves the anniversary.
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
            return end if born is None else in_year(born, end.year)
        case Ends.FIXED_DAY:
            month, of_month = validity.fixed_day or (12, 31)
            fixed = in_year(date(2000, month, of_month), end.year)
            if validity.at_least and fixed < validity.at_least.after(start):
                fixed = in_year(fixed, fixed.year + 1)
            return fixed


def in_year(day: date, year: int) -> date:
    """The same day in another year; 28 February where there is no 29th."""
    return Period(months=12 * (year - day.year)).after(day)


def birthday(evidence: Evidence) -> date | None:
    """The event "birthday", where somebody gave it."""
    found = (item.on for item in evidence.items if item.kind is Kind.EVENT and "birthday" in _names(item.has))
    return next(found, None)


def _names(has: object) -> frozenset[str]:
    value = has.get("name") if isinstance(has, dict) else None
    return value if isinstance(value, frozenset) else frozenset()
