"""Placing a program's progress or hours in a course, with a column that the instructor chose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.program import Program, Requirement
from grading.requirements.needs import AtLeast
from grading.scores import ProgramColumnShows
from lti_tool.services import audit
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.programs import PlacedProgramRow, ProgramRow
from rubrics.refusal import Refused

HOURS = "hours"


@dataclass(frozen=True, slots=True)
class ProgramChoice:
    """What an instructor chose: `requirement` is whose hours are shown, None where progress is."""

    title: str
    program_id: UUID
    shows: ProgramColumnShows = ProgramColumnShows.PROGRESS
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class ProgramOffer:
    """A program in use, with the requirements that ask for hours, of its newest edition."""

    program_id: UUID
    name: str
    edition: str
    hours: tuple[Requirement, ...]


def offers(session: Session, organization_id: UUID) -> tuple[ProgramOffer, ...]:
    """The programs that people of the organization can be enrolled in, by name."""
    rows = session.scalars(
        select(ProgramRow)
        .where(ProgramRow.organization_id == organization_id, ProgramRow.closed_at.is_(None))
        .order_by(ProgramRow.name, ProgramRow.id)
    ).all()
    every = program_versions.versions_of(session, [row.id for row in rows])
    return tuple(
        ProgramOffer(
            row.id, row.name, every[row.id][-1].program.edition, tuple(asking_hours(every[row.id][-1].program))
        )
        for row in rows
        if every[row.id]
    )


def asking_hours(program: Program) -> Iterator[Requirement]:
    """Its requirements that are an amount of hours on the way to a certification."""
    stages = {stage.key for stage in program.stages}
    for requirement in program.requirements:
        if requirement.stage in stages and not requirement.shown_only and hours_asked(requirement) is not None:
            yield requirement


def hours_asked(requirement: Requirement) -> Decimal | None:
    """How many hours it asks for; None where it asks for something else."""
    need = requirement.need
    if isinstance(need, AtLeast) and need.amount.of.unit == HOURS and need.threshold > 0:
        return need.threshold
    return None


def check(session: Session, organization_id: UUID, choice: ProgramChoice) -> None:
    """Raises `Refused` for a choice that does not fit, `NotHere` for a program of elsewhere."""
    found_program(session, organization_id, choice.program_id)
    offer = next((each for each in offers(session, organization_id) if each.program_id == choice.program_id), None)
    if offer is None:
        raise Refused("program_not_in_use", "Nobody new can be enrolled in this program. Please choose another one.")
    if (choice.shows is ProgramColumnShows.HOURS) != (choice.requirement is not None):
        raise Refused("column_shows", "Please choose what the gradebook shows.")
    if choice.requirement is not None and choice.requirement not in {each.key for each in offer.hours}:
        raise Refused("column_shows", "These hours are not in the program any more. Please choose again.")


def place(session: Session, visitor: Visitor, course_id: UUID, choice: ProgramChoice, *, now: datetime) -> UUID:
    """Place it; the visitor is an instructor of the course, as the caller made sure. Raises `Refused`, `NotHere`."""
    check(session, visitor.organization_id, choice)
    archived.check_course(session, course_id)
    row = PlacedProgramRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        course_id=course_id,
        program_id=choice.program_id,
        title=choice.title.strip(),
        shows=choice.shows,
        requirement=choice.requirement,
        created_by=visitor.person_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, row, visitor.person_id, now)
    return row.id


def named_in(session: Session, placed_id: UUID | None, course: CourseRow, now: datetime) -> UUID | None:
    """What a link of this course names; None where it names nothing of the organization.

    In a copy of a course the link still names what was placed in the course that it was copied from. The copy gets
    its own, which shows the same: there is nothing to decide about it, as who is enrolled belongs to no course.
    """
    if placed_id is None:
        return None
    named = session.get(PlacedProgramRow, placed_id)
    if named is None or named.organization_id != course.organization_id:
        return None
    if named.course_id == course.id:
        return named.id
    same = (
        PlacedProgramRow.course_id == course.id,
        PlacedProgramRow.program_id == named.program_id,
        PlacedProgramRow.shows == named.shows,
        PlacedProgramRow.requirement.is_not_distinct_from(named.requirement),
    )
    there = session.scalars(select(PlacedProgramRow.id).where(*same).order_by(PlacedProgramRow.id)).first()
    if there is not None:
        return there
    row = PlacedProgramRow(
        id=new_id(),
        organization_id=course.organization_id,
        course_id=course.id,
        program_id=named.program_id,
        title=named.title,
        shows=named.shows,
        requirement=named.requirement,
        created_by=named.created_by,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, row, None, now)
    return row.id


def found_placed(session: Session, organization_id: UUID, placed_id: UUID, *, locked: bool = False) -> PlacedProgramRow:
    """One of the organization. Raises `NotHere`."""
    row = session.get(PlacedProgramRow, placed_id, with_for_update=locked or None, populate_existing=locked)
    if row is None or row.organization_id != organization_id:
        raise NotHere
    return row


def _audit(session: Session, row: PlacedProgramRow, person_id: UUID | None, now: datetime) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=person_id,
        act="program.place",
        subject=f"placed_program:{row.id}",
        now=now,
        program=str(row.program_id),
        shows=row.shows.value,
    )
