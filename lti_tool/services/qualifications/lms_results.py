"""Trainings of a course: met from results of the LMS where it gives them, or noted by who instructs the course."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.evidence import Kind
from grading.noting import AskedThing, asked_things
from grading.program import Program
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs.program_versions import day_in, versions_of
from lti_tool.services.qualifications import attestations
from lti_tool.services.qualifications.attestations import Typed
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, LineItemRow
from lti_tool.store.ledger import AttestationRow, LmsResultRuleRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.typed import decimal_number, in_digits

OF_A_COURSE = frozenset({Kind.TRAINING, Kind.EDUCATION, Kind.EXAM})
"""What a course can show that somebody did."""
MOST_AT_ONCE = 200
MOST_NUMBERS = 20
LONGEST_LABEL = 200


@dataclass(frozen=True, slots=True)
class CourseProgram:
    """A program that people of the course are enrolled in."""

    id: UUID
    program: Program
    """Its newest edition."""
    things: tuple[AskedThing, ...]
    """What a course can show, of what it asks."""

    def thing(self, key: str) -> AskedThing:
        """The one of this key. Raises `NotHere`."""
        found = next((each for each in self.things if each.key == key), None)
        if found is None:
            raise NotHere
        return found


@dataclass(frozen=True, slots=True)
class ResultRule:
    """A column whose results say that something was done."""

    id: UUID
    label: str
    program_name: str
    kind: Kind
    said: dict[str, Any]
    at_least: Decimal
    amount: Decimal | None
    unit: str
    read_at: datetime | None
    problem: str | None
    people: int
    """For how many it stands now."""

    @property
    def percent(self) -> str:
        """From which share on, in percent."""
        return f"{(self.at_least * 100).normalize():f}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose for a column."""

    url: str
    label: str
    words: dict[str, str]
    amount: str
    at_least: str
    """In percent."""


def programs(session: Session, place: Place) -> tuple[CourseProgram, ...]:
    """The programs that people of the course are enrolled in, by name."""
    here = select(MembershipRow.person_id).where(
        MembershipRow.course_id == place.course.id, MembershipRow.ended_at.is_(None)
    )
    ids = session.scalars(
        select(EnrollmentRow.program_id)
        .join(ProgramRow, ProgramRow.id == EnrollmentRow.program_id)
        .where(EnrollmentRow.person_id.in_(here), EnrollmentRow.ended_at.is_(None))
        .group_by(EnrollmentRow.program_id, ProgramRow.name)
        .order_by(ProgramRow.name)
    ).all()
    editions = versions_of(session, ids)
    return tuple(_course_program(id_, editions[id_][-1].program) for id_ in ids if editions.get(id_))


def program(session: Session, place: Place, program_id: UUID | None) -> CourseProgram:
    """One of them. Raises `NotHere`."""
    found = next((each for each in programs(session, place) if each.id == program_id), None)
    if found is None:
        raise NotHere
    return found


