"""What auditors found, and what program leads answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.audits.auditing import found_sample
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.wellbeing.safeguarding import leads_of
from lti_tool.store.auditing import AuditFindingRow, AuditItemRow, AuditSampleRow, FindingKind, SampleOf
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding, with its answer where there is one."""

    id: UUID
    sample_id: UUID
    drawn_from: SampleOf
    item_id: UUID | None
    position: int | None
    """The record's number in the sample; None: it is about the sample as a whole."""
    kind: FindingKind
    words: str | None
    written_by: str
    written_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    settled_at: datetime | None


def of_sample(session: Session, visitor: Visitor, sample_id: UUID) -> tuple[Finding, ...]:
    """What was found in a sample: about the whole first, then by record. Raises `NotHere`."""
    found_sample(session, visitor, sample_id)
    return _findings(session, AuditFindingRow.sample_id == sample_id)


def to_answer(session: Session, visitor: Visitor) -> tuple[Finding, ...]:
    """Questions and concerns of the organization that are not settled, for its program leads."""
    return _findings(
        session, AuditFindingRow.organization_id == visitor.organization_id,
        AuditFindingRow.kind != FindingKind.IN_ORDER, AuditFindingRow.settled_at.is_(None),
    )  # fmt: skip


def note(
    session: Session,
    visitor: Visitor,
    sample_id: UUID,
    item_id: UUID | None,
    kind: FindingKind,
    words: str,
    *,
    now: datetime,
) -> UUID:
    """Write down what was found of a record, or of the sample; once for each, and changed until it was answered.

    Raises `Refused` ("words", "answered"), `NotHere`.
    """
    found_sample(session, visitor, sample_id, locked=True)  # of two at once the second one changes what the first wrote
    if item_id is not None and session.scalars(
        select(AuditItemRow.id).where(AuditItemRow.id == item_id, AuditItemRow.sample_id == sample_id)
    ).first() is None:  # fmt: skip
        raise NotHere
    words = words.strip()
    if len(words) > LONGEST or (kind is not FindingKind.IN_ORDER and not words):
        raise Refused(
            "words", "Please say in up to %(most)s characters what you would like to be looked at.", most=LONGEST
        )
    row = _there(session, sample_id, item_id)
    if row is not None and row.answered_at is not None:
        raise Refused("answered", "This was answered meanwhile. Please read the answer first.")
    if row is None:
        row = AuditFindingRow(
            id=new_id(), organization_id=visitor.organization_id, sample_id=sample_id, item_id=item_id
        )
        session.add(row)
    row.kind, row.words, row.written_by, row.written_at = kind, words or None, visitor.person_id, now
    row.settled_at = now if kind is FindingKind.IN_ORDER else None
    session.flush()
    _audit(session, visitor, row, "audit.finding", now)
    if kind is not FindingKind.IN_ORDER:
        for lead in leads_of(session, visitor.organization_id, Capability.PROGRAM_LEAD):
            notify.news(
                session, organization_id=visitor.organization_id, person_id=lead.person_id, now=now,
                kind=MessageKind.AUDIT, path="/audits/answers", sender_id=visitor.person_id,
            )  # fmt: skip
    return row.id


def answer(session: Session, visitor: Visitor, finding_id: UUID, words: str, now: datetime) -> None:
    """Answer a finding, for program leads; the auditor is told. Raises `Refused` ("words", "settled"), `NotHere`."""
    row = _found(session, visitor, finding_id)
    if row.settled_at is not None:
        raise Refused("settled", "The auditor has settled this meanwhile. Nothing more is needed.")
    if not words.strip() or len(words) > LONGEST:
        raise Refused("words", "Please write an answer of up to %(most)s characters.", most=LONGEST)
    row.answer, row.answered_by, row.answered_at = words.strip(), visitor.person_id, now
    session.flush()
    _audit(session, visitor, row, "audit.answer", now)
    notify.news(
        session, organization_id=visitor.organization_id, person_id=row.written_by, now=now, kind=MessageKind.AUDIT,
        path=f"/audits/{row.sample_id}", sender_id=visitor.person_id,
    )  # fmt: skip


def settle(session: Session, visitor: Visitor, finding_id: UUID, now: datetime) -> UUID:
    """Say that nothing is open any more; the answer is its sample. Twice changes nothing. Raises `NotHere`."""
    row = _found(session, visitor, finding_id)
    if row.settled_at is None:
        row.settled_at = now
        session.flush()
        _audit(session, visitor, row, "audit.settle", now)
    return row.sample_id


def _there(session: Session, sample_id: UUID, item_id: UUID | None) -> AuditFindingRow | None:
    return session.scalars(
        select(AuditFindingRow)
        .where(AuditFindingRow.sample_id == sample_id, AuditFindingRow.item_id.is_not_distinct_from(item_id))
        .execution_options(populate_existing=True)
    ).first()


def _found(session: Session, visitor: Visitor, finding_id: UUID) -> AuditFindingRow:
    row = session.get(AuditFindingRow, finding_id, with_for_update=True, populate_existing=True)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    return row


def _audit(session: Session, visitor: Visitor, row: AuditFindingRow, act: str, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"audit_finding:{row.id}", now=now, kind=row.kind.value,
    )  # fmt: skip


def _findings(session: Session, *which: ColumnElement[bool]) -> tuple[Finding, ...]:
    writer, answerer = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(AuditFindingRow, AuditSampleRow.drawn_from, AuditItemRow.position, writer.name, answerer.name)
        .join(AuditSampleRow, AuditSampleRow.id == AuditFindingRow.sample_id)
        .outerjoin(AuditItemRow, AuditItemRow.id == AuditFindingRow.item_id)
        .join(writer, writer.id == AuditFindingRow.written_by)
        .outerjoin(answerer, answerer.id == AuditFindingRow.answered_by)
        .where(*which)
        .order_by(AuditFindingRow.sample_id, AuditItemRow.position.is_not(None), AuditItemRow.position)
    )
    return tuple(
        Finding(
            id=row.id, sample_id=row.sample_id, drawn_from=drawn_from, item_id=row.item_id, position=position,
            kind=row.kind, words=row.words, written_by=display_name(row.written_by, writer_name),
            written_at=row.written_at, answer=row.answer,
            answered_by=display_name(row.answered_by, answerer_name) if row.answered_by else None,
            answered_at=row.answered_at, settled_at=row.settled_at,
        )
        for row, drawn_from, position, writer_name, answerer_name in rows
    )  # fmt: skip
