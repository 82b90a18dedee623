"""What an organization publishes as an issuer, for whoever verifies its credentials."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents import badge_integrity, badge_jwt, did
from lti_tool.documents.badge import Issuer, Purpose
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import achievements, issuer_keys, status_lists
from lti_tool.services.credentials.achievements import Certified
from lti_tool.store.credentials import CredentialRow, KeyAlgorithm
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow

PUBLIC_MEMBERS = ("kty", "use", "alg", "kid", "n", "e", "crv", "x")


def did_document(session: Session, public_url: str, organization_id: UUID) -> dict[str, Any]:
    """The issuer's identity with all its keys. Raises `NotHere` for one that never signed anything."""
    return did.document(issuer_keys.did_of(public_url, organization_id), _jwks(session, organization_id))


def key_set(session: Session, organization_id: UUID) -> dict[str, Any]:
    """The same keys as a JWK set. Raises `NotHere`."""
    return {"keys": _jwks(session, organization_id)}


def issuer(session: Session, public_url: str, organization_id: UUID) -> Issuer:
    """Who issues. Raises `NotHere`."""
    _jwks(session, organization_id)
    return issuer_keys.issuer(session, public_url, organization_id)


def achievement(
    session: Session, public_url: str, organization_id: UUID, *, program: str, stage: str, number: int
) -> Certified:
    """What is certified. Raises `NotHere` also where nobody has a credential of that edition: then it is not public."""
    issued = (
        select(CredentialRow.id)
        .join(DecisionRow, DecisionRow.id == CredentialRow.decision_id)
        .join(ProgramVersionRow, ProgramVersionRow.id == DecisionRow.version_id)
        .join(EnrollmentRow, EnrollmentRow.id == CredentialRow.enrollment_id)
        .join(ProgramRow, ProgramRow.id == EnrollmentRow.program_id)
        .where(
            CredentialRow.organization_id == organization_id,
            ProgramRow.key == program,
            ProgramVersionRow.number == number,
        )
        .limit(1)
    )
    if session.scalars(issued).first() is None:
        raise NotHere
    return achievements.certified(session, organization_id, public_url, program=program, stage=stage, number=number)


def status_list(
    session: Session,
    public_url: str,
    organization_id: UUID,
    *,
    number: int,
    purpose: Purpose,
    integrity: bool,
    now: datetime,
    good_for: timedelta = status_lists.GOOD_FOR,
) -> tuple[str, bool]:
    """A signed list, and whether it has a Data Integrity proof: where that cannot be made, it is a JWT. `NotHere`."""
    listed = status_lists.listed(
        session, organization_id, public_url, number=number, purpose=purpose, now=now, good_for=good_for
    )
    signer = issuer_keys.did_of(public_url, organization_id)
    text = json.dumps(listed)
    ed25519 = issuer_keys.current(session, organization_id, KeyAlgorithm.ED25519)
    if integrity and ed25519 is not None and badge_integrity.installed():
        return _with_integrity(text, ed25519.private, issuer_keys.key_address(signer, ed25519.kid)), True
    key = issuer_keys.current(session, organization_id, KeyAlgorithm.RS256)
    if key is None:
        raise NotHere
    return _as_jwt(text, key.private, issuer_keys.key_address(signer, key.kid)), False


def _jwks(session: Session, organization_id: UUID) -> list[dict[str, Any]]:
    found = issuer_keys.published(session, organization_id)
    if not found:
        raise NotHere
    return [{name: each.jwk[name] for name in PUBLIC_MEMBERS if name in each.jwk} for each in found]


@lru_cache(maxsize=64)
def _as_jwt(text: str, private_pem: str, key: str) -> str:
    """Signed once for as long as nothing in it changes."""
    return badge_jwt.signed(json.loads(text), private_pem=private_pem, key=key)


@lru_cache(maxsize=64)
def _with_integrity(text: str, private_pem: str, key: str) -> str:
    document = json.loads(text)
    made = datetime.fromisoformat(document["validFrom"])
    return json.dumps(badge_integrity.signed(document, private_pem=private_pem, key=key, now=made))
