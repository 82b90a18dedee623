"""Files of exports on their way into the file store, which encrypts them."""

import hashlib
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lti_tool.file_store import CHUNK, FileStore

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is whole, and in the store."""

    name: str
    size: int
    digest: str
    """SHA-256 of what was put, in hexadecimal."""


def put(store: FileStore, path: Path, go_on: Callable[[], None]) -> Stored:
    """Keep the file under a name of its own. `go_on` is called again and again, however large it is.

    Raises what the store raises, and `go_on`.
    """
    name = secrets.token_hex(16)
    with io.BufferedReader(_Watched(path, go_on), CHUNK) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, 2)
        file.seek(0)
        store.put(name, file)
    return Stored(name, size, digest)


class _Watched(io.FileIO):
    def __init__(self, path: Path, go_on: Callable[[], None]) -> None:
        super().__init__(path)
        self._go_on = go_on

    def readinto(self, into: "WriteableBuffer", /) -> int:
        """See `io.RawIOBase`."""
        self._go_on()
        return super().readinto(into)
