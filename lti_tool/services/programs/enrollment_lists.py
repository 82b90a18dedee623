"""Who is enrolled in a program, a page at a time; and who of the organization could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from grading.lifecycle.status import Status
from lti_tool.services.cohorts import name_order
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.standing import kept_standings
from lti_tool.services.standing.standings import Stands, found_enrollment, many_stands, stands
from lti_tool.store.courses import CourseRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow, PathPauseRow

ON_A_PAGE = 25
MOST_FOUND = 25
MOST_PEOPLE = 25_000
MOST_COURSES = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """Who is in a list: how many, and their enrollments in its order, where names had to be read for it."""

    count: int
    ids: tuple[UUID, ...] | None
    """None where the database knows the order, or knows most of it and there are too many to read (`name_order`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the way."""

    enrollment_id: UUID
    person_id: UUID
    name: str
    entered_on: date
    ended_at: datetime | None
    moving_to: str | None
    """The edition that they were asked about and have not answered yet."""
    edition: str
    status: Status | None
    """None for whoever is not on it any more."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be chosen."""

    id: UUID
    name: str
    courses: tuple[str, ...]
    enrollment_id: UUID | None
    """Their enrollment in the program, where they have one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One enrollment, for a program lead."""

    enrollment_id: UUID
    program_id: UUID
    program_name: str
    person_id: UUID
    name: str
    entered_on: date
    enrolled_at: datetime
    enrolled_by: str | None
    """None where the command line did it."""
    themselves: bool
    read_at: datetime | None
    ended_at: datetime | None
    paused_since: date | None
    stands: Stands
    versions: tuple[program_versions.Version, ...]
    moving_to: UUID | None
    """The move that waits for their answer."""
    decisions: int


def listed(session: Session, program: InUse, name: str = "", *, ended: bool = False) -> Listed:
    """Who is enrolled, or was (`ended`), and has these letters in their name."""
    which = _which(program.id, ended=ended)
    count = session.scalars(select(func.count()).select_from(EnrollmentRow).where(*which)).one()
    if not name and name_order.is_for_the_database(session, program.organization_id, count):
        return Listed(count, None)
    wanted = name.casefold()
    rows = session.execute(_names().where(*which).limit(MOST_PEOPLE))
    named = sorted((display_name(person_id, of).casefold(), id_) for id_, person_id, of in rows)
    ids = tuple(id_ for of, id_ in named if wanted in of)
    return Listed(len(ids), ids)


def lines(
    session: Session, program: InUse, found: Listed, now: datetime, *, first: int, most: int, ended: bool = False
) -> tuple[Line, ...]:
    """So many of them, from the `first` on. Where each stands is kept; where that is old, the engine says."""
    if found.ids is not None:
        ids: Sequence[UUID] = found.ids[first : first + most]
    else:
        wanted = name_order.ordered(
            select(EnrollmentRow.id).where(*_which(program.id, ended=ended)),
            program.organization_id,
            EnrollmentRow.person_id,
        )
        ids = session.scalars(wanted.offset(first).limit(most)).all()
    rows = session.execute(
        select(EnrollmentRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .where(EnrollmentRow.id.in_(ids))
    )
    known = {row.id: (row, name) for row, name in rows}
    moving = _moving(session, ids, program)
    editions = {each.id: each.program.edition for each in program.versions}
    where = {} if ended else _where(session, program, [row for row, _ in known.values()], now)
    return tuple(
        Line(
            enrollment_id=row.id,
            person_id=row.person_id,
            name=display_name(row.person_id, name),
            entered_on=row.entered_on,
            ended_at=row.ended_at,
            moving_to=moving.get(row.id),
            edition=where[row.id][0] if row.id in where else editions[row.version_id],
            status=where[row.id][1] if row.id in where else None,
        )
        for row, name in (known[id_] for id_ in ids if id_ in known)
    )


def people_named(session: Session, organization_id: UUID, program_id: UUID, name: str) -> tuple[Person, ...]:
    """People of the organization with these letters in their name, by name, over all courses; test users are none."""
    wanted = name.strip().casefold()
    if not wanted:
        return ()
    tests = select(MembershipRow.person_id).where(
        MembershipRow.organization_id == organization_id, MembershipRow.test_user
    )
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .where(
            PersonRow.organization_id == organization_id, PersonRow.merged_into.is_(None), PersonRow.id.not_in(tests)
        )
        .limit(MOST_PEOPLE)
    )
    named = sorted((display_name(person_id, of), person_id) for person_id, of in rows)
    found = [(of, person_id) for of, person_id in named if wanted in of.casefold()][:MOST_FOUND]
    ids = [person_id for _, person_id in found]
    courses, there = _courses(session, ids), _enrolled(session, program_id, ids)
    return tuple(
        Person(person_id, of, tuple(courses.get(person_id, ()))[:MOST_COURSES], there.get(person_id))
        for of, person_id in found
    )


def opened(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> Opened:
    """One enrollment of the organization, for a program lead. Raises `NotHere`."""
    row = found_enrollment(session, visitor.organization_id, enrollment_id)
    program = program_versions.found_program(session, visitor.organization_id, row.program_id)
    names = {
        person_id: display_name(person_id, name)
        for person_id, name in session.execute(
            select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_({row.person_id, row.enrolled_by}))
        )
    }
    return Opened(
        enrollment_id=row.id,
        program_id=row.program_id,
        program_name=program.name,
        person_id=row.person_id,
        name=names[row.person_id],
        entered_on=row.entered_on,
        enrolled_at=row.enrolled_at,
        enrolled_by=names.get(row.enrolled_by) if row.enrolled_by else None,
        themselves=row.enrolled_by == row.person_id,
        read_at=row.read_at,
        ended_at=row.ended_at,
        paused_since=session.scalars(
            select(PathPauseRow.since).where(PathPauseRow.enrollment_id == row.id, PathPauseRow.until.is_(None))
        ).one_or_none(),
        stands=stands(session, row, now),
        versions=program_versions.versions(session, row.program_id),
        moving_to=session.scalars(
            select(EnrollmentMoveRow.id).where(
                EnrollmentMoveRow.enrollment_id == row.id,
                EnrollmentMoveRow.answered_at.is_(None),
                EnrollmentMoveRow.ended_at.is_(None),
            )
        ).one_or_none(),
        decisions=session.scalars(
            select(func.count()).select_from(DecisionRow).where(DecisionRow.enrollment_id == row.id)
        ).one(),
    )


def _where(
    session: Session, program: InUse, rows: Sequence[EnrollmentRow], now: datetime
) -> dict[UUID, tuple[str, Status]]:
    """The edition and the status of each."""
    editions = {each.id: each.program.edition for each in program.versions}
    kept = kept_standings.good_ones(session, [row.id for row in rows], kept_standings.today_in(program.versions, now))
    found = {id_: (editions[row.version_id], row.status) for id_, row in kept.items()}
    others = [row for row in rows if row.id not in found]
    for each in many_stands(session, others, now) if others else ():
        found[each.enrollment_id] = (each.standing.edition, each.standing.status)
    return found


def _which(program_id: UUID, *, ended: bool) -> tuple[ColumnElement[bool], ...]:
    return (
        EnrollmentRow.program_id == program_id,
        EnrollmentRow.ended_at.is_not(None) if ended else EnrollmentRow.ended_at.is_(None),
    )


def _names() -> Select[UUID, UUID, str | None]:
    return select(EnrollmentRow.id, EnrollmentRow.person_id, PersonRow.name).join(
        PersonRow, PersonRow.id == EnrollmentRow.person_id
    )


def _moving(session: Session, ids: Sequence[UUID], program: InUse) -> dict[UUID, str]:
    editions = {each.id: each.program.edition for each in program.versions}
    rows = session.execute(
        select(EnrollmentMoveRow.enrollment_id, EnrollmentMoveRow.to_version_id).where(
            EnrollmentMoveRow.enrollment_id.in_(ids),
            EnrollmentMoveRow.answered_at.is_(None),
            EnrollmentMoveRow.ended_at.is_(None),
        )
    )
    return {enrollment_id: editions[to] for enrollment_id, to in rows if to in editions}


def _courses(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = session.execute(
        select(MembershipRow.person_id, CourseRow.title)
        .join(CourseRow, CourseRow.id == MembershipRow.course_id)
        .where(MembershipRow.person_id.in_(ids), MembershipRow.ended_at.is_(None))
        .order_by(MembershipRow.seen_at.desc())
    )
    for person_id, title in rows:
        found.setdefault(person_id, []).append(title)
    return found


def _enrolled(session: Session, program_id: UUID, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    rows = session.execute(
        select(EnrollmentRow.person_id, EnrollmentRow.id).where(
            EnrollmentRow.program_id == program_id,
            EnrollmentRow.person_id.in_(ids),
            EnrollmentRow.ended_at.is_(None),
        )
    )
    return {row[0]: row[1] for row in rows}
