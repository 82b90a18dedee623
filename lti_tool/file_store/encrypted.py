"""A store whose files are encrypted with ATTUNE_SECRET_KEY, wherever they lie. See `segments` for how."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import chain, count
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lti_tool.file_store.contract import CHUNK, FileStore, Unreadable
from lti_tool.file_store.segments import (
    HEADER,
    SEALED,
    SEGMENT,
    Header,
    NotAuthentic,
    Sealing,
    Secrets,
    open_segment,
    read_header,
)


class Kept(StrEnum):
    """How a file lies in the store."""

    NEWEST = "newest"
    """encrypted with the newest secret"""
    FORMER = "former"
    """encrypted with one of the others that we have"""
    PLAIN = "plain"
    """not encrypted: from a time before files were, or put there by somebody else"""
    UNREADABLE = "unreadable"
    """encrypted with a secret that we do not have"""


class EncryptedStore:
    """Names, sizes and parts are those of the content as it was put.

    A file that is not encrypted is read only where `may_be_plain` says that there may be some from before: it is asked
    when one is met. Elsewhere somebody put it there, and it is `Unreadable`.
    A file keeps its name when it is encrypted anew, and whoever is reading it goes on with what they began.
    """

    def __init__(
        self, store: FileStore, secret_keys: tuple[str, ...], may_be_plain: Callable[[], bool] = lambda: False
    ) -> None:
        self._store, self._keys, self._may_be_plain = store, Secrets(secret_keys), may_be_plain

    def put(self, name: str, content: IO[bytes]) -> None:
        """See `FileStore`."""
        self._store.put(name, io.BufferedReader(Sealing(self._keys, name, content), SEALED))

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        """See `FileStore`. Raises `Unreadable`, also halfway: what was given until then is as it was put."""
        if first == 0:
            return self._from_the_beginning(name, size)
        header = self._header(name)
        if header is None:
            plain = _begun(self._store.read(name, first, size))
            if self._header(name) is None:
                self._refuse_plain(name)
                return plain
            return self.read(name, first, size)  # encrypted in this moment
        try:
            return self._part(name, header, first, size)
        except Unreadable:
            if self._header(name) == header:
                raise
            return self.read(name, first, size)  # encrypted anew in this moment

    def delete(self, name: str) -> None:
        """See `FileStore`."""
        self._store.delete(name)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """See `FileStore`."""
        return self._store.names()

    def kept(self, name: str) -> Kept:
        """How this file lies in the store. Raises `NotStored`, `Away`."""
        header = self._header(name)
        if header is None:
            return Kept.PLAIN
        if header.key_id == self._keys.newest:
            return Kept.NEWEST
        return Kept.FORMER if self._keys.knows(header.key_id) else Kept.UNREADABLE

    def encrypt_anew(self, name: str) -> bool:
        """Encrypt it with the newest secret, if it is not; whether there was anything to do.

        It is whole at every moment, as it was or as it will be. Raises `NotStored`, `Unreadable`, `Full`, `Away`.
        """
        if self.kept(name) is Kept.NEWEST:
            return False
        self.put(name, _Pieces(self.read(name)))  # type: ignore[arg-type]  # it is only read
        return True

    def _refuse_plain(self, name: str) -> None:
        if not self._may_be_plain():
            raise Unreadable(name)

    def _header(self, name: str) -> Header | None:
        return read_header(b"".join(self._store.read(name, 0, HEADER)))

    def _from_the_beginning(self, name: str, size: int | None) -> Iterator[bytes]:
        there = _Pieces(self._store.read(name))
        beginning = there.read(HEADER)
        header = read_header(beginning)
        if header is None:
            self._refuse_plain(name)
            return _so_many(chain((beginning,), iter(lambda: there.read(CHUNK), b"")), size)
        return _begun(_so_many(_opened(self._cipher(name, header), name, header, there, 0), size))

    def _part(self, name: str, header: Header, first: int, size: int | None) -> Iterator[bytes]:
        cipher = self._cipher(name, header)
        number, before = divmod(first, SEGMENT)
        most = None if size is None else -(-(before + size) // SEGMENT)
        there = _Pieces(self._store.read(name, HEADER + number * SEALED, None if most is None else most * SEALED))
        pieces = _begun(_opened(cipher, name, header, there, number, most))
        return _so_many(chain((next(pieces, b"")[before:],), pieces), size)

    def _cipher(self, name: str, header: Header) -> AESGCM:
        try:
            return self._keys.cipher(header, name)
        except KeyError:
            raise Unreadable(name) from None


def _opened(
    cipher: AESGCM, name: str, header: Header, there: "_Pieces", first: int, most: int | None = None
) -> Iterator[bytes]:
    """From this segment on, up to the last one, or so many."""
    for number in count(first) if most is None else range(first, first + most):
        try:
            piece, last = open_segment(cipher, header, number, there.read(SEALED))
        except NotAuthentic:
            raise Unreadable(name) from None
        yield piece
        if last:
            return


class _Pieces:
    """Pieces of any size, read in sizes that are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, bytearray()

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left."""
        while len(self._rest) < size and (piece := next(self._pieces, None)) is not None:
            self._rest += piece
        found = bytes(self._rest[:size])
        del self._rest[:size]
        return found


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first one is looked at now: what is wrong with it is raised before anything is given."""
    try:
        first = next(pieces)
    except StopIteration:
        return iter(())
    return chain((first,), pieces)


def _so_many(pieces: Iterator[bytes], size: int | None) -> Iterator[bytes]:
    left = size
    for piece in pieces:
        if left is None:
            yield piece
            continue
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return
