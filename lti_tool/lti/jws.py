"""Compact JSON Web Signatures: taken apart once, verified once (RFC 7515, section 7.1).

PyJWT decodes and parses a token twice over when the key has to be found by its header first, which costs a
multiple of the signature itself; so the parts are read here and the signature is checked by cryptography.
"""

import binascii
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

LONGEST = 100_000
ALGORITHM = "RS256"
PADDING, HASH = PKCS1v15(), SHA256()
URL_SAFE = bytes.maketrans(b"-_+/=", b"+/***")
"""To the standard alphabet; what only the standard alphabet has becomes what none has, and is refused."""


class NotAToken(Exception):
    """The text is not three parts of which the first two hold JSON objects."""


@dataclass(frozen=True, slots=True)
class Jws:
    """A token taken apart. Nothing in it is to be believed before `verified`."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


def take_apart(token: str) -> Jws:
    """The parts of a token. Raises `NotAToken`."""
    parts = token.split(".") if len(token) <= LONGEST else ()
    if len(parts) != 3:
        raise NotAToken
    try:
        header, claims = _json(parts[0]), _json(parts[1])
        signature = _bytes(parts[2])
        signed = token[: -len(parts[2]) - 1].encode("ascii")
    except (ValueError, RecursionError):
        raise NotAToken from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise NotAToken
    return Jws(header, claims, signed, signature)


def verified(jws: Jws, key: RSAPublicKey) -> bool:
    """Whether the signature is RS256 and made with this key."""
    if jws.header.get("alg") != ALGORITHM:
        return False
    try:
        key.verify(jws.signature, jws.signed, PADDING, HASH)
    except InvalidSignature:
        return False
    return True


def _bytes(part: str) -> bytes:
    standard = part.encode("ascii").translate(URL_SAFE)
    return binascii.a2b_base64(standard + b"=" * (-len(standard) % 4), strict_mode=True)


def _json(part: str) -> Any:
    return json.loads(_bytes(part).decode())
