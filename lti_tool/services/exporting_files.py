"""Files of exports on their way into the file store, which encrypts them."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from lti_tool.file_store import FileStore


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is whole, and in the store."""

    name: str
    size: int
    digest: str
    """SHA-256 of what was put, in hexadecimal."""


def put(store: FileStore, path: Path) -> Stored:
    """Keep the file under a name of its own. Raises what the store raises."""
    name = secrets.token_hex(16)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, 2)
        file.seek(0)
        store.put(name, file)
    return Stored(name, size, digest)
