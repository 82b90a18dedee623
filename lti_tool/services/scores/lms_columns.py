"""A column of an LMS's gradebook: whose it is, and how to ask for it without the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.service import Service
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, CourseRow, LineItemRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from lti_tool.store.programs import PlacedProgramRow

_OF_WHAT = (
    select(
        ActivityRow.id,
        PlacedProgramRow.id,
        func.coalesce(ActivityRow.title, PlacedProgramRow.title),
        CourseRow.id,
        CourseRow.archived_at,
        DeploymentRow.deployment_id,
        LineItemRow.column_id,
    )
    .select_from(LineItemRow)
    .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
    .outerjoin(ActivityRow, ActivityRow.id == func.coalesce(LineItemRow.activity_id, ActivityColumnRow.activity_id))
    .outerjoin(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
    .join(CourseRow, CourseRow.id == func.coalesce(ActivityRow.course_id, PlacedProgramRow.course_id))
    .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
)


@dataclass(frozen=True, slots=True)
class WhereItIs:
    """Of what a column is: of an activity (its first one or a further one), or of a placed program."""

    activity_id: UUID | None
    placed_program_id: UUID | None
    title: str
    """Of the activity or the placed program."""
    course_id: UUID
    archived: bool
    """Whether the course is kept for reading only."""
    deployment_id: str
    """As the platform names it."""
    further: bool
    """Whether it is one beside the activity's first."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask a platform's gradebook of one course."""

    registration: PlatformRegistration
    key: SigningKey
    deployment_id: str
    scopes: tuple[str, ...]

    def service(self, sessions: sessionmaker[Session], http: SafeHttp, now: datetime) -> Service:
        """Its services, for one piece of work at one time."""
        known = self.registration
        tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
        return Service(http, known, self.key, tokens, now, deployment_id=self.deployment_id)


def where_it_is(session: Session, line_item_id: UUID) -> WhereItIs:
    """Of what the column is."""
    found = session.execute(_OF_WHAT.where(LineItemRow.id == line_item_id)).one()
    activity_id, placed_id, title, course_id, archived_at, deployment_id, column_id = found
    archived, further = archived_at is not None, column_id is not None
    return WhereItIs(activity_id, placed_id, title, course_id, archived, deployment_id, further)


def asking(session: Session, row: LineItemRow, deployment_id: str, now: datetime) -> Asking:
    """How to ask for this column."""
    registration = session.get_one(RegistrationRow, row.registration_id)
    return Asking(registration_of(registration), signing_key(session, now), deployment_id, tuple(row.scopes))


def instructed(session: Session, visitor: Visitor, line_item_id: UUID) -> tuple[LineItemRow, WhereItIs]:
    """The column, for an instructor of its course. Raises `NotHere`."""
    row = session.scalars(
        select(LineItemRow).where(
            LineItemRow.id == line_item_id, LineItemRow.organization_id == visitor.organization_id
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    where = where_it_is(session, line_item_id)
    if Capability.INSTRUCTOR not in standing_of(session, visitor.person_id, where.course_id).capabilities:
        raise NotHere
    return row, where


def held(session: Session, line_item_id: UUID) -> LineItemRow:
    """The column, held until the transaction ends. Whoever holds one waits for no score: those are skipped."""
    return session.scalars(
        select(LineItemRow)
        .where(LineItemRow.id == line_item_id)
        .with_for_update(key_share=True)  # a score that is noted meanwhile only wants it to stay
        .execution_options(populate_existing=True)
    ).one()
