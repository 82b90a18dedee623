"""Sending scores of a column again by a person's wish: it only makes them due, and the worker does the rest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import deliver
from lti_tool.store.deliveries import DeliveryRow

AGAIN = (DeliveryState.NEEDS_PERSON, DeliveryState.WAITING)
"""What differs in the LMS is decided by a person, and what the LMS took is there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column whose scores the visitor may send, as the caller made sure; `subject` is what its audit is about."""

    line_item_id: UUID
    subject: str


def one(session: Session, visitor: Visitor, column: Column, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Try one person's score now. The answer names it; empty where the LMS has taken it meanwhile.

    Raises `NotHere` where there is no score of theirs to send.
    """
    row = session.execute(
        select(DeliveryRow.id).where(
            DeliveryRow.line_item_id == column.line_item_id, DeliveryRow.person_id == person_id, ~deliver.NOTHING_LEFT
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    return _send_again(session, visitor, column, now, DeliveryRow.id == row.id, DeliveryRow.state.in_(AGAIN))


def all_that_need_a_person(session: Session, visitor: Visitor, column: Column, now: datetime) -> tuple[UUID, ...]:
    """Try every score now that the LMS did not take. The answer names them."""
    return _send_again(session, visitor, column, now, DeliveryRow.state == DeliveryState.NEEDS_PERSON)


def _send_again(
    session: Session, visitor: Visitor, column: Column, now: datetime, *which: ColumnElement[bool]
) -> tuple[UUID, ...]:
    # First the audit, then the rows: signing takes its locks in this order too.
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="delivery.resend",
        subject=column.subject,
        now=now,
    )
    these = (DeliveryRow.line_item_id == column.line_item_id, *which, ~deliver.NOTHING_LEFT)
    found = tuple(session.scalars(select(DeliveryRow.id).where(*these).order_by(DeliveryRow.id).with_for_update()))
    session.execute(
        update(DeliveryRow)
        .where(*these)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    return found
