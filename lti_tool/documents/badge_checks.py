"""Verifying a credential, step by step, each said in a sentence. What it needs from elsewhere, `Sources` bring."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from lti_tool.documents import badge_integrity, badge_jwt, bitstring, did
from lti_tool.documents.badge import Document, Purpose
from lti_tool.documents.badge_form import listed, moment_of, problems
from lti_tool.documents.badge_keys import ed25519_of, rsa_of
from lti_tool.documents.badge_reading import Brought, Unreadable, read
from lti_tool.documents.sentences import Sentence, shortened
from rubrics.refusal import _N

SIGNED_BY = _N("Signed by a key of %(issuer)s.")
_SAID = {
    Purpose.REVOCATION.value: (_N("It was not withdrawn."), _N("It was withdrawn by its issuer.")),
    Purpose.SUSPENSION.value: (_N("It is not suspended."), _N("It is suspended by its issuer.")),
}


class Verdict(StrEnum):
    """What became of one step."""

    GOOD = "good"
    NOT_SO = "not_so"
    UNKNOWN = "unknown"
    """It could not be found out."""


class Part(StrEnum):
    """What one step looks at."""

    FILE = "file"
    FORM = "form"
    ISSUER = "issuer"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    DATES = "dates"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with what came of it."""

    part: Part
    verdict: Verdict
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Checked:
    """All steps. Without a document it could not be read."""

    steps: tuple[Step, ...]
    document: Document | None

    @property
    def verdict(self) -> Verdict:
        """Good only where every step is; what is not so goes before what is not known."""
        found = {each.verdict for each in self.steps}
        return next((each for each in (Verdict.NOT_SO, Verdict.UNKNOWN) if each in found), Verdict.GOOD)


class NotFound(Exception):
    """What is needed from elsewhere is not to be had; the sentence says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Sources(Protocol):
    """Where the issuer's keys and the status lists come from."""

    def did(self, name: str) -> bytes:
        """The DID document of an issuer. Raises `NotFound`."""

    def status(self, url: str) -> bytes:
        """A status list. Raises `NotFound`."""


def check(content: bytes, sources: Sources, now: datetime) -> Checked:
    """Verify what a file holds. JSON from elsewhere can be built so that this takes long: give it a time."""
    try:
        brought = read(content)
    except Unreadable as problem:
        return Checked((Step(Part.FILE, Verdict.UNKNOWN, problem.sentence),), None)
    steps = [Step(Part.FILE, Verdict.GOOD, _what(brought))]
    found = [Step(Part.FORM, Verdict.NOT_SO, each) for each in problems(brought.document)]
    steps += found or [Step(Part.FORM, Verdict.GOOD, Sentence(_N("It has the form of an Open Badge 3.0.")))]
    steps += _signed(brought, sources)
    if brought.token is not None:
        steps += _claims(brought.document)
    steps += _dates(brought.document, now)
    steps += _status(brought.document, sources, now)
    return Checked(tuple(steps), brought.document)


def _what(brought: Brought) -> Sentence:
    if brought.in_picture:
        return Sentence(_N("A picture that carries a credential."))
    return Sentence(_N("A credential as a signed JWT.") if brought.token else _N("A credential as JSON with a proof."))


def _good(part: Part, sentence: str, **values: object) -> Step:
    return Step(part, Verdict.GOOD, Sentence(sentence, **values))


def _not_so(part: Part, sentence: str, **values: object) -> Step:
    return Step(part, Verdict.NOT_SO, Sentence(sentence, **values))


def issuer_of(document: Document) -> str:
    """Who says that they issued it; "" where nobody is named."""
    issuer = document.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    return named if isinstance(named, str) else ""


def _signed(brought: Brought, sources: Sources) -> Iterator[Step]:
    issuer = issuer_of(brought.document)
    try:
        document = did.key_document(issuer) if issuer.startswith(did.KEY) else _did_document(issuer, sources)
    except NotFound as problem:
        yield Step(Part.ISSUER, Verdict.UNKNOWN, problem.sentence)
        return
    except ValueError:
        sentence = _N("The issuer is %(issuer)s: only did:web and did:key can be looked up here.")
        yield _not_so(Part.ISSUER, sentence, issuer=shortened(issuer) or "…")
        return
    yield _good(Part.ISSUER, _N("The issuer is %(issuer)s."), issuer=issuer)
    yield signature(brought, issuer, document)


