"""The worker and the scores that the sweep finds, from the signature on."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState, next_attempt
from lti_tool import periodic, worker
from lti_tool.lti.claims import AgsEndpoint
from lti_tool.queue import Kind
from lti_tool.services.scores import send_claims
from lti_tool.services.scores.send_results import PATIENCE
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow
from tests.conftest import Clock
from tests.lti_tool.services.conftest import SCOPES, TRAINEE, MakeWorld, World
from tests.lti_tool.services.scoring import FakeLms, Sending, said


@pytest.fixture
def delivery_id(world: World) -> UUID:
    (delivery_id,) = world.sign("jo", world.answered())
    return delivery_id


@pytest.fixture
def sending(world: World, delivery_id: UUID, sessions: sessionmaker[Session], clock: Clock) -> Sending:
    world.session.commit()
    return Sending(world, sessions, FakeLms(), clock)


def test_a_signed_observation_is_a_score_in_the_gradebook(sending: Sending, delivery_id: UUID) -> None:
    sending.drain()
    row = sending.row(delivery_id)
    assert (row.state, row.accepted_score, row.next_attempt_at) == (DeliveryState.ACCEPTED, 100, None)
    (post,) = sending.lms.posts["sam"]
    assert (post["scoreGiven"], post["scoreMaximum"], post["activityProgress"]) == (100, 100, "Completed")
    assert "comment" not in post


def test_what_is_not_finished_yet_is_sent_as_in_progress(make_world: MakeWorld) -> None:
    world = make_world(required=2)
    world.sign("jo", world.answered())
    (one,) = send_claims.claim(world.session, world.registration_id, world.now, most=5)
    assert not one.completed
    assert one.moment == world.now
    world.sign("jo", world.answered())
    (one,) = send_claims.claim(world.session, world.registration_id, world.now + timedelta(minutes=3), most=5)
    assert one.completed


def test_a_column_that_was_found_is_remembered(sending: Sending, delivery_id: UUID) -> None:
    with sending.sessions.begin() as session:
        session.scalars(select(LineItemRow)).one().url = None
    sending.lms.listed = [{"id": f"{sending.world.issuer}/items/9", "resourceLinkId": "link-1", "label": "x"}]
    sending.drain()
    assert sending.row(delivery_id).state is DeliveryState.ACCEPTED
    with sending.sessions() as session:
        assert session.scalars(select(LineItemRow.url)).one() == f"{sending.world.issuer}/items/9"


def test_a_score_of_somebody_without_an_account_waits_for_a_person_and_holds_up_no_other(
    sending: Sending, delivery_id: UUID
) -> None:
    (other,) = sending.people(1)
    with sending.sessions.begin() as session:
        person_id = session.get_one(DeliveryRow, delivery_id).person_id
        session.execute(delete(LmsAccountRow).where(LmsAccountRow.person_id == person_id))
    sending.drain()
    row = sending.row(delivery_id)
    assert (row.state, row.answer) == (DeliveryState.NEEDS_PERSON, "person_not_in_course")
    assert sending.row(other).state is DeliveryState.ACCEPTED


def test_where_the_lms_offers_no_columns_a_score_waits_for_a_person(sending: Sending, delivery_id: UUID) -> None:
    with sending.sessions.begin() as session:
        column = session.scalars(select(LineItemRow)).one()
        column.url = column.line_items_url = None
    sending.drain()
    row = sending.row(delivery_id)
    assert (row.state, row.answer, sending.lms.asked) == (DeliveryState.NEEDS_PERSON, "column_not_offered", 0)


def test_what_a_person_said_while_it_was_on_its_way_stands(sending: Sending, delivery_id: UUID) -> None:
    sending.lms.answers = lambda _sub: said(403)
    sending.lms.meanwhile = lambda: sending.change(
        delivery_id, state=DeliveryState.DIFFERS, answer="newer_score_there", next_attempt_at=None
    )
    sending.drain()
    row = sending.row(delivery_id)
    assert (row.state, row.answer, row.attempts) == (DeliveryState.DIFFERS, "newer_score_there", 0)


def test_an_lms_that_is_down_for_a_night_is_still_tried_in_the_morning(clock: Clock) -> None:
    moment = start = clock.now
    for attempts in range(1, PATIENCE):
        moment = next_attempt(attempts, moment, None, 0.0)
    assert moment - start > timedelta(hours=36)


def test_the_worker_looks_at_one_score_and_its_platform_s_lane_is_drained(sending: Sending, delivery_id: UUID) -> None:
    sending.people(3)
    worker.look_at(sending.sessions, sending.lms, delivery_id)
    assert sending.lms.took == 4
    worker.look_at(sending.sessions, sending.lms, delivery_id)
    assert sending.lms.asked == 4


def test_the_sweep_asks_for_platforms_with_something_due_and_finds_what_was_overlooked(
    sending: Sending, delivery_id: UUID
) -> None:
    asked: list[tuple[Kind, UUID]] = []
    periodic.sweep(sending.sessions, lambda kind, row_id: asked.append((kind, row_id)))
    assert (Kind.PLATFORM, sending.platform) in asked
    sending.drain()
    asked.clear()
    periodic.sweep(sending.sessions, lambda kind, row_id: asked.append((kind, row_id)))
    assert Kind.PLATFORM not in {kind for kind, _ in asked}


def test_a_column_that_the_lms_names_anew_is_tried_again(sending: Sending, delivery_id: UUID) -> None:
    sending.lms.answers = lambda _sub: said(403)
    sending.drain()
    assert sending.row(delivery_id).state is DeliveryState.NEEDS_PERSON
    again = AgsEndpoint(
        line_item=f"{sending.world.issuer}/items/11", line_items=f"{sending.world.issuer}/items", scopes=SCOPES
    )
    sending.world.session.expire_all()
    sending.world.enter("sam", TRAINEE, ags=again)
    sending.world.session.commit()
    sending.lms.answers = lambda _sub: None
    assert sending.row(delivery_id).state is DeliveryState.WAITING
    sending.drain()
    assert sending.row(delivery_id).state is DeliveryState.ACCEPTED
    with sending.sessions() as session:
        assert session.scalars(select(DeliveryRow.answer)).all() == ["accepted"]