def people(session: Session, visitor: Visitor, place: Place, program_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """The trainees of the course who are enrolled in the program, by name, with their enrollment.

    Never the visitor, and nobody with whom a conflict stands.
    """
    rows = session.execute(
        select(EnrollmentRow.id, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            EnrollmentRow.program_id == program_id,
            EnrollmentRow.ended_at.is_(None),
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            trains(place.course.id),
        )
        .limit(MOST_AT_ONCE)
    ).all()
    apart = conflicts_of(session, visitor.person_id) | {visitor.person_id}
    named = [(id_, display_name(person_id, name)) for id_, person_id, name in rows if person_id not in apart]
    return tuple(sorted(named, key=lambda each: each[1].casefold()))


def note_for_several(
    session: Session,
    visitor: Visitor,
    place: Place,
    here: CourseProgram,
    thing: AskedThing,
    typed: Typed,
    enrollments: Collection[UUID],
    now: datetime,
) -> int:
    """Note of each of these people of the course that they did it; each is told. The answer is of how many it is new.

    Raises `Refused` with the name of the field and what to do; "people" where nobody is chosen, or somebody of
    elsewhere.
    """
    offered = {id_ for id_, _ in people(session, visitor, place, here.id)}
    if not enrollments or not set(enrollments) <= offered:
        raise Refused("people", "Please choose who finished it, among the people of this list.")
    rows = session.scalars(
        select(EnrollmentRow)
        .where(EnrollmentRow.id.in_(enrollments))
        .order_by(EnrollmentRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    today = day_in(here.program, now)
    new = [attestations.note_of(session, visitor, row, thing, typed, today=today, now=now) for row in rows]
    return sum(new)


def rules(session: Session, place: Place) -> tuple[ResultRule, ...]:
    """The columns of the course that say something, oldest first."""
    standing = (
        select(func.count(AttestationRow.id))
        .where(AttestationRow.rule_id == LmsResultRuleRow.id, AttestationRow.taken_back_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(LmsResultRuleRow, ProgramRow.name, standing)
        .join(ProgramRow, ProgramRow.id == LmsResultRuleRow.program_id)
        .where(LmsResultRuleRow.course_id == place.course.id, LmsResultRuleRow.ended_at.is_(None))
        .order_by(LmsResultRuleRow.made_at, LmsResultRuleRow.id)
    )
    return tuple(
        ResultRule(
            id=row.id,
            label=row.label,
            program_name=name,
            kind=row.kind,
            said=row.said,
            at_least=row.at_least,
            amount=row.amount,
            unit=row.unit,
            read_at=row.read_at,
            problem=row.problem,
            people=count,
        )
        for row, name, count in rows
    )


def known_columns(session: Session, place: Place) -> tuple[tuple[str, str], ...]:
    """Columns of the course that the LMS has named to us so far: address and name."""
    rows = session.execute(
        select(LineItemRow.url, LineItemRow.label)
        .join(ActivityRow, ActivityRow.id == LineItemRow.activity_id)
        .where(ActivityRow.course_id == place.course.id, LineItemRow.url.is_not(None))
        .order_by(LineItemRow.label, LineItemRow.url)
    )
    return tuple((url, label) for url, label in rows if url)


def make_rule(
    session: Session,
    visitor: Visitor,
    place: Place,
    here: CourseProgram,
    thing: AskedThing,
    chosen: Chosen,
    now: datetime,
) -> UUID:
    """From now on results of this column say that the thing was done. The same twice changes nothing.

    Raises `Refused` with the name of the field and what to do.
    """
    if not chosen.url:
        raise Refused("column", "Please choose a column.")
    said = attestations.said_of(thing, chosen.words)
    amount = attestations.amount_of(thing, chosen.amount)
    values = {"kind": thing.kind, "said": said, "at_least": _share(chosen.at_least), "amount": amount or None}
    mine = session.scalars(
        select(LmsResultRuleRow).where(
            LmsResultRuleRow.course_id == place.course.id,
            LmsResultRuleRow.program_id == here.id,
            LmsResultRuleRow.url == chosen.url,
        )
    ).all()
    for row in mine:
        if row.ended_at is None and all(getattr(row, name) == value for name, value in values.items()):
            return row.id
    number = 1 + max((row.number for row in mine), default=0)
    if number > MOST_NUMBERS:
        raise Refused("column", "This column says enough things already. Please end one of them first.")
    rule_id = new_id()
    made = insert_once(
        session,
        LmsResultRuleRow,
        id=rule_id,
        organization_id=place.organization_id,
        course_id=place.course.id,
        program_id=here.id,
        url=chosen.url,
        number=number,
        label=chosen.label.replace("\x00", "")[:LONGEST_LABEL],
        unit=thing.unit if amount else "",
        made_by=visitor.person_id,
        made_at=now,
        **values,
    )
    if not made:
        raise Refused("column", "Meanwhile somebody else chose this column. Please look at the list again.")
    _audit(session, visitor, rule_id, "lms_result.rule", now)
    return rule_id


def read_again(session: Session, place: Place, rule_id: UUID) -> None:
    """Have the column read soon. Raises `NotHere`."""
    row = _rule(session, place, rule_id)
    row.read_at, row.problem = None, None
    session.flush()


def end_rule(session: Session, visitor: Visitor, place: Place, rule_id: UUID, now: datetime) -> None:
    """Read this column no more; what it showed so far stays noted. Twice changes nothing. Raises `NotHere`."""
    row = _rule(session, place, rule_id)
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, visitor, rule_id, "lms_result.end", now)


def _course_program(program_id: UUID, newest: Program) -> CourseProgram:
    things = tuple(each for each in asked_things(newest) if each.kind in OF_A_COURSE)
    return CourseProgram(program_id, newest, things)


def _share(percent: str) -> Decimal:
    number = decimal_number(in_digits(percent).strip().removesuffix("%"))
    if number is None or not 1 <= number <= 100:
        raise Refused(
            "at_least",
            "Please write a number from 1 to 100, such as 80 or 66.67, with at most two digits after the point.",
        )
    return number / 100


def _rule(session: Session, place: Place, rule_id: UUID) -> LmsResultRuleRow:
    found = session.scalars(
        select(LmsResultRuleRow)
        .where(LmsResultRuleRow.id == rule_id, LmsResultRuleRow.course_id == place.course.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def _audit(session: Session, visitor: Visitor, rule_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"lms_result_rule:{rule_id}",
        now=now,
    )
