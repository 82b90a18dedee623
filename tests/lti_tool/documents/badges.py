"""Credentials for tests, good and bad, made without a database: what is wrong with each, and who has to say so."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lti_tool.documents import badge_integrity, badge_jwt, badge_picture, bitstring, did
from lti_tool.documents.badge import (
    Achievement,
    Alignment,
    Badge,
    Document,
    Holder,
    Issuer,
    Purpose,
    StatusEntry,
    credential,
    status_list,
)
from lti_tool.documents.badge_checks import NotFound, Part, Verdict
from lti_tool.documents.sentences import Sentence
from lti_tool.lti.keys import new_key
from lti_tool.services.credentials.issuer_keys import new_ed25519

DID = "did:web:tool.school.example:o:1"
HOME = "https://tool.school.example/o/1"
LISTS = f"{HOME}/status/1"
NOW = datetime.now(UTC).replace(microsecond=0)
"""The clock of others cannot be set, so these credentials are of today."""
INDEX, WITHDRAWN, SUSPENDED = 7, 70_001, 131_071
JOSE, LIBRARY, BAZAAR = "jose", "openbadgeslib", "@digitalbazaar/vc"


@dataclass(frozen=True)
class Keys:
    rsa: str
    ed25519: str
    did_document: Document

    @property
    def rsa_address(self) -> str:
        return str(self.did_document["verificationMethod"][0]["id"])

    @property
    def ed25519_address(self) -> str:
        return str(self.did_document["verificationMethod"][1]["id"])


def keys(who: str = DID) -> Keys:
    return _keys(who)


@cache
def _keys(who: str) -> Keys:
    rsa, (ed25519, jwk) = new_key(), new_ed25519()
    return Keys(rsa.private_pem, ed25519, did.document(who, [rsa.public_jwk, jwk]))


@cache
def read(pem: str) -> Any:
    """The key of that text: reading one takes much longer than signing with it."""
    return load_pem_private_key(pem.encode(), password=None)


@dataclass
class Case:
    """One credential, and what is to be said of it."""

    name: str
    form: str
    """jwt, di, or png."""
    content: bytes
    part: Part | None = None
    """Where we say that it is not so; None: it is good."""
    verdict: Verdict = Verdict.GOOD
    also: frozenset[str] = frozenset()
    """Whose programs refuse it, too; of a good one, whose programs take it."""
    lists: dict[str, str] = field(default_factory=dict)


class Given:
    """Everything that a verifier may ask for."""

    def __init__(self, lists: dict[str, str], document: Document) -> None:
        self.lists, self.document = lists, document

    def did(self, name: str) -> bytes:
        if name != DID:
            raise NotFound(Sentence("nobody"))
        return json.dumps(self.document).encode()

    def status(self, url: str) -> bytes:
        if url not in self.lists:
            raise NotFound(Sentence("nothing"))
        return self.lists[url].encode()


def badge(
    index: int = INDEX, since: timedelta = -timedelta(days=30), until: timedelta = timedelta(days=300)
) -> Document:
    return credential(
        Badge(
            id="urn:uuid:0196f1f5-5d0a-7c1e-9a5a-0d6a3e8f1b2c",
            issuer=Issuer(DID, "Example College", f"{HOME}/issuer"),
            achievement=Achievement(
                url=f"{HOME}/achievements/small/initial/1",
                name="Peer support: Certification",
                description="Observed and signed.",
                criteria="- 10 hours of practice",
                language="en-US",
                version="2026",
                alignments=(
                    Alignment(
                        "Shares own experience", "urn:uuid:3a9e9011-76c2-5386-9898-c02f9190cb46", "A2", "Starter"
                    ),
                    Alignment("Listens", "https://case.example/items/2"),
                ),
            ),
            holder=Holder("urn:uuid:7f0c3a56-0f5e-4d0e-8a51-7e2f3b9f6c11", "Noor Ñandú", "noor@school.example", "ab12"),
            valid_from=NOW + since,
            valid_until=NOW + until,
            status=StatusEntry(LISTS, index),
        )
    )


def listed(purpose: Purpose, *, integrity: bool = False, who: str = DID, ago: timedelta = timedelta()) -> str:
    bits = [WITHDRAWN] if purpose is Purpose.REVOCATION else [SUSPENDED]
    begins = NOW - timedelta(hours=1) - ago
    issuer = Issuer(who, "Example College", HOME)
    document = status_list(LISTS, issuer, purpose, bitstring.encoded(bits), (begins, begins + timedelta(days=1)))
    return in_integrity(document, who) if integrity else as_jwt(document, who)


def lists(*, integrity: bool = False) -> dict[str, str]:
    return {f"{LISTS}/{purpose.value}": listed(purpose, integrity=integrity) for purpose in Purpose}


def as_jwt(document: Document, who: str = DID) -> str:
    return badge_jwt.signed(document, private_pem=keys(who).rsa, key=keys(who).rsa_address)


def as_it_is(document: Document, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Signed whatever stands in it, with the claims of a good one unless others are given."""
    payload = {**document, **badge_jwt.registered(badge()), **claims}
    payload = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(
        payload, read(keys().rsa), algorithm="RS256", headers={"kid": keys().rsa_address, "typ": "JWT"} | (header or {})
    )


