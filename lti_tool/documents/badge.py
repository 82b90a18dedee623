"""Open Badges 3.0 credentials, endorsements and status lists as documents, before anybody signs them.

Pure: what stands in them is given. Members that a document has no value for are left out, not empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from lti_tool.documents.badge_contexts import CREDENTIALS, OPEN_BADGES

Document = dict[str, Any]


class Purpose(StrEnum):
    """What a status list is about."""

    REVOCATION = "revocation"
    """For good: the credential is withdrawn."""
    SUSPENSION = "suspension"
    """For a time."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues."""

    did: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """A competency that a certification shows."""

    name: str
    url: str
    code: str = ""
    framework: str = ""


@dataclass(frozen=True, slots=True)
class Achievement:
    """What is certified, the same for everybody who reaches it."""

    url: str
    name: str
    description: str
    criteria: str
    """What the program asks, in its own words; Markdown."""
    language: str
    version: str
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom it is about."""

    id: str
    """An address that says nothing of them, such as `urn:uuid:...`."""
    name: str
    """As they wish to be called; "" leaves it out."""
    email: str = ""
    """Only its digest goes into the document; "" leaves it out."""
    salt: str = ""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where it is said how the credential stands."""

    address: str
    """Of the list, without its purpose."""
    index: int


@dataclass(frozen=True, slots=True)
class Badge:
    """Everything that stands in one credential."""

    id: str
    issuer: Issuer
    achievement: Achievement
    holder: Holder
    valid_from: datetime
    valid_until: datetime | None
    status: StatusEntry


def credential(badge: Badge) -> Document:
    """The credential, unsigned (Open Badges 3.0, section B.2)."""
    return _without_empty(
        {
            "@context": [CREDENTIALS, OPEN_BADGES],
            "id": badge.id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": badge.achievement.name,
            "issuer": profile(badge.issuer),
            "validFrom": moment(badge.valid_from),
            "validUntil": moment(badge.valid_until) if badge.valid_until else None,
            "credentialSubject": {
                "id": badge.holder.id,
                "type": ["AchievementSubject"],
                "identifier": _identifiers(badge.holder),
                "achievement": achievement(badge.achievement),
            },
            "credentialStatus": [_entry(badge.status, purpose) for purpose in Purpose],
        }
    )


def achievement(of: Achievement) -> Document:
    """What is certified."""
    return _without_empty(
        {
            "id": of.url,
            "type": ["Achievement"],
            "achievementType": "Certification",
            "name": of.name,
            "description": of.description,
            "criteria": {"narrative": of.criteria},
            "inLanguage": of.language,
            "version": of.version,
            "alignment": [_alignment(each) for each in of.alignments],
        }
    )


def profile(issuer: Issuer) -> Document:
    """Who issues."""
    return {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url}


def endorsement(id_: str, issuer: Issuer, *, of: str, words: str, by: str, on: datetime) -> Document:
    """What somebody says for the holder of the credential `of`, vouched for by its issuer (section B.4)."""
    return {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": id_,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": by,
        "issuer": profile(issuer),
        "validFrom": moment(on),
        "credentialSubject": {"id": of, "type": ["EndorsementSubject"], "endorsementComment": words},
    }


def status_list(address: str, issuer: Issuer, purpose: Purpose, encoded: str, between: Sequence[datetime]) -> Document:
    """A list of how credentials stand, for a short time (Bitstring Status List 1.0, section 2.2)."""
    url = f"{address}/{purpose.value}"
    return {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": moment(between[0]),
        "validUntil": moment(between[1]),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded,
        },
    }


def moment(when: datetime) -> str:
    """A moment as these documents write it: UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hashed(value: str, salt: str) -> str:
    """The digest by which somebody who knows an e-mail address can recognize it (section B.1.10)."""
    return f"sha256${sha256((value + salt).encode()).hexdigest()}"


def _identifiers(holder: Holder) -> list[Document]:
    found: list[Document] = []
    if holder.name:
        plain = {"hashed": False, "identityHash": holder.name, "identityType": "name"}
        found.append({"type": "IdentityObject", **plain})
    if holder.email:
        digest = {"hashed": True, "identityHash": hashed(holder.email, holder.salt), "identityType": "emailAddress"}
        found.append({"type": "IdentityObject", **digest, "salt": holder.salt})
    return found


def _alignment(each: Alignment) -> Document:
    return _without_empty(
        {
            "type": ["Alignment"],
            "targetName": each.name,
            "targetUrl": each.url,
            "targetCode": each.code,
            "targetFramework": each.framework,
            "targetType": "CFItem",
        }
    )


def _entry(status: StatusEntry, purpose: Purpose) -> Document:
    url = f"{status.address}/{purpose.value}"
    return {
        "id": f"{url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(status.index),
        "statusListCredential": url,
    }


def _without_empty(document: Mapping[str, Any]) -> Document:
    return {name: value for name, value in document.items() if value not in (None, "", [])}
