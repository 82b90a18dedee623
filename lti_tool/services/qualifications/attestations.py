"""What else is known of somebody: noted by a person of the program, or said by themselves with one tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from grading.evidence import Kind
from grading.ledger import Source
from grading.noting import AskedField, AskedThing, asked_statements, asked_things
from grading.program import Program
from lti_tool.access import ACCESS, Field, Who
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.programs.program_versions import day_in
from lti_tool.services.scores import program_columns
from lti_tool.services.standing.standings import found_enrollment, stands
from lti_tool.store.base import new_id
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from rubrics.typed import decimal_number

MOST_AMOUNT = Decimal(10_000)
FIRST_YEAR = 1900
SAYER = aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that is known of somebody, whether it stands or was taken back."""

    id: UUID
    kind: Kind
    on: date
    amount: Decimal | None
    unit: str
    said: Mapping[str, Any]
    until: date | None
    source: Source
    said_by: str | None
    """None where the LMS did."""
    said_at: datetime
    taken_back_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether nobody took it back."""
        return self.taken_back_at is None


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that somebody can say of themselves, and whether they did."""

    thing: AskedThing
    given: Noted | None
    """The newest that stands."""


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What is known of the person of one enrollment, for one reader."""

    enrollment_id: UUID
    person_id: UUID
    person_name: str
    program: Program
    today: date
    """In the time zone of the program."""
    noted: tuple[Noted, ...]
    """Newest first."""
    statements: tuple[Statement, ...]
    things: tuple[AskedThing, ...]
    """What can be noted."""

    def thing(self, key: str) -> AskedThing:
        """The one of this key. Raises `NotHere`."""
        found = next((each for each in self.things if each.key == key), None)
        if found is None:
            raise NotHere
        return found


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person of the program noted of one thing."""

    on: date | None
    words: Mapping[str, str]
    """For each name that the thing asks about, what was chosen or typed."""
    amount: str = ""
    until: date | None = None


def of_person(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> OfPerson:
    """For a person of the program: everything that is noted of somebody. Raises `NotHere`."""
    return _of(session, found_enrollment(session, visitor.organization_id, enrollment_id), now)


def of_oneself(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> OfPerson:
    """The same for the person themselves. Raises `NotHere` for everybody else."""
    return _of(session, _own(session, visitor, enrollment_id), now, own=True)


def note(
    session: Session, visitor: Visitor, enrollment_id: UUID, thing: AskedThing, typed: Typed, now: datetime
) -> None:
    """Note one thing of somebody; they are told, and see it. The same twice changes nothing.

    Raises `Refused` with the name of the field and what to do; "oneself", "conflict" where somebody else notes it.
    """
    enrollment = found_enrollment(session, visitor.organization_id, enrollment_id, locked=True)
    note_of(session, visitor, enrollment, thing, typed, today=_of_day(session, enrollment, now), now=now)


def note_of(
    session: Session,
    visitor: Visitor,
    enrollment: EnrollmentRow,
    thing: AskedThing,
    typed: Typed,
    *,
    today: date,
    now: datetime,
) -> bool:
    """The same for an enrollment that the caller found and locked; False where it was there already."""
    _may_note(session, visitor, enrollment)
    on = _day(typed, today)
    said = said_of(thing, typed.words)
    if thing.by_somebody:
        said[thing.by_somebody] = [str(visitor.person_id)]
    values = {
        "kind": thing.kind,
        "on_day": on,
        "amount": amount_of(thing, typed.amount),
        "unit": thing.unit if typed.amount.strip() else "",
        "said": said,
        "until": typed.until,
    }
    if _is_there(session, enrollment, values):
        return False
    row = _row(enrollment, values, Source.SEEN, visitor.person_id, now)
    row.program_id = enrollment.program_id
    session.add(row)
    session.flush()
    _audit(session, visitor, row, "attestation.note", now)
    _tell(session, visitor, enrollment, now)
    program_columns.desire_for(session, row.person_id, now)
    return True


def take_back(session: Session, visitor: Visitor, enrollment_id: UUID, attestation_id: UUID, now: datetime) -> None:
    """Take back what was noted; it stays to be read. The person is told. Twice changes nothing. Raises `NotHere`."""
    enrollment = found_enrollment(session, visitor.organization_id, enrollment_id)
    _may_note(session, visitor, enrollment)
    row = _locked(session, enrollment, attestation_id)
    if row.source is Source.OWN_WORD or row.said_by == enrollment.person_id:
        raise NotHere  # what they said or asked for themselves is theirs to take back
    if _taken_back(session, visitor, row, now):
        _tell(session, visitor, enrollment, now)


def say(session: Session, visitor: Visitor, enrollment_id: UUID, key: str, now: datetime) -> None:
    """Say one thing of oneself, as of today: one bit and a day, known to every program. Twice a day changes nothing."""
    enrollment = _own(session, visitor, enrollment_id, locked=True)
    here = _of(session, enrollment, now, own=True)
    thing = next((each.thing for each in here.statements if each.thing.key == key), None)
    if thing is None:
        raise NotHere
    values = {
        "kind": Kind.STATEMENT,
        "on_day": here.today,
        "amount": thing.amount_from,
        "unit": thing.unit if thing.amount_from is not None else "",
        "said": _words_of(thing),
        "until": None,
    }
    if _is_there(session, enrollment, values):
        return
    row = _row(enrollment, values, Source.OWN_WORD, visitor.person_id, now)
    session.add(row)
    session.flush()
    _audit(session, visitor, row, "attestation.say", now)
    program_columns.desire_for(session, row.person_id, now)


def unsay(session: Session, visitor: Visitor, enrollment_id: UUID, key: str, now: datetime) -> None:
    """Take one's own word back, however often it was given: one tap. Twice changes nothing. Raises `NotHere`."""
    enrollment = _own(session, visitor, enrollment_id, locked=True)
    thing = next(
        (each for each in asked_statements(_program(session, enrollment, now, own=True)) if each.key == key), None
    )
    if thing is None:
        raise NotHere
    for noted in _noted(session, enrollment):
        if noted.stands and noted.source is Source.OWN_WORD and _answers(noted, thing):
            _taken_back(session, visitor, _locked(session, enrollment, noted.id), now)


def readers(field: Field, person_name: str) -> tuple[Reader, ...]:
    """Who can see what is noted, or what is said."""
    seeing = ACCESS[field].see
    return tuple(Reader(who, (person_name,) if who is Who.TRAINEE else ()) for who in Who if who in seeing)


def _of(session: Session, enrollment: EnrollmentRow, now: datetime, *, own: bool = False) -> OfPerson:
    program = _program(session, enrollment, now, own=own)
    noted = _noted(session, enrollment)
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == enrollment.person_id)).one()
    return OfPerson(
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        person_name=display_name(enrollment.person_id, name),
        program=program,
        today=day_in(program, now),
        noted=noted,
        statements=_statements(program, noted),
        things=asked_things(program),
    )


