"""Once a week: who is told that gradebooks wait for a person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.access import Capability
from lti_tool.services.scores import gradebook_digest
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import GrantRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.gradebook_scores import LONG_AGO, column_of, score_in

WAITS = [DeliveryState.NEEDS_PERSON, DeliveryState.DIFFERS]


def told(world: World, now: datetime | None = None) -> list[tuple[str, str]]:
    """Who has which new message about gradebooks after another night."""
    gradebook_digest.tell(world.session, now or world.now)
    names = {visitor.person_id: name for name, visitor in world.visitors.items()}
    rows = world.session.scalars(select(MessageRow).where(MessageRow.kind == MessageKind.GRADEBOOK)).all()
    return sorted((names[row.person_id], row.path) for row in rows)


def operator(world: World) -> None:
    jo = world.visitor("jo")
    world.session.add(
        GrantRow(
            id=new_id(), organization_id=world.organization_id, person_id=jo.person_id, granted_at=world.now,
            capability=Capability.OPERATOR, granted_by=jo.person_id,
        )
    )  # fmt: skip
    world.session.flush()


@pytest.mark.parametrize("state", WAITS)
def test_instructors_are_told_of_what_waits_for_a_person_for_more_than_a_day(
    world: World, state: DeliveryState
) -> None:
    score_in(world, "sam", state)
    score_in(world, "noor", state)
    assert told(world) == [("ines", f"/a/{world.activity_id}/gradebook")]


@pytest.mark.parametrize("state", [state for state in DeliveryState if state not in WAITS])
def test_nobody_is_told_where_nothing_needs_a_person(world: World, state: DeliveryState) -> None:
    score_in(world, "sam", state)
    assert told(world) == []


def test_nobody_is_told_of_what_came_up_today(world: World) -> None:
    score_in(world, "sam", DeliveryState.NEEDS_PERSON, world.now - timedelta(hours=20))
    score_in(world, "noor", DeliveryState.DIFFERS, lms_at=world.now - timedelta(hours=1))
    assert told(world) == []


def test_a_column_that_is_gone_is_told_of_unless_nothing_is_sent_to_it_by_a_persons_wish(world: World) -> None:
    column = column_of(world)
    column.gone_at = column.stopped_at = world.now - LONG_AGO
    assert told(world) == []
    column.stopped_at = None
    assert told(world, world.now + timedelta(days=7)) == [("ines", f"/a/{world.activity_id}/gradebook")]


def test_a_course_that_is_kept_for_reading_only_is_left_in_peace(world: World) -> None:
    score_in(world, "sam", DeliveryState.NEEDS_PERSON)
    world.session.scalars(select(CourseRow)).one().archived_at = world.now
    assert told(world) == []


def test_in_one_week_it_is_told_once_and_the_next_monday_again(world: World) -> None:
    score_in(world, "sam", DeliveryState.NEEDS_PERSON)
    assert len(told(world)) == 1
    message = world.session.scalars(select(MessageRow)).one()
    message.read_at = world.now
    monday = world.now + timedelta(days=7 - world.now.weekday())
    for days in range(1, 7 - world.now.weekday()):
        assert gradebook_digest.tell(world.session, world.now + timedelta(days=days)) == 0
    assert gradebook_digest.tell(world.session, monday) == 1
    assert gradebook_digest.tell(world.session, monday) == 0
    assert len(world.session.scalars(select(MessageRow)).all()) == 2


def test_a_monday_that_was_missed_is_made_up_for(world: World) -> None:
    monday = world.now - timedelta(days=world.now.weekday())
    assert gradebook_digest.tell(world.session, monday) == 0
    score_in(world, "sam", DeliveryState.NEEDS_PERSON)
    assert gradebook_digest.tell(world.session, monday + timedelta(days=8)) == 1


@pytest.mark.parametrize("why", ["switched off", "rests", "nothing"])
def test_operators_are_told_of_an_lms_that_takes_nothing_for_more_than_a_day(world: World, why: str) -> None:
    operator(world)
    score_in(world, "sam", DeliveryState.WAITING)
    registration = world.session.scalars(select(RegistrationRow)).one()
    registration.active = why != "switched off"
    if why == "rests":
        world.session.add(
            PlatformLaneRow(
                id=new_id(), organization_id=world.organization_id, registration_id=registration.id, troubles=4
            )
        )
    world.session.flush()
    assert told(world) == ([] if why == "nothing" else [("jo", "/operator/gradebooks")])


def test_the_message_has_neither_names_nor_scores(world: World) -> None:
    score_in(world, "sam", DeliveryState.NEEDS_PERSON)
    told(world)
    row = world.session.scalars(select(MessageRow)).one()
    kept = {name: value for name, value in vars(row).items() if isinstance(value, str)}
    assert kept == {"path": f"/a/{world.activity_id}/gradebook", "kind": MessageKind.GRADEBOOK}
