"""A private journal. Every question here is asked with its owner's id, and nothing here is written in the audit:
even that somebody writes, or how often, is theirs alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.wellbeing import JournalEntryRow
from rubrics.refusal import Refused

ON_A_PAGE = 20
LONGEST = 50_000
UNDO = timedelta(hours=24)
EMPTY_KEPT = timedelta(days=7)
"""An entry that was begun and holds no words may still be open on a device."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, for whoever wrote it."""

    id: UUID
    words: str
    written_at: datetime
    saved_at: datetime
    until: datetime | None
    """It was put away, and can be brought back until then; None: it stands."""


@dataclass(frozen=True, slots=True)
class Journal:
    """One page of the journal: there is no number of entries, here or anywhere."""

    entries: tuple[Entry, ...]
    """Newest first."""
    put_away: tuple[Entry, ...]
    """What can still be brought back, on the first page only."""
    older: datetime | None
    """Entries from before this moment come next; None: there are none."""


def journal(session: Session, visitor: Visitor, now: datetime, before: datetime | None = None) -> Journal:
    """The visitor's own entries, the newest, or those from before a moment."""
    own = select(JournalEntryRow).where(
        JournalEntryRow.person_id == visitor.person_id, JournalEntryRow.words.is_not(None)
    )
    standing = own.where(JournalEntryRow.put_away_at.is_(None))
    if before is not None:
        standing = standing.where(JournalEntryRow.written_at < before)
    newest = JournalEntryRow.written_at.desc()
    rows = session.scalars(standing.order_by(newest, JournalEntryRow.id).limit(ON_A_PAGE + 1)).all()
    away = own.where(JournalEntryRow.put_away_at > now - UNDO).order_by(newest)
    shown = tuple(_entry(row) for row in rows[:ON_A_PAGE])
    return Journal(
        entries=shown,
        put_away=tuple(_entry(row) for row in session.scalars(away)) if before is None else (),
        older=shown[-1].written_at if len(rows) > ON_A_PAGE else None,
    )


def entry(session: Session, visitor: Visitor, entry_id: UUID) -> Entry:
    """One of the visitor's own that stands. Raises `NotHere`."""
    row = session.scalars(_one(visitor, entry_id)).one_or_none()
    if row is None or row.put_away_at is not None:
        raise NotHere
    return _entry(row)


def begin(session: Session, visitor: Visitor, now: datetime, words: str = "") -> UUID:
    """A new entry, empty or with its first words. Raises `Refused`."""
    row = JournalEntryRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        words=_words(words),
        written_at=now,
        saved_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def save(session: Session, visitor: Visitor, entry_id: UUID, words: str, now: datetime) -> datetime:
    """Keep these words in place of the ones before; the answer is when. Raises `NotHere` and `Refused`."""
    row = _own(session, visitor, entry_id)
    if row.put_away_at is not None:
        raise Refused("put_away", "This entry is deleted. On the page of your journal you can bring it back for a day.")
    row.words, row.saved_at = _words(words), now
    session.flush()
    return now


def put_away(session: Session, visitor: Visitor, entry_id: UUID, now: datetime) -> None:
    """Delete an entry: for a day it can be brought back. Raises `NotHere`."""
    row = _own(session, visitor, entry_id)
    row.put_away_at = row.put_away_at or now
    session.flush()


def bring_back(session: Session, visitor: Visitor, entry_id: UUID, now: datetime) -> None:
    """Undo that. Raises `NotHere` once its day is over."""
    row = _own(session, visitor, entry_id)
    if row.put_away_at is not None and row.put_away_at <= now - UNDO:
        raise NotHere
    row.put_away_at = None
    session.flush()


def delete_now(session: Session, visitor: Visitor, entry_id: UUID) -> None:
    """Delete for good what was put away. Raises `NotHere`."""
    row = _own(session, visitor, entry_id)
    if row.put_away_at is None:
        raise NotHere
    session.delete(row)
    session.flush()


def purge(session: Session, now: datetime) -> None:
    """A day after it was put away an entry is gone, and with it that there was one."""
    over = JournalEntryRow.put_away_at <= now - UNDO
    empty = JournalEntryRow.words.is_(None) & (JournalEntryRow.saved_at < now - EMPTY_KEPT)
    session.execute(delete(JournalEntryRow).where(or_(over, empty)))


def _own(session: Session, visitor: Visitor, entry_id: UUID) -> JournalEntryRow:
    locked = _one(visitor, entry_id).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(locked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _one(visitor: Visitor, entry_id: UUID) -> Select[JournalEntryRow]:
    return select(JournalEntryRow).where(JournalEntryRow.id == entry_id, JournalEntryRow.person_id == visitor.person_id)


def _words(typed: str) -> str | None:
    text = typed.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters, or begin another entry.", limit=LONGEST)
    return text or None


def _entry(row: JournalEntryRow) -> Entry:
    return Entry(
        id=row.id,
        words=row.words or "",
        written_at=row.written_at,
        saved_at=row.saved_at,
        until=row.put_away_at + UNDO if row.put_away_at else None,
    )