def in_integrity(document: Document, who: str = DID) -> str:
    made = badge_integrity.signed(
        document, private_pem=keys(who).ed25519, key=keys(who).ed25519_address, now=NOW - timedelta(minutes=5)
    )
    return json.dumps(made)


def changed(change: Callable[[Document], Any], document: Document | None = None) -> Document:
    made = deepcopy(document or badge())
    change(made)
    return made


def good() -> Iterator[Case]:
    picture = badge_picture.drawn("Peer support: Certification", "Example College")
    token, proved = as_jwt(badge()), in_integrity(badge())
    yield Case("jwt", "jwt", token.encode(), also=frozenset({JOSE, LIBRARY}))
    yield Case(
        "no end", "jwt", as_jwt(changed(lambda it: it.pop("validUntil"))).encode(), also=frozenset({JOSE, LIBRARY})
    )
    yield Case("integrity", "di", proved.encode(), also=frozenset({BAZAAR, LIBRARY}))
    yield Case("picture of jwt", "png", badge_picture.baked(picture, token), also=frozenset({LIBRARY}))
    yield Case("picture of integrity", "png", badge_picture.baked(picture, proved), also=frozenset({LIBRARY}))


FORM: dict[str, tuple[Callable[[Document], Any], frozenset[str]]] = {
    "type of the credential": (lambda it: it.update(type=["VerifiableCredential"]), frozenset({LIBRARY})),
    "type VerifiableCredential": (lambda it: it.update(type=["OpenBadgeCredential"]), frozenset({LIBRARY})),
    "order of contexts": (lambda it: it["@context"].reverse(), frozenset({LIBRARY})),
    "version of the context": (
        lambda it: it.update({"@context": [it["@context"][0], "https://w3id.org/openbadges/v2"]}), frozenset({LIBRARY})
    ),
    "alias of a context": (
        lambda it: it.update({"@context": [it["@context"][0], "https://other.example/context-3.0.3.json"]}),
        frozenset({LIBRARY}),
    ),
    "type of the issuer": (lambda it: it["issuer"].update(type=["Person"]), frozenset()),
    "type of its parent": (lambda it: it["issuer"].update(parentOrg={"id": HOME, "type": ["Org"]}), frozenset()),
    "type of another name of it": (
        lambda it: it["issuer"].update(otherIdentifier=[{"type": "Name", "identifier": "1"}]), frozenset()
    ),
    "issuer": (lambda it: it.pop("issuer"), frozenset({JOSE, LIBRARY})),
    "type of the subject": (lambda it: it["credentialSubject"].update(type=["Person"]), frozenset()),
    "type of an identifier": (lambda it: it["credentialSubject"]["identifier"][0].update(type="Name"), frozenset()),
    "type of a result": (lambda it: it["credentialSubject"].update(result=[{"type": ["Score"]}]), frozenset()),
    "type of a result's description": (
        lambda it: it["credentialSubject"]["achievement"].update(resultDescription=[{"type": ["Score"]}]), frozenset()
    ),
    "type of evidence": (lambda it: it.update(evidence=[{"type": ["Proof"]}]), frozenset()),
    "criteria": (lambda it: it["credentialSubject"]["achievement"].pop("criteria"), frozenset()),
    "moment": (lambda it: it.update(validFrom="2026-01-01"), frozenset({JOSE})),
}  # fmt: skip
"""What was not as it should be before it was signed, and who besides us says so: the list of 1EdTech's validator."""