def _program(session: Session, enrollment: EnrollmentRow, now: datetime, *, own: bool = False) -> Program:
    return stands(session, enrollment, now, own=own).enrolled.program


def _of_day(session: Session, enrollment: EnrollmentRow, now: datetime) -> date:
    return day_in(_program(session, enrollment, now), now)


def _statements(program: Program, noted: Sequence[Noted]) -> tuple[Statement, ...]:
    own = [each for each in noted if each.source is Source.OWN_WORD and each.stands]
    found: dict[tuple[object, ...], Statement] = {}
    for thing in asked_statements(program):
        same = (thing.fields, thing.amount_from)
        found.setdefault(same, Statement(thing, next((each for each in own if _answers(each, thing)), None)))
    return tuple(found.values())


def _answers(noted: Noted, thing: AskedThing) -> bool:
    """Whether this word of theirs is the one that is asked: given once, it is known wherever it is asked again."""
    wanted = _words_of(thing)
    if any(noted.said.get(name) != value for name, value in wanted.items()):
        return False
    return thing.amount_from is None or (noted.amount is not None and noted.amount >= thing.amount_from)


def _words_of(thing: AskedThing) -> dict[str, Any]:
    return {field.name: _as_asked(field) for field in thing.fields}


def _as_asked(field: AskedField) -> Any:
    return str(field.at_least or 0) if field.is_number else [field.words[0]]


def said_of(thing: AskedThing, typed: Mapping[str, str]) -> dict[str, Any]:
    """What is said of it, as it is kept. Raises `Refused` with the name of the field."""
    found: dict[str, Any] = {}
    for field in thing.fields:
        text = typed.get(field.name, "").strip()
        if field.is_number:
            found[field.name] = str(_number(field.name, text)) if text else None
        elif text in field.words:
            found[field.name] = [text]
        elif len(field.words) == 1:
            found[field.name] = [field.words[0]]
        else:
            raise Refused(field.name, "Please choose one of these.")
    return {name: value for name, value in found.items() if value is not None}


