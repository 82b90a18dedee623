"""An observation's time as a calendar file. It names nobody and nothing: calendars are seen by others."""

from datetime import datetime
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services.lines import line, who_is_reading
from lti_tool.services.places import NotHere
from lti_tool.services.times import span_of
from lti_tool.services.visitors import Visitor
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
    calendar = Calendar()
    calendar.add("prodid", "-//calendar file//")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
