"""The parts of verifying one by one: names of issuers, keys, lists of bits, pictures, and what a proof can cover."""

import base64
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from lti_tool.documents import badge_integrity, badge_jwt, badge_picture, bitstring, did
from lti_tool.documents.badge import Document, Purpose
from lti_tool.documents.badge_checks import Checked, Part, Verdict, check
from lti_tool.documents.badge_keys import ed25519_of, rsa_of
from lti_tool.documents.badge_reading import MOST_BYTES, Unreadable, read
from tests.lti_tool.documents.badges import (
    LISTS,
    NOW,
    Given,
    as_it_is,
    as_jwt,
    badge,
    changed,
    in_integrity,
    keys,
    lists,
)
from tests.lti_tool.documents.badges import read as read_key

REVOCATION = f"{LISTS}/{Purpose.REVOCATION.value}"


def step(found: Checked, part: Part) -> tuple[Verdict, str]:
    (one,) = (each for each in found.steps if each.part is part and each.verdict is not Verdict.GOOD)
    return one.verdict, str(one.sentence)


def verified(document: Document, given: Given | None = None, sign: Callable[[Document], str] = as_it_is) -> Checked:
    return check(sign(document).encode(), given or Given(lists(), keys().did_document), NOW)


# ---- issuers ----


def test_an_issuer_whose_name_is_their_key_needs_nothing_from_elsewhere() -> None:
    pytest.importorskip("pyld")
    name = keys().did_document["verificationMethod"][1]["publicKeyMultibase"]
    issuer = f"did:key:{name}"
    document = changed(lambda it: (it["issuer"].update(id=issuer), it.pop("credentialStatus")))
    made = badge_integrity.signed(document, private_pem=keys().ed25519, key=f"{issuer}#{name}", now=NOW)
    found = check(json.dumps(made).encode(), Given({}, {}), NOW)
    assert found.verdict is Verdict.GOOD, found.steps
    assert "keeps no list" in str(found.steps[-1].sentence)


@pytest.mark.parametrize("name", ["did:key:x", "did:key:z" + "1" * 9, "did:web:a/b", "did:web::x", "did:other:x", ""])
def test_an_issuer_who_cannot_be_looked_up_is_named(name: str) -> None:
    found = verified(changed(lambda it: it["issuer"].update(id=name)))
    assert "only did:web and did:key" in step(found, Part.ISSUER)[1]


def test_an_address_that_answers_with_no_did_document_leaves_it_unknown() -> None:
    class Garbled(Given):
        def did(self, name: str) -> bytes:
            return b"<html>"

    found = verified(badge(), Garbled(lists(), {}))
    verdict, sentence = step(found, Part.ISSUER)
    assert verdict is Verdict.UNKNOWN
    assert "is not its DID document" in sentence


def test_a_proof_that_was_made_for_something_else_states_nothing() -> None:
    pytest.importorskip("pyld")
    made = json.loads(in_integrity(badge()))
    made["proof"][0]["proofPurpose"] = "authentication"
    found = check(json.dumps(made).encode(), Given(lists(integrity=True), keys().did_document), NOW)
    assert "not made to state" in step(found, Part.SIGNATURE)[1]


# ---- the form ----


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda it: it.pop("id"), "id is not there."),
        (lambda it: it.update(issuer={"type": ["Profile"]}), "issuer.id is not there."),
        (lambda it: it.update(credentialSubject="somebody"), "credentialSubject is not there."),
        (lambda it: it["credentialSubject"].pop("achievement"), "credentialSubject.achievement is not there."),
        (
            lambda it: it["credentialSubject"]["achievement"].update(type=["Prize"]),
            "credentialSubject.achievement does not have the type Achievement.",
        ),
        (lambda it: it.update(validFrom="yesterday"), "validFrom is not a moment with its time zone."),
    ],
)
def test_what_the_form_lacks_is_said_with_its_place(change: Callable[[Document], Any], sentence: str) -> None:
    found = verified(changed(change))
    assert sentence in {str(each.sentence) for each in found.steps if each.part is Part.FORM}


def test_an_issuer_may_be_named_by_their_address_alone() -> None:
    found = verified(changed(lambda it: it.update(issuer=it["issuer"]["id"])))
    assert found.verdict is Verdict.GOOD, found.steps


# ---- how it stands ----


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"type": "OtherList"}, "in a way that cannot be read here: OtherList"),
        ({"statusSize": 2}, "in a way that cannot be read here"),
        ({"statusListIndex": "9999999"}, "cannot be read"),
        ({"statusListIndex": "first"}, "cannot be read"),
        ({"statusListCredential": None}, "nothing"),
    ],
)
def test_a_list_that_cannot_be_read_leaves_it_unknown_how_it_stands(entry: dict[str, Any], sentence: str) -> None:
    found = verified(changed(lambda it: it["credentialStatus"][0].update(entry)))
    verdict, said = step(found, Part.STATUS)
    assert verdict is Verdict.UNKNOWN
    assert sentence in said


