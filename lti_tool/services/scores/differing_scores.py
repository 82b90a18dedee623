"""Where the LMS shows another score than ours, an instructor says which one stands: ours, or the LMS's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState, Shown
from lti_tool.lti.answers import Answer
from lti_tool.services import audit
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.scores import lms_columns, reading_back
from lti_tool.services.scores.lms_columns import WhereItIs
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

LOOK_AFTER = timedelta(minutes=2)
"""When the column is read again after ours was said to stand: the LMS may take it and keep its own."""


@dataclass(frozen=True, slots=True)
class CellThere:
    """One cell of a column, as somebody decides about it."""

    id: UUID
    line_item_id: UUID
    person_name: str
    where: WhereItIs
    state: DeliveryState
    nothing_left: bool
    ever_sent: bool
    to_clear: bool
    shown: Shown | None
    """What the LMS showed when it was last read."""


def decide_ours(session: Session, visitor: Visitor, delivery_id: UUID, now: datetime) -> UUID | None:
    """Ours stands: it is sent, later than what the LMS shows. The answer names the delivery; None: nothing to send.

    Raises `NotHere`, and `Refused` where nothing of ours counts any more or the course is kept for reading only.
    """
    cell = cell_of(session, visitor, delivery_id)
    if cell.state not in (DeliveryState.DIFFERS, DeliveryState.LET_STAND):
        return None
    if cell.nothing_left:
        raise Refused(
            "nothing_left",
            "Nothing of Attune's counts for this person any more, so there is no score to send. You can have the "
            "cell emptied, or let the LMS's score stand.",
        )
    audit_cell(session, visitor, cell, "delivery.ours", now)
    states = (DeliveryState.DIFFERS, DeliveryState.LET_STAND)
    sent = _ours(session, cell.line_item_id, now, DeliveryRow.id == delivery_id, DeliveryRow.state.in_(states))
    return sent[0] if sent else None


def decide_all_ours(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The same for every score of the column that differs."""
    _, where = lms_columns.instructed(session, visitor, line_item_id)
    if where.archived:
        raise archived.refusal()
    _audit_all(session, visitor, line_item_id, "delivery.ours_all", now)
    return _ours(session, line_item_id, now, DeliveryRow.state == DeliveryState.DIFFERS)


def let_stand(session: Session, visitor: Visitor, delivery_id: UUID, now: datetime) -> UUID | None:
    """What the LMS shows stands, and nothing goes out by itself any more. Raises `NotHere`.

    The answer names the delivery; None: it did not differ, so there is nothing to decide.
    """
    cell = cell_of(session, visitor, delivery_id, closed_too=True)
    if cell.state is not DeliveryState.DIFFERS:
        return None
    audit_cell(session, visitor, cell, "delivery.let_stand", now)
    let = _let_stand(session, visitor, cell.line_item_id, DeliveryRow.id == delivery_id)
    return let[0] if let else None


def let_all_stand(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The same for every score of the column that differs."""
    lms_columns.instructed(session, visitor, line_item_id)
    _audit_all(session, visitor, line_item_id, "delivery.let_all_stand", now)
    return _let_stand(session, visitor, line_item_id)


def cell_of(session: Session, visitor: Visitor, delivery_id: UUID, *, closed_too: bool = False) -> CellThere:
    """The cell, for an instructor of its course. Raises `NotHere`, and `Refused` where the course is only read."""
    found = session.execute(
        select(DeliveryRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == DeliveryRow.person_id)
        .where(DeliveryRow.id == delivery_id, DeliveryRow.organization_id == visitor.organization_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, name = found
    _, where = lms_columns.instructed(session, visitor, row.line_item_id)
    if where.archived and not closed_too:
        raise archived.refusal()
    return CellThere(
        id=row.id,
        line_item_id=row.line_item_id,
        person_name=display_name(row.person_id, name),
        where=where,
        state=row.state,
        nothing_left=row.answer == Answer.NOTHING_LEFT,
        ever_sent=row.sent_at is not None,
        to_clear=row.to_clear,
        shown=None if row.lms_score is None or row.lms_maximum is None else Shown(row.lms_score, row.lms_maximum),
    )


def audit_cell(session: Session, visitor: Visitor, cell: CellThere, act: str, now: datetime) -> None:
    """Note the act, before the row is held: signing takes its locks in this order too."""
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"delivery:{cell.id}",
        now=now,
    )


def _audit_all(session: Session, visitor: Visitor, line_item_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"line_item:{line_item_id}",
        now=now,
    )


def _ours(session: Session, line_item_id: UUID, now: datetime, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    # What the row says of the LMS stays noted: over just that the person decided, and the worker does not ask again.
    reading_back.ask_at(session, line_item_id, now + LOOK_AFTER)  # the column is held before its scores
    sendable = func.coalesce(DeliveryRow.answer, "") != Answer.NOTHING_LEFT
    rows = _held(session, line_item_id, sendable, *which)
    for row in rows:
        row.state, row.attempts, row.next_attempt_at = DeliveryState.WAITING, 0, now
        row.answer, row.let_stand_by, row.to_clear = None, None, False
    session.flush()
    return tuple(row.id for row in rows)


def _let_stand(session: Session, visitor: Visitor, line_item_id: UUID, *which: ColumnElement[bool]) -> tuple[UUID, ...]:
    rows = _held(session, line_item_id, DeliveryRow.state == DeliveryState.DIFFERS, *which)
    for row in rows:
        row.state, row.let_stand_by = DeliveryState.LET_STAND, visitor.person_id
        row.answer = Answer.NOTHING_LEFT if row.answer == Answer.NOTHING_LEFT else None
    session.flush()
    return tuple(row.id for row in rows)


def _held(session: Session, line_item_id: UUID, *which: ColumnElement[bool]) -> Sequence[DeliveryRow]:
    return session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, *which)
        .order_by(DeliveryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
