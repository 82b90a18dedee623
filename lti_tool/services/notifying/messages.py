"""What somebody is told inside Attune: one plain line for each thing, and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.messages import MessageKind, MessageRow
from rubrics.refusal import _N

KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=400)
LINES: Mapping[MessageKind, str] = MappingProxyType(
    {
        MessageKind.OBSERVATION: _N("There is something new about an observation."),
        MessageKind.SIGNATURE: _N("There is something new about a signature."),
        MessageKind.SUPERVISION: _N("There is something new about supervision."),
        MessageKind.PLACEMENT: _N("There is something new about a placement."),
        MessageKind.QUALIFICATION: _N("There is something new about a qualification."),
        MessageKind.EVIDENCE: _N("There is something new about evidence."),
        MessageKind.RUBRIC: _N("There is something new about a rubric."),
        MessageKind.HOURS: _N("There is something new about hours or trainings."),
        MessageKind.PROGRAM: _N("There is something new about a program."),
        MessageKind.DECISION: _N("There is something to read, when you like."),
        MessageKind.APPEAL: _N("There is something new about an appeal."),
        MessageKind.PLAN: _N("There is something new about a growth plan."),
        MessageKind.GRADEBOOK: _N("Something about a gradebook needs a person."),
        MessageKind.CREDENTIAL: _N("There is something new about a credential."),
        MessageKind.CALIBRATION: _N("There is something new about rating together."),
        MessageKind.SURVEY: _N("Something is asked of you, only if you like."),
        MessageKind.EXPORT: _N("There is something new about a file that you asked for."),
        MessageKind.AUDIT: _N("There is something new about an audit."),
        MessageKind.OTHER: _N("There is something new for you."),
    }
)
"""Of whom and what exactly it is, the page says to which it leads: it knows who may read that."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line."""

    id: UUID
    kind: MessageKind
    made_at: datetime
    new: bool


def count(session: Session, visitor: Visitor) -> int:
    """How many there are, read or not."""
    return session.scalars(select(func.count()).select_from(MessageRow).where(_mine(visitor))).one()


def some(session: Session, visitor: Visitor, begin: int, most: int) -> tuple[Message, ...]:
    """The visitor's, those that are new first, each part the newest first; from `begin` on, at most so many."""
    rows = session.execute(
        select(MessageRow.id, MessageRow.kind, MessageRow.made_at, MessageRow.read_at)
        .where(_mine(visitor))
        .order_by(MessageRow.read_at.is_not(None), MessageRow.made_at.desc(), MessageRow.id.desc())
        .offset(begin)
        .limit(most)
    )
    return tuple(Message(row.id, row.kind, row.made_at, new=row.read_at is None) for row in rows)


def follow(session: Session, visitor: Visitor, message_id: UUID, now: datetime) -> str:
    """Where one of the visitor's messages leads; it is not new any more. Raises `NotHere`."""
    path = session.scalars(select(MessageRow.path).where(MessageRow.id == message_id, _mine(visitor))).one_or_none()
    if path is None:
        raise NotHere
    _read(session, now, MessageRow.id == message_id)
    return path


def all_seen(session: Session, visitor: Visitor, now: datetime) -> None:
    """None of the visitor's messages up to now is new any more."""
    _read(session, now, _mine(visitor))


def purge(session: Session, now: datetime) -> None:
    """Delete what was read and is old, and what nobody has read for more than a year."""
    read = MessageRow.read_at.is_not(None) & (MessageRow.made_at < now - KEPT)
    session.execute(
        delete(MessageRow)
        .where(read | (MessageRow.made_at < now - UNREAD_KEPT))
        .execution_options(synchronize_session=False)
    )


def _mine(visitor: Visitor) -> ColumnElement[bool]:
    return MessageRow.person_id == visitor.person_id


def _read(session: Session, now: datetime, which: ColumnElement[bool]) -> None:
    session.execute(
        update(MessageRow)
        .where(which, MessageRow.read_at.is_(None))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
