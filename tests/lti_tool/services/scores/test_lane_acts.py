"""An operator has a platform tried again now."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import lane_acts, lane_words, score_comments
from lti_tool.store.base import new_id
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import program_lead
from tests.lti_tool.services.scores.test_delivery_health import Scores


@pytest.fixture
def scores(world: World, now: datetime) -> Scores:
    return Scores(world, now)


def the_operator(world: World) -> Operator:
    return Operator(world.organization_id, None)


def test_every_answer_has_words_for_who_operates_and_an_unknown_one_those_of_one_not_understood() -> None:
    said = {code.value: lane_words.about(code.value) for code in Answer}
    assert all(said.values())
    assert lane_words.about("of a later version") == said[Answer.NOT_UNDERSTOOD.value]


def test_comments_with_scores_are_chosen_once(world: World) -> None:
    lea = program_lead(world)
    for on in (True, True, False, False):
        score_comments.choose(world.session, lea, on=on, now=world.now)
        assert score_comments.is_on(world.session, lea) is on
    acts = list(world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.contains("comment"))))
    assert len(acts) == 2


def test_trying_now_ends_the_rest_and_has_due_what_waited_or_gave_up_for_the_connection(
    scores: Scores, world: World, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    scores.are(2, DeliveryState.WAITING, attempts=5, next_attempt_at=later)
    scores.are(1, DeliveryState.NEEDS_PERSON, attempts=24, answer=Answer.TOKEN_REFUSED)
    scores.are(1, DeliveryState.NEEDS_PERSON, attempts=1, answer=Answer.PERSON_NOT_IN_COURSE)
    scores.are(1, DeliveryState.DIFFERS)
    scores.lane(resting_until=later, troubles=4, problem="platform_unreachable", problem_at=now)
    assert lane_acts.try_now(world.session, the_operator(world), scores.registration_id, now) == 3
    world.session.expire_all()
    assert world.session.scalars(select(PlatformLaneRow)).one().resting_until is None
    rows = world.session.scalars(select(DeliveryRow).where(DeliveryRow.state == DeliveryState.WAITING)).all()
    assert {(row.attempts, row.next_attempt_at) for row in rows} == {(0, now)}
    seen = scores.seen()
    assert (seen.waiting, seen.needs_person, seen.differs) == (3, 1, 1)


def test_twice_the_same_changes_nothing_and_each_stands_in_the_audit(
    scores: Scores, world: World, now: datetime
) -> None:
    scores.are(1, DeliveryState.WAITING, attempts=5, next_attempt_at=now + timedelta(hours=3))
    found = [lane_acts.try_now(world.session, the_operator(world), scores.registration_id, now) for _ in range(2)]
    assert found == [1, 0]
    written = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "platform.try_now")).all()
    assert [entry.subject for entry in written] == [f"registration:{scores.registration_id}"] * 2


def test_somebody_elses_platform_is_not_here_and_one_that_is_off_says_what_to_do(
    scores: Scores, world: World, now: datetime
) -> None:
    with pytest.raises(NotHere):
        lane_acts.try_now(world.session, Operator(new_id(), None), scores.registration_id, now)
    world.session.get_one(RegistrationRow, scores.registration_id).active = False
    world.session.flush()
    with pytest.raises(Refused, match="Switch it on again"):
        lane_acts.try_now(world.session, the_operator(world), scores.registration_id, now)


def test_after_a_restore_every_column_with_scores_is_compared(scores: Scores, world: World, now: datetime) -> None:
    assert lane_acts.compare_all(world.session, now) == 0
    scores.are(2, DeliveryState.ACCEPTED)
    assert lane_acts.compare_all(world.session, now) == 1
    world.session.expire_all()
    assert scores.line_item.read_asked_at == now
    written = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "gradebooks.compare")).all()
    assert len(written) == 1
