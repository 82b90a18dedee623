"""The worker's part with a file that somebody asked for: made page by page, kept encrypted, and told when it is ready.

Each page is a transaction of its own, so that nothing long stands in anybody's way. Whoever loses its worker is begun
anew by another.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Field
from lti_tool.file_store import Away, FileStore, Full
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import exporting_files
from lti_tool.services.exchange.exporting import KEPT, TABLES, check, filename, in_words, log_reading, writer
from lti_tool.services.exchange.exporting_files import Stored
from lti_tool.services.exchange.exporting_tables import AT_ONCE, Asked, Table, count, page
from lti_tool.services.languages import said_in
from lti_tool.services.notifying import notify
from lti_tool.services.personal_data import own_copy, own_data
from lti_tool.services.portfolio.evidence_checks import delete, folder_in
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.messages import MessageKind

LEASE = timedelta(minutes=5)
"""Longer than any page or piece takes; whoever did not go on for so long lost its worker."""
RENEWED = timedelta(minutes=1)
"""So long after it began a lease is made as long again."""
EVERY = 2_000
"""So many rows lie between two notes of how far it is."""
TRIES = 3
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Job:
    """A file in a worker's hands."""

    id: UUID
    asks_before: Mapping[str, Any]
    """What its row asked before this try."""
    leased_until: datetime
    """As it stands in its row while it is in these hands."""
    table: Table | None
    """None: it is a copy of the person's own data."""
    asked: Asked
    form: ExportForm
    language: str


class _TakenAway(Exception):
    """It was called off, or is in other hands."""


class _GivenBack(Exception):
    """The worker is told to stop: another one begins anew."""


def due(session: Session, now: datetime, *, limit: int = 50) -> tuple[UUID, ...]:
    """Files that wait, for the sweep; also those whose worker is gone."""
    return tuple(
        session.scalars(select(ExportRow.id).where(_due(now)).order_by(ExportRow.asked_at, ExportRow.id).limit(limit))
    )


def work(
    sessions: sessionmaker[Session],
    store: FileStore,
    export_id: UUID,
    clock: Clock,
    *,
    directory: Path | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> ExportState | None:
    """Make a file, if it waits and nobody else has it; the answer is how far it is then.

    It lies in `directory` meanwhile, in the clear; None: where the machine keeps what is soon gone.
    """
    job = _take(sessions, export_id, clock)
    if job is None:
        return None
    try:
        return _made(sessions, store, directory, job, clock, stopping)
    except _TakenAway:
        return None
    except _GivenBack:
        back = {"leased_until": None, "rows_done": 0, "asks": job.asks_before}  # stopping is no try
        return _settled(sessions, job, ExportState.WAITING, **back)
    except NotHere:
        return _settled(sessions, job, ExportState.STOPPED, problem="not_yours_now", leased_until=None)
    except (Full, Away) as problem:
        return _settled(sessions, job, ExportState.STOPPED, problem=type(problem).__name__.lower(), leased_until=None)


def purge(session: Session, now: datetime, *, most: int = 200) -> tuple[str, ...]:
    """Files whose time is over; the answer are the names to delete, once this is committed."""
    rows = session.scalars(
        select(ExportRow)
        .where(ExportRow.state == ExportState.READY, ExportRow.kept_until < now)
        .limit(most)
        .with_for_update()
    ).all()
    names = tuple(row.stored_key for row in rows if row.stored_key)
    for row in rows:
        row.state, row.stored_key = ExportState.GONE, None
    session.flush()
    return names


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        ExportRow.state == ExportState.WAITING,
        and_(
            ExportRow.state == ExportState.UNDER_WAY,
            or_(ExportRow.leased_until.is_(None), ExportRow.leased_until <= now),
        ),
    )


