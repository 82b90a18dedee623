"""What a store of files promises, whichever it is."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Protocol

CHUNK = 256 * 1024
"""So much of a file is in memory at a time."""


class Full(Exception):
    """There is no room: nothing was kept of what was to be put."""


class Away(Exception):
    """The store does not answer, or does not take us: nothing was kept of what was to be put."""


class Unreadable(Away):
    """It cannot be read: encrypted with a secret that we do not have, not as it was put, or not encrypted at all."""


class NotStored(Exception):
    """There is nothing under this name."""


class FileStore(Protocol):
    """Contents under names that are ours: letters and digits, never anything that a person wrote."""

    def put(self, name: str, content: IO[bytes]) -> None:
        """Keep all of it, or nothing: it is there under its name once it is whole. Raises `Full`, `Away`.

        It is read once, from where it stands to its end; what is under the name already is as it was until then.
        """

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        """From this byte on, so many, piece by piece.

        Raises `NotStored` and `Away` before the first piece: an answer can still say so.
        """

    def delete(self, name: str) -> None:
        """Take it away; nothing happens where it is gone already. Raises `Away`."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Everything that is there, with when it came; also what was left over by a machine that went down."""
