"""Our own keys: made, published, used (Security Framework 1.0, sections 6.2 and 6.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


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
    raise NotImplementedError


def sign(claims: Mapping[str, Any], *, private_pem: str, kid: str) -> str:
    """A JWT of these claims, RS256."""
    raise NotImplementedError


def key_set(public_jwks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The JWK set to publish."""
    raise NotImplementedError
