"""A time as a form holds it: a day, a time of day, a length and the time zone that they are meant in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from rubrics.refusal import Refused
from rubrics.times import Span, may_propose
from rubrics.typed import whole_number

USUAL_MINUTES = "60"
LONGEST_PLACE = 200
LONGEST_ZONE = 64


@dataclass(frozen=True, slots=True)
class TypedTime:
    """What was typed, as it was typed; `span` where it is a time."""

    day: str = ""
    start: str = ""
    minutes: str = USUAL_MINUTES
    zone: str = "UTC"
    where: str = ""
    span: Span | None = None
    problems: dict[str, str] = field(default_factory=dict)


def typed_time(given: Mapping[str, str], now: datetime, *, needed: bool) -> TypedTime:
    """The time of a form, with a sentence for each field that needs something. Without a day there may be none."""
    day, start = given.get("day", "").strip(), given.get("start", "").strip()
    minutes, zone = given.get("minutes", "").strip(), given.get("zone", "").strip() or "UTC"
    where = given.get("where", "").strip()
    problems = {}
    span = None
    if len(where) > LONGEST_PLACE:
        problems["where"] = _("Please shorten the place to %(limit)s characters.", limit=LONGEST_PLACE)
    if needed or day or start:
        try:
            span = _span(day, start, minutes, zone)
            may_propose(span, now)
        except _Unclear as unclear:
            problems[unclear.field] = unclear.sentence
        except Refused as refused:
            problems["minutes" if refused.code == "time_length" else "day"] = in_words(refused)
    return TypedTime(day, start, minutes, zone, where, span, problems)


class _Unclear(Exception):
    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


def _span(day: str, start: str, minutes: str, zone: str) -> Span:
    on, at = _day(day), _time(start)
    local, minutes_long = datetime.combine(on, at, _zone(zone)), _minutes(minutes)
    try:
        begins = local.astimezone(UTC)
        ends = begins + timedelta(minutes=minutes_long)
    except OverflowError:  # at the very first or last day that there is
        raise _Unclear("day", _("Please choose a day, for example 2026-03-09.")) from None
    if begins.astimezone(local.tzinfo).time() != at:
        raise _Unclear("start", _("The clocks go forward then, and this time is left out. Please choose another one."))
    return Span(begins, ends)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Unclear("day", _("Please choose a day, for example 2026-03-09.")) from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise _Unclear("start", _("Please choose a time of day, for example 14:30.")) from None


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text[:LONGEST_ZONE])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _Unclear("zone", _("Please check the time zone: for example America/New_York, or UTC.")) from None


def _minutes(text: str) -> int:
    minutes = whole_number(text, digits=4)
    if minutes is None:
        raise _Unclear("minutes", _("Please give the length in minutes, for example 60."))
    return minutes
