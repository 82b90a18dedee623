"""Keys for words that wait on a person's device until they reach us: the device keeps ciphertext, and no key.

A key is derived, never stored: whoever signs in as the same person gets the same one again.
"""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEPT = timedelta(hours=20)
"""How long a device keeps what it could not send."""


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """One person's key, in the form in which a browser takes it."""

    mark: str
    """Finds what was locked with this key among what other people left on the device; names nobody."""
    key: str = field(repr=False)
    """256 bits, as base64."""


def device_keys(secret_keys: tuple[str, ...], person_id: UUID) -> tuple[DeviceKey, ...]:
    """The person's keys, newest first: the first one locks, any of them opens what it once locked."""
    return tuple(_of(secret, person_id) for secret in secret_keys)


def _of(secret: str, person_id: UUID) -> DeviceKey:
    mark = _derived(secret, b"device mark", person_id)[:16]
    key = _derived(secret, b"device key", person_id)
    return DeviceKey(mark.hex(), base64.b64encode(key).decode())


def _derived(secret: str, purpose: bytes, person_id: UUID) -> bytes:
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=b"attune " + purpose + b" v1 " + person_id.bytes)
    return derive.derive(secret.encode())
