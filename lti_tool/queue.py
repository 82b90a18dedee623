"""The queue between the web and the worker: messages only say "look at this row".

Losing one loses nothing (a sweep finds rows that nobody looked at); doing one twice changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url

from lti_tool.settings import Settings


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: whoever can write to the queue's table cannot make us run anything."""

    def _serialize(self, data: Any) -> bytes:
        content = {"message": data._asdict()} if isinstance(data, Message) else {"value": data}
        return json.dumps(content, default=datetime.isoformat).encode()

    def _deserialize(self, data: bytes) -> Any:
        content = json.loads(data)
        if "message" not in content:
            return content["value"]
        message = Message(**content["message"])
        return message if message.eta is None else message._replace(eta=datetime.fromisoformat(message.eta))


class Kind(StrEnum):
    """The kinds of row that the worker looks at."""

    DELIVERY = "delivery"
    """a score that should be in the LMS"""
    PLATFORM = "platform"
    """a platform for which scores wait"""
    COLUMN = "column"
    """a gradebook column that is to be made or changed in the LMS"""
    READ_BACK = "read_back"
    """a gradebook column whose scores are to be compared with what the LMS shows"""
    ROSTER_READ = "roster_read"
    """a reading of a course's list of people"""
    NOTICE = "notice"
    """a notice that a platform sent"""
    NOTICE_HANDLER = "notice_handler"
    """a kind of notice to be asked for"""
    FILE = "file"
    """a file that someone brought"""
    EVIDENCE = "evidence"
    """a file of evidence that is to be looked at"""
    MAIL = "mail"
    """a mail that should go out"""
    RESULTS = "results"
    """a column of the LMS whose results say that something was done"""
    STANDING = "standing"
    """a program in which standings that are kept are to be worked out anew"""
    EXPORT = "export"
    """a file that somebody asked for"""


LookAt = Callable[[Kind, UUID], None]
"""Look at one row, if it still has work."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the worker does; the web opens the queue without it, only to ask."""

    look_at: Mapping[Kind, Callable[[UUID], None]]
    sweep: Callable[[], None]
    """Every minute: ask for all rows that have work."""
    nightly: Callable[[], None]
    clean: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Queue:
    """An open queue."""

    huey: Huey
    look_at: LookAt
    """Ask the worker to look at one row."""
    next: LookAt
    """The same, before all that waits: for what is bounded, and would wait too long behind much else."""
    later: Callable[[Kind, UUID, timedelta], None]
    """The same, once so much time has gone by."""


def open_queue(settings: Settings, work: Work | None = None) -> Queue:
    """The queue that belongs to the database: a file beside SQLite's, tables in PostgreSQL."""
    huey = _huey(settings)

    @huey.task(name="look_at")  # type: ignore[untyped-decorator]  # huey has no types
    def look_at(kind: str, row_id: str) -> None:
        _given(work).look_at[Kind(kind)](UUID(row_id))

    @huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]  # huey has no types
    def sweep() -> None:
        _given(work).sweep()

    @huey.periodic_task(crontab(hour="3", minute="7"), name="nightly")  # type: ignore[untyped-decorator]  # huey has no types
    def nightly() -> None:
        _given(work).nightly()

    @huey.periodic_task(crontab(minute="17"), name="clean")  # type: ignore[untyped-decorator]  # huey has no types
    def clean() -> None:
        _given(work).clean()

    def ask(kind: Kind, row_id: UUID, **how: Any) -> None:
        message = look_at.s(kind.value, str(row_id), **how)
        try:
            huey.enqueue(message)
        except psycopg.OperationalError:  # the connection was lost; the next one is new
            huey.enqueue(message)

    return Queue(
        huey,
        look_at=lambda kind, row_id: ask(kind, row_id),
        next=lambda kind, row_id: ask(kind, row_id, priority=1),
        later=lambda kind, row_id, wait: ask(kind, row_id, delay=wait.total_seconds()),
    )


ONE_AT_A_TIME = 2_018_915_346
"""Names the lock under which tables of the queue are made."""


def _huey(settings: Settings) -> Huey:
    url = make_url(settings.database_url)
    common = {"results": False, "utc": True, "serializer": JsonSerializer()}
    if settings.on_sqlite:
        return SqliteHuey("attune", filename=f"{url.database}.queue", fsync=False, **common)
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    # In PostgreSQL, IF NOT EXISTS is no protection where several processes start on a new database at once.
    with psycopg.connect(dsn) as alone:
        alone.execute("SELECT pg_advisory_xact_lock(%s)", (ONE_AT_A_TIME,))
        return PostgresHuey("attune", dsn=dsn, **common)


def _given(work: Work | None) -> Work:
    if work is None:
        raise LookupError("this process only asks: tasks run in `attune worker`")
    return work
