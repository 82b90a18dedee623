"""Versions of an organization's programs, as the engine reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.program import Program
from lti_tool.documents.program import read_program
from lti_tool.documents.shipped_programs import edition_of
from lti_tool.services.courses.places import NotHere
from lti_tool.store.programs import ProgramRow, ProgramVersionRow

MOST_READ = 256
"""Documents that a process remembers as read: they never change."""


@dataclass(frozen=True, slots=True)
class Version:
    """One published edition."""

    id: UUID
    program_id: UUID
    number: int
    program: Program
    why: str | None
    published_at: datetime


def versions(session: Session, program_id: UUID) -> tuple[Version, ...]:
    """Every edition of a program, in the order in which they were published; empty while it is being written."""
    rows = session.scalars(
        select(ProgramVersionRow).where(ProgramVersionRow.program_id == program_id).order_by(ProgramVersionRow.number)
    ).all()
    return _read(rows)


def versions_of(session: Session, program_ids: Sequence[UUID]) -> dict[UUID, tuple[Version, ...]]:
    """The same for several programs at once."""
    rows = session.scalars(
        select(ProgramVersionRow)
        .where(ProgramVersionRow.program_id.in_(program_ids))
        .order_by(ProgramVersionRow.number)
    ).all()
    return {each: _read([row for row in rows if row.program_id == each]) for each in program_ids}


def version(session: Session, organization_id: UUID, version_id: UUID) -> Version:
    """One of them, with the editions before it in mind. Raises `NotHere`."""
    row = session.get(ProgramVersionRow, version_id)
    if row is None or row.organization_id != organization_id:
        raise NotHere
    return next(each for each in versions(session, row.program_id) if each.id == version_id)


def found_program(session: Session, organization_id: UUID, program_id: UUID, *, locked: bool = False) -> ProgramRow:
    """The program of the organization. Raises `NotHere`."""
    asked = select(ProgramRow).where(ProgramRow.id == program_id, ProgramRow.organization_id == organization_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def day_in(program: Program, moment: datetime) -> date:
    """The day that it is then in the time zone of the program."""
    return moment.astimezone(ZoneInfo(program.time_zone)).date()


def _read(rows: Sequence[ProgramVersionRow]) -> tuple[Version, ...]:
    found: list[Version] = []
    for row in rows:
        program = _edition(row.text, row.edition)
        if not program.transitions and program.follows is not None and found:
            # It was published in a document of its own: the one before it is the edition that came before.
            program = replace(program, transitions=(replace(program.follows, edition=found[-1].program.edition),))
        found.append(Version(row.id, row.program_id, row.number, program, row.why, row.published_at))
    return tuple(found)


@lru_cache(maxsize=MOST_READ)
def _edition(text: str, edition: str) -> Program:
    return edition_of(read_program(text, source="program"), edition)
