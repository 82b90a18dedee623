"""What the column of a placed program shows: looked at for each trainee, and chosen anew by an instructor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import placed_programs, program_cells, program_columns
from lti_tool.services.scores.column_previews import Cell
from lti_tool.services.scores.placed_programs import ProgramChoice, ProgramOffer
from lti_tool.services.scores.placed_view import instructed, line_item_of
from lti_tool.services.scores.program_cells import Enrolled
from lti_tool.services.scores.program_columns import ProgramColumn


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
    row = instructed(session, visitor, placed_id)
    return program_cells.everybody(session, row.course_id, row.program_id)


def cells(
    session: Session, visitor: Visitor, placed_id: UUID, people: tuple[Enrolled, ...], column: ProgramColumn,
    now: datetime,
) -> tuple[Cell, ...]:  # fmt: skip
    """The cells of these people if the column showed that. Nothing is written. Raises `NotHere`."""
    line_item_id = line_item_of(session, instructed(session, visitor, placed_id))
    return program_cells.cells(session, line_item_id, people, column, now)


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
