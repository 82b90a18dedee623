"""Signing in an organization's name: as JWT, and with a Data Integrity proof where that is installed."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents import badge_integrity, badge_jwt
from lti_tool.documents.badge import Document
from lti_tool.services.credentials.issuer_keys import key_address, signing_key
from lti_tool.store.credentials import KeyAlgorithm


def as_jwt(session: Session, organization_id: UUID, document: Document, did: str, now: datetime) -> tuple[str, UUID]:
    """The compact JWT, and the id of the key that signed it."""
    key = signing_key(session, organization_id, KeyAlgorithm.RS256, now)
    return badge_jwt.signed(document, private_pem=key.private, key=key_address(did, key.kid)), key.id


def with_integrity(session: Session, organization_id: UUID, document: Document, did: str, now: datetime) -> str | None:
    """The document as JSON with its proof; None where the extra is not installed."""
    if not badge_integrity.installed():
        return None
    key = signing_key(session, organization_id, KeyAlgorithm.ED25519, now)
    made = badge_integrity.signed(document, private_pem=key.private, key=key_address(did, key.kid), now=now)
    return json.dumps(made, ensure_ascii=False)
