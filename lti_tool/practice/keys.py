"""The platform's signing keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """One RSA key; `kid` follows from the key itself."""

    kid: str
    private: rsa.RSAPrivateKey

    @classmethod
    def new(cls) -> "PlatformKey":
        """A fresh key of 2048 bits."""
        return cls._named(rsa.generate_private_key(public_exponent=65537, key_size=2048))

    @classmethod
    def from_pem(cls, pem: str) -> "PlatformKey":
        """The key that `pem` once wrote."""
        private = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("the saved key is not an RSA key")
        return cls._named(private)

    @classmethod
    def _named(cls, private: rsa.RSAPrivateKey) -> "PlatformKey":
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return cls(hashlib.sha256(public).hexdigest()[:20], private)

    def pem(self) -> str:
        """The private key as text, for the state file."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def jwk(self) -> dict[str, Any]:
        """The public half, as it stands in the key set."""
        public = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": public["n"], "e": public["e"]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT with these claims."""
        return jwt.encode(dict(claims), self.private, algorithm="RS256", headers={"kid": self.kid})
