"""A person's own data to take along: one archive with everything that is written, and the files that they brought."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lti_tool.documents.magic import ENDINGS
from lti_tool.file_store import CHUNK, FileStore, NotStored, Unreadable
from lti_tool.services.personal_data.record_access import Reads
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.evidence import EvidenceRow
from rubrics.evidence import EvidenceState
from rubrics.refusal import _N

NAME = "own_copy"
"""What it is called among files that a worker makes."""
TITLE = _N("A copy of your data")
LIST = "my-data.json"
SMALL = 10_000_000
"""Archives with fewer bytes of files are made while somebody waits."""
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of theirs, with where it goes in the archive."""

    evidence_id: UUID
    stored_name: str
    name: str
    media_type: str
    size: int
    digest: str | None
    """SHA-256 of its content; None: it was never worked out, as of captions."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on while an archive is written, which may take long."""

    after_each: Callable[[int], None] = lambda number: None
    """Told how many files were gone through."""
    go_on: Callable[[], None] = lambda: None
    """Called with each piece of a file."""
    folder: Path | None = None
    """Where a large file lies until it is whole; None: where the machine keeps what is soon gone."""


NOBODY = Watch()


def size_of_files(session: Session, by: Reads) -> int:
    """How many bytes all their files have together."""
    ids = all_ids(session, {by.person_id})
    asked = select(func.coalesce(func.sum(EvidenceRow.size), 0)).where(*_kept(ids))
    return int(session.scalars(asked).one() or 0)


def files(session: Session, by: Reads) -> tuple[OwnFile, ...]:
    """Files that they brought and that can be opened, with their captions; the oldest first."""
    kept = _kept(all_ids(session, {by.person_id}))
    rows = session.scalars(select(EvidenceRow).where(*kept).order_by(EvidenceRow.made_at, EvidenceRow.id))
    return tuple(each for number, row in enumerate(rows, start=1) for each in _of(number, row))


def write(
    into: IO[bytes],
    said: Mapping[str, Any],
    wanted: tuple[OwnFile, ...],
    store: FileStore | None,
    now: datetime,
    watch: Watch = NOBODY,
) -> None:
    """Write the archive: files piece by piece, then `my-data.json`: what is `said` by `own_data.copy`, and a list.

    The list says of each file whether it is in the archive: what is gone or damaged is not.

    Raises `Away` where the store does not answer, and what `watch` raises.
    """
    date = now.timetuple()[:6]
    listed = []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for number, each in enumerate(wanted, start=1):
            there = _written(archive, zipfile.ZipInfo(each.name, date), each, store, watch)
            listed.append(_listed(each, there=there))
            watch.after_each(number)
        about = zipfile.ZipInfo(LIST, date)
        about.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(about, json.dumps({**said, "files": listed}, ensure_ascii=False, indent=1))


def filename(now: datetime) -> str:
    """What the archive is called."""
    return f"attune-my-data-{now.date().isoformat()}.zip"


def _kept(ids: Mapping[UUID, UUID]) -> tuple[ColumnElement[bool], ...]:
    return (
        EvidenceRow.owner_id.in_(ids), EvidenceRow.state == EvidenceState.READY, EvidenceRow.stored_name.is_not(None),
        EvidenceRow.media_type.is_not(None), EvidenceRow.size.is_not(None),
    )  # fmt: skip


def _of(number: int, row: EvidenceRow) -> Iterator[OwnFile]:
    media_type, size, stored = row.media_type or "", row.size or 0, row.stored_name or ""
    plain = "".join(sign if sign.isalnum() else "-" for sign in row.title or "")[:LONGEST_NAME].strip("-")
    name = f"files/{number:03d}-{plain}" if plain else f"files/{number:03d}"
    yield OwnFile(row.id, stored, f"{name}.{ENDINGS.get(media_type, 'bin')}", media_type, size, row.digest)
    if row.captions_name is not None:
        tag = row.captions_language or "captions"
        yield OwnFile(row.id, row.captions_name, f"{name}.{tag}.vtt", "text/vtt", 0, None)


def _written(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: OwnFile, store: FileStore | None, watch: Watch
) -> bool:
    """Whether it could be read, from its beginning to its end: what cannot does not keep the rest from its person."""
    if store is None:
        return False
    with tempfile.SpooledTemporaryFile(SMALL, dir=str(watch.folder) if watch.folder else None) as whole:
        try:
            for piece in store.read(file.stored_name):
                whole.write(piece)
                watch.go_on()
        except (NotStored, Unreadable):
            return False
        whole.seek(0)
        with archive.open(entry, "w", force_zip64=True) as into:
            while piece := whole.read(CHUNK):
                into.write(piece)
                watch.go_on()
    return True


def _listed(file: OwnFile, *, there: bool) -> dict[str, object]:
    return {
        "evidence": str(file.evidence_id),
        "name": file.name,
        "media_type": file.media_type,
        "sha256": file.digest,
        "in_this_archive": there,
    }
