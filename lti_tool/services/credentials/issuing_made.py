"""Making a credential: put together, given its entry in a list by chance, signed and kept."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from lti_tool.documents.badge import Badge, Holder, StatusEntry, credential
from lti_tool.services.credentials import achievements, issuer_keys, issuer_signing, status_lists
from lti_tool.services.credentials.issuing_possible import Possible
from lti_tool.services.programs import program_versions
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

ATTEMPTS = 60
"""To find a free entry in a list of which at least half is free: never so many."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the holder wants on it, and where it is issued."""

    name: str
    language: str
    email: str
    """Only its digest goes in; "" leaves it out."""
    public_url: str
    replaces: UUID | None = None


def make(session: Session, enrollment: EnrollmentRow, found: Possible, wish: Wish, now: datetime) -> CredentialRow:
    """Make and keep it; the enrollment is locked. Raises `Refused` ("no_name", "suspended_now")."""
    if not wish.name:
        raise Refused("no_name", "Please say how you would like to be called on it.")
    last = found.credential
    if last is not None and last.suspended_at is not None and last.withdrawn_at is None:
        raise Refused("suspended_now", "It is suspended now. Another one can be issued once that is over.")
    listed = status_lists.with_room(session, enrollment.organization_id, now)
    for _ in range(ATTEMPTS):
        id_, index = new_id(), status_lists.any_index()
        if status_lists.is_taken(session, listed.id, index):
            continue
        address = status_lists.address_of(wish.public_url, enrollment.organization_id, listed.number)
        values = {
            "id": id_,
            "status_list_id": listed.id,
            "status_index": index,
            **_values(enrollment, found, wish, now),
            **_signed(session, _badge(session, enrollment, found, wish, id_, StatusEntry(address, index)), found, now),
        }
        if insert_once(session, CredentialRow, **values):
            return session.get_one(CredentialRow, id_)
    raise LookupError("no free entry was found in a status list")


def _badge(
    session: Session, enrollment: EnrollmentRow, found: Possible, wish: Wish, id_: UUID, status: StatusEntry
) -> Badge:
    decision = found.decision
    version = program_versions.version(session, decision.organization_id, decision.version_id)
    certified = achievements.of_stage(
        session,
        decision.organization_id,
        wish.public_url,
        version=version,
        key=session.get_one(ProgramRow, enrollment.program_id).key,
        stage=found.stage,
    )
    zone = ZoneInfo(version.program.time_zone)
    return Badge(
        id=f"urn:uuid:{id_}",
        issuer=issuer_keys.issuer(session, wish.public_url, decision.organization_id),
        achievement=certified.achievement,
        # The holder's address is made by chance each time, so that two credentials do not lead to each other.
        holder=Holder(f"urn:uuid:{uuid4()}", wish.name, wish.email.casefold(), secrets.token_hex(16)),
        valid_from=datetime.combine(found.valid_from, time(), zone),
        valid_until=_end_of(found.valid_until, zone) if found.valid_until else None,
        status=status,
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a last day: on it the credential is valid."""
    return datetime.combine(day, time(23, 59, 59), zone)


def _values(enrollment: EnrollmentRow, found: Possible, wish: Wish, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": enrollment.organization_id,
        "enrollment_id": enrollment.id,
        "decision_id": found.decision.id,
        "person_id": enrollment.person_id,
        "name": wish.name,
        "language": wish.language,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "issued_at": now,
        "replaces_id": wish.replaces,
    }


def _signed(session: Session, badge: Badge, found: Possible, now: datetime) -> dict[str, Any]:
    document, organization_id = credential(badge), found.decision.organization_id
    text, key_id = issuer_signing.as_jwt(session, organization_id, document, badge.issuer.did, now)
    return {
        "key_id": key_id,
        "document": text,
        "digest": sha256(text.encode()).hexdigest(),
        "integrity": issuer_signing.with_integrity(session, organization_id, document, badge.issuer.did, now),
    }
