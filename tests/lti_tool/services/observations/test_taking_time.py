"""More time for the answer, and a talk first."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import read, taking_time
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

Act = Callable[..., None]


def row(world: World, observation_id: UUID) -> ObservationRow:
    return world.session.get_one(ObservationRow, observation_id)


def until(world: World, observation_id: UUID) -> datetime:
    found = row(world, observation_id).respond_until
    assert found is not None
    return found


def do(world: World, act: Act, who: str, observation_id: UUID) -> None:
    act(world.session, world.visitor(who), observation_id, world.now)


def window(world: World, who: str, observation_id: UUID) -> taking_time.Window | None:
    record = read.read(world.session, world.visitor(who), observation_id, world.now)
    return taking_time.window_of(world.session, record, world.now)


def test_ux_p2_more_time_is_one_tap_and_twice_then_a_person_gives_it(world: World) -> None:
    observation_id = world.share()
    first = until(world, observation_id)
    for number in (1, 2):
        do(world, taking_time.more_time, "sam", observation_id)
        assert until(world, observation_id) == first + timedelta(days=7 * number)
    with pytest.raises(Refused, match="please ask an instructor"):
        do(world, taking_time.more_time, "sam", observation_id)
    do(world, taking_time.more_time, "ines", observation_id)
    assert until(world, observation_id) == first + timedelta(days=21)


def test_ux_p2_after_the_date_more_time_counts_from_today(world: World) -> None:
    observation_id = world.share()
    world.now += timedelta(days=20)
    do(world, taking_time.more_time, "sam", observation_id)
    assert until(world, observation_id).date() == (world.now + timedelta(days=7)).date()
    record = read.read(world.session, world.visitor("jo"), observation_id, world.now)
    assert not record.may_sign


@pytest.mark.parametrize("who", ["jo", "amara", "noor"])
def test_nobody_else_moves_the_date(world: World, who: str) -> None:
    observation_id = world.share()
    with pytest.raises(NotHere):
        do(world, taking_time.more_time, who, observation_id)


@pytest.mark.parametrize("act", [taking_time.more_time, taking_time.ask_to_talk, taking_time.no_talk_needed])
def test_where_nothing_is_to_be_answered_there_is_no_date_to_move(world: World, act: Act) -> None:
    observation_id = world.answered()
    with pytest.raises(Refused, match="no date to move"):
        do(world, act, "sam", observation_id)


def test_ux_p6_talking_first_keeps_silence_from_counting_until_they_talked(world: World) -> None:
    observation_id = world.share()
    do(world, taking_time.ask_to_talk, "sam", observation_id)
    world.now += timedelta(days=10)
    assert not read.read(world.session, world.visitor("jo"), observation_id, world.now).may_sign
    before = until(world, observation_id)
    do(world, taking_time.talked, "jo", observation_id)
    assert until(world, observation_id) >= before
    assert until(world, observation_id) >= world.now + timedelta(days=7)
    seen = window(world, "sam", observation_id)
    assert seen is not None
    assert (seen.talk_held_at, seen.talk_due) == (world.now, None)


def test_ux_p7_a_talk_that_does_not_come_about_comes_back_to_the_instructor(world: World) -> None:
    observation_id = world.share()
    do(world, taking_time.ask_to_talk, "sam", observation_id)
    early = window(world, "ines", observation_id)
    assert early is not None
    assert (early.talk_asked_at, early.may_say_talked) == (None, False)
    with pytest.raises(NotHere):
        do(world, taking_time.talked, "ines", observation_id)
    world.now += timedelta(days=15)
    late = window(world, "ines", observation_id)
    assert late is not None
    assert late.may_say_talked
    assert not read.read(world.session, world.visitor("jo"), observation_id, world.now).may_sign
    do(world, taking_time.talked, "ines", observation_id)
    assert row(world, observation_id).talk_held_at == world.now


def test_a_wish_to_talk_can_be_taken_back_and_takes_no_time_away(world: World) -> None:
    observation_id = world.share()
    do(world, taking_time.ask_to_talk, "sam", observation_id)
    do(world, taking_time.ask_to_talk, "sam", observation_id)
    before = until(world, observation_id)
    do(world, taking_time.no_talk_needed, "sam", observation_id)
    do(world, taking_time.no_talk_needed, "sam", observation_id)
    assert (row(world, observation_id).talk_asked_at, until(world, observation_id)) == (None, before)
    with pytest.raises(Refused, match="No talk is waited for"):
        do(world, taking_time.talked, "jo", observation_id)


def test_that_a_trainee_would_like_to_talk_is_for_those_they_talk_with(world: World) -> None:
    observation_id = world.share()
    do(world, taking_time.ask_to_talk, "sam", observation_id)
    seen = {who: window(world, who, observation_id) for who in ("sam", "jo", "ines")}
    assert {who: bool(one and one.talk_asked_at) for who, one in seen.items()} == {
        "sam": True, "jo": True, "ines": False,
    }  # fmt: skip
    for who in ("amara", "noor"):
        with pytest.raises(NotHere):
            do(world, taking_time.talked, who, observation_id)


def test_each_of_these_acts_is_in_the_audit(world: World) -> None:
    observation_id = world.share()
    for act, who in (
        (taking_time.more_time, "sam"),
        (taking_time.ask_to_talk, "sam"),
        (taking_time.talked, "jo"),
    ):
        do(world, act, who, observation_id)
    acts = [entry.act for entry in world.session.query(AuditEntryRow).order_by(AuditEntryRow.id)]
    assert acts[-3:] == ["observation.more_time", "observation.ask_to_talk", "observation.talked"]
