"""Opening the database: SQLite and PostgreSQL with the same habits."""

import base64
import threading
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

BUSY_MILLISECONDS = 15_000
PATIENCE_WITH_A_SERVER = {"connect_timeout": "10", "tcp_user_timeout": "30000"}
"""Seconds until a server that does not answer counts as away, and milliseconds for one that fell silent."""
STATEMENTS_KEPT = 2_000
"""Compiled statements: one look at every page makes more than the 500 that SQLAlchemy would keep."""
SQLITE_AWAY = frozenset({5, 6, 10, 13, 14})
"""SQLite's own numbers: busy, locked, cannot read or write, disk full, cannot open."""
LOST_BEFORE = "8s2b"
"""SQLAlchemy's name for a transaction whose connection was lost earlier, by something that went on all the same."""
SERVER_AWAY = ("08", "53", "57P")
"""Beginnings of PostgreSQL's codes: no connection, no room, shutting down or starting."""
HOLDS_TURN = "attune holds the turn to write"


class Busy(TimeoutError):
    """Other writers hold an SQLite database for longer than anyone should wait."""


def encryption_keys(secrets: tuple[str, ...]) -> MultiFernet:
    """The keys that narrative text and LTI keys are encrypted with, derived from the secrets (RFC 5869)."""
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=b"attune narrative v1")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))


def open_engine(url: str, secrets: tuple[str, ...]) -> Engine:
    """An engine whose `EncryptedText` columns use `secrets`, newest first."""
    sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        pool_pre_ping=not sqlite,
        hide_parameters=True,  # values never reach a log
        query_cache_size=STATEMENTS_KEPT,
        connect_args={} if sqlite else _patience(url),
    )
    engine.dialect.attune_keys = encryption_keys(secrets)  # type: ignore[attr-defined]  # see base.EncryptedText
    if sqlite:
        event.listen(engine, "connect", _tune_sqlite)
        _queue_writers(engine)
    return engine


def _patience(url: str) -> dict[str, str]:
    """What the address itself says comes first."""
    said = make_url(url).query
    return {name: value for name, value in PATIENCE_WITH_A_SERVER.items() if name not in said}


def is_away(problem: BaseException | None) -> bool:
    """Whether this says that the database cannot be reached or has no room now, so that it may work in a moment."""
    if isinstance(problem, PoolTimeout | Busy):
        return True
    if isinstance(problem, PendingRollbackError):
        return problem.code == LOST_BEFORE
    if not isinstance(problem, DBAPIError):
        return False
    if problem.connection_invalidated:
        return True
    number = getattr(problem.orig, "sqlite_errorcode", None)
    if number is not None:
        return number & 0xFF in SQLITE_AWAY
    code = getattr(problem.orig, "sqlstate", None)
    if code is None:  # the connection was never made, or is gone
        return isinstance(problem, OperationalError | InterfaceError)
    return str(code).startswith(SERVER_AWAY)


def open_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that never flush or reload behind a caller's back."""
    return sessionmaker(engine, expire_on_commit=False)


def _tune_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # else INSERT OR REPLACE deletes behind the triggers' backs
        f"busy_timeout = {BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _queue_writers(engine: Engine) -> None:
    """Let the threads of this process write one after the other.

    SQLite lets a writer that meets another sleep for a while and look again; a lock wakes it at once.
    Other processes are still met in SQLite's own way.
    """
    turn = threading.Lock()

    def begin(connection: Connection) -> None:
        # A read that later writes cannot wait for another writer (SQLITE_BUSY_SNAPSHOT),
        # so whoever may write says so at the start and queues for it.
        if not connection.get_execution_options().get("attune_writes", True):
            connection.exec_driver_sql("BEGIN")
            return
        if HOLDS_TURN not in connection.info:
            if not turn.acquire(timeout=BUSY_MILLISECONDS / 1000):
                raise Busy("another writer of this process holds the database")
            connection.info[HOLDS_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def checkin(_connection: Any, record: Any) -> None:
        # After COMMIT or ROLLBACK; SQLAlchemy's own events for those come before.
        if record.info.pop(HOLDS_TURN, False):
            turn.release()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", checkin)
