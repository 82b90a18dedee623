"""Public keys as DID documents hold them."""

from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from lti_tool.documents.badge_integrity import ED25519, from_multibase

SHORTEST, LONGEST = 2048, 8192
"""Bits of an RSA key: with fewer a signature proves little, with more it takes long."""


def rsa_of(method: Mapping[str, Any] | None) -> RSAPublicKey | None:
    """The RSA key of an entry; None where it holds none that is good enough."""
    jwk = method.get("publicKeyJwk") if method else None
    if not isinstance(jwk, dict) or jwk.get("kty") != "RSA" or "d" in jwk:
        return None
    try:
        key = RSAAlgorithm.from_jwk(jwk)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAPublicKey) and SHORTEST <= key.key_size <= LONGEST else None


def ed25519_of(method: Mapping[str, Any] | None) -> Ed25519PublicKey | None:
    """The Ed25519 key of an entry; None where it holds none."""
    if method is None:
        return None
    try:
        if isinstance(method.get("publicKeyMultibase"), str):
            raw = from_multibase(method["publicKeyMultibase"])
            return Ed25519PublicKey.from_public_bytes(raw.removeprefix(ED25519)) if raw[:2] == ED25519 else None
        key = OKPAlgorithm.from_jwk(method["publicKeyJwk"])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None
