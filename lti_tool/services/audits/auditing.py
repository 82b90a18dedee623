"""Samples that auditors draw. Auditors read, and write nothing but what they found."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from grading.sampling import drawn
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.auditing import AuditFindingRow, AuditItemRow, AuditSampleRow, SampleOf
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from rubrics.observation import State
from rubrics.refusal import Refused

LARGEST = 500
LONGEST_PLAN = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sample is to be drawn from."""

    drawn_from: SampleOf
    since: date
    until: date
    size: int
    plan: str
    program_id: UUID | None = None
    """Of decisions only: those of one program."""


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample in the list."""

    id: UUID
    drawn_from: SampleOf
    since: date
    until: date
    size: int
    population: int
    seed: str
    plan: str
    program_name: str | None
    drawn_by: str
    made_at: datetime
    closed_at: datetime | None
    looked_at: int
    """How many of its records were looked at."""
    open_findings: int
    """Questions and concerns that are not settled."""


def samples(session: Session, visitor: Visitor) -> tuple[SampleLine, ...]:
    """Those of the organization, the newest first."""
    return tuple(
        _line(row)
        for row in session.execute(_lines(visitor.organization_id).order_by(AuditSampleRow.made_at.desc()).limit(100))
    )


def sample(session: Session, visitor: Visitor, sample_id: UUID) -> SampleLine:
    """One of them. Raises `NotHere`."""
    found = session.execute(_lines(visitor.organization_id).where(AuditSampleRow.id == sample_id)).one_or_none()
    if found is None:
        raise NotHere
    return _line(found)


def draw(session: Session, visitor: Visitor, wanted: Wanted, now: datetime) -> UUID:
    """Draw a sample. Raises `Refused` ("days", "size", "plan", "program", "nothing_there")."""
    _check(session, visitor, wanted, now)
    seed = secrets.token_hex(8)
    there = population(session, visitor.organization_id, wanted)
    if not there:
        raise Refused("nothing_there", "There is no such record in these days. Please choose others.")
    chosen = drawn(there, size=wanted.size, seed=seed)
    sample_id = new_id()
    session.add(
        AuditSampleRow(
            id=sample_id, organization_id=visitor.organization_id, drawn_from=wanted.drawn_from,
            program_id=wanted.program_id, since=wanted.since, until=wanted.until, plan=wanted.plan.strip(), seed=seed,
            size=len(chosen), population=len(there), drawn_by=visitor.person_id, made_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        AuditItemRow(
            id=new_id(), organization_id=visitor.organization_id, sample_id=sample_id, position=position,
            subject_id=UUID(subject),
        )
        for position, subject in enumerate(chosen, 1)
    )  # fmt: skip
    session.flush()
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act="audit.draw",
        subject=f"audit_sample:{sample_id}", now=now, drawn_from=wanted.drawn_from.value, seed=seed, size=len(chosen),
        population=len(there),
    )  # fmt: skip
    return sample_id


def population(session: Session, organization_id: UUID, wanted: Wanted) -> tuple[str, ...]:
    """The ids of all records that a sample is drawn from."""
    return tuple(str(each) for each in session.scalars(_population(organization_id, wanted)))


def close(session: Session, visitor: Visitor, sample_id: UUID, now: datetime) -> None:
    """Say that the sample was looked through. Twice changes nothing. Raises `NotHere`."""
    row = found_sample(session, visitor, sample_id, locked=True)
    if row.closed_at is None:
        row.closed_at = now
        session.flush()
        audit.write(
            session, organization_id=visitor.organization_id, person_id=visitor.person_id, act="audit.close",
            subject=f"audit_sample:{sample_id}", now=now,
        )  # fmt: skip


def found_sample(session: Session, visitor: Visitor, sample_id: UUID, *, locked: bool = False) -> AuditSampleRow:
    """A sample of the organization. Raises `NotHere`."""
    row = session.get(AuditSampleRow, sample_id, with_for_update=locked or None, populate_existing=locked)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    return row


def _check(session: Session, visitor: Visitor, wanted: Wanted, now: datetime) -> None:
    if wanted.since > wanted.until or wanted.until > now.date() + timedelta(days=1):
        raise Refused("days", "Please choose a first day and a last day, in this order and not after today.")
    if not 1 <= wanted.size <= LARGEST:
        raise Refused("size", "Please choose a number from 1 to %(most)s.", most=LARGEST)
    if not wanted.plan.strip() or len(wanted.plan) > LONGEST_PLAN:
        raise Refused("plan", "Please say in up to %(most)s characters what you want to find out.", most=LONGEST_PLAN)
    if wanted.program_id is None:
        return
    program = session.get(ProgramRow, wanted.program_id)
    if program is None or program.organization_id != visitor.organization_id:
        raise NotHere
    if wanted.drawn_from is not SampleOf.DECISIONS:
        raise Refused("program", "Only decisions belong to one program. Please leave it open for other records.")


def _population(organization_id: UUID, wanted: Wanted) -> Select[UUID]:
    """What is final: nothing that still waits for a trainee or an observer is looked at."""
    first = datetime.combine(wanted.since, time.min, UTC)
    after = datetime.combine(wanted.until, time.min, UTC) + timedelta(days=1)
    if wanted.drawn_from is SampleOf.OBSERVATIONS:
        return select(ObservationRow.id).where(
            ObservationRow.organization_id == organization_id,
            ObservationRow.state == State.RELEASED,
            ObservationRow.released_at >= first,
            ObservationRow.released_at < after,
        )
    if wanted.drawn_from is SampleOf.LEDGER_ENTRIES:
        return select(LedgerEntryRow.id).where(
            LedgerEntryRow.organization_id == organization_id,
            LedgerEntryRow.state == EntryState.SIGNED,
            LedgerEntryRow.on_day >= wanted.since,
            LedgerEntryRow.on_day <= wanted.until,
        )
    of_program = () if wanted.program_id is None else (EnrollmentRow.program_id == wanted.program_id,)
    return (
        select(DecisionRow.id)
        .join(EnrollmentRow, EnrollmentRow.id == DecisionRow.enrollment_id)
        .where(
            DecisionRow.organization_id == organization_id,
            DecisionRow.told_at.is_not(None),
            DecisionRow.released_at >= first,
            DecisionRow.released_at < after,
            *of_program,
        )
    )


def _lines(organization_id: UUID) -> Any:
    looked_at = (
        select(func.count(AuditItemRow.id))
        .where(AuditItemRow.sample_id == AuditSampleRow.id, AuditItemRow.looked_at.is_not(None))
        .scalar_subquery()
    )
    to_settle = (
        select(func.count(AuditFindingRow.id))
        .where(AuditFindingRow.sample_id == AuditSampleRow.id, AuditFindingRow.settled_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(AuditSampleRow, PersonRow.id, PersonRow.name, ProgramRow.name, looked_at, to_settle)
        .join(PersonRow, PersonRow.id == AuditSampleRow.drawn_by)
        .outerjoin(ProgramRow, ProgramRow.id == AuditSampleRow.program_id)
        .where(AuditSampleRow.organization_id == organization_id)
    )


def _line(found: Any) -> SampleLine:
    row, person_id, name, program_name, looked_at, open_findings = found
    return SampleLine(
        id=row.id,
        drawn_from=row.drawn_from,
        since=row.since,
        until=row.until,
        size=row.size,
        population=row.population,
        seed=row.seed,
        plan=row.plan,
        program_name=program_name,
        drawn_by=display_name(person_id, name),
        made_at=row.made_at,
        closed_at=row.closed_at,
        looked_at=looked_at,
        open_findings=open_findings,
    )
