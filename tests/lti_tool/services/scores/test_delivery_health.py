"""What an operator is told of scores on their way: counts and codes, bounded however much waits."""

import time
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, insert

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.scores.delivery_health import MOST, Need, PlatformHealth, platforms, workers
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import PeriodicTurnRow, PlatformLaneRow, RegistrationRow
from tests.lti_tool.services.conftest import World


class Scores:
    """Rows for as many people as a test wants, in the column of a world's activity."""

    def __init__(self, world: World, now: datetime) -> None:
        self.session, self.now = world.session, now
        self.line_item = world.session.query(LineItemRow).first()
        self.registration_id = self.line_item.registration_id

    def are(self, many: int, state: DeliveryState, **said: object) -> None:
        people = [
            {"id": new_id(), "organization_id": self.line_item.organization_id, "created_at": self.now, "name": "Mo"}
            for _ in range(many)
        ]
        self.session.execute(insert(PersonRow), people)
        usual = {
            "organization_id": self.line_item.organization_id, "line_item_id": self.line_item.id,
            "registration_id": self.registration_id, "state": state, "desired_score": Decimal(50),
            "desired_maximum": Decimal(100), "desired_at": self.now, "attempts": 0,
            "next_attempt_at": self.now if state is DeliveryState.WAITING else None,
        }  # fmt: skip
        self.session.execute(
            insert(DeliveryRow), [usual | said | {"id": new_id(), "person_id": one["id"]} for one in people]
        )

    def lane(self, **said: object) -> None:
        self.session.add(
            PlatformLaneRow(
                id=new_id(), organization_id=self.line_item.organization_id, registration_id=self.registration_id,
                **{"troubles": 0} | said,
            )
        )  # fmt: skip
        self.session.flush()

    def seen(self) -> PlatformHealth:
        (one,) = platforms(self.session, self.line_item.organization_id, self.now)
        return one


@pytest.fixture
def scores(world: World, now: datetime) -> Scores:
    return Scores(world, now)


def accepted_at(moment: datetime) -> dict[str, object]:
    return {"accepted_at": moment, "accepted_score": Decimal(50), "accepted_maximum": Decimal(100)}


def test_each_state_is_counted_and_so_is_the_last_day(scores: Scores, now: datetime) -> None:
    scores.are(3, DeliveryState.ACCEPTED, **accepted_at(now - timedelta(hours=2)))
    scores.are(2, DeliveryState.ACCEPTED, **accepted_at(now - timedelta(days=2)))
    scores.are(4, DeliveryState.WAITING, desired_at=now - timedelta(minutes=7))
    scores.are(1, DeliveryState.NEEDS_PERSON, answer=Answer.PERSON_NOT_IN_COURSE)
    scores.are(2, DeliveryState.NEEDS_PERSON, answer=Answer.COLUMN_GONE)
    scores.are(1, DeliveryState.DIFFERS)
    scores.line_item.gone_at = now
    scores.session.flush()
    seen = scores.seen()
    assert (seen.accepted, seen.accepted_of_a_day, seen.waiting, seen.needs_person, seen.differs) == (5, 3, 4, 3, 1)
    assert seen.waiting_since == now - timedelta(minutes=7)
    assert dict(seen.why) == {"column_gone": 2, "person_not_in_course": 1}
    assert seen.gone_columns == 1
    assert seen.needs(now) == ()


def test_nothing_of_a_person_is_in_it() -> None:
    assert not {"person_id", "name", "desired_score", "score"} & {one.name for one in fields(PlatformHealth)}


def test_counting_stops_and_asks_three_statements_however_much_waits(scores: Scores) -> None:
    said: list[str] = []
    engine = scores.session.get_bind()
    scores.are(MOST + 500, DeliveryState.WAITING)
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    began = time.perf_counter()
    assert scores.seen().waiting == MOST + 1
    workers(scores.session)
    assert time.perf_counter() - began < 5
    assert len(said) == 3


@pytest.mark.parametrize(
    ("lane", "answer", "needs"),
    [
        ({}, None, ()),
        ({"troubles": 3, "problem": "platform_unreachable"}, None, (Need.SILENT,)),
        ({"troubles": 3, "problem": "token_refused"}, None, (Need.CONNECTION,)),
        ({"clock_ahead": -300}, None, (Need.CLOCK,)),
        ({"clock_ahead": 30}, None, ()),
        ({}, Answer.SCOPE_NOT_GRANTED, (Need.CONNECTION,)),
        ({}, Answer.PERSON_NOT_IN_COURSE, ()),
    ],
)
def test_an_operator_is_needed_for_the_connection_and_never_for_one_score(
    scores: Scores, now: datetime, lane: dict[str, object], answer: Answer | None, needs: tuple[Need, ...]
) -> None:
    scores.are(1, DeliveryState.WAITING, desired_at=now - timedelta(hours=2))
    scores.lane(**lane)
    if answer is not None:
        scores.are(1, DeliveryState.NEEDS_PERSON, answer=answer)
    assert scores.seen().needs(now) == needs
    scores.session.get_one(RegistrationRow, scores.registration_id).active = False
    scores.session.flush()
    assert scores.seen().needs(now) == ()


def test_a_trouble_that_is_over_is_not_told(scores: Scores, now: datetime) -> None:
    scores.lane(problem="platform_troubled", problem_at=now, accepted_at=now)
    assert (scores.seen().problem, scores.seen().problem_at) == (None, None)


def test_a_worker_that_was_not_seen_for_ten_minutes_seems_not_to_run(world: World, now: datetime) -> None:
    assert workers(world.session).quiet(now)
    world.session.add(PeriodicTurnRow(name="sweep", taken_at=now - timedelta(minutes=9)))
    world.session.flush()
    assert not workers(world.session).quiet(now)
    assert workers(world.session).quiet(now + timedelta(minutes=2))


def test_without_an_organization_it_is_all_of_them(scores: Scores, now: datetime) -> None:
    assert platforms(scores.session, None, now) == platforms(scores.session, scores.line_item.organization_id, now)
    assert platforms(scores.session, new_id(), now) == ()