def test_what_an_issuer_says_of_their_own_about_it_is_passed_on() -> None:
    url = f"{LISTS}/message"
    kept = json.loads(json.dumps(read(lists()[REVOCATION].encode()).document))
    kept = {name: value for name, value in kept.items() if name not in ("iss", "sub", "jti", "nbf", "exp")}
    kept = kept | {"id": url, "credentialSubject": {**kept["credentialSubject"], "statusPurpose": "message"}}
    document = changed(
        lambda it: it["credentialStatus"].append(
            {**it["credentialStatus"][0], "statusPurpose": "message", "statusListCredential": url}
        )
    )
    found = verified(document, Given({**lists(), url: as_jwt(kept)}, keys().did_document))
    assert found.verdict is Verdict.GOOD, found.steps
    assert "something of its own about it: message" in str(found.steps[-1].sentence)


@pytest.mark.parametrize(
    "text", ["x", "u", "u!!", "uAAAA", "u" + base64.urlsafe_b64encode(zlib.compress(b"0")).decode()]
)
def test_what_is_no_list_of_bits_is_told(text: str) -> None:
    with pytest.raises(bitstring.NotAList):
        bitstring.decoded(text)


def test_a_list_of_bits_is_read_back_as_far_as_it_goes() -> None:
    bits = bitstring.decoded(bitstring.encoded([3]))
    assert [bitstring.is_set(bits, index) for index in (2, 3, 4)] == [False, True, False]
    for index in (-1, bitstring.BITS):
        with pytest.raises(bitstring.NotAList):
            bitstring.is_set(bits, index)


# ---- keys ----


def test_keys_are_taken_in_the_ways_in_which_did_documents_write_them() -> None:
    rsa, ed25519 = (read_key(each).public_key() for each in (keys().rsa, keys().ed25519))
    assert rsa_of({"publicKeyJwk": RSAAlgorithm.to_jwk(rsa, as_dict=True)}) == rsa
    assert ed25519_of({"publicKeyJwk": OKPAlgorithm.to_jwk(ed25519, as_dict=True)}) == ed25519


@pytest.mark.parametrize(
    "method",
    [
        None,
        {},
        {"publicKeyJwk": {"kty": "RSA", "n": "AQAB"}},
        {"publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "AQAB"}},
        {"publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "AQAB"}},
        {"publicKeyMultibase": "x"},
        {"publicKeyMultibase": "z" + "1" * 9},
    ],
)
def test_what_is_no_good_key_is_none(method: dict[str, Any] | None) -> None:
    assert rsa_of(method) is None
    assert ed25519_of(method) is None


def test_only_a_private_key_of_the_right_kind_signs() -> None:
    pytest.importorskip("pyld")
    public = read_key(keys().rsa).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(ValueError, match="private RSA"):
        badge_jwt.signed(badge(), private_pem=public, key="x")
    with pytest.raises(ValueError, match="Ed25519"):
        badge_integrity.signed(badge(), private_pem=keys().rsa, key="x", now=NOW)
    with pytest.raises(ValueError, match="did:key"):
        did.key_document("did:web:a.example")


# ---- what a proof covers ----


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update({"@context": "https://www.w3.org/ns/credentials/v2"}),
        lambda it: it.update(type=5),
        lambda it: it["issuer"].update(id="_:b0"),
        lambda it: it["issuer"].update(id="us"),
        lambda it: it["type"].append("Prize"),
    ],
    ids=[
        "contexts that are no list",
        "a type that is no word",
        "a name for nobody",
        "a name that leads nowhere",
        "a type of nobody",
    ],
)
def test_a_document_of_which_a_proof_would_not_cover_every_word_is_not_signed(change: Callable[[Any], Any]) -> None:
    pytest.importorskip("pyld")
    with pytest.raises(badge_integrity.NotSignable):
        badge_integrity.check(changed(change))


def test_one_thing_where_several_may_stand_is_covered_too() -> None:
    pytest.importorskip("pyld")

    def one(it: Any) -> None:
        it["credentialSubject"]["achievement"]["alignment"] = it["credentialSubject"]["achievement"]["alignment"][0]

    badge_integrity.check(changed(one))


# ---- what it comes in ----


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


IMAGE, END = chunk(b"IDAT", b"dots"), chunk(b"IEND", b"")
WORD = badge_picture.KEYWORD + b"\0"


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"JFIF", "png"),
        (badge_picture.SIGNATURE + IMAGE + END[:-2], "png"),
        (badge_picture.SIGNATURE + IMAGE + END[:-1] + b"x", "png"),
        (badge_picture.SIGNATURE + IMAGE, "png"),
        (badge_picture.SIGNATURE + IMAGE + END, "none"),
        (badge_picture.SIGNATURE + chunk(b"iTXt", WORD + b"\1\0packed") + IMAGE + END, "compressed"),
        (badge_picture.SIGNATURE + chunk(b"iTXt", WORD + b"\0\0nothing more") + IMAGE + END, "text"),
        (badge_picture.SIGNATURE + chunk(b"iTXt", WORD + b"\0\0\0\0\xff") + IMAGE + END, "text"),
    ],
)
def test_a_picture_without_a_readable_credential_says_why(picture: bytes, why: str) -> None:
    with pytest.raises(badge_picture.NotBaked, match=why):
        badge_picture.extracted(picture)


@pytest.mark.parametrize(
    "content",
    [b" " * (MOST_BYTES + 1), b".".join(base64.urlsafe_b64encode(each) for each in (b'{"alg":"x"}', b"[1]", b"x"))],
)
def test_what_is_too_large_or_holds_no_object_is_no_credential(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)
