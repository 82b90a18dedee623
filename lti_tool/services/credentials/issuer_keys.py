"""Keys that sign an organization's credentials. They are kept for ever, and have nothing to do with our LTI keys."""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import OKPAlgorithm
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents import badge_integrity
from lti_tool.documents.badge import Issuer
from lti_tool.lti.keys import new_key
from lti_tool.services import audit
from lti_tool.store.base import new_id
from lti_tool.store.credentials import IssuerKeyRow, KeyAlgorithm
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.writing import insert_once


@dataclass(frozen=True, slots=True)
class Published:
    """One key as the world sees it."""

    kid: str
    algorithm: KeyAlgorithm
    jwk: dict[str, Any]
    retired: bool


def algorithms() -> tuple[KeyAlgorithm, ...]:
    """What an issuer here signs with: Data Integrity only where its extra is installed."""
    return tuple(KeyAlgorithm) if badge_integrity.installed() else (KeyAlgorithm.RS256,)


def signing_key(session: Session, organization_id: UUID, algorithm: KeyAlgorithm, now: datetime) -> IssuerKeyRow:
    """The key that signs now; the first call ever makes it. Two at once get the same one."""
    found = current(session, organization_id, algorithm)
    if found is None:
        insert_once(session, IssuerKeyRow, **_made(organization_id, algorithm, now))
        found = current(session, organization_id, algorithm)
    if found is None:
        raise LookupError("an issuer's key was made and is not there")
    return found


def rotate(session: Session, organization_id: UUID, now: datetime) -> tuple[IssuerKeyRow, ...]:
    """New keys for what is signed from now on. The former ones stay published: what they signed stays good."""
    session.scalars(
        select(OrganizationRow).where(OrganizationRow.id == organization_id).with_for_update(key_share=True)
    ).one()
    for row in session.scalars(
        select(IssuerKeyRow).where(IssuerKeyRow.organization_id == organization_id, IssuerKeyRow.retired_at.is_(None))
    ):
        row.retired_at = now
    session.flush()
    made = tuple(signing_key(session, organization_id, algorithm, now) for algorithm in algorithms())
    for row in made:
        audit.write(
            session,
            organization_id=organization_id,
            person_id=None,
            act="issuer_key.rotate",
            subject=f"issuer_key:{row.id}",
            now=now,
            kid=row.kid,
        )
    return made


def published(session: Session, organization_id: UUID) -> tuple[Published, ...]:
    """Every key that the organization ever signed with, the newest first."""
    rows = session.scalars(
        select(IssuerKeyRow)
        .where(IssuerKeyRow.organization_id == organization_id)
        .order_by(IssuerKeyRow.made_at.desc(), IssuerKeyRow.id.desc())
    )
    return tuple(Published(row.kid, row.algorithm, row.public, row.retired_at is not None) for row in rows)


def did_of(public_url: str, organization_id: UUID) -> str:
    """The identity of an organization as an issuer (did:web: it is found at our own address)."""
    return f"did:web:{quote(urlsplit(public_url).netloc, safe='')}:o:{organization_id}"


def address_of(public_url: str, organization_id: UUID) -> str:
    """Where what an organization publishes as an issuer is found."""
    return f"{public_url}/o/{organization_id}"


def key_address(did: str, kid: str) -> str:
    """How a signature names a key of an issuer."""
    return f"{did}#{kid}"


def issuer(session: Session, public_url: str, organization_id: UUID) -> Issuer:
    """The organization as it stands in credentials."""
    name = session.get_one(OrganizationRow, organization_id).name
    address = address_of(public_url, organization_id)
    return Issuer(did_of(public_url, organization_id), name, f"{address}/issuer")


def current(session: Session, organization_id: UUID, algorithm: KeyAlgorithm) -> IssuerKeyRow | None:
    """The key that signs now, if there is one: nothing is made."""
    asked = select(IssuerKeyRow).where(
        IssuerKeyRow.organization_id == organization_id,
        IssuerKeyRow.algorithm == algorithm,
        IssuerKeyRow.retired_at.is_(None),
    )
    return session.scalars(asked).one_or_none()


def _made(organization_id: UUID, algorithm: KeyAlgorithm, now: datetime) -> dict[str, Any]:
    if algorithm is KeyAlgorithm.RS256:
        key = new_key()
        private, public = key.private_pem, key.public_jwk
    else:
        private, public = new_ed25519()
    return {
        "id": new_id(),
        "organization_id": organization_id,
        "kid": public["kid"],
        "algorithm": algorithm,
        "private": private,
        "public": public,
        "made_at": now,
    }


def new_ed25519() -> tuple[str, dict[str, Any]]:
    """A key for Data Integrity: its PEM, and its public half whose kid is its RFC 7638 thumbprint."""
    private = Ed25519PrivateKey.generate()
    numbers = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    named = {"crv": numbers["crv"], "kty": numbers["kty"], "x": numbers["x"]}  # in this order: RFC 8037, appendix A.3
    digest = hashlib.sha256(json.dumps(named, separators=(",", ":")).encode()).digest()
    kid = urlsafe_b64encode(digest).rstrip(b"=").decode()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, {**named, "use": "sig", "alg": "EdDSA", "kid": kid}
