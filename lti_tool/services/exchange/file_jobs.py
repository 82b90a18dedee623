"""Files in the worker's hands: taken up one at a time, moved on, and shown, mended or done in the end."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.documents.formats import Format
from lti_tool.services import audit
from lti_tool.store.files import FileHolds, FileRow, FileState
from rubrics.refusal import _N

LEASE = timedelta(minutes=5)
"""Longer than any file takes from one step to the next; a file that did not go on for so long lost its worker."""
TRIES = 3
"""A file with which so many workers stopped on the way is not begun again."""
GAVE_UP = _N(
    "Attune stopped on the way, several times. Nothing was taken in. Please try again; if it happens once more, tell "
    "your operator, who finds the reason in the log."
)
CHOICES = ("format", "encoding", "separator", "language")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person said about the file; None is for Attune to recognize."""

    format: Format | None = None
    encoding: str | None = None
    separator: str | None = None
    language: str | None = None


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
        choices=chosen(row.options),
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
    audited(session, row, "file.take_in", now, **facts)
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


def chosen(options: dict[str, Any]) -> Choices:
    """What the person said, from the row."""
    named = options.get("format")
    return Choices(
        Format(named) if named else None, options.get("encoding"), options.get("separator"), options.get("language")
    )


def audited(session: Session, row: FileRow, act: str, now: datetime, **facts: int) -> None:
    """Note the act in the audit, as the file's person's."""
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=row.person_id,
        act=act,
        subject=f"file:{row.id}",
        now=now,
        **facts,
    )
