"""Times and days as a calendar file. It names nobody and nothing: calendars are seen by others."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from grading.lifecycle.dates import Due, Name
from lti_tool.access import Who
from lti_tool.services.asking.times import span_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import line, who_is_reading
from rubrics.observation import NEVER_SEEN, State

CALLED_OFF = NEVER_SEEN | {State.WITHDRAWN}


def calendar_file(session: Session, visitor: Visitor, observation_id: UUID, title: str, now: datetime) -> bytes:
    """The time as an iCalendar file (RFC 5545), for the trainee and whoever observes. Raises `NotHere` for others.

    The same appointment keeps its UID, so that a calendar that takes the file in again changes its entry; what was
    called off is taken out of it.
    """
    seen = line(session, visitor.organization_id, observation_id)
    who = who_is_reading(session, visitor, seen)
    span = span_of(seen)
    if span is None or not who & {Who.TRAINEE, Who.OBSERVER}:
        raise NotHere
    off = seen.state in CALLED_OFF
    event = Event()
    event.add("uid", str(seen.id))
    event.add("dtstamp", now)
    event.add("sequence", int((seen.changed_at - seen.requested_at).total_seconds()))
    event.add("summary", title)
    event.add("dtstart", span.starts_at)
    event.add("dtend", span.ends_at)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if off else "TENTATIVE" if seen.proposed_by else "CONFIRMED")
    return _file("CANCEL" if off else "PUBLISH", event)


def dates_file(enrollment_id: UUID, dates: Iterable[Due], title: str, today: date, now: datetime) -> bytes:
    """Of all dates of somebody's path those to come, as whole days that keep nobody busy. The caller checks whose.

    A date keeps its UID when a pause moves it, so that a calendar that takes the file in again moves its entry.
    """
    before: Counter[str] = Counter()
    events = []
    for due in dates:
        kind = f"{due.name} {due.stage}"
        before[kind] += 1
        if due.on >= today and due.name is not Name.REMINDER:
            events.append(_whole_day(uuid5(enrollment_id, f"{kind} {before[kind]}"), due, title, now))
    return _file("PUBLISH", *events)


def _whole_day(id_: UUID, due: Due, title: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(id_))
    event.add("dtstamp", now)
    event.add("sequence", due.moved)
    event.add("summary", title)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + timedelta(days=1))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _file(method: str, *events: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//calendar file//")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