def bad() -> Iterator[Case]:
    yield from _bad_form()
    yield from _bad_signatures()
    yield from _bad_claims()
    yield from _bad_proofs()
    yield from _bad_days()


def _case(name: str, form: str, content: str, part: Part, *also: str, **more: Any) -> Case:
    return Case(name, form, content.encode(), part, more.pop("verdict", Verdict.NOT_SO), frozenset(also), **more)


def _bad_form() -> Iterator[Case]:
    for name, (change, also) in FORM.items():
        yield _case(name, "jwt", as_it_is(changed(change)), Part.FORM, *also)
    nobody = changed(lambda it: (it["credentialSubject"].pop("id"), it["credentialSubject"].pop("identifier")))
    yield _case("whom it is about", "jwt", as_it_is(nobody), Part.FORM, JOSE, LIBRARY)


def _bad_signatures() -> Iterator[Case]:
    both = (JOSE, LIBRARY)
    head, body, tail = as_jwt(badge()).split(".")
    other = _part(changed(lambda it: it.update(name="Something else")) | badge_jwt.registered(badge()))
    yield _case("words changed", "jwt", f"{head}.{other}.{tail}", Part.SIGNATURE, *both)
    yield _case(
        "signature changed", "jwt", f"{head}.{body}.{'A' if tail[0] != 'A' else 'B'}{tail[1:]}", Part.SIGNATURE, *both
    )
    nothing = _part({"alg": "none", "kid": keys().rsa_address, "typ": "JWT"})
    yield _case("signed by nothing", "jwt", f"{nothing}.{body}.", Part.SIGNATURE, *both)
    stranger = jwt.encode(
        badge_jwt.claims_of(badge()), keys("did:web:other.example").rsa, algorithm="RS256",
        headers={"kid": keys().rsa_address},
    )  # fmt: skip
    yield _case("signed by a stranger", "jwt", stranger, Part.SIGNATURE, *both)
    secret = jwt.encode(badge_jwt.claims_of(badge()), "x" * 40, algorithm="HS256", headers={"kid": keys().rsa_address})
    yield _case("signed with a secret", "jwt", secret, Part.SIGNATURE, *both)
    elsewhere = as_it_is(badge(), {"kid": keys("did:web:other.example").rsa_address})
    yield _case("key of another issuer", "jwt", elsewhere, Part.SIGNATURE, *both)
    yield _case("key that is not there", "jwt", as_it_is(badge(), {"kid": f"{DID}#other"}), Part.SIGNATURE, *both)
    yield _case("header that says more", "jwt", as_it_is(badge(), {"jku": HOME}), Part.SIGNATURE)


def _bad_claims() -> Iterator[Case]:
    both = (JOSE, LIBRARY)
    for name in ("iss", "sub", "jti"):
        yield _case(f"{name} of another", "jwt", as_it_is(badge(), **{name: "urn:uuid:other"}), Part.CLAIMS, *both)
        yield _case(f"no {name}", "jwt", as_it_is(badge(), **{name: None}), Part.CLAIMS, *both)
    yield _case("nbf of another", "jwt", as_it_is(badge(), nbf=1), Part.CLAIMS, JOSE)
    yield _case("exp of another", "jwt", as_it_is(badge(), exp=4_000_000_000), Part.CLAIMS, JOSE)


