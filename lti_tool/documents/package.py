"""A package that anybody can check without us: what was recorded, its digests, the part of the audit that proves it.

It is canonical JSON (RFC 8785). Each part has its digest, the whole has one, and a detached JWS of the issuer's key
is over the whole; so what was changed is found, and where. Written and checked here, with nothing but the file.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import rfc8785
from jwt import PyJWS
from jwt.algorithms import RSAAlgorithm
from pydantic import BaseModel, ConfigDict, Field

from lti_tool.documents.schema import schema_text

FORMAT, VERSION = "attune-package", 1
NAME, SCHEMA = "package.json", "package-1.json"
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, in hexadecimal.")]
Moment = Annotated[str, Field(description="ISO 8601, in UTC.")]
Day = Annotated[str, Field(description="ISO 8601.")]
Number = Annotated[str, Field(description="A number, exact: 38.5.")]
Sign = Callable[[bytes], str]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Organization(_Part):
    """Who made it."""

    id: str
    name: str
    did: str = Field(description="Where its keys are published (did:web).")


class Person(_Part):
    """Whose it is."""

    id: str
    name: str


class ProgramPart(_Part):
    """By which rules."""

    key: str
    name: str
    body: str
    edition: str


class StatusPart(_Part):
    """Where the person stood on a day."""

    on: Day
    status: str
    stage: str | None


class RequirementPart(_Part):
    """One requirement, and what is known of it."""

    stage: str
    title: str
    answer: str
    amount: Number | None = Field(description="What counts; null: there is nothing to make a number of.")
    asked: str | None
    unit: str


class HoursPart(_Part):
    """So much was signed of something. What is of two categories stands in both."""

    by: str
    value: str
    amount: Number
    unit: str


class QualificationPart(_Part):
    """What a signer was qualified in on the day, as it was recorded then."""

    kind: str
    since: Day
    until: Day | None


class SignaturePart(_Part):
    """A signature: who, in which lane, as what, how sure it is who signed, and the digest of what was shown."""

    id: str
    of: str = Field(description="What was signed, as kind:id.")
    signer: Person
    lane: str
    meaning: str
    attestation: str | None
    assurance: str
    signed_at: Moment
    withdrawn_at: Moment | None
    qualifications: list[QualificationPart]
    digest: Digest
    document: str | None = Field(description="Exactly what was shown. null: it is its holder's to show.")
    entry: int | None = Field(description="The number of the entry in the audit that tells of it.")


class DecisionPart(_Part):
    """A decision, as a person made it."""

    id: str
    outcome: str
    stage: str | None
    on: Day
    until: Day | None
    decided_by: str
    decided_at: Moment
    digest: Digest
    document: str | None = Field(description="Exactly what the person read. null: it is theirs to show.")
    entry: int | None


class EntryPart(_Part):
    """An entry of the audit: its digest is that of all the rest of it."""

    number: int
    at: str
    person: str | None
    act: str
    subject: str
    facts: dict[str, str | int | bool | None]
    previous: Digest
    digest: Digest


class HeadPart(_Part):
    """Where the chain ended when the package was made."""

    number: int
    digest: Digest


class ChainPart(_Part):
    """The entries of the organization's audit that tell of what is in here, in their order."""

    organization: str
    entries: list[EntryPart]
    head: HeadPart | None


class Package(_Part):
    """What is packed."""

    format: Literal["attune-package"]
    version: Literal[1]
    kind: Literal["board", "own"]
    made_at: Moment
    organization: Organization
    person: Person
    program: ProgramPart
    status: StatusPart
    requirements: list[RequirementPart]
    hours: list[HoursPart]
    signatures: list[SignaturePart]
    decisions: list[DecisionPart]
    documents: dict[str, str] = Field(description="Whole documents, by the names of their files.")
    files: dict[str, Digest] = Field(description="What lies beside it in the archive.")
    chain: ChainPart
    signed_with: str | None = Field(description="The id of the key; null: it is not signed.")
    parts: dict[str, Digest] = Field(description="Of each other part, as canonical JSON.")


class Sealed(_Part):
    """The package, its digest, and the signature."""

    package: Package
    sha256: Digest
    jws: str | None = Field(description="RFC 7515, detached (RFC 7797); the public key stands in its header.")


def schema() -> str:
    """The schema as it is published in `docs/schema/`, with a line end."""
    return schema_text(Sealed, identifier=SCHEMA, title="Attune package, version 1")


def canonical(value: Any) -> bytes:
    """RFC 8785."""
    return rfc8785.dumps(value)


def sha256(content: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sealed(content: Mapping[str, Any], *, kid: str | None = None, sign: Sign | None = None) -> bytes:
    """The file: `content` is all of a `Package` but its last two parts. Equal content gives equal bytes."""
    package = {"format": FORMAT, "version": VERSION, **content, "signed_with": kid}
    package["parts"] = digests_of(package)
    whole = canonical(package)
    outside = {"package": package, "sha256": sha256(whole), "jws": sign(whole) if sign else None}
    Sealed.model_validate(outside)
    return canonical(outside) + b"\n"


def digests_of(package: Mapping[str, Any]) -> dict[str, str]:
    """Of each part but these digests themselves."""
    return {name: sha256(canonical(part)) for name, part in sorted(package.items()) if name != "parts"}


def signed_detached(payload: bytes, private_pem: str, public_jwk: Mapping[str, Any], kid: str) -> str:
    """A detached JWS (RS256) with the public key in its header."""
    headers = {"kid": kid, "jwk": {name: public_jwk[name] for name in ("kty", "n", "e")}}
    return PyJWS().encode(payload, private_pem, "RS256", headers, is_payload_detached=True)


def holds(jws: str, payload: bytes, jwk: Mapping[str, Any]) -> bool:
    """Whether this key signed exactly this. Raises nothing: what cannot be read does not hold."""
    try:
        key: Any = RSAAlgorithm.from_jwk(json.dumps({name: jwk[name] for name in ("kty", "n", "e")}))
        PyJWS().decode(jws, key, ["RS256"], detached_payload=payload)
    except Exception:  # whatever the library says of it: it does not hold
        return False
    return True