def _take(sessions: sessionmaker[Session], export_id: UUID, clock: Clock) -> Job | None:
    now = clock()
    with sessions.begin() as session:
        row = session.scalars(
            select(ExportRow).where(ExportRow.id == export_id, _due(now)).with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        tries = row.asks.get("tries", 0) + 1
        table = TABLES.get(row.what)
        if tries > TRIES or (table is None and row.what != own_copy.NAME):
            row.state, row.problem, row.leased_until = ExportState.STOPPED, "stopped_on_the_way", None
            return None
        before, row.asks = row.asks, {**row.asks, "tries": tries}
        row.state, row.rows_done, row.leased_until = ExportState.UNDER_WAY, 0, now + LEASE
        subject = before.get("subject")
        asked = Asked(row.organization_id, row.person_id, UUID(subject) if subject else None, now)
        return Job(row.id, before, now + LEASE, table, asked, row.form, row.language)


def _made(
    sessions: sessionmaker[Session],
    store: FileStore,
    directory: Path | None,
    job: Job,
    clock: Clock,
    stopping: Callable[[], bool],
) -> ExportState | None:
    with folder_in(directory) as folder:

        def go_on() -> None:
            if stopping():
                raise _GivenBack
            os.utime(folder, (clock().timestamp(),) * 2)  # it is no copy that somebody left behind
            _renew(sessions, job, clock)

        path = Path(folder) / "file"
        if job.table is None:
            made = _own_written(sessions, store, job, path, clock, go_on)
        else:
            made = _written(sessions, job, job.table, path, clock, go_on)
        stored = exporting_files.put(store, path, go_on)
    if _ready(sessions, job, stored, made, clock):
        return ExportState.READY
    delete(store, (stored.name,))
    return None


@dataclass(frozen=True, slots=True)
class _Made:
    """A file that was made."""

    name: str
    filename: str
    shows: frozenset[Field]
    trainees: set[UUID]
    """Whose records are in it."""
    rows: int


def _own_written(
    sessions: sessionmaker[Session],
    store: FileStore,
    job: Job,
    path: Path,
    clock: Clock,
    go_on: Callable[[], None],
) -> _Made:
    with _reading(sessions) as session:
        said = own_data.copy(session, job.asked, clock())
        wanted = own_copy.files(session, job.asked)
    _note(sessions, job, 0, len(wanted), clock)

    def note(number: int) -> None:
        _note(sessions, job, number, len(wanted), clock)

    with path.open("wb") as into:
        own_copy.write(into, said, wanted, store, clock(), own_copy.Watch(note, go_on, path.parent))
    return _Made(own_copy.NAME, own_copy.filename(clock()), frozenset(), set(), len(wanted))


def _written(
    sessions: sessionmaker[Session],
    job: Job,
    table: Table,
    path: Path,
    clock: Clock,
    go_on: Callable[[], None],
) -> _Made:
    with _reading(sessions) as session:
        check(session, table.of, job.asked)
        total = count(session, table, job.asked)
        headings = in_words(session, table, job.asked, job.language)
    _note(sessions, job, 0, total, clock)
    trainees: set[UUID] = set()
    written, after = 0, None
    with writer(job.form, path, said_in(job.language, table.title), headings, job.language) as into:
        while True:
            go_on()
            with _reading(sessions) as session:
                rows, lines = page(session, table, job.asked, after)
            for line in lines:
                into.write(line)
            trainees.update(row[1] for row in rows if row[1] is not None)
            written += len(rows)
            if written % EVERY < len(rows):
                _note(sessions, job, written, max(total, written), clock)
            if len(rows) < AT_ONCE:
                return _Made(table.name, filename(table.name, job.form, clock()), table.shows, trainees, written)
            after = rows[-1][0]


@contextmanager
def _reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads: on SQLite it keeps nobody from writing."""
    with sessions() as session:
        session.connection(execution_options={"attune_writes": False})
        yield session


def _note(sessions: sessionmaker[Session], job: Job, done: int, total: int, clock: Clock) -> None:
    until = clock() + LEASE
    with sessions.begin() as session:
        if not _changed(session, job, rows_done=done, rows_total=total, leased_until=until):
            raise _TakenAway
    job.leased_until = until


def _renew(sessions: sessionmaker[Session], job: Job, clock: Clock) -> None:
    until = clock() + LEASE
    if until < job.leased_until + RENEWED:
        return
    with sessions.begin() as session:
        if not _changed(session, job, leased_until=until):
            raise _TakenAway
    job.leased_until = until


def _ready(sessions: sessionmaker[Session], job: Job, stored: Stored, made: _Made, clock: Clock) -> bool:
    """Whether it was still wanted: then it is there, whose records it holds can see so, and its person is told."""
    now, asked = clock(), job.asked
    with sessions.begin() as session:
        there = _changed(
            session,
            job,
            state=ExportState.READY,
            rows_done=made.rows,
            rows_total=made.rows,
            leased_until=None,
            ready_at=now,
            kept_until=now + KEPT,
            stored_key=stored.name,
            filename=made.filename,
            size=stored.size,
            digest=stored.digest,
            problem=None,
        )
        if not there:
            return False
        log_reading(session, asked, made.shows, made.trainees, now)
        audit.write(
            session,
            organization_id=asked.organization_id,
            person_id=asked.person_id,
            act="export.ready",
            subject=f"export:{job.id}",
            now=now,
            table=made.name,
            rows=made.rows,
            digest=stored.digest,
        )
        notify.news(
            session,
            organization_id=asked.organization_id,
            person_id=asked.person_id,
            now=now,
            kind=MessageKind.EXPORT,
            path=f"/exports/{job.id}",
        )
    return True


def _settled(sessions: sessionmaker[Session], job: Job, state: ExportState, **values: object) -> ExportState | None:
    with sessions.begin() as session:
        return state if _changed(session, job, state=state, **values) else None


def _changed(session: Session, job: Job, **values: object) -> bool:
    """Whether it was still in this worker's hands."""
    found = session.execute(
        update(ExportRow)
        .where(
            ExportRow.id == job.id,
            ExportRow.state == ExportState.UNDER_WAY,
            ExportRow.leased_until == job.leased_until,
        )
        .values(**values)
        .returning(ExportRow.id)
        .execution_options(synchronize_session=False)
    )
    return found.one_or_none() is not None
