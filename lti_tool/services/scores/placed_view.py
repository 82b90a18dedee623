"""A placed program as people of its course see it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from grading.scores import ProgramColumnShows
from lti_tool.access import Capability
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.programs import program_versions
from lti_tool.services.scores import sending_again
from lti_tool.services.scores.placed_programs import found_placed, hours_asked
from lti_tool.services.scores.sync_states import Asked, Scope, SyncPage, sync_page
from lti_tool.store.courses import CourseRow, LineItemRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.programs import EnrollmentRow, PlacedProgramRow, ProgramRow


@dataclass(frozen=True, slots=True)
class Placed:
    """What was placed, and how the visitor stands to its course."""

    id: UUID
    title: str
    course_title: str
    program_id: UUID
    program_name: str
    open_to_ask: bool
    """Whether trainees may enroll themselves."""
    shows: ProgramColumnShows
    hours_title: str | None
    """The requirement whose hours are shown, by the newest edition."""
    hours_asked: Decimal | None
    capabilities: frozenset[Capability]
    enrollment_id: UUID | None
    """The visitor's own."""


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """The column with a page of its people."""

    page: SyncPage
    enrolled: frozenset[UUID]
    """Who of that page is enrolled in the program."""
    trainees: int
    trainees_enrolled: int


def placed(session: Session, visitor: Visitor, placed_id: UUID) -> Placed:
    """For anybody of its course. Raises `NotHere`."""
    row = found_placed(session, visitor.organization_id, placed_id)
    standing = standing_of(session, visitor.person_id, row.course_id)
    if not standing.capabilities:
        raise NotHere
    title, name, open_to_ask, closed_at = session.execute(
        select(CourseRow.title, ProgramRow.name, ProgramRow.open_to_ask, ProgramRow.closed_at)
        .select_from(PlacedProgramRow)
        .join(CourseRow, CourseRow.id == PlacedProgramRow.course_id)
        .join(ProgramRow, ProgramRow.id == PlacedProgramRow.program_id)
        .where(PlacedProgramRow.id == row.id)
    ).one()
    own = select(EnrollmentRow.id).where(
        EnrollmentRow.program_id == row.program_id,
        EnrollmentRow.person_id == visitor.person_id,
        EnrollmentRow.ended_at.is_(None),
    )
    program = program_versions.versions(session, row.program_id)[-1].program
    requirement = next((each for each in program.requirements if each.key == row.requirement), None)
    return Placed(
        id=row.id,
        title=row.title,
        course_title=title,
        program_id=row.program_id,
        program_name=name,
        open_to_ask=open_to_ask and closed_at is None,
        shows=row.shows,
        hours_title=requirement.title if requirement else None,
        hours_asked=hours_asked(requirement) if requirement else None,
        capabilities=standing.capabilities,
        enrollment_id=session.scalars(own).one_or_none(),
    )


def column(session: Session, visitor: Visitor, placed_id: UUID, asked: Asked | None = None) -> PlacedColumn:
    """The column with a page of the course's trainees, for its instructors. Raises `NotHere`."""
    row = instructed(session, visitor, placed_id)
    page = sync_page(session, Scope(row.organization_id, row.course_id, line_item_of(session, row)), asked)
    people = [line.person_id for line in page.lines]
    on_the_way = (EnrollmentRow.program_id == row.program_id, EnrollmentRow.ended_at.is_(None))
    here = (
        MembershipRow.course_id == row.course_id, MembershipRow.ended_at.is_(None), MembershipRow.test_user.is_(False),
    )  # fmt: skip
    trainees, enrolled = session.execute(
        select(func.count(), func.count(EnrollmentRow.id))
        .select_from(MembershipRow)
        .outerjoin(EnrollmentRow, and_(EnrollmentRow.person_id == MembershipRow.person_id, *on_the_way))
        .where(*here, trains(row.course_id))
    ).one()
    shown = select(EnrollmentRow.person_id).where(EnrollmentRow.person_id.in_(people), *on_the_way)
    return PlacedColumn(page, frozenset(session.scalars(shown)), trainees, enrolled)


def resend(session: Session, visitor: Visitor, placed_id: UUID, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Try one person's score again now. Raises `NotHere`."""
    return sending_again.one(session, visitor, column_to_send(session, visitor, placed_id), person_id, now)


def resend_all(session: Session, visitor: Visitor, placed_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Try every score of the column again now that the LMS did not take. Raises `NotHere`."""
    column = column_to_send(session, visitor, placed_id)
    return sending_again.all_that_need_a_person(session, visitor, column, now)


def column_to_send(session: Session, visitor: Visitor, placed_id: UUID) -> sending_again.Column:
    """The column, whose scores an instructor of its course may send. Raises `NotHere`."""
    row = instructed(session, visitor, placed_id)
    line_item_id = line_item_of(session, row)
    if line_item_id is None:
        raise NotHere
    return sending_again.Column(line_item_id, f"placed_program:{row.id}")


def line_item_of(session: Session, row: PlacedProgramRow) -> UUID | None:
    """Its column in the LMS; None where the LMS offered none."""
    return session.scalars(select(LineItemRow.id).where(LineItemRow.placed_program_id == row.id)).one_or_none()


def instructed(session: Session, visitor: Visitor, placed_id: UUID, *, locked: bool = False) -> PlacedProgramRow:
    """One of a course that the visitor instructs. Raises `NotHere`."""
    row = found_placed(session, visitor.organization_id, placed_id, locked=locked)
    if Capability.INSTRUCTOR not in standing_of(session, visitor.person_id, row.course_id).capabilities:
        raise NotHere
    return row
