"""DID documents of issuers (did:web): which keys are whose, and where they are found. Pure."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from lti_tool.documents.badge_integrity import ED25519, from_multibase, multikey

CONTEXTS = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
)
WEB, KEY = "did:web:", "did:key:"


def document(did: str, jwks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The document of an issuer with all the keys that it ever signed with, by their public JWKs."""
    methods = [_method(did, jwk) for jwk in jwks]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def address(did: str, *, plain: bool = False) -> str:
    """Where the document of a did:web is found; `plain` without https. Raises `ValueError` for another DID."""
    if not did.startswith(WEB):
        raise ValueError("not a did:web")
    host, *path = (unquote(part) for part in did.removeprefix(WEB).split(":"))
    if not host or any(letter in part for part in (host, *path) for letter in "/@?#\\") or "" in path:
        raise ValueError("not a did:web")
    where = "/".join(path) if path else ".well-known"
    return f"{'http' if plain else 'https'}://{host}/{where}/did.json"


def key_document(did: str) -> dict[str, Any]:
    """The document of a did:key: the key is in its name. Raises `ValueError` for another DID."""
    name = did.removeprefix(KEY)
    if not did.startswith(KEY) or not from_multibase(name).startswith(ED25519):
        raise ValueError("not a did:key of Ed25519")
    method = {"id": f"{did}#{name}", "controller": did, "type": "Multikey", "publicKeyMultibase": name}
    return {"@context": list(CONTEXTS), "id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}


def method_of(found: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The entry of a key in a DID document, if its issuer lets it sign statements."""
    assertion = found.get("assertionMethod")
    methods = found.get("verificationMethod")
    if not isinstance(assertion, list) or not isinstance(methods, list) or key not in assertion:
        return None
    return next((each for each in methods if isinstance(each, dict) and each.get("id") == key), None)


def _method(did: str, jwk: Mapping[str, Any]) -> dict[str, Any]:
    named = {"id": f"{did}#{jwk['kid']}", "controller": did}
    if jwk["kty"] == "OKP":
        raw = urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
        return {**named, "type": "Multikey", "publicKeyMultibase": multikey(raw)}
    return {**named, "type": "JsonWebKey", "publicKeyJwk": dict(jwk)}
