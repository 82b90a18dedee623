"""The people of a program by what it asks: whom to show, in which order, and what is kept of each.

Everything but names is found by the database, from what is kept (`kept_standings`), and the order of names, too
(`name_order`). Names are encrypted: they are read for one page; who looks for a name has all of them read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.program import Program, Requirement, Who
from grading.proof import Answer
from lti_tool.services.cohorts import name_order
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.standing.kept_standings import is_due, today_in
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import GroupMemberRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.seen import KeptAnswerRow, KeptStandingRow
from lti_tool.store.sites import PlacementRow

MOST_PEOPLE = 25_000
ORDER_OF_ANSWERS = (Answer.WAITING, Answer.NOT_YET, Answer.UNKNOWN, Answer.MET, Answer.NOT_APPLICABLE)
"""What needs somebody comes first. It says nothing of people: those of one answer stand as they came."""


class Order(StrEnum):
    """In which order people stand. None of them is a rank."""

    NAME = "name"
    ENTERED = "entered"
    DATE = "date"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Looking:
    """Whom to show, and in which order; what is empty leaves nobody out."""

    statuses: frozenset[Status] = frozenset()
    stage: str = ""
    course_id: UUID | None = None
    group_id: UUID | None = None
    site_id: UUID | None = None
    supervisor_id: UUID | None = None
    requirement: str = ""
    answer: Answer | None = None
    """Of `requirement`."""
    waits_for: Who | None = None
    paused: bool | None = None
    name: str = ""
    order: Order = Order.NAME
    by: str = ""
    """The requirement by whose answer they stand."""


@dataclass(frozen=True, slots=True)
class Column:
    """One requirement as a column."""

    key: str
    title: str
    stage: str
    language: str
    shown_only: bool
    other_edition: str = ""
    """The edition that asks it, where the newest does not."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The answer for one requirement, as it is kept."""

    answer: Answer
    sure: Decimal | None
    with_waiting: Decimal | None
    asked_for: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the way."""

    enrollment_id: UUID
    person_id: UUID
    name: str
    entered_on: date
    edition: str
    status: Status
    stage: str | None
    paused: bool
    met: int
    waiting: int
    asked: int
    waits_for: tuple[Who, ...]
    due_on: date | None
    due: Name | None
    new_on: date | None
    as_of: date | None
    """The day of which it is; None: it is still being worked out for the first time."""
    is_stale: bool
    """Whether something is known since then that it does not have."""
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Found:
    """Who matches."""

    count: int
    ids: tuple[UUID, ...] | None
    """Their enrollments in order, where names were needed for it; None: the database puts them in order."""
    in_order: bool = True
    """False where not every name has its place yet, and there are too many to read them."""


def find(session: Session, program: InUse, looking: Looking) -> Found:
    """Who is on the way through the program and matches."""
    base = _base(program, looking)
    count = session.scalars(_count(program, looking)).one()
    by_name = looking.order is Order.NAME
    if not looking.name and not by_name:
        return Found(count, None)
    if not looking.name and name_order.is_for_the_database(session, program.organization_id, count):
        return Found(count, None, in_order=name_order.is_known(session, program.organization_id))
    rows = session.connection().execute(
        (base if by_name else _ordered(base, program, looking))
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .with_only_columns(EnrollmentRow.id, EnrollmentRow.person_id, PersonRow.name)
        .limit(MOST_PEOPLE)
    )
    wanted = looking.name.casefold()
    named = [(display_name(person_id, name).casefold(), id_) for id_, person_id, name in rows]
    if by_name:
        named.sort()
    ids = tuple(id_ for name, id_ in named if wanted in name)
    return Found(len(ids), ids)


def lines(
    session: Session, program: InUse, looking: Looking, found: Found, now: datetime, *, first: int, most: int
) -> tuple[Line, ...]:
    """So many of them, from the `first` on (counted from 0), with what is kept: as many questions as for one."""
    ids: Sequence[UUID]
    if found.ids is not None:
        ids = found.ids[first : first + most]
    else:
        wanted = _ordered(_base(program, looking), program, looking).with_only_columns(EnrollmentRow.id)
        ids = session.scalars(wanted.offset(first).limit(most)).all()
    return lines_of(session, program, ids, now)


def lines_of(session: Session, program: InUse, ids: Sequence[UUID], now: datetime) -> tuple[Line, ...]:
    """What is kept of these enrollments, in their order."""
    today, editions = today_in(program.versions, now), {each.id: each.program.edition for each in program.versions}
    stale = case((is_due(today), True), else_=False)
    found = session.execute(
        select(EnrollmentRow, PersonRow.name, KeptStandingRow, stale)
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .outerjoin(KeptStandingRow, KeptStandingRow.enrollment_id == EnrollmentRow.id)
        .where(EnrollmentRow.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    cells = _cells(session, ids)
    known = {
        enrollment.id: _line(enrollment, name, kept, cells.get(enrollment.id, {}), editions, is_stale=bool(is_stale))
        for enrollment, name, kept, is_stale in found
        if enrollment.program_id == program.id
    }
    return tuple(known[id_] for id_ in ids if id_ in known)


def columns(program: InUse) -> tuple[Column, ...]:
    """What the newest edition asks, in its order, then what only earlier ones ask, the newest of them first."""
    newest = program.versions[-1].program
    found = {each.key: _column(newest, each) for each in newest.requirements}
    for version in reversed(program.versions[:-1]):
        for each in version.program.requirements:
            if each.key not in found:
                found[each.key] = _column(version.program, each, other_edition=version.program.edition)
    return tuple(found.values())


def _column(program: Program, requirement: Requirement, *, other_edition: str = "") -> Column:
    stage = next((each.title for each in program.stages if each.key == requirement.stage), requirement.stage)
    return Column(requirement.key, requirement.title, stage, program.language, requirement.shown_only, other_edition)


def _line(
    enrollment: EnrollmentRow,
    name: str | None,
    kept: KeptStandingRow | None,
    cells: Mapping[str, Cell],
    editions: Mapping[UUID, str],
    *,
    is_stale: bool,
) -> Line:
    there = kept if cells else None
    return Line(
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        name=display_name(enrollment.person_id, name),
        entered_on=enrollment.entered_on,
        edition=editions[there.version_id if there else enrollment.version_id],
        status=there.status if there else Status.NOT_STARTED,
        stage=there.stage if there else None,
        paused=there.paused if there else False,
        met=there.met if there else 0,
        waiting=there.waiting if there else 0,
        asked=there.asked if there else 0,
        waits_for=tuple(Who(each) for each in there.waits_for) if there else (),
        due_on=there.due_on if there else None,
        due=there.due if there else None,
        new_on=there.new_on if there else None,
        as_of=there.day if there else None,
        is_stale=is_stale,
        cells=cells,
    )


def _cells(session: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Cell]]:
    found: dict[UUID, dict[str, Cell]] = {}
    answers = session.execute(
        select(
            KeptAnswerRow.enrollment_id,
            KeptAnswerRow.requirement,
            KeptAnswerRow.answer,
            KeptAnswerRow.sure,
            KeptAnswerRow.with_waiting,
            KeptAnswerRow.asked_for,
        ).where(KeptAnswerRow.enrollment_id.in_(ids))
    )
    for enrollment_id, requirement, answer, sure, with_waiting, asked_for in answers:
        found.setdefault(enrollment_id, {})[requirement] = Cell(answer, sure, with_waiting, asked_for)
    return found


# ---- whom to show ----


def _count(program: InUse, looking: Looking) -> Select[int]:
    """Of what it asks about people and of what it asks about standings, only that is looked at which is asked for."""
    of_standing, of_person = tuple(_of_standing(looking)), tuple(_of_person(looking))
    if of_standing and not of_person:
        kept = KeptStandingRow
        return (
            select(func.count())
            .select_from(kept)
            .where(kept.program_id == program.id, kept.over.is_(False), *_of_standing(looking, kept.enrollment_id))
        )
    on_the_way = EnrollmentRow.program_id == program.id, EnrollmentRow.ended_at.is_(None)
    if not of_standing:
        return select(func.count()).select_from(EnrollmentRow).where(*on_the_way, *of_person)
    return _base(program, looking).with_only_columns(func.count(EnrollmentRow.id))


def _base(program: InUse, looking: Looking) -> Select[Any]:
    return (
        select(EnrollmentRow.id)
        .select_from(EnrollmentRow)
        .outerjoin(KeptStandingRow, KeptStandingRow.enrollment_id == EnrollmentRow.id)
        .where(
            EnrollmentRow.program_id == program.id,
            EnrollmentRow.ended_at.is_(None),
            *_of_standing(looking),
            *_of_person(looking),
        )
    )


def _of_standing(
    looking: Looking, enrollment_id: InstrumentedAttribute[UUID] = EnrollmentRow.id
) -> Iterator[ColumnElement[bool]]:
    if looking.statuses:
        yield KeptStandingRow.status.in_(looking.statuses)
    if looking.stage:
        yield KeptStandingRow.stage == looking.stage
    if looking.paused is not None:
        yield KeptStandingRow.paused.is_(looking.paused)
    if looking.waits_for is Who.PROGRAM:
        yield KeptStandingRow.for_program.is_(True)
    elif looking.waits_for is not None:
        yield waits_for(looking.waits_for)
    if looking.requirement and looking.answer is not None:
        asked_of = (
            exists()
            .where(
                KeptAnswerRow.enrollment_id == enrollment_id,
                KeptAnswerRow.requirement == looking.requirement,
                KeptAnswerRow.answer == looking.answer,
            )
            .correlate(enrollment_id.class_)  # the order may join the same rows
        )
        yield asked_of


def waits_for(who: Who) -> ColumnElement[bool]:
    """Whether somebody of this kind can do something next."""
    return cast(KeptStandingRow.waits_for, String).contains(f'"{who.value}"')


def _of_person(looking: Looking) -> Iterator[ColumnElement[bool]]:
    person_id = EnrollmentRow.person_id
    if looking.course_id is not None:
        yield exists().where(
            MembershipRow.person_id == person_id,
            MembershipRow.course_id == looking.course_id,
            MembershipRow.ended_at.is_(None),
        )
    if looking.group_id is not None:
        yield exists().where(GroupMemberRow.person_id == person_id, GroupMemberRow.group_id == looking.group_id)
    if looking.site_id is not None:
        yield placed_at(looking.site_id, person_id)
    if looking.supervisor_id is not None:
        yield supervised_by(looking.supervisor_id, person_id)


def placed_at(site_id: UUID, person_id: Any) -> ColumnElement[bool]:
    """Whether somebody practices at a site."""
    return exists().where(
        PlacementRow.trainee_id == person_id, PlacementRow.site_id == site_id, PlacementRow.ended_at.is_(None)
    )


def supervised_by(supervisor_id: UUID, person_id: Any) -> ColumnElement[bool]:
    """Whether somebody is assigned to a supervisor."""
    return exists().where(
        AssignmentRow.trainee_id == person_id,
        AssignmentRow.person_id == supervisor_id,
        AssignmentRow.assigned_as == AssignedAs.SUPERVISOR,
        AssignmentRow.ended_at.is_(None),
    )


def _ordered(base: Select[Any], program: InUse, looking: Looking) -> Select[Any]:
    match looking.order:
        case Order.ENTERED:
            return base.order_by(EnrollmentRow.entered_on, EnrollmentRow.id)
        case Order.DATE:
            return base.order_by(KeptStandingRow.due_on.is_(None), KeptStandingRow.due_on, EnrollmentRow.id)
        case Order.ANSWER if looking.by:
            place = case(
                {answer.value: number for number, answer in enumerate(ORDER_OF_ANSWERS)},
                value=cast(KeptAnswerRow.answer, String),
                else_=len(ORDER_OF_ANSWERS),
            )
            of_it = and_(KeptAnswerRow.enrollment_id == EnrollmentRow.id, KeptAnswerRow.requirement == looking.by)
            return base.outerjoin(KeptAnswerRow, of_it).order_by(place, EnrollmentRow.id)
        case _:
            return name_order.ordered(base, program.organization_id, EnrollmentRow.person_id)
