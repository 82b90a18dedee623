"""Credentials with a Data Integrity proof (`eddsa-rdfc-2022`), where the extra `badges-di` is installed.

What is signed is the meaning of a document by its contexts, so a term that no context knows would stay unsigned
without a word: PyLD drops it. `check` refuses such a document before anybody signs or believes it.
"""

import contextlib
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from lti_tool.documents.badge import Document, moment
from lti_tool.documents.badge_contexts import UnknownContext, known, load

with contextlib.suppress(ImportError):  # the extra `badges-di`
    from pyld import jsonld

SUITE = "eddsa-rdfc-2022"
MULTIBASE = "z"
ED25519 = b"\xed\x01"
"""What stands before the bytes of such a key (multicodec)."""
LONGEST_BASE58 = 128
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_OPTIONS = {"documentLoader": load}
_CANONICAL = {"algorithm": "URDNA2015", "format": "application/n-quads", **_OPTIONS}


class NotSignable(Exception):
    """The document says something that a proof would not cover; the message says what."""


def installed() -> bool:
    """Whether there is what this needs: `pip install "attune-lti[badges-di]"`."""
    return find_spec("pyld") is not None


def signed(document: Document, *, private_pem: str, key: str, now: datetime) -> Document:
    """The document with its proof. `key` is the address of the key. Raises `NotSignable`."""
    check(document)
    private = load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("the signing key is not an Ed25519 key")
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": moment(now),
        "verificationMethod": key,
        "proofPurpose": "assertionMethod",
    }
    value = MULTIBASE + base58(private.sign(_to_sign(document, proof)))
    return {**document, "proof": [{**proof, "proofValue": value}]}


def verified(document: Document, proof: Document, key: Ed25519PublicKey) -> bool:
    """Whether this proof, of a document that was checked, was made with the key.

    A document from somewhere else can be built so that this takes for ever: give it a time.
    """
    without = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in proof.items() if name not in ("proofValue", "@context")}
    try:
        key.verify(from_multibase(str(proof.get("proofValue"))), _to_sign(without, options))
    except (InvalidSignature, ValueError, jsonld.JsonLdError):
        return False
    return True


def check(document: Document) -> None:
    """Raises `NotSignable` unless every word of the document has a meaning by contexts that we keep."""
    without = {name: value for name, value in document.items() if name != "proof"}
    contexts = without.get("@context")
    if not isinstance(contexts, list) or not all(isinstance(each, str) for each in contexts):
        raise NotSignable("@context")
    for each in contexts:
        if each not in known():
            raise NotSignable(each)
    _refuse_names_of_its_own(without)
    try:
        expanded = jsonld.expand(without, _OPTIONS)
        again = jsonld.compact(expanded, contexts, _OPTIONS)
    except (jsonld.JsonLdError, UnknownContext) as problem:
        raise NotSignable(str(problem).splitlines()[0]) from None
    _refuse_relative(expanded)
    _compare(without, again, "")


def from_multibase(text: str) -> bytes:
    """The bytes of a text in base 58. Raises `ValueError`."""
    if not text.startswith(MULTIBASE) or len(text) > LONGEST_BASE58:
        raise ValueError("not base 58")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _ALPHABET.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def base58(value: bytes) -> str:
    """Bytes as text in base 58 (Bitcoin's alphabet)."""
    number, text = int.from_bytes(value), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(value) - len(value.lstrip(b"\0"))) + text


def multikey(raw: bytes) -> str:
    """A public Ed25519 key as DID documents write it."""
    return MULTIBASE + base58(ED25519 + raw)


def _to_sign(document: Document, proof: Document) -> bytes:
    """Data Integrity EdDSA Cryptosuites 1.0, section 3.2.4: the proof's digest goes first."""
    options = {"@context": document["@context"], **proof}
    return b"".join(sha256(jsonld.normalize(each, _CANONICAL).encode()).digest() for each in (options, document))


def _refuse_names_of_its_own(value: Any, place: str = "") -> None:
    """Contexts inside a document, and blank nodes with names, are how hostile ones are built; ours have neither."""
    if isinstance(value, list):
        for each in value:
            _refuse_names_of_its_own(each, place)
    elif isinstance(value, dict):
        for name, each in value.items():
            if place and name == "@context":
                raise NotSignable(f"{place}.@context")
            _refuse_names_of_its_own(each, f"{place}.{name}".strip("."))
    elif isinstance(value, str) and value.startswith("_:"):
        raise NotSignable(place)


def _refuse_relative(value: Any) -> None:
    """A type or an address that is none: it stands for something else wherever it is read."""
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        named = [each.get("@id"), *each.get("@type", [])] if isinstance(each.get("@type", []), list) else []
        for one in named:
            if isinstance(one, str) and ":" not in one:
                raise NotSignable(one)
        for inside in each.values():
            _refuse_relative(inside)


def _compare(written: Any, meant: Any, place: str) -> None:
    """What compaction gives back has to be what was written: anything else was dropped on the way."""
    if isinstance(written, list) and len(written) == 1 and not isinstance(meant, list):
        written = written[0]
    if isinstance(meant, list) and len(meant) == 1 and not isinstance(written, list):
        meant = meant[0]
    if isinstance(written, dict) and isinstance(meant, dict):
        for name, value in written.items():
            if name != "@context":
                _compare(value, meant.get(name), f"{place}.{name}".strip("."))
    elif isinstance(written, list) and isinstance(meant, list) and len(written) == len(meant):
        for one, other in zip(written, meant, strict=True):
            _compare(one, other, place)
    elif written != meant:
        raise NotSignable(place)
