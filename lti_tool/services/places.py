"""Where a visitor is, and what they may do there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from grading.scores import ColumnShows
from lti_tool.access import Capability
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.people import GrantRow, MembershipRow
from rubrics.sign_off import Lane


class NotHere(Exception):
    """The record does not exist, or is not this person's to see: both look the same from outside."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it was placed."""

    id: UUID
    title: str
    column_shows: ColumnShows
    required_observations: int
    lanes: tuple[Lane, ...]
    response_days: int
    rubric_version_id: UUID


@dataclass(frozen=True, slots=True)
class CourseName:
    """A course, by name."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """An activity, its course, and what the visitor may do in it."""

    activity: Activity
    course: CourseName
    organization_id: UUID
    capabilities: frozenset[Capability]
    lanes: frozenset[Lane]
    """The lanes the visitor may sign in."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do in one course."""

    capabilities: frozenset[Capability]
    lanes: frozenset[Lane]


def place(session: Session, visitor: Visitor, activity_id: UUID) -> Place:
    """The activity for this visitor. Raises `NotHere` if they do not belong to its course."""
    found = session.execute(
        select(ActivityRow, CourseRow)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .where(ActivityRow.id == activity_id, ActivityRow.organization_id == visitor.organization_id)
    ).one_or_none()
    if found is None:
        raise NotHere
    activity, course = found
    standing = standing_of(session, visitor.person_id, course.id)
    return Place(
        activity=activity_of(activity),
        course=CourseName(course.id, course.title),
        organization_id=activity.organization_id,
        capabilities=standing.capabilities,
        lanes=standing.lanes,
    )


def activity_of(row: ActivityRow) -> Activity:
    """The row as a value."""
    return Activity(
        id=row.id,
        title=row.title,
        column_shows=row.column_shows,
        required_observations=row.required_observations,
        lanes=tuple(Lane(lane) for lane in row.lanes),
        response_days=row.response_days,
        rubric_version_id=row.rubric_version_id,
    )


def standing_of(session: Session, person_id: UUID, course_id: UUID) -> Standing:
    """From the last launch or roster, plus what was granted inside Attune.

    Raises `NotHere` for a person who was never seen in the course.
    """
    rows = session.execute(
        select(MembershipRow.capability, GrantRow.capability, GrantRow.lane)
        .outerjoin(
            GrantRow,
            and_(
                GrantRow.person_id == MembershipRow.person_id,
                GrantRow.course_id == MembershipRow.course_id,
                GrantRow.revoked_at.is_(None),
            ),
        )
        .where(MembershipRow.person_id == person_id, MembershipRow.course_id == course_id)
    ).all()
    if not rows:
        raise NotHere
    capabilities = {row[0] for row in rows} | {row[1] for row in rows}
    return Standing(
        capabilities=frozenset(capability for capability in capabilities if capability is not None),
        lanes=frozenset(row[2] for row in rows if row[2] is not None),
    )
