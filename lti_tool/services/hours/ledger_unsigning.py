"""Signatures of entries in somebody's own name: their copies, and taking back one that should not stand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from grading.ledger import EntryKind, EntryState
from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.hours.ledger_signing import reason_in
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.scores import program_columns
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """One signature of an entry, as its signer sees it."""

    id: UUID
    entry_id: UUID
    signer_id: UUID
    person_id: UUID
    person_name: str
    kind: EntryKind
    day: date
    amount: Decimal
    unit: str
    lane: Lane
    assurance: Assurance
    signed_at: datetime
    withdrawn_at: datetime | None
    was_not_me: bool
    """It was withdrawn because its signer said that it was not them."""
    reversed: bool
    """A correction took the entry back."""
    document: dict[str, Any] | None
    """What was signed, word for word. None once its words went."""

    @property
    def stands(self) -> bool:
        """Whether nobody withdrew it."""
        return self.withdrawn_at is None


def own_count(session: Session, visitor: Visitor) -> int:
    """How many entries were signed in the visitor's name."""
    return session.scalars(select(func.count(LedgerSignatureRow.id)).where(_own(visitor.person_id))).one()


def own_signatures(session: Session, visitor: Visitor, first: int, most: int) -> tuple[OwnSignature, ...]:
    """Signatures of entries in the visitor's name, newest first; `most` of them, from `first` on."""
    rows = session.execute(
        _query().where(_own(visitor.person_id))
        .order_by(LedgerSignatureRow.signed_at.desc(), LedgerSignatureRow.id).offset(first).limit(most)
    )  # fmt: skip
    return tuple(_own_of(row) for row in rows)


def own_one(session: Session, visitor: Visitor, signature_id: UUID) -> OwnSignature:
    """One in the visitor's own name. Raises `NotHere`."""
    row = session.execute(_query().where(_own(visitor.person_id), LedgerSignatureRow.id == signature_id)).one_or_none()
    if row is None:
        raise NotHere
    return _own_of(row)


def copies_of(session: Session, secret: str) -> tuple[OwnSignature, ...]:
    """What was signed in one act, to which the link of a copy leads. Raises `NotHere`."""
    asked = LedgerSignatureRow.link_digest == digest_of(secret)
    first = session.scalars(select(LedgerSignatureRow).where(asked)).one_or_none()
    if first is None:
        raise NotHere
    rows = session.execute(
        _query()
        .where(LedgerSignatureRow.signer_id == first.signer_id, LedgerSignatureRow.signed_at == first.signed_at)
        .order_by(LedgerEntryRow.on_day, LedgerSignatureRow.id)
    )
    return tuple(_own_of(row) for row in rows)


def take_back(session: Session, visitor: Visitor, signature_id: UUID, *, reason: str, now: datetime) -> None:
    """The visitor takes their own signature back, with a reason that whoever wrote the entry reads.

    Raises `Refused` ("reason_needed", "too_long", "already_withdrawn"), `NotHere`.
    """
    _withdraw(session, own_one(session, visitor, signature_id), reason_in(reason), now)


def not_me(session: Session, own: OwnSignature, now: datetime) -> None:
    """The person in whose name it was given says that it was not them; instructors and operators are told.

    Raises `Refused` ("already_withdrawn") the second time.
    """
    entry = _withdraw(session, own, None, now)
    for person_id in sorted(_those_who_look_into_it(session, entry) - {own.signer_id}):
        notify.news(
            session,
            organization_id=entry.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.SIGNATURE,
            path="/waiting",
        )


def _withdraw(session: Session, own: OwnSignature, reason: str | None, now: datetime) -> LedgerEntryRow:
    """The entry goes back to whoever wrote it: as if it had never been signed."""
    entry = _locked(session, own.entry_id)
    row = session.get_one(LedgerSignatureRow, own.id, populate_existing=True)
    if row.withdrawn_at is not None:
        raise Refused("already_withdrawn", "This signature does not stand any more. Nothing more is needed.")
    row.withdrawn_at, row.withdrawn_by, row.why_withdrawn = now, own.signer_id, reason
    if entry.state is EntryState.SIGNED:
        entry.state, entry.changed_at = EntryState.RETURNED, now
    session.flush()
    audit.write(
        session,
        organization_id=entry.organization_id,
        person_id=own.signer_id,
        act="ledger.unsign",
        subject=f"ledger_entry:{entry.id}",
        now=now,
        lane=own.lane.value,
        kind="taken_back" if reason else "not_me",
    )
    notify.news(
        session,
        organization_id=entry.organization_id,
        person_id=entry.person_id,
        now=now,
        kind=MessageKind.HOURS,
        path=f"/ledger/{entry.id}",
    )
    program_columns.desire_for(session, entry.person_id, now)
    return entry


def _locked(session: Session, entry_id: UUID) -> LedgerEntryRow:
    return session.scalars(
        select(LedgerEntryRow)
        .where(LedgerEntryRow.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _those_who_look_into_it(session: Session, entry: LedgerEntryRow) -> set[UUID]:
    """Instructors of the entry's course, and operators of the organization."""
    members = select(MembershipRow.person_id).where(
        MembershipRow.course_id == entry.course_id,
        MembershipRow.capability == Capability.INSTRUCTOR,
        MembershipRow.ended_at.is_(None),
    )
    instructs = (GrantRow.capability == Capability.INSTRUCTOR) & (GrantRow.course_id == entry.course_id)
    granted = select(GrantRow.person_id).where(
        GrantRow.organization_id == entry.organization_id,
        GrantRow.revoked_at.is_(None),
        or_(GrantRow.capability == Capability.OPERATOR, instructs),
    )
    return {*session.scalars(members), *session.scalars(granted)}


def _own(person_id: UUID) -> ColumnElement[bool]:
    """Somebody who had two accounts finds the signatures of both."""
    before = select(PersonRow.id).where(PersonRow.merged_into == person_id)
    return or_(LedgerSignatureRow.signer_id == person_id, LedgerSignatureRow.signer_id.in_(before))


def _query() -> Any:
    return (
        select(LedgerSignatureRow, LedgerEntryRow, PersonRow.name)
        .join(LedgerEntryRow, LedgerEntryRow.id == LedgerSignatureRow.entry_id)
        .join(PersonRow, PersonRow.id == LedgerEntryRow.person_id)
    )


def _own_of(found: Sequence[Any]) -> OwnSignature:
    signature, entry, name = found
    return OwnSignature(
        id=signature.id,
        entry_id=entry.id,
        signer_id=signature.signer_id,
        person_id=entry.person_id,
        person_name=display_name(entry.person_id, name),
        kind=entry.kind,
        day=entry.on_day,
        amount=entry.amount,
        unit=entry.unit,
        lane=signature.lane,
        assurance=signature.assurance,
        signed_at=signature.signed_at,
        withdrawn_at=signature.withdrawn_at,
        was_not_me=signature.withdrawn_at is not None and signature.why_withdrawn is None,
        reversed=entry.state is EntryState.REVERSED,
        document=json.loads(signature.document) if signature.document else None,
    )
