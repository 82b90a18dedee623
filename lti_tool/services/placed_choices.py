"""What the column of a placed program shows: looked at for each trainee, and chosen anew by an instructor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit, placed_programs, program_columns
from lti_tool.services.column_previews import Cell, lms_stands, shown_now
from lti_tool.services.lines import display_name
from lti_tool.services.placed_programs import ProgramChoice, ProgramOffer
from lti_tool.services.placed_view import instructed, line_item_of
from lti_tool.services.program_columns import ProgramColumn
from lti_tool.services.standings import many_stands
from lti_tool.services.visitors import Visitor
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody with a cell, before it is worked out."""

    name: str
    enrollment: EnrollmentRow
    paused: bool


def offer(session: Session, visitor: Visitor, placed_id: UUID) -> tuple[ProgramOffer, ...]:
    """What its column can show. None where the program is closed for new people. Raises `NotHere`."""
    row = instructed(session, visitor, placed_id)
    every = placed_programs.offers(session, visitor.organization_id)
    return tuple(each for each in every if each.program_id == row.program_id)


def column_now(session: Session, visitor: Visitor, placed_id: UUID) -> ProgramColumn:
    """What it shows today. Raises `NotHere`."""
    row = instructed(session, visitor, placed_id)
    return ProgramColumn(row.shows, row.requirement)


def everybody(session: Session, visitor: Visitor, placed_id: UUID) -> tuple[Enrolled, ...]:
    """Whoever of the course has a cell, by name. Raises `NotHere`."""
    found = program_columns.of_course(session, instructed(session, visitor, placed_id))
    named = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_([each.person_id for each, _ in found]))
    names = {person_id: display_name(person_id, name) for person_id, name in session.execute(named)}
    everyone = (Enrolled(names[each.person_id], each, paused) for each, paused in found)
    return tuple(sorted(everyone, key=lambda one: (one.name.casefold(), one.enrollment.id)))


def cells(
    session: Session, visitor: Visitor, placed_id: UUID, people: tuple[Enrolled, ...], column: ProgramColumn,
    now: datetime,
) -> tuple[Cell, ...]:  # fmt: skip
    """The cells of these people if the column showed that. Nothing is written. Raises `NotHere`."""
    line_item_id = line_item_of(session, instructed(session, visitor, placed_id))
    enrollments = [one.enrollment for one in people]
    ids = [each.person_id for each in enrollments]
    asked = select(DeliveryRow).where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.person_id.in_(ids))
    there = {row.person_id: row for row in session.scalars(asked)}
    known = {found.enrollment_id: found for found in many_stands(session, enrollments, now, own=True)} if people else {}
    found = []
    for one in people:
        row = there.get(one.enrollment.person_id)
        shows = shown_now(row)
        then = shows if one.paused else program_columns.shown(column, known[one.enrollment.id])
        found.append(Cell(one.name, shows, then, None, lms_stands(row)))
    return tuple(found)


def choose(
    session: Session, visitor: Visitor, placed_id: UUID, column: ProgramColumn, now: datetime
) -> tuple[UUID, ...]:
    """What it shows from now on; everybody's score is worked out anew in the same transaction.

    The answer names the scores that are to be sent. Twice the same changes nothing. Raises `Refused`, `NotHere`.
    """
    row = instructed(session, visitor, placed_id, locked=True)
    if (row.shows, row.requirement) == (column.shows, column.requirement):
        return ()
    placed_programs.check(
        session, visitor.organization_id, ProgramChoice(row.title, row.program_id, column.shows, column.requirement)
    )
    row.shows, row.requirement = column.shows, column.requirement
    audit.write(
        session, organization_id=row.organization_id, person_id=visitor.person_id, act="program.column",
        subject=f"placed_program:{row.id}", now=now, shows=column.shows.value, requirement=column.requirement or "",
    )  # fmt: skip
    session.flush()
    return program_columns.desire_for_all(session, row.id, now)
