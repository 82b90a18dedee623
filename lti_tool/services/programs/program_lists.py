"""The programs of an organization as lists show them, and one of them as its people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.editions import edition_for
from lti_tool.documents.shipped_programs import ProgramFile, shipped
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs.program_versions import Version, day_in, found_program, versions
from lti_tool.store.programs import EnrollmentRow, ProgramDraftRow, ProgramRow, ProgramVersionRow
from rubrics.refusal import Refused

MOST = 1_000


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program in a list."""

    id: UUID
    key: str
    name: str
    shipped: bool
    open_to_ask: bool
    closed_at: datetime | None
    editions: tuple[str, ...]
    """Those that are published, in their order; empty while it is being written."""
    enrolled: int
    being_written: bool


@dataclass(frozen=True, slots=True)
class InUse:
    """A program of which at least one edition is published."""

    id: UUID
    organization_id: UUID
    key: str
    name: str
    shipped: bool
    open_to_ask: bool
    closed_at: datetime | None
    versions: tuple[Version, ...]

    def of_edition(self, edition: str) -> Version:
        """The edition of this key. Raises `NotHere`."""
        found = next((each for each in self.versions if each.program.edition == edition), None)
        if found is None:
            raise NotHere
        return found

    def entered_on(self, day: date | None, named: str | None = None) -> Version:
        """The edition that somebody enters who comes on this day. Raises `Refused` with the remedy."""
        chosen = edition_for([each.program for each in self.versions], day, named)
        return next(each for each in self.versions if each.program.edition == chosen.edition)

    def for_newcomers(self, now: datetime) -> Version:
        """The edition that somebody enters who comes now; the newest where none takes people in today."""
        try:
            return self.entered_on(day_in(self.versions[-1].program, now))
        except Refused:
            return self.entered_on(None)


def everything(session: Session, organization_id: UUID) -> tuple[ProgramLine, ...]:
    """Every program that the organization uses or writes, by name."""
    rows = session.scalars(select(ProgramRow).where(ProgramRow.organization_id == organization_id).limit(MOST)).all()
    ids = [row.id for row in rows]
    editions: dict[UUID, list[str]] = {id_: [] for id_ in ids}
    published = select(ProgramVersionRow.program_id, ProgramVersionRow.edition)
    for program_id, edition in session.execute(
        published.where(ProgramVersionRow.program_id.in_(ids)).order_by(ProgramVersionRow.number)
    ):
        editions[program_id].append(edition)
    people = _enrolled(session, ids)
    drafts = set(
        session.scalars(
            select(ProgramDraftRow.program_id).where(
                ProgramDraftRow.program_id.in_(ids), ProgramDraftRow.ended_at.is_(None)
            )
        )
    )
    lines = (
        ProgramLine(
            id=row.id,
            key=row.key,
            name=row.name,
            shipped=row.shipped,
            open_to_ask=row.open_to_ask,
            closed_at=row.closed_at,
            editions=tuple(editions[row.id]),
            enrolled=people.get(row.id, 0),
            being_written=row.id in drafts,
        )
        for row in rows
    )
    return tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.key)))


def program(session: Session, organization_id: UUID, program_id: UUID) -> InUse:
    """One that is in use, with all its editions. Raises `NotHere`, also while it is being written."""
    row = found_program(session, organization_id, program_id)
    found = versions(session, program_id)
    if not found:
        raise NotHere
    return InUse(row.id, row.organization_id, row.key, row.name, row.shipped, row.open_to_ask, row.closed_at, found)


def mine(session: Session, person_id: UUID) -> dict[UUID, UUID]:
    """What somebody is enrolled in: the program, and the enrollment."""
    rows = session.execute(
        select(EnrollmentRow.program_id, EnrollmentRow.id).where(
            EnrollmentRow.person_id == person_id, EnrollmentRow.ended_at.is_(None)
        )
    )
    return {row[0]: row[1] for row in rows}


@lru_cache(maxsize=1)
def that_come_with_attune() -> tuple[ProgramFile, ...]:
    """The programs that come with Attune, by name; read once."""
    return tuple(sorted(_readable(shipped()), key=lambda file: file.editions[-1].name.casefold()))


def one_that_comes(key: str) -> ProgramFile:
    """The one with this id. Raises `NotHere`."""
    found = next((file for file in that_come_with_attune() if file.editions[0].id == key), None)
    if found is None:
        raise NotHere
    return found


def _readable(files: Iterable[ProgramFile]) -> Iterable[ProgramFile]:
    return (file for file in files if file.editions)


def _enrolled(session: Session, ids: list[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(EnrollmentRow.program_id, func.count())
        .where(EnrollmentRow.program_id.in_(ids), EnrollmentRow.ended_at.is_(None))
        .group_by(EnrollmentRow.program_id)
    )
    return {row[0]: row[1] for row in rows}


def called(session: Session, organization_id: UUID, key: str) -> InUse | None:
    """The one in use with this key; None where there is none."""
    mine = select(ProgramRow.id).where(ProgramRow.organization_id == organization_id, ProgramRow.key == key)
    program_id = session.scalars(mine).one_or_none()
    if program_id is None or not versions(session, program_id):
        return None
    return program(session, organization_id, program_id)
