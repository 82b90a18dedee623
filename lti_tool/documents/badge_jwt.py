"""Credentials as signed JWT (Open Badges 3.0, section 8.2): the document itself, with the claims that repeat it."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

from lti_tool.documents.badge import Document

ALGORITHM = "RS256"
HEADER = frozenset({"alg", "kid", "typ"})
"""The specification allows no others beside these (and `jwk`, which we do not use)."""


def signed(document: Document, *, private_pem: str, key: str) -> str:
    """The compact JWT. `key` is the address of the key in the issuer's DID document."""
    claims, private = claims_of(document), _private(private_pem)
    return jwt.encode(claims, private, algorithm=ALGORITHM, headers={"kid": key, "typ": "JWT"})


def claims_of(document: Document) -> dict[str, Any]:
    """The document with the registered claims, each equal to what it repeats."""
    return {**document, **registered(document)}


def registered(document: Document) -> dict[str, Any]:
    """The registered claims that belong to a document. Raises `KeyError`, `TypeError` or `ValueError` for a bad one."""
    issuer = document["issuer"]
    claims = {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": seconds(document["validFrom"]),
    }
    return claims | ({"exp": seconds(document["validUntil"])} if "validUntil" in document else {})


def seconds(moment: str) -> int:
    """A moment of a document as JWTs write it. Raises `ValueError` for one without a zone."""
    read = datetime.fromisoformat(moment)
    if read.tzinfo is None:
        raise ValueError("a moment without a zone")
    return int(read.timestamp())


@lru_cache(maxsize=8)
def _private(pem: str) -> RSAPrivateKey:
    # Reading a key checks its numbers, which takes much longer than signing with it.
    key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(pem)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the signing key is not a private RSA key")
    return key
