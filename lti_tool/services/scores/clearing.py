"""Emptying a cell of the gradebook: only ever by an instructor's act, and said so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import reading_back
from lti_tool.services.scores.differing_scores import LOOK_AFTER, CellThere, audit_cell, cell_of
from lti_tool.store.deliveries import DeliveryRow
from rubrics.refusal import Refused


def to_clear(session: Session, visitor: Visitor, delivery_id: UUID) -> CellThere:
    """The cell that somebody would have emptied. Raises `NotHere`, and `Refused` where there is nothing to empty."""
    cell = cell_of(session, visitor, delivery_id)
    if not cell.ever_sent and cell.shown is None:
        raise Refused("nothing_sent", "Attune sent nothing for this person so far, so there is nothing to empty.")
    return cell


def ask_to_clear(session: Session, visitor: Visitor, delivery_id: UUID, now: datetime) -> UUID | None:
    """Have the worker empty the cell. The answer names the delivery; None: it is done, or asked for, already.

    As soon as something newer counts for this person, that is sent again. Raises `NotHere` and `Refused`.
    """
    cell = to_clear(session, visitor, delivery_id)
    if cell.state is DeliveryState.CLEARED or (cell.to_clear and cell.state is DeliveryState.WAITING):
        return None
    audit_cell(session, visitor, cell, "delivery.clear", now)
    reading_back.ask_at(session, cell.line_item_id, now + LOOK_AFTER)  # the column is held before its scores
    row = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.id == delivery_id, DeliveryRow.state != DeliveryState.CLEARED)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    row.to_clear, row.let_stand_by = True, None
    row.state, row.attempts, row.next_attempt_at = DeliveryState.WAITING, 0, now
    # That nothing counts any more stays noted: the same score, once it counts again, is sent again.
    row.answer = row.answer if row.answer == Answer.NOTHING_LEFT else None
    session.flush()
    return row.id