def _did_document(issuer: str, sources: Sources) -> dict[str, Any]:
    did.address(issuer)
    try:
        found = json.loads(sources.did(issuer))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("id") != issuer:
        raise NotFound(Sentence(_N("What was found for %(issuer)s is not its DID document."), issuer=issuer))
    return found


def signature(brought: Brought, issuer: str, document: dict[str, Any]) -> Step:
    """Whether a key of the issuer signed it."""
    if brought.token is not None:
        return _signed_jwt(brought, issuer, document)
    if not brought.proofs:
        return _not_so(Part.SIGNATURE, _N("It carries no signature."))
    steps = [_signed_proof(brought, each, issuer, document) for each in brought.proofs]
    # With several proofs, one that was changed tells that the document or the proof is not what was signed.
    return next((each for each in steps if each.verdict is not Verdict.GOOD), steps[0])


def _signed_jwt(brought: Brought, issuer: str, document: dict[str, Any]) -> Step:
    header, token = brought.header, brought.token or ""
    if header.get("alg") != badge_jwt.ALGORITHM:
        sentence = _N("It is signed with %(found)s; Open Badges asks for RS256.")
        return _not_so(Part.SIGNATURE, sentence, found=shortened(str(header.get("alg"))))
    if more := sorted(set(header) - badge_jwt.HEADER):
        return _not_so(Part.SIGNATURE, _N("Its header says more than it may: %(found)s."), found=", ".join(more))
    key = rsa_of(did.method_of(document, str(header.get("kid"))))
    if key is None:
        return _of_no_key(issuer, str(header.get("kid")))
    return _good(Part.SIGNATURE, SIGNED_BY, issuer=issuer) if _holds(token, key) else _changed()


def _holds(token: str, key: RSAPublicKey) -> bool:
    try:
        jwt.PyJWS().decode(token, key, algorithms=[badge_jwt.ALGORITHM])
    except jwt.PyJWTError:
        return False
    return True


def _signed_proof(brought: Brought, proof: Any, issuer: str, document: dict[str, Any]) -> Step:
    if not badge_integrity.installed():
        sentence = _N("Data Integrity proofs are verified once this is installed: pip install “attune-lti[badges-di]”")
        return Step(Part.SIGNATURE, Verdict.UNKNOWN, Sentence(sentence))
    if not isinstance(proof, dict) or proof.get("cryptosuite") != badge_integrity.SUITE:
        found = proof.get("cryptosuite", proof.get("type")) if isinstance(proof, dict) else proof
        sentence = _N("Its proof is of the kind %(found)s; only eddsa-rdfc-2022 can be verified here.")
        return _not_so(Part.SIGNATURE, sentence, found=shortened(str(found)))
    if proof.get("proofPurpose") != "assertionMethod" or proof.get("type") != "DataIntegrityProof":
        return _not_so(Part.SIGNATURE, _N("Its proof was not made to state something."))
    method = str(proof.get("verificationMethod"))
    key: Ed25519PublicKey | None = ed25519_of(did.method_of(document, method))
    if key is None:
        return _of_no_key(issuer, method)
    try:
        badge_integrity.check(brought.document)
    except badge_integrity.NotSignable as problem:
        sentence = _N("It says something that its contexts do not know, so the proof does not cover it: %(found)s.")
        return _not_so(Part.SIGNATURE, sentence, found=shortened(str(problem)))
    good = badge_integrity.verified(brought.document, proof, key)
    return _good(Part.SIGNATURE, SIGNED_BY, issuer=issuer) if good else _changed()


def _of_no_key(issuer: str, key: str) -> Step:
    sentence = _N("It names the key %(key)s, which is not one with which %(issuer)s signs.")
    return _not_so(Part.SIGNATURE, sentence, key=shortened(key), issuer=issuer)


def _changed() -> Step:
    return _not_so(Part.SIGNATURE, _N("The signature does not hold: it was changed after it was signed, or never was."))


