"""A course by itself: its activities, for whoever belongs to it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.courses import ActivityRow, CourseRow, ResourceLinkRow


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity in a list; `placed` says whether a link to it was ever opened from the LMS."""

    id: UUID
    title: str
    placed: bool


@dataclass(frozen=True, slots=True)
class CourseView:
    """A course as one visitor sees it."""

    id: UUID
    title: str
    capabilities: frozenset[Capability]
    activities: tuple[ActivityLine, ...]
    """By title. What no link leads to is there for instructors only (Deep Linking 2.0, section 2.2)."""


def course_of(session: Session, visitor: Visitor, course_id: UUID) -> CourseView:
    """The course, for people who belong to it. Raises `NotHere`."""
    capabilities = standing_of(session, visitor.person_id, course_id).capabilities
    title = session.scalars(
        select(CourseRow.title).where(CourseRow.id == course_id, CourseRow.organization_id == visitor.organization_id)
    ).one_or_none()
    if title is None:
        raise NotHere
    lines = _activities(session, course_id)
    if Capability.INSTRUCTOR not in capabilities:
        lines = tuple(line for line in lines if line.placed)
    return CourseView(course_id, title, capabilities, lines)


def _activities(session: Session, course_id: UUID) -> tuple[ActivityLine, ...]:
    placed = select(ResourceLinkRow.id).where(ResourceLinkRow.activity_id == ActivityRow.id).exists()
    rows = session.execute(select(ActivityRow.id, ActivityRow.title, placed).where(ActivityRow.course_id == course_id))
    lines = (ActivityLine(activity_id, title, bool(is_placed)) for activity_id, title, is_placed in rows)
    return tuple(sorted(lines, key=lambda line: (line.title.casefold(), line.id)))
