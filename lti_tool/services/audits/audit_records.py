"""Records of a sample: what can be checked without knowing whose they are; and, opened with a reason, all of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.evidence import Outcome
from grading.ledger import EntryKind
from lti_tool.access import Field
from lti_tool.services import audit
from lti_tool.services.audits.auditing import found_sample
from lti_tool.services.certification.decision_notices import Notice, read
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.services.programs.program_versions import Version, versions
from lti_tool.services.signing.signed_words import readable
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.auditing import AuditItemRow, AuditUnlockRow, SampleOf
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import (
    ObservationRow,
    ObserverRow,
    ObserverState,
    SignedDocumentRow,
    SignOffRow,
    SignOffWithdrawalRow,
)
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane, digest_of

OPEN_FOR = timedelta(hours=8)
LONGEST_REASON = 500
FIELDS: Mapping[SampleOf, frozenset[Field]] = {
    SampleOf.OBSERVATIONS: frozenset(
        {Field.ASSESSMENT, Field.RESPONSE, Field.SELF_ASSESSMENT, Field.MEETING, Field.SIGN_OFF}
    ),
    SampleOf.LEDGER_ENTRIES: frozenset({Field.LEDGER}),
    SampleOf.DECISIONS: frozenset({Field.DECISION}),
}
"""What is read of a record that was opened."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature, without who gave it."""

    lane: Lane
    signed_at: datetime
    assurance: Assurance
    stands: bool
    unchanged: bool | None
    """Whether what was signed still fits its fingerprint; None: its words went."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says without a name and without a word that somebody wrote."""

    item_id: UUID
    position: int
    looked_at: datetime | None
    day: date
    signatures: tuple[Signature, ...] = ()
    observers: int | None = None
    answered: bool | None = None
    """Whether the trainee answered; None where that is not asked."""
    kind: EntryKind | None = None
    amount: Decimal | None = None
    unit: str | None = None
    outcome: Outcome | None = None
    stage: str | None = None
    unchanged: bool | None = None
    """Whether a decision's notice still fits its fingerprint; None where there is none."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A record with its names and words."""

    trainee_name: str
    until: datetime
    """How long it stays open."""
    documents: tuple[Mapping[str, Any], ...] = ()
    """What was signed, each as it was kept."""
    notice: Notice | None = None
    version: Version | None = None
    """The edition that the decision was made by."""


def facts(session: Session, visitor: Visitor, sample_id: UUID, item_id: UUID | None = None) -> tuple[Facts, ...]:
    """The records of a sample, or one of them, in their order: as many questions for many as for one."""
    row = found_sample(session, visitor, sample_id)
    asked = select(AuditItemRow).where(AuditItemRow.sample_id == row.id).order_by(AuditItemRow.position)
    if item_id is not None:
        asked = asked.where(AuditItemRow.id == item_id)
    items = session.scalars(asked).all()
    made = {
        SampleOf.OBSERVATIONS: _observations,
        SampleOf.LEDGER_ENTRIES: _entries,
        SampleOf.DECISIONS: _decisions,
    }[row.drawn_from](session, items)
    return tuple(made)


def look(session: Session, visitor: Visitor, sample_id: UUID, item_id: UUID, now: datetime) -> Facts:
    """One record; that it was looked at is noted. Raises `NotHere`."""
    item = _item(session, visitor, sample_id, item_id)
    item.looked_at = item.looked_at or now
    session.flush()
    (found,) = facts(session, visitor, sample_id, item_id)
    return found


def unlock(session: Session, visitor: Visitor, sample_id: UUID, item_id: UUID, reason: str, now: datetime) -> None:
    """Open a record with its names and words for some hours. Whose record it is reads the reason.

    Raises `Refused` ("reason"), `NotHere`. While it is open, opening it again changes nothing.
    """
    item = _item(session, visitor, sample_id, item_id, locked=True)
    if opened(session, visitor, item.id, now) is not None:
        return
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused("reason", "Please say in up to %(most)s characters why it has to be opened.", most=LONGEST_REASON)
    trainee_id = _trainee(session, found_sample(session, visitor, sample_id).drawn_from, item.subject_id)
    session.add(
        AuditUnlockRow(
            id=new_id(), organization_id=visitor.organization_id, item_id=item.id, trainee_id=trainee_id,
            by=visitor.person_id, reason=reason.strip(), at=now, until=now + OPEN_FOR,
        )
    )  # fmt: skip
    session.flush()
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act="audit.unlock",
        subject=f"audit_item:{item.id}", now=now,
    )  # fmt: skip
    notify.news(
        session, organization_id=visitor.organization_id, person_id=trainee_id, now=now, kind=MessageKind.AUDIT,
        path="/opened", sender_id=visitor.person_id,
    )  # fmt: skip


