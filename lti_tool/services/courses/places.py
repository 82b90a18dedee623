"""Where a visitor is, and what they may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, and_, bindparam, exists, select, union
from sqlalchemy.orm import Session

from grading.scores import LAST, ColumnShows
from lti_tool.access import Capability
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.people import GrantRow, MembershipRow
from rubrics.sign_off import Assurance, Lane


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
    observers: int = 1
    """How many watch one observation, each for themselves."""
    threshold: int = 1
    """By how many levels views may differ on one criterion before the observers meet."""
    request_days: int = 5
    """After how many days without an answer a request comes back to a person."""
    least_assurance: Assurance = Assurance.LINK_WITH_CODE
    code_asked: bool = False
    """Whether whoever signs is asked for a code that is mailed to them."""
    qualifications: tuple[str, ...] = ()
    needs_agreement: bool = False
    """Whether only a supervisor with a supervision agreement in force may sign."""
    supervision_days: int = 2
    """Within how many days somebody answers a trainee who would like supervision."""
    column_last: int = LAST
    """Over how many observations the mean is taken, where the gradebook column shows that."""


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
    external: bool
    """Whether the visitor was invited inside Attune: then only for the trainees they are assigned to."""
    return_url: str | None
    """Where this course's last launch wanted its person back; other courses may be open in other tabs."""
    archived: bool = False
    """Whether the course is kept for reading only."""
    goes_on: bool = False
    """Whether the course goes on from an earlier one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do in one course."""

    capabilities: frozenset[Capability]
    lanes: frozenset[Lane]
    external: bool = False
    """Invited inside Attune: what they may do is for the trainees they are assigned to, and for nobody else."""


NO_STANDING = Standing(frozenset(), frozenset())

_STANDING_GRANT = and_(
    GrantRow.person_id == MembershipRow.person_id,
    GrantRow.course_id == MembershipRow.course_id,
    GrantRow.revoked_at.is_(None),
)
_PLACE = (
    select(
        ActivityRow,
        CourseRow,
        MembershipRow.return_url,
        MembershipRow.capability,
        GrantRow.capability,
        GrantRow.lane,
        MembershipRow.external,
        exists(
            select(AssignmentRow.id).where(
                AssignmentRow.course_id == CourseRow.id,
                AssignmentRow.person_id == bindparam("person_id"),
                AssignmentRow.assigned_as == AssignedAs.MENTOR,
                AssignmentRow.ended_at.is_(None),
            )
        ),
    )
    .join(CourseRow, CourseRow.id == ActivityRow.course_id)
    .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
    .outerjoin(GrantRow, _STANDING_GRANT)
    .where(
        ActivityRow.id == bindparam("activity_id"),
        ActivityRow.organization_id == bindparam("organization_id"),
        MembershipRow.person_id == bindparam("person_id"),
        MembershipRow.ended_at.is_(None),
    )
)
_STANDING = (
    select(MembershipRow.capability, GrantRow.capability, GrantRow.lane, MembershipRow.external)
    .outerjoin(GrantRow, _STANDING_GRANT)
    .where(
        MembershipRow.person_id == bindparam("person_id"),
        MembershipRow.course_id == bindparam("course_id"),
        MembershipRow.ended_at.is_(None),
    )
)

_IN_ORGANIZATION: CompoundSelect[Any] = union(
    select(MembershipRow.capability).where(
        MembershipRow.person_id == bindparam("person_id"),
        MembershipRow.organization_id == bindparam("organization_id"),
        MembershipRow.capability.is_not(None),
        MembershipRow.ended_at.is_(None),
    ),
    select(GrantRow.capability)
    .outerjoin(
        MembershipRow,
        and_(MembershipRow.course_id == GrantRow.course_id, MembershipRow.person_id == GrantRow.person_id),
    )
    .where(
        GrantRow.person_id == bindparam("person_id"),
        GrantRow.organization_id == bindparam("organization_id"),
        GrantRow.revoked_at.is_(None),
        (GrantRow.course_id.is_(None)) | (MembershipRow.id.is_not(None) & MembershipRow.ended_at.is_(None)),
    ),
)


def in_organization(session: Session, visitor: Visitor) -> frozenset[Capability]:
    """What the visitor may do anywhere in their organization: in it, or in at least one course of it."""
    asked = {"person_id": visitor.person_id, "organization_id": visitor.organization_id}
    return frozenset(Capability(found) for found in session.scalars(_IN_ORGANIZATION, asked))


def place(session: Session, visitor: Visitor, activity_id: UUID) -> Place:
    """The activity for this visitor. Raises `NotHere` if they do not belong to its course."""
    rows = session.execute(
        _PLACE,
        {
            "activity_id": activity_id,
            "organization_id": visitor.organization_id,
            "person_id": visitor.person_id,
        },
    ).all()
    standing = _standing([(row[3], row[4], row[5], row[6]) for row in rows])
    activity, course, return_url = rows[0][0], rows[0][1], rows[0][2]
    mentors = {Capability.MENTOR} if rows[0][7] else set()
    return Place(
        activity=activity_of(activity),
        course=CourseName(course.id, course.title),
        organization_id=activity.organization_id,
        capabilities=standing.capabilities | mentors,
        lanes=standing.lanes,
        external=standing.external,
        return_url=return_url,
        archived=course.archived_at is not None,
        goes_on=course.continues_id is not None,
    )


def return_url(session: Session, visitor: Visitor, course_id: UUID) -> str | None:
    """Where this course's last launch wanted the visitor back; None where it did not say."""
    return session.scalars(
        select(MembershipRow.return_url).where(
            MembershipRow.course_id == course_id, MembershipRow.person_id == visitor.person_id
        )
    ).one_or_none()


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
        observers=row.observers,
        threshold=row.threshold,
        request_days=row.request_days,
        least_assurance=row.least_assurance,
        code_asked=row.code_since is not None,
        qualifications=tuple(row.qualifications),
        needs_agreement=row.needs_agreement,
        supervision_days=row.supervision_days,
        column_last=row.column_last,
    )


def standing_of(session: Session, person_id: UUID, course_id: UUID) -> Standing:
    """From the last launch or roster, plus what was granted inside Attune.

    Raises `NotHere` for a person who was never seen in the course.
    """
    rows = session.execute(_STANDING, {"person_id": person_id, "course_id": course_id}).all()
    return _standing([(row[0], row[1], row[2], row[3]) for row in rows])


def _standing(rows: Sequence[tuple[Capability | None, Capability | None, Lane | None, bool]]) -> Standing:
    """A row a grant; one with no grant for who has none; none at all for a stranger."""
    if not rows:
        raise NotHere
    capabilities = {row[0] for row in rows} | {row[1] for row in rows}
    return Standing(
        capabilities=frozenset(capability for capability in capabilities if capability is not None),
        lanes=frozenset(row[2] for row in rows if row[2] is not None),
        external=rows[0][3],
    )
