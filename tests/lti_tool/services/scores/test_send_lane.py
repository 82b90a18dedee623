"""Draining a platform's lane: what an LMS that answers, or does not, leaves behind."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState
from lti_tool.safe_http import HttpAnswer
from lti_tool.services.connecting import platforms
from lti_tool.services.scores.send import LEASE
from lti_tool.services.scores.send_lane import Drained
from lti_tool.services.scores.send_results import PATIENCE
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from tests.conftest import Clock
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.scoring import DOWN, OK, TROUBLED, FakeLms, Sending, said

ACCEPTED, WAITING, DIFFERS = DeliveryState.ACCEPTED, DeliveryState.WAITING, DeliveryState.DIFFERS
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sending(world: World, sessions: sessionmaker[Session], clock: Clock) -> Sending:
    world.session.commit()
    return Sending(world, sessions, FakeLms(), clock)


def only(*bad: str, answer: object = TROUBLED) -> Callable[[str], object]:
    return lambda sub: answer if sub in bad else None


def test_lti_a22_all_that_waits_is_sent_once_and_is_at_rest(sending: Sending) -> None:
    sending.people(150)
    assert sending.drain() == Drained()
    assert {row.state for row in sending.rows()} == {ACCEPTED}
    assert sending.lms.took == sending.lms.asked == 150
    assert {len(posts) for posts in sending.lms.posts.values()} == {1}
    lane = sending.lane()
    assert (lane.accepted_at, lane.leased_until, lane.leased_by, lane.troubles) == (sending.clock.now, None, None, 0)
    assert sending.drain(later=MINUTE) == Drained()
    assert sending.lms.asked == 150


def test_lti_a36_two_workers_at_once_never_send_the_same_score(sending: Sending) -> None:
    sending.people(120)
    workers = [threading.Thread(target=sending.drain) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sending.drain()
    assert {row.state for row in sending.rows()} == {ACCEPTED}
    assert sending.lms.asked == 120


def test_lti_a36_while_one_worker_has_the_lane_another_sends_nothing(sending: Sending) -> None:
    sending.people(1)
    seen: list[Drained] = []
    sending.lms.meanwhile = lambda: seen.append(sending.drain())
    sending.drain()
    assert seen == [Drained()]
    assert sending.lms.asked == 1


def test_lti_a36_a_worker_that_lost_its_lane_claims_no_more(sending: Sending) -> None:
    sending.people(150)

    def meanwhile() -> None:
        with sending.sessions.begin() as session:
            until = sending.clock.now + MINUTE
            session.execute(update(PlatformLaneRow).values(leased_by=new_id(), leased_until=until))

    sending.lms.meanwhile = meanwhile
    sending.drain()
    assert 0 < sending.lms.asked < 150
    assert {row.state for row in sending.rows()} == {ACCEPTED, WAITING}
    assert all(row.leased_until is None for row in sending.rows())


def test_what_comes_while_the_lane_is_held_is_found_when_it_was_let_go(sending: Sending) -> None:
    first, second = sending.people(2)
    sending.change(second, state=ACCEPTED, next_attempt_at=None)
    taken: list[bool] = []

    def meanwhile() -> None:
        if not taken:
            taken.append(True)
            sending.want(second, 70)

    sending.lms.meanwhile = meanwhile
    sending.drain()
    assert sending.row(first).state is sending.row(second).state is ACCEPTED


def test_a_bad_score_holds_up_no_other_and_is_tried_again_later(sending: Sending) -> None:
    bad, *others = sending.people(40)
    sending.lms.answers = only("p0")
    drained = sending.drain()
    assert {sending.row(one).state for one in others} == {ACCEPTED}
    row = sending.row(bad)
    assert (row.state, row.answer, row.leased_until) == (WAITING, "platform_troubled", None)
    assert drained.again_at == row.next_attempt_at
    assert sending.lane().resting_until is None


def test_a_score_that_the_lms_stumbles_over_while_it_takes_others_waits_for_a_person_in_the_end(
    sending: Sending,
) -> None:
    (bad, *others) = sending.people(4)
    sending.lms.answers = only("p0")
    for score in range(PATIENCE + 1):
        for one in others:
            sending.want(one, score)
        sending.drain(later=timedelta(hours=7))
    assert sending.row(bad).state is DeliveryState.NEEDS_PERSON
    assert {sending.row(one).state for one in others} == {ACCEPTED}


def test_lti_a38_while_the_lms_is_down_the_lane_rests_and_no_score_loses_patience(sending: Sending) -> None:
    sending.people(60)
    sending.lms.answers = lambda _sub: DOWN
    for _minute in range(24 * 4):
        drained = sending.drain(later=timedelta(minutes=15))
        assert drained.again_at is not None
    assert {row.state for row in sending.rows()} == {WAITING}
    assert {row.attempts for row in sending.rows()} == {0}
    assert sending.lms.asked < 24 * 4 + 10  # one asks whether it is well again
    assert sending.lane().problem == "platform_unreachable"
    sending.lms.answers = lambda _sub: None
    sending.drain(later=timedelta(minutes=16))
    sending.drain(later=timedelta(minutes=1))
    assert {row.state for row in sending.rows()} == {ACCEPTED}
    assert {len(posts) for posts in sending.lms.posts.values()} == {1}
    assert (sending.lane().troubles, sending.lane().problem, sending.lane().resting_until) == (0, None, None)


def test_lti_a38_an_lms_that_asks_to_wait_is_left_alone_for_as_long_as_it_asks(sending: Sending) -> None:
    sending.people(30)
    sending.lms.answers = lambda _sub: said(429, retry_after="600")
    drained = sending.drain()
    assert sending.lms.asked == 1
    assert drained.again_at is not None
    assert drained.again_at >= sending.clock.now + timedelta(minutes=10)
    sending.lms.answers = lambda _sub: None
    assert sending.drain(later=timedelta(minutes=9)) == Drained()
    assert sending.lms.asked == 1
    sending.drain(later=timedelta(minutes=2))
    assert sending.lms.took >= 29


def test_what_was_not_tried_is_given_back_as_it_was(sending: Sending) -> None:
    sending.people(30)
    sending.lms.answers = lambda _sub: said(429, retry_after="60")
    sending.drain()
    untried = [row for row in sending.rows() if row.answer is None]
    assert len(untried) == 29
    assert {(row.sent_at, row.sent_score, row.leased_until, row.attempts) for row in untried} == {(None, None, None, 0)}


def test_lti_a38_a_lane_is_drained_for_some_seconds_and_asks_for_another_turn(sending: Sending) -> None:
    sending.people(30)
    assert sending.drain(lasting=0.0) == Drained(more=True)
    assert 0 < sending.lms.took < 30
    assert sending.lane().leased_by is None


def test_a_worker_that_is_to_stop_ends_after_what_is_under_way_and_gives_the_rest_back(sending: Sending) -> None:
    sending.people(100)
    goes_on = threading.Event()

    def stopping() -> bool:
        if sending.lms.took <= 10:
            return False
        threading.Timer(0.2, goes_on.set).start()
        return True

    def holds_back() -> None:
        """However fast the LMS is, it does not take all of them before anybody asks whether to stop."""
        if sending.lms.took > 10:
            goes_on.wait(timeout=60)

    sending.lms.meanwhile = holds_back
    assert sending.drain(stopping=stopping) == Drained(more=True)
    assert 10 < sending.lms.took < 100
    assert {row.leased_until for row in sending.rows()} == {None}
    sending.lms.meanwhile = lambda: None
    sending.drain()
    assert {len(posts) for posts in sending.lms.posts.values()} == {1}


def test_lti_a36_a_worker_that_died_leaves_its_score_to_the_next_with_a_later_timestamp(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.change(delivery_id, sent_at=sending.clock.now, sent_score=Decimal(50), sent_maximum=Decimal(100),
                   leased_until=sending.clock.now + LEASE)  # fmt: skip
    sending.drain(later=LEASE / 2)
    assert sending.lms.asked == 0
    sending.drain(later=LEASE)
    assert sending.row(delivery_id).state is ACCEPTED
    assert sending.lms.posts["p0"][0]["timestamp"] > "2026-03-02T09:00:01"


def test_a_lost_answer_is_found_by_reading_and_nothing_is_sent_twice(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.lms.loses_answers = True
    sending.drain()
    sending.lms.loses_answers = False
    assert sending.row(delivery_id).state is WAITING
    sending.drain(later=MINUTE)
    row = sending.row(delivery_id)
    assert (row.state, row.accepted_score, row.answer) == (ACCEPTED, Decimal(50), "accepted")
    assert sending.lms.took == 1


def test_a_newer_score_follows_one_whose_answer_was_lost_though_the_lms_cannot_be_read_at_first(
    sending: Sending,
) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.lms.loses_answers = True
    sending.drain()
    sending.lms.loses_answers = False
    sending.want(delivery_id, 90)
    sending.lms.looks = lambda _sub: TROUBLED
    sending.drain(later=MINUTE)
    row = sending.row(delivery_id)
    assert (row.state, row.sent_score) == (WAITING, Decimal(50))  # the 90 never left
    sending.lms.looks = lambda _sub: None
    sending.drain(later=MINUTE)
    assert sending.row(delivery_id).state is ACCEPTED
    assert [post["scoreGiven"] for post in sending.lms.posts["p0"]] == [50, 90]


def test_what_was_read_before_an_answer_was_lost_is_not_taken_for_somebody_else_s(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.lms.loses_answers = True
    sending.drain()
    sending.lms.loses_answers = False
    sending.want(delivery_id, 90)
    sending.lms.answers = lambda _sub: TROUBLED  # nobody knows whether the 90 came; it did not
    sending.drain(later=MINUTE)
    assert sending.row(delivery_id).sent_score == 90
    sending.lms.answers = lambda _sub: None
    sending.want(delivery_id, 95)
    sending.drain(later=MINUTE)
    assert sending.row(delivery_id).state is ACCEPTED
    assert sending.lms.cells["p0"] == 95


def test_a_cell_is_emptied_as_a_person_said_also_where_it_differs_meanwhile(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.drain()
    sending.lms.cells["p0"] = Decimal(77)
    sending.want(delivery_id, 80)

    def looks(_sub: str) -> None:
        sending.change(delivery_id, to_clear=True)

    sending.lms.looks = looks
    sending.drain(later=MINUTE)
    assert (sending.row(delivery_id).state, sending.lms.cells) == (DeliveryState.CLEARED, {})


def test_what_a_column_answers_leaves_noted_that_nothing_counts_of_a_cell_that_is_to_be_emptied(
    sending: Sending,
) -> None:
    _first, *others = sending.people(6)
    for one in others:
        sending.change(one, to_clear=True, answer="nothing_left", sent_at=sending.clock.now)
    sending.lms.answers = lambda _sub: said(403)
    sending.drain()
    assert {sending.row(one).answer for one in others} == {"nothing_left"}
    assert {row.state for row in sending.rows()} == {DeliveryState.NEEDS_PERSON}


def test_lti_a23_what_a_teacher_wrote_is_not_overwritten_and_a_person_decides(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.drain()
    sending.lms.cells["p0"] = Decimal(77)
    sending.want(delivery_id, 80)
    sending.drain(later=MINUTE)
    row = sending.row(delivery_id)
    assert (row.state, row.lms_score, row.next_attempt_at) == (DIFFERS, Decimal(77), None)
    assert (row.accepted_score, row.sent_score, row.attempts) == (Decimal(50), Decimal(50), 0)
    assert sending.lms.took == 1
    sending.want(delivery_id, 80)  # a person says that ours stands
    sending.drain(later=MINUTE)
    assert sending.row(delivery_id).state is ACCEPTED
    assert sending.lms.cells["p0"] == 80


def test_after_a_restored_backup_what_is_there_counts_and_what_follows_is_later_than_the_lms_s(
    sending: Sending,
) -> None:
    same, changed = sending.people(2)
    sending.may_read()
    sending.lms.cells = {"p0": Decimal(50), "p1": Decimal(20)}
    sending.lms.at = "2026-03-09T09:00:00Z"  # both were given after the backup was made
    sending.change(changed, sent_score=Decimal(20), sent_maximum=Decimal(100), sent_at=sending.clock.now)
    sending.lms.answers = only("p0", answer=said(409))
    sending.drain()
    assert sending.row(changed).state is ACCEPTED
    assert sending.lms.posts["p1"][0]["timestamp"] > sending.lms.at
    assert sending.row(changed).sent_at == datetime(2026, 3, 9, 9, 0, 1, tzinfo=UTC)
    assert sending.row(same).state is WAITING
    sending.drain(later=MINUTE)
    assert sending.row(same).state is ACCEPTED
    assert sending.lms.took == 1


def test_lti_a23_scores_that_follow_one_another_carry_later_timestamps(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    for score in (40, 90, 40):
        sending.want(delivery_id, score)
        sending.drain()
    sent = sending.lms.posts["p0"]
    assert [post["scoreGiven"] for post in sent] == [40, 90, 40]
    moments = [post["timestamp"] for post in sent]
    assert len({moment[:19] for moment in moments}) == 3
    assert moments == sorted(moments)


def test_a_score_that_changed_on_the_way_is_sent_after(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    changed: list[bool] = []

    def meanwhile() -> None:
        if not changed:
            changed.append(True)
            sending.want(delivery_id, 90)

    sending.lms.meanwhile = meanwhile
    sending.drain()
    assert [post["scoreGiven"] for post in sending.lms.posts["p0"]] == [50, 90]
    assert sending.row(delivery_id).accepted_score == 90


def test_a_column_that_takes_nothing_is_tried_once_and_holds_its_other_scores(sending: Sending) -> None:
    sending.people(50)
    sending.lms.answers = lambda _sub: said(403)
    sending.drain()
    assert sending.lms.asked <= 5
    assert {(row.state, row.answer) for row in sending.rows()} == {(DeliveryState.NEEDS_PERSON, "not_allowed")}


@pytest.mark.parametrize("why", ["gone_at", "stopped_at"])
def test_nothing_is_sent_to_a_column_that_is_gone_or_stopped_and_nothing_is_lost(sending: Sending, why: str) -> None:
    sending.people(3)
    with sending.sessions.begin() as session:
        session.execute(update(LineItemRow).values({why: sending.clock.now}))
    assert sending.drain() == Drained()
    assert {row.state for row in sending.rows()} == {WAITING}
    assert sending.lms.asked == 0
    with sending.sessions.begin() as session:
        session.execute(update(LineItemRow).values({why: None}))
    sending.drain()
    assert sending.lms.took == 3


def test_while_a_connection_is_switched_off_scores_wait(sending: Sending) -> None:
    sending.people(2)
    with sending.sessions.begin() as session:
        session.execute(update(RegistrationRow).values(active=False))
    assert sending.drain() == Drained()
    assert sending.lms.asked == 0
    assert {(row.state, row.attempts) for row in sending.rows()} == {(WAITING, 0)}


def test_a_person_has_a_cell_emptied(sending: Sending) -> None:
    (delivery_id,) = sending.people(1)
    sending.drain()
    sending.change(delivery_id, state=WAITING, next_attempt_at=sending.clock.now, to_clear=True)
    sending.drain(later=MINUTE)
    row = sending.row(delivery_id)
    assert (row.state, row.to_clear, row.accepted_score) == (DeliveryState.CLEARED, False, None)
    assert "p0" not in sending.lms.cells
    sending.want(delivery_id, 60)
    sending.drain(later=MINUTE)
    assert sending.lms.cells["p0"] == 60


def test_nothing_is_sent_by_a_worker_that_held_it_for_too_long(sending: Sending) -> None:
    (first, second) = sending.people(2)
    sending.may_read()
    sending.change(first, sent_at=sending.clock.now - MINUTE)

    slept: list[str] = []

    def sleeps(sub: str) -> None:
        if not slept:
            sending.clock.now += LEASE
            slept.append(sub)

    sending.lms.looks = sleeps
    sending.drain(lasting=0.0)
    assert slept == ["p0"]
    assert (sending.lms.asked, sending.row(first).sent_score, sending.row(first).leased_until) == (0, None, None)
    sending.drain()
    assert {sending.row(first).state, sending.row(second).state} == {ACCEPTED}


def test_an_attempt_that_breaks_off_is_settled_and_the_others_go_on(sending: Sending) -> None:
    bad, good = sending.people(2)

    def breaks(sub: str) -> None:
        if sub == "p0":
            raise ZeroDivisionError

    sending.lms.answers = breaks
    sending.drain()
    assert (sending.row(bad).leased_until, sending.row(good).state) == (None, ACCEPTED)


@pytest.mark.parametrize("more", [20, 200])
def test_a_batch_takes_as_many_statements_whatever_its_size(sending: Sending, more: int) -> None:
    sending.people(more)
    sending.drain(lasting=0.0)  # what is fetched once
    counted: list[str] = []
    engine = sending.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    sending.drain()
    assert len(counted) < 90
    assert sending.lms.took == more
    with sending.sessions() as session:
        assert session.scalars(select(DeliveryRow.state).distinct()).all() == [ACCEPTED]


def test_what_the_lms_answers_is_what_counts(sending: Sending) -> None:
    assert OK.status == 200
    sending.people(1)
    sending.lms.tokens = said(401)
    sending.drain()
    assert sending.lms.asked == 0
    assert sending.lane().problem == "token_refused"


def test_by_how_much_the_lms_s_clock_is_ahead_is_noted_of_its_answers(sending: Sending) -> None:
    sending.people(3)
    at = format_datetime(sending.clock.now + timedelta(minutes=7), usegmt=True)
    sending.lms.answers = lambda _sub: HttpAnswer(200, {"date": at}, b"")
    sending.drain()
    noted = sending.lane().clock_ahead
    assert noted is not None
    assert abs(noted - 7 * 60) < 5


def test_what_was_refused_for_certain_is_not_waited_for_and_the_score_before_it_is_not_sent_once_more(
    sending: Sending,
) -> None:
    (delivery_id,) = sending.people(1)
    sending.may_read()
    sending.drain()
    sending.lms.answers = lambda _sub: said(422)
    sending.want(delivery_id, 75)
    sending.drain()
    assert sending.row(delivery_id).state is DeliveryState.NEEDS_PERSON
    sending.lms.answers = lambda _sub: None
    sending.want(delivery_id, 50)
    sending.drain()
    assert sending.row(delivery_id).state is ACCEPTED
    assert len(sending.lms.posts["p0"]) == 1


def test_what_the_lms_before_says_of_a_column_that_moved_meanwhile_is_not_kept(sending: Sending) -> None:
    sending.people(1)
    next_ = platforms.NewPlatform(
        name="Next", family="canvas", issuer="https://next.example", client_id="9", auth_url="https://next.example/a",
        token_url="https://next.example/t", jwks_url="https://next.example/k", deployment_ids=("9",),
    )  # fmt: skip
    with sending.sessions.begin() as session:
        column = session.scalars(select(LineItemRow)).one()
        there = {"id": column.url, "resourceId": str(column.activity_id), "label": "Practice", "scoreMaximum": 100}
        sending.lms.listed = [there | {"resourceLinkId": column.lti_resource_link_id}]
        column.url = None
        next_id = platforms.add(session, column.organization_id, next_, sending.clock.now)

    def moves() -> None:
        with sending.sessions.begin() as session:
            session.execute(update(LineItemRow).values(registration_id=next_id))

    sending.lms.meanwhile = moves
    sending.drain()
    assert sending.lms.took == 1
    with sending.sessions() as session:
        assert session.scalars(select(LineItemRow.url)).one() is None
