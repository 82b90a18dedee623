"""Files of exports in the file store: ciphertext there, piece by piece on the way in and out.

Each piece is a line: a token (Fernet) of where it stands, of which file it is, and what it holds. So no piece can be
put in another place, into another file, or left out at the end, without being noticed.
"""

import hashlib
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from cryptography.fernet import InvalidToken, MultiFernet

from lti_tool.file_store import CHUNK, FileStore, NotStored

_PLACE = struct.Struct(">16sI?")
"""Whose file, the number of the piece, and whether it is the last one."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is whole, and in the store."""

    name: str
    size: int
    digest: str
    """SHA-256 of what was put, in hexadecimal."""


def new_name() -> str:
    """Of a file in the store."""
    return secrets.token_hex(16)


def put(store: FileStore, keys: MultiFernet, path: Path, name: str) -> Stored:
    """Keep the file encrypted under this name. Raises what the store raises."""
    digest, size = hashlib.sha256(), 0
    with TemporaryFile() as into, path.open("rb") as file:
        number, piece = 0, file.read(CHUNK)
        while True:
            following = file.read(CHUNK)
            digest.update(piece)
            size += len(piece)
            place = _PLACE.pack(bytes.fromhex(name), number, not following)
            into.write(keys.encrypt(place + piece) + b"\n")
            if not following:
                break
            number, piece = number + 1, following
        into.seek(0)
        store.put(name, into)
    return Stored(name, size, digest.hexdigest())


def read(store: FileStore, keys: MultiFernet, name: str) -> Iterator[bytes]:
    """What was put, piece by piece. Raises `NotStored` where it is not there any more, or not as it was put."""
    pieces = _tokens(store.read(name))
    first = _opened(keys, name, 0, next(pieces, b""))
    return _rest(keys, name, first, pieces)


def _rest(keys: MultiFernet, name: str, first: tuple[bytes, bool], tokens: Iterator[bytes]) -> Iterator[bytes]:
    piece, last = first
    number = 0
    yield piece
    while not last:
        number += 1
        piece, last = _opened(keys, name, number, next(tokens, b""))
        yield piece


def _opened(keys: MultiFernet, name: str, number: int, token: bytes) -> tuple[bytes, bool]:
    try:
        found = keys.decrypt(token)
    except InvalidToken:
        raise NotStored(name) from None
    whose, place, last = _PLACE.unpack_from(found)
    if (whose.hex(), place) != (name, number):
        raise NotStored(name)
    return found[_PLACE.size :], last


def _tokens(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of what comes piece by piece."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest
