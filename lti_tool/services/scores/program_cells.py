"""What each trainee's cell of a program would be: looked at before the column is placed, and before it is changed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.observations.lines import display_name
from lti_tool.services.scores import program_columns
from lti_tool.services.scores.column_previews import Cell, lms_stands, shown_now
from lti_tool.services.scores.program_columns import ProgramColumn
from lti_tool.services.standing.standings import many_stands
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody with a cell, before it is worked out."""

    name: str
    enrollment: EnrollmentRow
    paused: bool


def everybody(session: Session, course_id: UUID, program_id: UUID) -> tuple[Enrolled, ...]:
    """Whoever of the course has a cell, by name."""
    found = program_columns.of_course(session, course_id, program_id)
    named = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_([each.person_id for each, _ in found]))
    names = {person_id: display_name(person_id, name) for person_id, name in session.execute(named)}
    everyone = (Enrolled(names[each.person_id], each, paused) for each, paused in found)
    return tuple(sorted(everyone, key=lambda one: (one.name.casefold(), one.enrollment.id)))


def cells(
    session: Session, line_item_id: UUID | None, people: tuple[Enrolled, ...], column: ProgramColumn, now: datetime
) -> tuple[Cell, ...]:
    """The cells of these people if the column showed that; None: the LMS has no column yet. Nothing is written."""
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
