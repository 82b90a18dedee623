"""Files that someone brings: kept, read and compared by the worker, shown, and taken in once the person says so.

A file is a row. Nothing is written of what it holds before its person has seen what would change, row by row; and
where that is not what would change any more, they are shown it anew instead.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from lti_tool.documents.formats import Format
from lti_tool.services import audit
from lti_tool.services.places import NotHere
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.files import FileHolds, FileRow, FileState
from rubrics.refusal import _N, Refused

LARGEST = 20_000_000
"""Bytes of a file."""
MOST_FILES = 30
"""So many files of one person are kept at a time."""
CONTENT_KEPT = timedelta(days=1)
KEPT = timedelta(days=30)
LEASE = timedelta(minutes=5)
"""Longer than any file takes from one step to the next; a file that did not go on for so long lost its worker."""
TRIES = 3
"""A file with which so many workers stopped on the way is not begun again."""
GAVE_UP = _N(
    "Attune stopped on the way, several times. Nothing was taken in. Please try again; if it happens once more, tell "
    "your operator, who finds the reason in the log."
)
LONGEST_NAME = 200
OPEN = (FileState.WAITING, FileState.READING, FileState.WANTED, FileState.TAKING_IN)
"""States in which the worker is to go on."""
_CHOICES = ("format", "encoding", "separator", "language")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person said about the file; None is for Attune to recognize."""

    format: Format | None = None
    encoding: str | None = None
    separator: str | None = None
    language: str | None = None


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


@dataclass(frozen=True, slots=True)
class Job:
    """A file in the worker's hands: everything that is needed without the database."""

    id: UUID
    organization_id: UUID
    person_id: UUID
    name: str
    content: bytes
    choices: Choices
    wanted: bool
    """To be taken in; else only to be read and compared."""
    shown: str
    """The digest of the plan that the person said yes to."""
    rewrite: bool
    """Whether open drafts get the words of the file."""


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
        options={key: value for key in _CHOICES if (value := getattr(choices, key))},
        content=content,
        state=FileState.WAITING,
        done=0,
        brought_at=now,
        moved_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, row, "file.bring", now, bytes=len(content))
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
    row.options = {key: value for key in _CHOICES if (value := getattr(choices, key))}
    row.state, row.done, row.total, row.plan, row.problems = FileState.WAITING, 0, None, None, None
    row.moved_at, row.ended_at = now, None
    session.flush()


def take_away(session: Session, visitor: Visitor, file_id: UUID, now: datetime) -> None:
    """Take the file away; what was taken in of it stays. Raises `NotHere`."""
    row = _row(session, visitor, file_id, to_change=True)
    _audit(session, row, "file.take_away", now)
    session.delete(row)
    session.flush()


# ---- in the worker's hands ----


def due(session: Session, now: datetime, *, limit: int = 50) -> tuple[UUID, ...]:
    """Files that wait, for the sweep; those whose worker is gone wait again, or are shown again."""
    for state, former in ((FileState.READING, FileState.WAITING), (FileState.TAKING_IN, FileState.READ)):
        session.execute(
            update(FileRow)
            .where(FileRow.state == state, FileRow.moved_at <= now - LEASE)
            .values(state=former, done=0, moved_at=now)
            .execution_options(synchronize_session=False)
        )
    waiting = select(FileRow.id).where(FileRow.state.in_((FileState.WAITING, FileState.WANTED)))
    return tuple(session.scalars(waiting.order_by(FileRow.moved_at).limit(limit)))


def take(session: Session, file_id: UUID, now: datetime) -> Job | None:
    """Take a file that waits; None where another worker has it, or there is nothing to do."""
    row = session.scalars(
        select(FileRow)
        .where(FileRow.id == file_id, FileRow.state.in_((FileState.WAITING, FileState.WANTED)))
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    wanted, tries = row.state is FileState.WANTED, row.options.get("tries", 0) + 1
    if tries > TRIES:
        row.state, row.ended_at, row.problems = (
            FileState.NOT_TAKEN,
            now,
            [{"place": "", "template": GAVE_UP, "values": {}}],
        )
        return None
    row.options = {**row.options, "tries": tries}
    row.state, row.moved_at = (FileState.TAKING_IN if wanted else FileState.READING), now
    session.flush()
    return Job(
        id=row.id,
        organization_id=row.organization_id,
        person_id=row.person_id,
        name=row.name,
        content=row.content,
        choices=_choices(row.options),
        wanted=wanted,
        shown=row.options.get("shown", ""),
        rewrite=row.options.get("rewrite", False),
    )


def moves_on(session: Session, job: Job, done: int, total: int, now: datetime) -> bool:
    """Note how far it is; False where it was taken from this worker meanwhile, which is to end then."""
    return _settled(session, job, done=min(done, total), total=total, moved_at=now)


def show(session: Session, job: Job, plan: dict[str, Any], holds: FileHolds, now: datetime) -> bool:
    """It was read: what would change waits for the person."""
    values = {"plan": plan, "holds": holds, "problems": None, "total": plan["rows"], "done": plan["rows"]}
    return _settled(session, job, state=FileState.READ, moved_at=now, **values)


def done(session: Session, job: Job, plan: dict[str, Any], now: datetime, **facts: int) -> bool:
    """It was taken in, in this transaction; `plan` says what was changed."""
    if not _settled(session, job, state=FileState.TAKEN_IN, plan=plan, done=plan["rows"], moved_at=now, ended_at=now):
        return False
    row = session.scalars(select(FileRow).where(FileRow.id == job.id)).one()
    _audit(session, row, "file.take_in", now, **facts)
    return True


def mend(session: Session, job: Job, problems: list[dict[str, Any]], now: datetime) -> bool:
    """It cannot be used as it is, and nothing of it was taken in."""
    return _settled(session, job, state=FileState.NOT_TAKEN, plan=None, problems=problems, moved_at=now, ended_at=now)


def plan_digest(lines: list[dict[str, Any]]) -> str:
    """Equal for plans that say the same."""
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()


def _settled(session: Session, job: Job, **values: object) -> bool:
    state = FileState.TAKING_IN if job.wanted else FileState.READING
    found = session.execute(
        update(FileRow)
        .where(FileRow.id == job.id, FileRow.state == state)
        .values(**values)
        .returning(FileRow.id)
        .execution_options(synchronize_session=False)
    )
    return found.one_or_none() is not None


# ---- rows ----


def _files(visitor: Visitor) -> Any:
    mine = (FileRow.person_id == visitor.person_id, FileRow.organization_id == visitor.organization_id)
    return select(FileRow, func.length(FileRow.content) > 0).where(*mine).options(defer(FileRow.plan))


def _file(row: FileRow, has_content: bool) -> BroughtFile:
    return BroughtFile(
        id=row.id,
        name=row.name,
        holds=row.holds,
        format=_choices(row.options).format,
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


def _choices(options: dict[str, Any]) -> Choices:
    chosen = options.get("format")
    return Choices(
        Format(chosen) if chosen else None, options.get("encoding"), options.get("separator"), options.get("language")
    )


def _plain(name: str) -> str:
    """The name without folders, as browsers and people may send them."""
    last = PureWindowsPath(PurePosixPath(name).name).name.strip()
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME] or "file"


def _audit(session: Session, row: FileRow, act: str, now: datetime, **facts: int) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=row.person_id,
        act=act,
        subject=f"file:{row.id}",
        now=now,
        **facts,
    )
