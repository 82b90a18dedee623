"""How a file is encrypted at rest: in segments, so that a part of it can be read without the rest.

The construction is that of Tink's streaming AES-GCM-HKDF: a key for each file (HKDF-SHA256 with a salt of its own and
the file's name), AES-256-GCM for each segment, and a nonce that holds the segment's number and whether it is the last.
So no segment can be put in another place or another file, and none can be missing, without being noticed.
"""

import io
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEGMENT = 64 * 1024
"""So many bytes of a file are in each segment but the last."""
TAG = 16
SEALED = SEGMENT + TAG
"""So many bytes such a segment has in the store."""
MARK = b"\x00attune1"
"""Begins every encrypted file. No kind of file that Attune takes begins so."""
KEY_ID, SALT, PREFIX = 8, 32, 7
HEADER = len(MARK) + KEY_ID + SALT + PREFIX


class NotAuthentic(Exception):
    """It is not what was put under this name."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the segments."""

    key_id: bytes
    """Says which secret encrypted it, and nothing of the secret."""
    salt: bytes
    prefix: bytes

    def __bytes__(self) -> bytes:
        return MARK + self.key_id + self.salt + self.prefix


class Secrets:
    """The secrets of the settings, newest first: the first encrypts, any of them reads."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._by_id: Mapping[bytes, bytes] = {_id_of(secret.encode()): secret.encode() for secret in secret_keys}
        self.newest = next(iter(self._by_id))
        """The id of the key that encrypts."""

    def knows(self, key_id: bytes) -> bool:
        """Whether it is one of ours."""
        return key_id in self._by_id

    def cipher(self, header: Header, name: str) -> AESGCM:
        """For the segments of the file of this name. Raises `KeyError` where its key is none of ours."""
        of_file = HKDF(hashes.SHA256(), length=32, salt=header.salt, info=b"attune files v1 " + name.encode())
        return AESGCM(of_file.derive(self._by_id[header.key_id]))


def read_header(beginning: bytes) -> Header | None:
    """What stands at the beginning of an encrypted file; None: it is not encrypted."""
    if len(beginning) < HEADER or not beginning.startswith(MARK):
        return None
    rest = beginning[len(MARK) : HEADER]
    return Header(rest[:KEY_ID], rest[KEY_ID : KEY_ID + SALT], rest[KEY_ID + SALT :])


class Sealing(io.RawIOBase):
    """A file being encrypted, to be read once from its beginning to its end."""

    def __init__(self, keys: Secrets, name: str, content: IO[bytes]) -> None:
        header = Header(keys.newest, secrets.token_bytes(32), secrets.token_bytes(7))
        self._cipher, self._prefix, self._content = keys.cipher(header, name), header.prefix, content
        self._ready, self._number = memoryview(bytes(header)), 0
        self._next: bytes | None = _exactly(content, SEGMENT)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]  # whatever is given can be written like this
        """Some more of it; 0 at the end."""
        if not self._ready and self._next is not None:
            self._ready = memoryview(self._sealed(self._next))
        size = min(len(into), len(self._ready))
        into[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _sealed(self, piece: bytes) -> bytes:
        following = _exactly(self._content, SEGMENT)
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._number, last=not following), piece, None)
        self._next, self._number = following or None, self._number + 1
        return sealed


def open_segment(cipher: AESGCM, header: Header, number: int, sealed: bytes) -> tuple[bytes, bool]:
    """What is in a segment, and whether it is the last. Raises `NotAuthentic`."""
    for last in (len(sealed) < SEALED, len(sealed) == SEALED):  # a short one can only be the last
        try:
            return cipher.decrypt(_nonce(header.prefix, number, last=last), sealed, None), last
        except InvalidTag:
            continue
    raise NotAuthentic


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([last])


def _id_of(secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=KEY_ID, salt=None, info=b"attune files key id v1").derive(secret)


def _exactly(content: IO[bytes], size: int) -> bytes:
    """So many bytes, or what is left."""
    found = bytearray()
    while len(found) < size and (piece := content.read(size - len(found))):
        found += piece
    return bytes(found)
