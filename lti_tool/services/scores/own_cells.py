"""How a trainee's own scores stand with the gradebook: states and a moment, never a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.programs import PlacedProgramRow


@dataclass(frozen=True, slots=True)
class OwnCells:
    """Of all columns of one thing: how the person's scores in them stand."""

    states: frozenset[DeliveryState]
    """Empty where there is no column, or nothing is to be sent yet."""
    accepted_at: datetime | None
    """When the LMS last took one."""


# What waits for a column to which nothing is sent any more is on its way to nobody.
_ENDS_HERE = and_(LineItemRow.stopped_at.is_not(None), DeliveryRow.state != DeliveryState.ACCEPTED)
_OWN = (
    select(DeliveryRow.state, DeliveryRow.accepted_at, LineItemRow.gone_at)
    .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
    .where(DeliveryRow.person_id == bindparam("person_id"), ~_ENDS_HERE)
)
_BESIDE = select(ActivityColumnRow.id).where(
    ActivityColumnRow.activity_id == bindparam("activity_id"), ActivityColumnRow.put_away_at.is_(None)
)
_OF_ACTIVITY = _OWN.where(or_(LineItemRow.activity_id == bindparam("activity_id"), LineItemRow.column_id.in_(_BESIDE)))
_PLACED = select(PlacedProgramRow.id).where(PlacedProgramRow.program_id == bindparam("program_id"))
_OF_PROGRAM = _OWN.where(LineItemRow.placed_program_id.in_(_PLACED))


def of_activity(session: Session, person_id: UUID, activity_id: UUID) -> OwnCells:
    """In the columns of one activity. Rows are written when something was released to the person, never before."""
    return _of(session.execute(_OF_ACTIVITY, {"person_id": person_id, "activity_id": activity_id}).all())


def of_program(session: Session, person_id: UUID, program_id: UUID) -> OwnCells:
    """In the columns that courses have for one program."""
    return _of(session.execute(_OF_PROGRAM, {"person_id": person_id, "program_id": program_id}).all())


def _of(rows: Sequence[Row[DeliveryState, datetime | None, datetime | None]]) -> OwnCells:
    accepted = [at for _state, at, _gone in rows if at is not None]
    return OwnCells(frozenset(_state(state, gone) for state, _at, gone in rows), max(accepted, default=None))


def _state(state: DeliveryState, gone_at: datetime | None) -> DeliveryState:
    """While the column is gone a person decides how it goes on."""
    return state if gone_at is None else DeliveryState.NEEDS_PERSON
