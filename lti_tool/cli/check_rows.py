"""What `attune check` looks at in the database: the server, workers, nights, wake-ups, the audit, the last backup."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, or_, select, text
from sqlalchemy.orm import Session

from lti_tool.cli.finding import Finding
from lti_tool.periodic import JOBS
from lti_tool.queue import Queue
from lti_tool.services.operating import backups, encrypting_anew, nights
from lti_tool.services.scores import delivery_health
from lti_tool.settings import Settings
from lti_tool.store.platforms import ToolKeyRow
from lti_tool.store.records import AuditHeadRow

OLDEST_POSTGRESQL = 14
"""Of which the maintainers of PostgreSQL still look after mistakes."""
MANY_WAKE_UPS = 10_000
BACKUP_AFTER = timedelta(days=3)
KEY_AFTER = timedelta(days=400)
PUT_BACK = "Put the former secret behind the new one in ATTUNE_SECRET_KEY, a space between."


def server(connection: Connection) -> Finding:
    """Which database it is."""
    if connection.dialect.name == "sqlite":
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        return Finding("server", f"SQLite {version}, journal {mode}")
    number = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    if number < OLDEST_POSTGRESQL:
        return Finding(
            "server", f"PostgreSQL {number} is no longer looked after.", f"Upgrade to {OLDEST_POSTGRESQL} or newer."
        )
    return Finding("server", f"PostgreSQL {number}")


def worker(session: Session, settings: Settings, now: datetime) -> Finding:
    """Whether one runs, as far as the database shows it."""
    found = delivery_health.workers(session)
    start = "start: attune serve" if settings.on_sqlite else "start: attune worker"
    if found.seen_at is None:
        return Finding("worker", f"none was seen yet; {start}")
    seen = f"last seen {found.seen_at:%Y-%m-%d %H:%M} UTC"
    if found.quiet(now):
        return Finding("worker", f"none seems to run: {seen}.", f"Look into its log, and {start}")
    return Finding("worker", seen)


def nightly(session: Session, now: datetime) -> Finding:
    """What became of the last night's jobs."""
    found = nights.last(session, now, JOBS)
    if found.began_at is None:
        return Finding("nightly jobs", "there was no night yet; they begin shortly after 03:07 UTC")
    began = f"{found.began_at:%Y-%m-%d %H:%M} UTC"
    if found.undone:
        names = ", ".join(found.undone)
        return Finding(
            "nightly jobs",
            f"not done: {names}.",
            "The worker's log says why, at the line 'a nightly job broke off'. The next night does them again.",
        )
    if found.overdue(now):
        return Finding("nightly jobs", f"the last night was {began}.", "Let a worker run at night.")
    return Finding("nightly jobs", f"all done; the last night was {began}")


def wake_ups(queue: Queue) -> Finding:
    """How many wait for a worker."""
    number = queue.huey.pending_count()
    if number > MANY_WAKE_UPS:
        return Finding(
            "queue", f"{number:,} wake-ups wait for a worker.", "Start a worker, or more of them. Nothing is lost."
        )
    return Finding("queue", f"answers; {number:,} wake-ups wait")


def chains(session: Session) -> Finding:
    """How far the audit goes; whether it is whole is a longer question."""
    heads = session.scalars(select(AuditHeadRow).order_by(AuditHeadRow.organization_id)).all()
    said = ", ".join(f"{head.number}:{head.digest[:12]}" for head in heads[:3]) or "no entry yet"
    more = f" and {len(heads) - 3} more" if len(heads) > 3 else ""
    return Finding("audit", f"{said}{more}; whether it is whole says: attune audit verify")


def last_backup(session: Session, now: datetime) -> Finding:
    """As far as Attune made it itself."""
    made_at = backups.last(session)
    if made_at is None:
        return Finding("backup", "none was made by `attune backup make` yet, and of others nothing is known")
    if made_at < now - BACKUP_AFTER:
        return Finding("backup", f"the last was made {made_at:%Y-%m-%d}.", "Let `attune backup make` run each night.")
    return Finding("backup", f"the last was made {made_at:%Y-%m-%d %H:%M} UTC")


def keys(session: Session, now: datetime) -> Iterator[Finding]:
    """Whether the keys can be read, and how old the one is that signs."""
    try:
        newest = session.scalars(
            select(ToolKeyRow).where(ToolKeyRow.retired_at.is_(None)).order_by(ToolKeyRow.created_at.desc()).limit(1)
        ).first()
    except LookupError as problem:
        yield Finding("keys", f"{problem}.", PUT_BACK)
        return
    since = f"; the one that signs is of {newest.created_at:%Y-%m-%d}" if newest else ""
    yield Finding("keys", f"the encrypted LTI keys can be read with ATTUNE_SECRET_KEY{since}")
    if newest is not None and newest.created_at < now - KEY_AFTER:
        yield Finding("age of the key", "more than a year. It may stay; a new one: attune keys rotate")


def encrypted(session: Session) -> Finding:
    """Whether text can be read wherever it is encrypted: the oldest row of each table is tried."""
    unreadable = [of.name for of, columns in encrypting_anew.tables() if not _reads(session, of, columns)]
    if unreadable:
        return Finding("encrypted text", f"cannot be read in: {', '.join(unreadable)}.", PUT_BACK)
    return Finding("encrypted text", "can be read (the oldest row of each table was tried)")


def _reads(session: Session, of: Table, columns: tuple[Column[Any], ...]) -> bool:
    some = or_(*(each.is_not(None) for each in columns))
    try:
        session.execute(select(*columns).where(some).order_by(*of.primary_key.columns).limit(1)).all()
    except LookupError:
        return False
    return True