def _claims(document: Document) -> Iterator[Step]:
    try:
        expected = badge_jwt.registered(document)
    except (KeyError, TypeError, ValueError):
        expected = {}
    differ = [name for name, value in expected.items() if document.get(name) != value]
    if "exp" in document and "exp" not in expected:
        differ.append("exp")
    if expected and not differ:
        yield _good(Part.CLAIMS, _N("Its claims say the same as the credential: %(found)s."), found=", ".join(expected))
    else:
        sentence = _N("Its claims do not say the same as the credential: %(found)s.")
        yield _not_so(Part.CLAIMS, sentence, found=", ".join(differ) or "iss, sub, jti, nbf")


def _dates(document: Document, now: datetime) -> Iterator[Step]:
    since, until = moment_of(document.get("validFrom")), moment_of(document.get("validUntil"))
    if since is None or ("validUntil" in document and until is None):
        return  # the form says so
    if now < since:
        yield _not_so(Part.DATES, _N("It is valid only from %(day)s on."), day=_read_by_people(since))
    elif until is not None and now > until:
        yield _not_so(Part.DATES, _N("It ended on %(day)s."), day=_read_by_people(until))
    elif until is not None:
        yield _good(Part.DATES, _N("It is valid until %(day)s."), day=_read_by_people(until))
    else:
        yield _good(Part.DATES, _N("It has no end."))


def _read_by_people(at: datetime) -> str:
    return at.isoformat(" ", "minutes").replace("+00:00", " UTC")


def _status(document: Document, sources: Sources, now: datetime) -> Iterator[Step]:
    entries = listed(document.get("credentialStatus"))
    if not entries:
        yield _good(Part.STATUS, _N("Its issuer keeps no list of what was withdrawn."))
    for entry in entries:
        try:
            yield _entry(entry, document, sources, now)
        except NotFound as problem:
            yield Step(Part.STATUS, Verdict.UNKNOWN, problem.sentence)
        except (bitstring.NotAList, Unreadable, KeyError, TypeError, ValueError):
            sentence = _N("The list that says how it stands cannot be read.")
            yield Step(Part.STATUS, Verdict.UNKNOWN, Sentence(sentence))


def _entry(entry: Any, document: Document, sources: Sources, now: datetime) -> Step:
    if entry["type"] != "BitstringStatusListEntry" or entry.get("statusSize", 1) not in (1, "1"):
        sentence = _N("It says how it stands in a way that cannot be read here: %(found)s.")
        return Step(Part.STATUS, Verdict.UNKNOWN, Sentence(sentence, found=shortened(str(entry["type"]))))
    url, purpose = str(entry["statusListCredential"]), str(entry["statusPurpose"])
    brought = read(sources.status(url))
    kept, issuer = brought.document, issuer_of(document)
    of = kept["credentialSubject"]
    if kept["id"] != url or issuer_of(kept) != issuer or purpose not in listed(of["statusPurpose"]):
        return _not_so(Part.STATUS, _N("The list at %(url)s is not the one that its issuer keeps for this."), url=url)
    since, until = moment_of(kept.get("validFrom")), moment_of(kept.get("validUntil"))
    if (since is not None and now < since) or (until is not None and now > until):
        sentence = _N("The list that says how it stands is of another time. Please ask for it again.")
        return Step(Part.STATUS, Verdict.UNKNOWN, Sentence(sentence))
    signers = did.key_document(issuer) if issuer.startswith(did.KEY) else _did_document(issuer, sources)
    held = signature(brought, issuer, signers)
    if held.verdict is not Verdict.GOOD:
        sentence = _N("The list that says how it stands cannot be believed. %(why)s")
        return Step(Part.STATUS, held.verdict, Sentence(sentence, why=held.sentence))
    is_set = bitstring.is_set(bitstring.decoded(str(of["encodedList"])), int(entry["statusListIndex"]))
    if purpose not in _SAID:
        return _good(Part.STATUS, _N("Its issuer also says something of its own about it: %(found)s."), found=purpose)
    return _not_so(Part.STATUS, _SAID[purpose][1]) if is_set else _good(Part.STATUS, _SAID[purpose][0])
