"""The worker's part with a file of evidence: looked at and made anew before anybody can open it."""

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.documents import apart
from lti_tool.documents.apart import MadeAnew
from lti_tool.file_store import Away, FileStore, Full, NotStored
from lti_tool.services.notifying import notify
from lti_tool.services.portfolio.evidence import audited
from lti_tool.services.portfolio.evidence_sharing import tell
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.messages import MessageKind
from rubrics.evidence import EvidenceState
from rubrics.refusal import Refused

log = structlog.get_logger("attune.worker")

LEASE = timedelta(hours=1)
"""Longer than any file takes; one that is still being looked at then lost its worker."""
TRIES = 3
COPIES = "looking-"
"""Copies lie in a folder whose name begins so."""
UNDER_WAY = "looking_"
"""Stands for `problem` while a worker has it, with the number of the try behind it."""
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """A file in a worker's hands."""

    id: UUID
    stored_name: str
    tries: int


@dataclass(frozen=True, slots=True)
class _Result:
    made: MadeAnew
    name: str
    size: int
    digest: str


def due(session: Session, now: datetime, *, limit: int = 50) -> tuple[UUID, ...]:
    """Files that wait to be looked at, for the sweep; also those whose worker is gone."""
    return tuple(
        session.scalars(
            select(EvidenceRow.id)
            .where(
                EvidenceRow.state == EvidenceState.CHECKING,
                or_(EvidenceRow.problem.is_(None), EvidenceRow.moved_at < now - LEASE),
            )
            .order_by(EvidenceRow.moved_at)
            .limit(limit)
        )
    )


def work(
    sessions: sessionmaker[Session], store: FileStore, directory: Path | None, evidence_id: UUID, clock: Clock
) -> EvidenceState | None:
    """Look at one file, if it waits and nobody else has it; the answer is how far it is then.

    A copy lies in `directory` meanwhile. A store that does not answer is asked again later.
    """
    with sessions.begin() as session:
        job = take(session, evidence_id, clock())
    if job is None:
        return None
    try:
        return _settled(sessions, store, job, _looked_at(store, directory, job), clock)
    except (Refused, NotStored) as problem:
        code = problem.code if isinstance(problem, Refused) else "gave_up"
        return _not_taken(sessions, store, job, code, clock)
    except (Away, Full):
        with sessions.begin() as session:
            _given_back(session, job, clock())
        raise


def take(session: Session, evidence_id: UUID, now: datetime) -> Job | None:
    """Take it up; None where it does not wait. A file with which several workers went down is not begun again."""
    row = _held(session, evidence_id)
    if row is None or row.state is not EvidenceState.CHECKING or row.stored_name is None:
        return None
    if row.problem is not None and row.moved_at >= now - LEASE:
        return None
    tries = int(row.problem.removeprefix(UNDER_WAY)) + 1 if row.problem else 1
    if tries > TRIES:
        _close(session, row, "gave_up", now)
        return None
    row.problem, row.moved_at = f"{UNDER_WAY}{tries}", now
    return Job(row.id, row.stored_name, tries)


def _looked_at(store: FileStore, directory: Path | None, job: Job) -> _Result:
    with folder_in(directory) as folder:
        came, kept = Path(folder, "came"), Path(folder, "kept")
        with came.open("wb") as file:
            for piece in store.read(job.stored_name):
                file.write(piece)
        made = apart.made_anew(came, kept)
        came.unlink()
        name = secrets.token_hex(16)
        with kept.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            store.put(name, file)
        return _Result(made, name, kept.stat().st_size, digest)


def _settled(
    sessions: sessionmaker[Session], store: FileStore, job: Job, result: _Result, clock: Clock
) -> EvidenceState | None:
    with sessions.begin() as session:
        row = _held(session, job.id)
        state = _keep(session, row, job, result, clock()) if row is not None else None
    delete(store, (job.stored_name,) if state is not None else (result.name,))
    return state


def _keep(session: Session, row: EvidenceRow, job: Job, result: _Result, now: datetime) -> EvidenceState | None:
    """Also where it was taken back meanwhile: it can be brought back. None where its content was taken away."""
    if row.stored_name != job.stored_name:
        return None
    row.kind, row.media_type, row.stored_name = result.made.kind, result.made.media_type, result.name
    row.size, row.digest, row.problem = result.size, result.digest, None
    if row.state is EvidenceState.CHECKING:
        row.state, row.moved_at = EvidenceState.READY, now
        session.flush()
        audited(session, row, "evidence.ready", now, kind=row.kind.value, bytes=row.size)
        tell(session, row, now)
    return row.state


def _not_taken(
    sessions: sessionmaker[Session], store: FileStore, job: Job, code: str, clock: Clock
) -> EvidenceState | None:
    with sessions.begin() as session:
        row = _held(session, job.id)
        if row is None or row.stored_name != job.stored_name:
            return None
        _close(session, row, code, clock())
    delete(store, (job.stored_name,))
    return EvidenceState.NOT_TAKEN


def _close(session: Session, row: EvidenceRow, code: str, now: datetime) -> None:
    """Nothing of it is kept. What its owner wrote about it stays, and they are told."""
    row.problem, row.stored_name = code, None
    if row.state is EvidenceState.CHECKING:
        row.state, row.moved_at = EvidenceState.NOT_TAKEN, now
    session.flush()
    audited(session, row, "evidence.not_taken", now, problem=code)
    notify.news(
        session,
        organization_id=row.organization_id,
        person_id=row.owner_id,
        now=now,
        kind=MessageKind.EVIDENCE,
        path=f"/evidence/{row.id}",
    )


def _given_back(session: Session, job: Job, now: datetime) -> None:
    row = _held(session, job.id)
    if row is not None and row.state is EvidenceState.CHECKING:
        row.problem, row.moved_at = None, now


def folder_in(directory: Path | None) -> tempfile.TemporaryDirectory[str]:
    """A folder for a file while a worker has it; where the worker goes down, `clear` takes it away."""
    if directory is not None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=directory, prefix=COPIES)


def clear(directory: Path, now: datetime) -> None:
    """Take folders away that a worker left behind when it went down and that nobody touched for an hour.

    What lies in them is in the clear, and what was brought is as it came, with place and all.
    """
    for folder in directory.glob(f"{COPIES}*"):
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - LEASE:
            shutil.rmtree(folder, ignore_errors=True)


def _held(session: Session, evidence_id: UUID) -> EvidenceRow | None:
    return session.scalars(
        select(EvidenceRow)
        .where(EvidenceRow.id == evidence_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def delete(store: FileStore, names: tuple[str, ...]) -> None:
    """Take these away. Where the store does not answer they stay: the night's sweep finds what no row names."""
    for name in names:
        try:
            store.delete(name)
        except Away:
            log.warning("a file could not be deleted yet")