def _number(name: str, text: str) -> Decimal:
    number = decimal_number(text)
    if number is None:
        raise Refused(name, "Please write this as a number, such as 8 or 7.5, with at most two digits after the point.")
    if number > MOST_AMOUNT:
        raise Refused(name, "Please check this number: it can be at most %(most)s.", most=MOST_AMOUNT)
    return number.normalize() + 0


def amount_of(thing: AskedThing, text: str) -> Decimal | None:
    """How much it was; None where nobody said so. Raises `Refused` ("amount")."""
    return _number("amount", text.strip()) if thing.has_amount and text.strip() else None


def _day(typed: Typed, today: date) -> date:
    if typed.on is None:
        raise Refused("on", "Please say on which day it was.")
    if typed.on > today:
        raise Refused("on", "This day has not come yet. Please note it once it was.")
    if typed.on.year < FIRST_YEAR:
        raise Refused("on", "Please check the year of this day.")
    if typed.until is not None and typed.until < typed.on:
        raise Refused("until", "The last day comes before the first. Please check both.")
    return typed.on


def _may_note(session: Session, visitor: Visitor, enrollment: EnrollmentRow) -> None:
    if enrollment.person_id == visitor.person_id:
        raise Refused("oneself", "This is your own path, so somebody else notes it.")
    if enrollment.person_id in conflicts_of(session, visitor.person_id):
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")


def _own(session: Session, visitor: Visitor, enrollment_id: UUID, *, locked: bool = False) -> EnrollmentRow:
    enrollment = found_enrollment(session, visitor.organization_id, enrollment_id, locked=locked)
    if enrollment.person_id != visitor.person_id:
        raise NotHere
    return enrollment


def _is_there(session: Session, enrollment: EnrollmentRow, values: Mapping[str, Any]) -> bool:
    same = ("kind", "on", "amount", "unit", "said", "until")
    wanted = [values["on_day" if name == "on" else name] for name in same]
    standing = (each for each in _noted(session, enrollment) if each.stands)
    return any([getattr(each, name) for name in same] == wanted for each in standing)


def _row(
    enrollment: EnrollmentRow, values: Mapping[str, Any], source: Source, said_by: UUID | None, now: datetime
) -> AttestationRow:
    return AttestationRow(
        id=new_id(),
        organization_id=enrollment.organization_id,
        person_id=enrollment.person_id,
        source=source,
        said_by=said_by,
        said_at=now,
        **values,
    )


def _noted(session: Session, enrollment: EnrollmentRow) -> tuple[Noted, ...]:
    rows = session.execute(
        select(AttestationRow, SAYER.name)
        .outerjoin(SAYER, SAYER.id == AttestationRow.said_by)
        .where(
            AttestationRow.person_id == enrollment.person_id,
            or_(AttestationRow.program_id.is_(None), AttestationRow.program_id == enrollment.program_id),
        )
        .order_by(AttestationRow.on_day.desc(), AttestationRow.said_at.desc(), AttestationRow.id)
    )
    return tuple(
        Noted(
            id=row.id,
            kind=row.kind,
            on=row.on_day,
            amount=row.amount,
            unit=row.unit,
            said=row.said,
            until=row.until,
            source=row.source,
            said_by=display_name(row.said_by, name) if row.said_by else None,
            said_at=row.said_at,
            taken_back_at=row.taken_back_at,
        )
        for row, name in rows
    )


def _locked(session: Session, enrollment: EnrollmentRow, attestation_id: UUID) -> AttestationRow:
    found = session.scalars(
        select(AttestationRow)
        .where(
            AttestationRow.id == attestation_id,
            AttestationRow.person_id == enrollment.person_id,
            or_(AttestationRow.program_id.is_(None), AttestationRow.program_id == enrollment.program_id),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def _taken_back(session: Session, visitor: Visitor, row: AttestationRow, now: datetime) -> bool:
    if row.taken_back_at is not None:
        return False
    row.taken_back_at, row.taken_back_by = now, visitor.person_id
    session.flush()
    _audit(session, visitor, row, "attestation.take_back", now)
    program_columns.desire_for(session, row.person_id, now)
    return True


def _tell(session: Session, visitor: Visitor, enrollment: EnrollmentRow, now: datetime) -> None:
    notify.news(
        session,
        organization_id=enrollment.organization_id,
        person_id=enrollment.person_id,
        now=now,
        kind=MessageKind.PROGRAM,
        path=f"/path/{enrollment.id}/statements",
        sender_id=visitor.person_id,
    )


def _audit(session: Session, visitor: Visitor, row: AttestationRow, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"attestation:{row.id}",
        now=now,
        kind=row.kind.value,
    )