def opened(session: Session, visitor: Visitor, item_id: UUID, now: datetime) -> datetime | None:
    """Until when the visitor has this record open; None: they have not."""
    asked = select(AuditUnlockRow.until).where(
        AuditUnlockRow.item_id == item_id, AuditUnlockRow.by == visitor.person_id, AuditUnlockRow.until > now
    )
    return session.scalars(asked.order_by(AuditUnlockRow.until.desc())).first()


def whole(session: Session, visitor: Visitor, sample_id: UUID, item_id: UUID, now: datetime) -> Whole | None:
    """All of a record that the visitor has open, noted as read; None where it is not open. Raises `NotHere`."""
    item = _item(session, visitor, sample_id, item_id)
    until = opened(session, visitor, item.id, now)
    if until is None:
        return None
    of = found_sample(session, visitor, sample_id).drawn_from
    trainee_id = _trainee(session, of, item.subject_id)
    observation_id = item.subject_id if of is SampleOf.OBSERVATIONS else None
    log_reading(session, visitor, trainee_id=trainee_id, seen={observation_id: FIELDS[of]}, now=now)
    name = display_name(trainee_id, session.get_one(PersonRow, trainee_id).name)
    if of is SampleOf.DECISIONS:
        row = session.get_one(DecisionRow, item.subject_id)
        program_id = session.get_one(EnrollmentRow, row.enrollment_id).program_id
        version = next(each for each in versions(session, program_id) if each.id == row.version_id)
        return Whole(name, until, notice=read(row.notice) if row.notice else None, version=version)
    return Whole(name, until, documents=tuple(_documents(session, of, item.subject_id)))


def _documents(session: Session, of: SampleOf, subject_id: UUID) -> Iterable[Mapping[str, Any]]:
    if of is SampleOf.OBSERVATIONS:
        kept: Sequence[str | None] = session.scalars(
            select(SignedDocumentRow.document)
            .join(SignOffRow, SignOffRow.id == SignedDocumentRow.sign_off_id)
            .where(SignOffRow.observation_id == subject_id)
            .order_by(SignOffRow.signed_at)
        ).all()
        return (readable(json.loads(text)) for text in kept if text)
    kept = session.scalars(
        select(LedgerSignatureRow.document)
        .where(LedgerSignatureRow.entry_id == subject_id)
        .order_by(LedgerSignatureRow.signed_at)
    ).all()
    return (json.loads(text) for text in kept if text)


def _item(session: Session, visitor: Visitor, sample_id: UUID, item_id: UUID, *, locked: bool = False) -> AuditItemRow:
    found_sample(session, visitor, sample_id)
    row = session.get(AuditItemRow, item_id, with_for_update=locked or None, populate_existing=locked)
    if row is None or row.sample_id != sample_id:
        raise NotHere
    return row


def _trainee(session: Session, of: SampleOf, subject_id: UUID) -> UUID:
    asked = {
        SampleOf.OBSERVATIONS: select(ObservationRow.trainee_id).where(ObservationRow.id == subject_id),
        SampleOf.LEDGER_ENTRIES: select(LedgerEntryRow.person_id).where(LedgerEntryRow.id == subject_id),
        SampleOf.DECISIONS: select(EnrollmentRow.person_id)
        .join(DecisionRow, DecisionRow.enrollment_id == EnrollmentRow.id)
        .where(DecisionRow.id == subject_id),
    }[of]
    return session.scalars(asked).one()


