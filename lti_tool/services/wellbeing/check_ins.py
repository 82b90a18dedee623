"""How somebody says they are: one box a day, their own and nobody else's. It is never a number, nothing is counted,
nothing asks for it, and nothing of it is in the audit.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.wellbeing import CheckInRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

ON_A_PAGE = 20
LONGEST = 5_000
UNDO = timedelta(hours=24)
NEAR = timedelta(days=1)
"""A page that was opened on one day may be saved on the next."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One day's words, for whoever wrote them."""

    on_day: date
    words: str
    saved_at: datetime
    until: datetime | None = None
    """It was deleted, and can be brought back until then; None: it stands."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days that were written about, newest first; those without words are not told apart from days that never were."""

    days: tuple[CheckIn, ...]
    put_away: tuple[CheckIn, ...]
    older: date | None
    """What was written before this day comes next; None: there is nothing."""


def of_day(session: Session, visitor: Visitor, day: date) -> CheckIn | None:
    """What the visitor wrote on a day; None where there is nothing, or it is deleted."""
    row = session.scalars(_one(visitor.person_id, day)).one_or_none()
    return _check_in(row) if row and row.words and row.put_away_at is None else None


def days(session: Session, visitor: Visitor, now: datetime, before: date | None = None) -> Days:
    """A page of the visitor's own days, the newest, or those before a day."""
    own = select(CheckInRow).where(CheckInRow.person_id == visitor.person_id, CheckInRow.words.is_not(None))
    newest = CheckInRow.on_day.desc()
    standing = own.where(CheckInRow.put_away_at.is_(None)).order_by(newest).limit(ON_A_PAGE + 1)
    rows = session.scalars(standing if before is None else standing.where(CheckInRow.on_day < before)).all()
    away = own.where(CheckInRow.put_away_at > now - UNDO).order_by(newest)
    shown = tuple(_check_in(row) for row in rows[:ON_A_PAGE])
    return Days(
        days=shown,
        put_away=tuple(_check_in(row) for row in session.scalars(away)) if before is None else (),
        older=shown[-1].on_day if len(rows) > ON_A_PAGE else None,
    )


def save(session: Session, visitor: Visitor, day: date, words: str, now: datetime) -> datetime:
    """Keep these words for today, or for the day of a page that is still open. Raises `Refused`."""
    if abs(day - now.date()) > NEAR:
        raise Refused("another_day", "This page is from another day. Your words are still here, and you can copy them.")
    text = words.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    own = {"organization_id": visitor.organization_id, "person_id": visitor.person_id, "on_day": day}
    insert_once(session, CheckInRow, id=new_id(), saved_at=now, **own)
    row = _held(session, visitor, day)
    row.words, row.saved_at, row.put_away_at = text or None, now, None
    session.flush()
    return now


def put_away(session: Session, visitor: Visitor, day: date, now: datetime) -> None:
    """Delete a day's words: for a day they can be brought back. Raises `NotHere`."""
    row = _held(session, visitor, day)
    row.put_away_at = row.put_away_at or now
    session.flush()


def bring_back(session: Session, visitor: Visitor, day: date, now: datetime) -> None:
    """Undo that. Raises `NotHere` once its day is over."""
    row = _held(session, visitor, day)
    if row.put_away_at is not None and row.put_away_at <= now - UNDO:
        raise NotHere
    row.put_away_at = None
    session.flush()


def delete_now(session: Session, visitor: Visitor, day: date) -> None:
    """Delete for good what was put away. Raises `NotHere`."""
    row = _held(session, visitor, day)
    if row.put_away_at is None:
        raise NotHere
    session.delete(row)
    session.flush()


def purge(session: Session, now: datetime) -> None:
    """What was deleted is gone after a day, and what holds no words is gone once its day cannot be written any more."""
    empty = and_(CheckInRow.words.is_(None), CheckInRow.on_day < now.date() - NEAR)
    session.execute(delete(CheckInRow).where(or_(CheckInRow.put_away_at <= now - UNDO, empty)))


def join(session: Session, stays: UUID, goes: UUID) -> None:
    """Two people are one: where both wrote on a day, both words stand."""
    kept = {row.on_day: row for row in session.scalars(_all(stays))}
    for other in session.scalars(_all(goes)):
        here = kept.get(other.on_day)
        if here is None:
            continue  # moved with all the rest
        texts = [row.words for row in (here, other) if row.words and row.put_away_at is None]
        if texts:
            here.words, here.put_away_at = "\n\n".join(dict.fromkeys(texts)), None
        session.delete(other)
    session.flush()


def _held(session: Session, visitor: Visitor, day: date) -> CheckInRow:
    locked = _one(visitor.person_id, day).with_for_update().execution_options(populate_existing=True)
    row = session.scalars(locked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _all(person_id: UUID) -> Select[CheckInRow]:
    return select(CheckInRow).where(CheckInRow.person_id == person_id)


def _one(person_id: UUID, day: date) -> Select[CheckInRow]:
    return _all(person_id).where(CheckInRow.on_day == day)


def _check_in(row: CheckInRow) -> CheckIn:
    return CheckIn(
        on_day=row.on_day,
        words=row.words or "",
        saved_at=row.saved_at,
        until=row.put_away_at + UNDO if row.put_away_at else None,
    )
