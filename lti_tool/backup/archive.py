"""The file of a backup: a ZIP of the rows of each table, the files, and a list of what should be in it."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from lti_tool import __version__, migrations
from lti_tool.backup import tables
from lti_tool.backup.rows import Digest
from lti_tool.file_store import CHUNK, FileStore, NotStored
from lti_tool.file_store.disk import PART

FORMAT = "attune-backup/1"
LIST = "attune-backup.json"
LARGEST_LIST = 1_000_000_000
"""Several million files: more would be no list of ours."""


class NotABackup(Exception):
    """This file is no backup, or not a whole one; the message says what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class TableIn:
    """What a backup says of a table."""

    columns: tuple[str, ...]
    """In the order of the values in each line."""
    rows: int
    digest: str
    """See `rows.Digest`."""


@dataclass(frozen=True, slots=True)
class FileIn:
    """What it says of a file of evidence."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a backup says of itself."""

    attune: str
    """The version of Attune that made it."""
    revision: str
    """Of the database."""
    made_at: str
    tables: Mapping[str, TableIn]
    files: Mapping[str, FileIn] | None
    """None: files were left out, as where they lie in a bucket with backups of its own."""

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())


def write(path: Path, connection: Connection, files: FileStore | None, made_at: str) -> Listed:
    """Write all that this connection sees, then the files.

    The caller gives a connection whose reads are all of one moment. Files come after the rows: one that came in between
    is of no row and does no harm. Raises `OSError`; what was written then is taken away.
    """
    revision = migrations.current(connection)
    if revision is None:
        raise NotABackup("The database has never been set up: there is nothing to keep.")
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb", opener=_for_us_alone) as opened:
            with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as content:
                kept = {table.name: _write_table(content, connection, table) for table in tables.tables(connection)}
                there = None if files is None else dict(_write_files(content, files))
                listed = Listed(__version__, revision, made_at, kept, there)
                content.writestr(LIST, json.dumps({"format": FORMAT, **asdict(listed)}, indent=1))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return listed


def read_list(path: Path) -> Listed:
    """What a backup says of itself. Raises `NotABackup`."""
    with opened(path) as content:
        return _listed(content)


def opened(path: Path) -> zipfile.ZipFile:
    """Raises `NotABackup`."""
    try:
        return zipfile.ZipFile(path)
    except OSError as problem:
        raise NotABackup(f"{path} cannot be opened: {problem.strerror}.") from None
    except zipfile.BadZipFile:
        raise NotABackup(f"{path} is no backup of Attune, or only the beginning of one: it is no ZIP file.") from None


def troubles(path: Path) -> Iterator[str]:
    """What in a backup is not as its list says, a sentence each; nothing where it is whole. Raises `NotABackup`."""
    with opened(path) as content:
        listed = _listed(content)
        for name, table in listed.tables.items():
            found = Digest()
            try:
                for each in table_lines(content, name):
                    found.add(each)
            except (KeyError, zipfile.BadZipFile, EOFError, OSError) as problem:
                yield f"The table {name} cannot be read: {problem}."
                continue
            if (found.rows, found.hex) != (table.rows, table.digest):
                yield f"The table {name} is not as it was: {found.rows} rows of {table.rows}, or one of them changed."
        for name, file in (listed.files or {}).items():
            try:
                with content.open(f"files/{name}") as one:
                    same = _sha256(one) == file.sha256
            except (KeyError, zipfile.BadZipFile, EOFError, OSError) as problem:
                yield f"The file {name} cannot be read: {problem}."
                continue
            if not same:
                yield f"The file {name} is not as it was."


def table_lines(content: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The rows of a table."""
    with content.open(f"tables/{name}.jsonl") as rows:
        for each in rows:
            yield each.rstrip(b"\n")


def _write_table(content: zipfile.ZipFile, connection: Connection, table: Any) -> TableIn:
    found = Digest()
    with content.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as to:
        for each in tables.lines(connection, table):
            found.add(each)
            to.write(each + b"\n")
    return TableIn(tuple(column.name for column in tables.in_order(table)), found.rows, found.hex)


def _write_files(content: zipfile.ZipFile, files: FileStore) -> Iterator[tuple[str, FileIn]]:
    for name, _came in files.names():
        if name.endswith(PART):
            continue
        sha256, size = hashlib.sha256(), 0
        try:
            pieces = files.read(name)
        except NotStored:  # taken away in this moment
            continue
        with content.open(zipfile.ZipInfo(f"files/{name}"), "w", force_zip64=True) as to:
            for piece in pieces:
                sha256.update(piece)
                size += len(piece)
                to.write(piece)
        yield name, FileIn(size, sha256.hexdigest())


def _listed(content: zipfile.ZipFile) -> Listed:
    try:
        if content.getinfo(LIST).file_size > LARGEST_LIST:
            raise NotABackup("Its list is larger than any.")
        said = json.loads(content.read(LIST))
        if said["format"] != FORMAT:
            raise NotABackup(f"It is of the form {said['format']}; this version of Attune reads {FORMAT}.")
        files = said["files"]
        return Listed(
            said["attune"],
            said["revision"],
            said["made_at"],
            {name: TableIn(tuple(one["columns"]), one["rows"], one["digest"]) for name, one in said["tables"].items()},
            None if files is None else {name: FileIn(one["bytes"], one["sha256"]) for name, one in files.items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile):
        raise NotABackup("It is no backup of Attune: the list of what is in it is absent or odd.") from None


def _sha256(one: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := one.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
