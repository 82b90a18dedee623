"""The worker's steps for one score, with the LMS's answers as values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState, next_attempt
from lti_tool import worker
from lti_tool.lti.claims import AgsEndpoint, ResourceLink
from lti_tool.lti.gradebook import Answer, Posted
from lti_tool.services import deliver, gradebook, send
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from tests.lti_tool.services.conftest import SCOPES, TRAINEE, MakeWorld, World

ACCEPTED = Posted(Answer.ACCEPTED, retry=False)
DOWN = Posted(Answer.PLATFORM_UNREACHABLE, retry=True)


@pytest.fixture
def delivery_id(world: World) -> UUID:
    (delivery_id,) = world.sign("jo", world.answered())
    return delivery_id


def row(world: World, delivery_id: UUID) -> DeliveryRow:
    return world.session.get_one(DeliveryRow, delivery_id)


def taken(world: World, delivery_id: UUID, **later: float) -> send.ToSend:
    to_send = send.take(world.session, delivery_id, world.now + timedelta(**later))
    assert to_send is not None
    return to_send


def settle(world: World, to_send: send.ToSend, posted: Posted, url: str | None = None) -> None:
    send.settle(world.session, to_send, send.Attempt(posted, url), world.now)


def test_an_accepted_score_is_at_rest(world: World, delivery_id: UUID) -> None:
    to_send = taken(world, delivery_id)
    assert (to_send.sub, to_send.desired.score, to_send.column.url) == ("sam", Decimal(100), f"{world.issuer}/items/7")
    settle(world, to_send, ACCEPTED)
    settled = row(world, delivery_id)
    assert (settled.state, settled.accepted_score, settled.next_attempt_at) == (
        DeliveryState.ACCEPTED,
        Decimal(100),
        None,
    )
    assert deliver.due(world.session, world.now + timedelta(days=30)) == ()


def test_two_workers_never_hold_the_same_score(world: World, delivery_id: UUID) -> None:
    taken(world, delivery_id)
    assert send.take(world.session, delivery_id, world.now + timedelta(seconds=30)) is None


def test_a_worker_that_died_leaves_the_score_to_the_next_with_a_later_timestamp(
    world: World, delivery_id: UUID
) -> None:
    first = taken(world, delivery_id)
    assert deliver.due(world.session, world.now + send.LEASE) == (delivery_id,)
    second = taken(world, delivery_id, minutes=2)
    assert second.timestamp >= first.timestamp + timedelta(seconds=1)
    settle(world, first, DOWN)
    assert row(world, delivery_id).leased_until == second.leased_until


def test_an_lms_that_is_down_is_tried_again_later(world: World, delivery_id: UUID) -> None:
    settle(world, taken(world, delivery_id), DOWN)
    waiting = row(world, delivery_id)
    assert waiting.state is DeliveryState.WAITING
    assert waiting.next_attempt_at is not None
    assert waiting.next_attempt_at > world.now
    assert deliver.due(world.session, world.now) == ()


def test_after_many_attempts_a_person_is_asked(world: World, delivery_id: UUID) -> None:
    for days in range(send.PATIENCE):
        settle(world, taken(world, delivery_id, days=days), DOWN)
    assert row(world, delivery_id).state is DeliveryState.NEEDS_PERSON


def test_an_answer_that_no_retry_mends_asks_a_person_at_once(world: World, delivery_id: UUID) -> None:
    settle(world, taken(world, delivery_id), Posted(Answer.PERSON_NOT_IN_COURSE, retry=False))
    assert row(world, delivery_id).state is DeliveryState.NEEDS_PERSON


def test_a_score_that_changed_on_the_way_is_due_at_once(world: World, delivery_id: UUID) -> None:
    to_send = taken(world, delivery_id)
    changed = row(world, delivery_id)
    changed.desired_score = Decimal(50)
    world.session.flush()
    settle(world, to_send, ACCEPTED)
    after = row(world, delivery_id)
    assert (after.state, after.accepted_score) == (DeliveryState.WAITING, Decimal(100))
    assert deliver.due(world.session, world.now) == (delivery_id,)


def test_sending_again_on_request_sends_the_same_score_with_a_later_timestamp(world: World, delivery_id: UUID) -> None:
    first = taken(world, delivery_id)
    settle(world, first, ACCEPTED)
    ines = world.visitor("ines")
    sam = world.visitor("sam")
    assert gradebook.resend(world.session, ines, world.place(ines), sam.person_id, world.now) == (delivery_id,)
    second = taken(world, delivery_id)
    assert second.desired == first.desired
    assert second.timestamp > first.timestamp


def test_a_column_that_was_made_is_remembered_and_one_that_is_gone_is_forgotten(
    world: World, delivery_id: UUID
) -> None:
    column = world.session.query(LineItemRow).one()
    column.url = None
    world.session.flush()
    settle(world, taken(world, delivery_id), ACCEPTED, url=f"{world.issuer}/items/9")
    assert column.url == f"{world.issuer}/items/9"
    ines = world.visitor("ines")
    gradebook.resend(world.session, ines, world.place(ines), world.visitor("sam").person_id, world.now)
    settle(world, taken(world, delivery_id), Posted(Answer.COLUMN_GONE, retry=False), url=column.url)
    assert column.url is None


def test_the_gradebook_page_names_every_trainee_and_what_they_have(world: World, delivery_id: UUID) -> None:
    ines = world.visitor("ines")
    view = gradebook.gradebook(world.session, world.place(ines))
    assert [(line.person_name, line.desired) for line in view.lines] == [
        ("Noor Example", None),
        ("Sam Example", Decimal(100)),
    ]


def test_what_is_not_finished_yet_is_sent_as_in_progress(make_world: MakeWorld) -> None:
    world = make_world(required=2)
    (first,) = world.sign("jo", world.answered())
    assert not taken(world, first).completed
    (again,) = world.sign("jo", world.answered())
    assert again == first
    assert taken(world, first, minutes=3).completed


def test_an_lms_that_is_down_for_a_night_is_still_tried_in_the_morning() -> None:
    moment = start = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    for attempts in range(1, send.PATIENCE):
        moment = next_attempt(attempts, moment, None, 0.0)
    assert moment - start > timedelta(hours=36)


def test_an_attempt_that_breaks_off_is_settled_and_tried_again(
    world: World, delivery_id: UUID, sessions: sessionmaker[Session]
) -> None:
    row(world, delivery_id).next_attempt_at = datetime.now(UTC) - timedelta(minutes=1)
    world.session.commit()

    class Broken:
        def request(self, *_given: object, **_named: object) -> None:
            raise ZeroDivisionError

    worker.look_at(sessions, Broken(), delivery_id)
    world.session.expire_all()
    after = row(world, delivery_id)
    assert (after.state, after.leased_until, after.attempts) == (DeliveryState.WAITING, None, 1)


def test_the_sweep_asks_for_what_is_due_and_for_what_was_overlooked(
    world: World, delivery_id: UUID, sessions: sessionmaker[Session]
) -> None:
    world.session.delete(row(world, delivery_id))
    world.session.commit()
    asked: list[UUID] = []
    worker.sweep(sessions, lambda _kind, row_id: asked.append(row_id))
    assert len(asked) == 1


def test_a_column_that_the_lms_names_anew_is_tried_again(world: World, delivery_id: UUID) -> None:
    settle(world, taken(world, delivery_id), Posted(Answer.COLUMN_GONE, retry=False))
    assert row(world, delivery_id).state is DeliveryState.NEEDS_PERSON
    again = AgsEndpoint(line_item=f"{world.issuer}/items/11", line_items=f"{world.issuer}/items", scopes=SCOPES)
    world.enter("sam", TRAINEE, resource_link=ResourceLink(id="link-9", title="Added again"), ags=again)
    world.session.flush()
    world.session.expire_all()
    assert row(world, delivery_id).state is DeliveryState.WAITING
    assert taken(world, delivery_id).column.url == f"{world.issuer}/items/11"


def test_all_that_need_a_person_can_be_sent_again_at_once(world: World, delivery_id: UUID) -> None:
    settle(world, taken(world, delivery_id), Posted(Answer.PERSON_NOT_IN_COURSE, retry=False))
    ines = world.visitor("ines")
    assert gradebook.resend_all(world.session, ines, world.place(ines), world.now) == (delivery_id,)
    assert gradebook.resend_all(world.session, ines, world.place(ines), world.now) == ()
