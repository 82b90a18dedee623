"""The file that an organization takes along: a ZIP with a list of the digests of all that is in it."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "attune-organization/1"
MANIFEST, README = "manifest.json", "READ-ME.txt"


@dataclass(frozen=True, slots=True)
class FileIn:
    """One file of it."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TableIn:
    """What it says of a table."""

    rows: int
    left_out: str | None
    """Why nothing of it is there."""
    columns: tuple[str, ...]
    columns_left_out: tuple[str, ...]


@dataclass(slots=True)
class Manifest:
    """What it says of itself."""

    attune: str
    revision: str
    organization: Mapping[str, str]
    made_at: str
    audit: Mapping[str, Any]
    """Number and digest of the last entry of the chain."""
    tables: dict[str, TableIn] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    """Files of evidence that the store does not have any more."""
    unreadable: list[str] = field(default_factory=list)
    """Files of evidence that are damaged, or encrypted with a secret that is not here."""
    files: dict[str, FileIn] = field(default_factory=dict)

    def text(self) -> bytes:
        """As it stands in the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of that text: it stands for all of the file, and is what removing asks for."""
        return hashlib.sha256(self.text()).hexdigest()


class Writer:
    """Files into the archive, piece by piece."""

    def __init__(self, content: zipfile.ZipFile, files: dict[str, FileIn]) -> None:
        self._content = content
        self._files = files

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """One file, noted in the list."""
        sha256, size = hashlib.sha256(), 0
        with self._content.open(name, "w", force_zip64=True) as to:
            for piece in pieces:
                sha256.update(piece)
                size += len(piece)
                to.write(piece)
        self._files[name] = FileIn(size, sha256.hexdigest())


@contextmanager
def written(path: Path, manifest: Manifest) -> Iterator[Writer]:
    """A file that only its owner can read, and that is there under its name once it is whole. Raises `OSError`."""
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb", opener=_for_us_alone) as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as content:
                yield Writer(content, manifest.files)
                content.writestr(MANIFEST, manifest.text())
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
