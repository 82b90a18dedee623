"""The append-only record of acts. Each entry carries the digest of the one before."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.records import AuditEntryRow, AuditHeadRow
from lti_tool.store.writing import insert_once

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Verified:
    """The chain holds from its first entry to its head."""

    organization: str
    entries: int
    head: str
    """The digest of the last entry. Kept elsewhere, it shows later that nobody wrote the chain anew: see `has`."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not follow from the one before; `number` is its place."""

    organization: str
    number: int
    reason: str


def write(
    session: Session,
    *,
    organization_id: UUID,
    person_id: UUID | None,
    act: str,
    subject: str,
    now: datetime,
    **facts: str | int | bool | None,
) -> None:
    """Add an entry. `facts` are codes, numbers and ids, never words that a person wrote."""
    insert_once(session, AuditHeadRow, organization_id=organization_id, number=0, digest=FIRST)
    head = session.execute(
        select(AuditHeadRow)
        .where(AuditHeadRow.organization_id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    entry = AuditEntryRow(
        id=new_id(),
        organization_id=organization_id,
        number=head.number + 1,
        at=now,
        person_id=person_id,
        act=act,
        subject=subject,
        facts=dict(facts),
        previous_digest=head.digest,
    )
    entry.digest = _digest(entry)
    session.add(entry)
    head.number, head.digest = entry.number, entry.digest
    session.flush()


def verify(session: Session) -> Iterator[Verified | Broken]:
    """Walk every organization's chain, one result each."""
    for organization in session.scalars(select(OrganizationRow).order_by(OrganizationRow.id)):
        yield _verify(session, organization)


def has(session: Session, number: int, digest: str) -> bool:
    """Whether a chain has this entry. In a chain that holds, all before it are then as they were, too."""
    found = select(AuditEntryRow.id).where(AuditEntryRow.number == number, AuditEntryRow.digest == digest)
    return session.scalars(found.limit(1)).first() is not None


def _verify(session: Session, organization: OrganizationRow) -> Verified | Broken:
    previous, count = FIRST, 0
    entries = session.scalars(
        select(AuditEntryRow)
        .where(AuditEntryRow.organization_id == organization.id)
        .order_by(AuditEntryRow.number)
        .execution_options(yield_per=500)
    )
    with closing(entries):
        for entry in entries:
            count += 1
            reason = _why_broken(entry, count, previous)
            if reason is not None:
                return Broken(organization.name, count, reason)
            previous = entry.digest
    head = session.get(AuditHeadRow, organization.id)
    if head is not None and (head.number, head.digest) != (count, previous):
        return Broken(organization.name, count + 1, "entries are missing at the end")
    return Verified(organization.name, count, previous)


def _why_broken(entry: AuditEntryRow, number: int, previous: str) -> str | None:
    if entry.number != number:
        return "this entry is not there"
    if entry.previous_digest != previous:
        return "it does not follow the entry before it"
    if entry.digest != _digest(entry):
        return "its content is not what was written"
    return None


def digest_of(
    *, number: int, organization: str, at: str, person: str | None, act: str, subject: str, facts: Any, previous: str
) -> str:
    """SHA-256 of an entry's canonical JSON (RFC 8785); ids and the moment as text."""
    content: dict[str, Any] = {
        "number": number,
        "organization": organization,
        "at": at,
        "person": person,
        "act": act,
        "subject": subject,
        "facts": facts,
        "previous": previous,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _digest(entry: AuditEntryRow) -> str:
    return digest_of(
        number=entry.number,
        organization=str(entry.organization_id),
        at=entry.at.isoformat(),
        person=str(entry.person_id) if entry.person_id else None,
        act=entry.act,
        subject=entry.subject,
        facts=entry.facts,
        previous=entry.previous_digest,
    )
