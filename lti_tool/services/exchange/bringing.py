"""Files that someone brings: kept, read and compared by the worker, shown, and taken in once the person says so.

A file is a row. Nothing is written of what it holds before its person has seen what would change, row by row; and
where that is not what would change any more, they are shown it anew instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from lti_tool.documents.formats import Format
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.exchange.file_jobs import CHOICES, Choices, audited, chosen
from lti_tool.store.base import new_id
from lti_tool.store.files import FileHolds, FileRow, FileState
from rubrics.refusal import Refused

LARGEST = 20_000_000
"""Bytes of a file."""
MOST_FILES = 30
"""So many files of one person are kept at a time."""
CONTENT_KEPT = timedelta(days=1)
KEPT = timedelta(days=30)
LONGEST_NAME = 200
OPEN = (FileState.WAITING, FileState.READING, FileState.WANTED, FileState.TAKING_IN)
"""States in which the worker is to go on."""


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """A file as its person sees it."""

    id: UUID
    name: str
    holds: FileHolds
    format: Format | None
    state: FileState
    done: int
    total: int | None
    brought_at: datetime
    moved_at: datetime
    problems: tuple[dict[str, Any], ...]
    has_content: bool
    """False a day after: then it has to be brought again before it can be taken in."""

    @property
    def is_open(self) -> bool:
        """Whether the worker is to go on with it."""
        return self.state in OPEN


def bring(session: Session, visitor: Visitor, name: str, content: bytes, choices: Choices, now: datetime) -> UUID:
    """Keep the file, to be read by the worker. Raises `Refused`."""
    if not content:
        raise Refused("file_empty", "There is nothing in this file. Please choose another one.")
    if len(content) > LARGEST:
        raise Refused("file_large", "This file is larger than 20 MB. Please bring it in parts.")
    mine = select(func.count()).where(FileRow.person_id == visitor.person_id, func.length(FileRow.content) > 0)
    if session.scalars(mine).one() >= MOST_FILES:
        raise Refused("files_many", "You brought many files today. Please take one away from the list first.")
    row = FileRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        name=_plain(name),
        holds=FileHolds.RUBRICS,
        options={key: value for key in CHOICES if (value := getattr(choices, key))},
        content=content,
        state=FileState.WAITING,
        done=0,
        brought_at=now,
        moved_at=now,
    )
    session.add(row)
    session.flush()
    audited(session, row, "file.bring", now, bytes=len(content))
    return row.id


def mine(session: Session, visitor: Visitor) -> tuple[BroughtFile, ...]:
    """The visitor's files, the newest first."""
    rows = session.execute(_files(visitor).order_by(FileRow.brought_at.desc(), FileRow.id.desc())).all()
    return tuple(_file(row, has_content) for row, has_content in rows)


def file(session: Session, visitor: Visitor, file_id: UUID) -> BroughtFile:
    """One of the visitor's files. Raises `NotHere`, also for a file that someone else brought."""
    found = session.execute(_files(visitor).where(FileRow.id == file_id)).one_or_none()
    if found is None:
        raise NotHere
    return _file(*found)


def plan_of(session: Session, visitor: Visitor, file_id: UUID) -> dict[str, Any] | None:
    """What the file would change, or changed, as `file_work` wrote it; None until it was read."""
    return _row(session, visitor, file_id).plan


def want(session: Session, visitor: Visitor, file_id: UUID, *, shown: str, rewrite: bool | None, now: datetime) -> None:
    """Have the file taken in as it was shown. Raises `Refused`, `NotHere`."""
    row = _row(session, visitor, file_id, to_change=True)
    if row.state in (FileState.WANTED, FileState.TAKING_IN, FileState.TAKEN_IN):
        return
    if row.state is not FileState.READ or row.plan is None:
        raise Refused("file_not_read", "This file cannot be taken in as it is. Please look at what is to be mended.")
    if not row.content:
        raise Refused("file_old", "Files are taken away a day after they came. Please bring this one again.")
    if row.plan["digest"] != shown:
        raise Refused("file_shown", "What would change is not what you were shown. Please look at it again.")
    if row.plan["rewrites"] and rewrite is None:
        raise Refused("file_rewrite", "Please say what is to become of the drafts that are being written.")
    row.options = {**row.options, "shown": shown, "rewrite": bool(rewrite), "tries": 0}
    row.state, row.done, row.moved_at = FileState.WANTED, 0, now
    session.flush()


def read_again(session: Session, visitor: Visitor, file_id: UUID, choices: Choices, now: datetime) -> None:
    """Have a file read once more that was not taken in, with other choices. Raises `Refused`, `NotHere`."""
    row = _row(session, visitor, file_id, to_change=True)
    if row.state not in (FileState.READ, FileState.NOT_TAKEN):
        return
    if not row.content:
        raise Refused("file_old", "Files are taken away a day after they came. Please bring this one again.")
    row.options = {key: value for key in CHOICES if (value := getattr(choices, key))}
    row.state, row.done, row.total, row.plan, row.problems = FileState.WAITING, 0, None, None, None
    row.moved_at, row.ended_at = now, None
    session.flush()


def take_away(session: Session, visitor: Visitor, file_id: UUID, now: datetime) -> None:
    """Take the file away; what was taken in of it stays. Raises `NotHere`."""
    row = _row(session, visitor, file_id, to_change=True)
    audited(session, row, "file.take_away", now)
    session.delete(row)
    session.flush()


# ---- rows ----


def _files(visitor: Visitor) -> Any:
    mine = (FileRow.person_id == visitor.person_id, FileRow.organization_id == visitor.organization_id)
    return select(FileRow, func.length(FileRow.content) > 0).where(*mine).options(defer(FileRow.plan))


def _file(row: FileRow, has_content: bool) -> BroughtFile:
    return BroughtFile(
        id=row.id,
        name=row.name,
        holds=row.holds,
        format=chosen(row.options).format,
        state=row.state,
        done=row.done,
        total=row.total,
        brought_at=row.brought_at,
        moved_at=row.moved_at,
        problems=tuple(row.problems or ()),
        has_content=has_content,
    )


def _row(session: Session, visitor: Visitor, file_id: UUID, *, to_change: bool = False) -> FileRow:
    asked = select(FileRow).where(
        FileRow.id == file_id,
        FileRow.person_id == visitor.person_id,
        FileRow.organization_id == visitor.organization_id,
    )
    row = session.scalars(asked.with_for_update() if to_change else asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _plain(name: str) -> str:
    """The name without folders, as browsers and people may send them."""
    last = PureWindowsPath(PurePosixPath(name).name).name.strip()
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME] or "file"