def _bad_proofs() -> Iterator[Case]:
    both, signed = (BAZAAR, LIBRARY), json.loads(in_integrity(badge()))

    def proved(change: Callable[[Document], Any]) -> str:
        return json.dumps(changed(change, signed))

    yield _case(
        "proof changed",
        "di",
        proved(lambda it: it["proof"][0].update(proofValue="z" + "2" * 86)),
        Part.SIGNATURE,
        *both,
    )
    yield _case(
        "what was proved changed",
        "di",
        proved(lambda it: it["credentialSubject"]["achievement"].update(name="Other")),
        Part.SIGNATURE,
        *both,
    )
    yield _case(
        "criteria taken away",
        "di",
        proved(lambda it: it["credentialSubject"]["achievement"].pop("criteria")),
        Part.FORM,
        *both,
    )
    yield _case("no proof", "di", proved(lambda it: it.pop("proof")), Part.SIGNATURE, *both)
    yield _case(
        "proof of another kind",
        "di",
        proved(lambda it: it["proof"][0].update(cryptosuite="other-2022")),
        Part.SIGNATURE,
        *both,
    )
    yield _case(
        "term that no context knows", "di", proved(lambda it: it.update(unknownTerm="x")), Part.SIGNATURE, *both
    )
    yield _case(
        "context of its own",
        "di",
        proved(lambda it: it["credentialSubject"].update({"@context": {"a": "b:c"}})),
        Part.SIGNATURE,
        LIBRARY,
    )
    yield _case(
        "unknown context",
        "di",
        proved(lambda it: it["@context"].append("https://evil.example/c")),
        Part.SIGNATURE,
        *both,
    )
    for name, method in {
        "key without a scheme": "tool.school.example#key", "key of an unknown scheme": "other:tool#key",
        "key of an unknown method": "did:unknown:tool#key", "no key": "",
    }.items():  # fmt: skip
        yield _case(
            name,
            "di",
            proved(lambda it, method=method: it["proof"][0].update(verificationMethod=method)),
            Part.SIGNATURE,
            *both,
        )


def _bad_days() -> Iterator[Case]:
    for form, sign, also in (("jwt", as_jwt, (JOSE, LIBRARY)), ("di", in_integrity, (BAZAAR, LIBRARY))):
        past = badge(until=-timedelta(days=1))
        yield _case(f"ended ({form})", form, sign(past), Part.DATES, *also)
        yield _case(f"not yet valid ({form})", form, sign(badge(since=timedelta(days=2))), Part.DATES, *also)
        of_status = (LIBRARY, *((BAZAAR,) if form == "di" else ()))
        yield _case(f"withdrawn ({form})", form, sign(badge(WITHDRAWN)), Part.STATUS, *of_status)
        yield _case(f"suspended ({form})", form, sign(badge(SUSPENDED)), Part.STATUS, *of_status)
    url = f"{LISTS}/revocation"
    old = {**lists(), url: listed(Purpose.REVOCATION, ago=timedelta(days=9))}
    yield _case("old list", "jwt", as_jwt(badge()), Part.STATUS, LIBRARY, lists=old, verdict=Verdict.UNKNOWN)
    strange = {**lists(), url: listed(Purpose.REVOCATION, who="did:web:other.example")}
    yield _case("list of another issuer", "jwt", as_jwt(badge()), Part.STATUS, LIBRARY, lists=strange)
    wrong = {**lists(), url: listed(Purpose.SUSPENSION)}
    yield _case("list for something else", "jwt", as_jwt(badge()), Part.STATUS, LIBRARY, lists=wrong)
    head, body, tail = lists()[url].split(".")
    broken = {**lists(), url: f"{head}.{body}.{tail[:-8]}AAAAAAAA"}
    yield _case("list that was changed", "jwt", as_jwt(badge()), Part.STATUS, LIBRARY, lists=broken)
    nowhere = {f"{LISTS}/suspension": lists()[f"{LISTS}/suspension"]}
    yield _case(
        "list that is not there", "jwt", as_jwt(badge()), Part.STATUS, LIBRARY, lists=nowhere, verdict=Verdict.UNKNOWN
    )


def _part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