def _observations(session: Session, items: Sequence[AuditItemRow]) -> Iterable[Facts]:
    ids = [item.subject_id for item in items]
    rows = {row.id: row for row in session.scalars(select(ObservationRow).where(ObservationRow.id.in_(ids)))}
    observers: dict[UUID, int] = {}
    took_part = select(ObserverRow.observation_id).where(
        ObserverRow.observation_id.in_(ids), ObserverRow.state == ObserverState.AGREED
    )
    for observation_id in session.scalars(took_part):
        observers[observation_id] = observers.get(observation_id, 0) + 1
    signatures: dict[UUID, list[Signature]] = {}
    for signed, document, withdrawn_id in session.execute(
        select(SignOffRow, SignedDocumentRow.document, SignOffWithdrawalRow.id)
        .outerjoin(SignedDocumentRow, SignedDocumentRow.sign_off_id == SignOffRow.id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id.in_(ids))
        .order_by(SignOffRow.signed_at, SignOffRow.id)
    ):
        signatures.setdefault(signed.observation_id, []).append(
            Signature(
                signed.lane, signed.signed_at, signed.assurance, withdrawn_id is None, fits(document, signed.digest)
            )
        )
    for item in items:
        row = rows[item.subject_id]
        yield Facts(
            item_id=item.id, position=item.position, looked_at=item.looked_at,
            day=(row.released_at or row.changed_at).date(), observers=max(1, observers.get(row.id, 0)),
            signatures=tuple(signatures.get(row.id, ())), answered=row.answered_at is not None,
        )  # fmt: skip


def _entries(session: Session, items: Sequence[AuditItemRow]) -> Iterable[Facts]:
    ids = [item.subject_id for item in items]
    rows = {row.id: row for row in session.scalars(select(LedgerEntryRow).where(LedgerEntryRow.id.in_(ids)))}
    signatures: dict[UUID, list[Signature]] = {}
    for signed in session.scalars(
        select(LedgerSignatureRow)
        .where(LedgerSignatureRow.entry_id.in_(ids))
        .order_by(LedgerSignatureRow.signed_at, LedgerSignatureRow.id)
    ):
        signatures.setdefault(signed.entry_id, []).append(
            Signature(
                signed.lane, signed.signed_at, signed.assurance, signed.withdrawn_at is None,
                fits(signed.document, signed.digest),
            )
        )  # fmt: skip
    for item in items:
        row = rows[item.subject_id]
        yield Facts(
            item_id=item.id, position=item.position, looked_at=item.looked_at, day=row.on_day, kind=row.kind,
            amount=row.amount, unit=row.unit, signatures=tuple(signatures.get(row.id, ())),
        )  # fmt: skip


def _decisions(session: Session, items: Sequence[AuditItemRow]) -> Iterable[Facts]:
    ids = [item.subject_id for item in items]
    rows = {row.id: row for row in session.scalars(select(DecisionRow).where(DecisionRow.id.in_(ids)))}
    for item in items:
        row = rows[item.subject_id]
        yield Facts(
            item_id=item.id, position=item.position, looked_at=item.looked_at, day=row.on_day, outcome=row.outcome,
            stage=row.stage, unchanged=fits(row.notice, row.digest),
        )  # fmt: skip


def fits(document: str | None, digest: str) -> bool | None:
    """Whether a document is the one whose fingerprint was signed; None: its words went."""
    return digest_of(document.encode()) == digest if document else None


@dataclass(frozen=True, slots=True)
class Unlocked:
    """That an auditor opened somebody's record, for that person to read."""

    auditor_name: str
    reason: str
    at: datetime


def unlocked_of(session: Session, visitor: Visitor) -> tuple[Unlocked, ...]:
    """Each time that an auditor opened a record of the visitor's, with the reason, the newest first."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, AuditUnlockRow.reason, AuditUnlockRow.at)
        .join(PersonRow, PersonRow.id == AuditUnlockRow.by)
        .where(AuditUnlockRow.trainee_id.in_(all_ids(session, [visitor.person_id])))
        .order_by(AuditUnlockRow.at.desc())
        .limit(100)
    )
    return tuple(Unlocked(display_name(row[0], row[1]), row[2], row[3]) for row in rows)
