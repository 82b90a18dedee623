"""The gradebook of a house: its lane, a further column, and Noor's score, which differs in the LMS."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.store.base import Base, new_id
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow
from lti_tool.store.writing import insert_once


def the_gradebook(house: Any) -> None:
    """One of each; forms and addresses call them by the names that are noted."""
    session, now = house.session, house.now
    line_item = session.scalars(select(LineItemRow).where(LineItemRow.activity_id == house.activity_id)).one()
    noor = house.visitor("noor").person_id
    insert_once(
        session, PlatformLaneRow, id=new_id(), organization_id=house.organization_id,
        registration_id=line_item.registration_id, troubles=1, problem=Answer.PLATFORM_TROUBLED.value, problem_at=now,
    )  # fmt: skip
    house.note("line_item_id", line_item.id)
    of_program = _keep(
        house, "line_item_id", LineItemRow, placed_program_id=house.objects["placed_id"][0], scopes=[], seen_at=now,
        registration_id=line_item.registration_id, lti_resource_link_id="link-of-program", url=f"{line_item.url}9",
        line_items_url=line_item.line_items_url, label=f"Hours {house.mark}", score_maximum=100,
    )  # fmt: skip
    column_id = _keep(
        house, "column_id", ActivityColumnRow, activity_id=house.activity_id, shows=ColumnShows.BEST, last_count=3,
        made_by=house.visitor("ines").person_id, made_at=now,
    )  # fmt: skip
    further = _keep(
        house, "line_item_id", LineItemRow, column_id=column_id, registration_id=line_item.registration_id,
        lti_resource_link_id=line_item.lti_resource_link_id, url=f"{line_item.url}8", scopes=[], ours=True,
        line_items_url=line_item.line_items_url, label=f"Best {house.mark}", score_maximum=100, seen_at=now,
    )  # fmt: skip
    _keep(
        house, "delivery_id", DeliveryRow, line_item_id=further, registration_id=line_item.registration_id,
        person_id=noor, state=DeliveryState.DIFFERS, desired_score=Decimal(75), desired_at=now, attempts=1,
        accepted_score=Decimal(75), accepted_maximum=Decimal(100), accepted_at=now, sent_score=Decimal(75),
        sent_maximum=Decimal(100), sent_at=now, lms_score=Decimal(80), lms_maximum=Decimal(100), lms_read_at=now,
    )  # fmt: skip
    _keep(
        house, "delivery_id", DeliveryRow, line_item_id=of_program, registration_id=line_item.registration_id,
        person_id=noor, state=DeliveryState.NEEDS_PERSON, desired_score=Decimal(40), desired_at=now, attempts=1,
        answer=Answer.COLUMN_LOCKED.value,
    )  # fmt: skip


def _keep(house: Any, name: str, row_class: type[Base], /, **values: Any) -> Any:
    id_ = new_id()
    house.session.add(row_class(id=id_, organization_id=house.organization_id, **values))
    house.session.flush()
    house.note(name, id_)
    return id_
