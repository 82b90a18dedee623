"""The queue between the web and the worker: messages only say "look at this row".

Losing one loses nothing (a sweep finds rows that nobody looked at); doing one twice changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url

from lti_tool.settings import Settings


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: whoever can write to the queue's table cannot make us run anything."""

    def _serialize(self, data: Any) -> bytes:
        content = {"message": data._asdict()} if isinstance(data, Message) else {"value": data}
        return json.dumps(content).encode()

    def _deserialize(self, data: bytes) -> Any:
        content = json.loads(data)
        return Message(**content["message"]) if "message" in content else content["value"]


class Kind(StrEnum):
    """The kinds of row that the worker looks at."""

    DELIVERY = "delivery"
    """a score that should be in the LMS"""
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

    return Queue(huey, lambda kind, row_id: look_at(kind.value, str(row_id)))


def _huey(settings: Settings) -> Huey:
    url = make_url(settings.database_url)
    common = {"results": False, "utc": True, "serializer": JsonSerializer()}
    if settings.on_sqlite:
        return SqliteHuey("attune", filename=f"{url.database}.queue", fsync=False, **common)
    return PostgresHuey("attune", dsn=url.set(drivername="postgresql").render_as_string(hide_password=False), **common)


def _given(work: Work | None) -> Work:
    if work is None:
        raise LookupError("this process only asks: tasks run in `attune worker`")
    return work
