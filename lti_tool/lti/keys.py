"""Our own keys: made, published, used (Security Framework 1.0, sections 6.2 and 6.3)."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

BITS = 3072
PUBLIC_MEMBERS = ("kty", "use", "alg", "kid", "n", "e")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key pair. The kid is in `public_jwk`."""

    private_pem: str = field(repr=False)
    public_jwk: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs what we send to platforms."""

    private_pem: str = field(repr=False)
    kid: str


def new_key() -> NewKey:
    """An RSA key of 3072 bits whose kid is its RFC 7638 thumbprint, so that no kid ever names two keys."""
    private = generate_private_key(public_exponent=65537, key_size=BITS)
    numbers = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    named = {"e": numbers["e"], "kty": "RSA", "n": numbers["n"]}  # these members, in this order: RFC 7638, section 3
    digest = hashlib.sha256(json.dumps(named, separators=(",", ":")).encode()).digest()
    kid = urlsafe_b64encode(digest).rstrip(b"=").decode()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return NewKey(private_pem=pem, public_jwk={**named, "use": "sig", "alg": "RS256", "kid": kid})


def sign(claims: Mapping[str, Any], *, private_pem: str, kid: str) -> str:
    """A JWT of these claims, RS256."""
    return jwt.encode(dict(claims), _private(private_pem), algorithm="RS256", headers={"kid": kid})


def key_set(public_jwks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The JWK set to publish: of each key its public members and nothing else, whatever came in."""
    return {"keys": [{name: jwk[name] for name in PUBLIC_MEMBERS} for jwk in public_jwks]}


@lru_cache(maxsize=8)
def _private(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the signing key is not an RSA key")
    return key
