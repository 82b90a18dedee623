"""Scores of a world's column in whatever state a test needs."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from tests.lti_tool.services.conftest import World

LONG_AGO = timedelta(days=3)


def column_of(world: World) -> LineItemRow:
    """The activity's first column."""
    found = select(LineItemRow).where(LineItemRow.activity_id == world.activity_id)
    return world.session.scalars(found).one()


def score_in(world: World, who: str, state: DeliveryState, at: datetime | None = None, **values: Any) -> DeliveryRow:
    """This person's score in the activity's first column, in this state for some days."""
    column, then = column_of(world), at or world.now - LONG_AGO
    waits = state is DeliveryState.WAITING
    usual: dict[str, Any] = {
        "desired_score": Decimal(75), "desired_maximum": Decimal(100), "desired_at": then, "sent_at": then,
        "attempts": 1, "next_attempt_at": then if waits else None,
    }  # fmt: skip
    row = DeliveryRow(
        id=new_id(), organization_id=column.organization_id, line_item_id=column.id, state=state,
        person_id=world.visitor(who).person_id, registration_id=column.registration_id, **(usual | values),
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row
