"""Platforms take turns, and thousands of wake-ups give nobody more of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.queue import Kind
from lti_tool.services.scores import send
from lti_tool.services.scores.send_turns import Turns
from tests.conftest import Clock
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.scoring import DOWN, FakeLms, Sending, said


@dataclass
class Asked:
    """A queue that only remembers."""

    now: list[tuple[Kind, UUID]] = field(default_factory=list)
    waits: list[timedelta] = field(default_factory=list)
    huey: Any = None

    def look_at(self, kind: Kind, row_id: UUID) -> None:
        self.now.append((kind, row_id))

    next = look_at

    def later(self, _kind: Kind, _row_id: UUID, wait: timedelta) -> None:
        self.waits.append(wait)


@pytest.fixture
def sending(world: World, sessions: sessionmaker[Session], clock: Clock) -> Sending:
    world.session.commit()
    return Sending(world, sessions, FakeLms(), clock)


@pytest.fixture
def asked() -> Asked:
    return Asked()


def turns(sending: Sending, asked: Asked, *, stops_after: int = 10_000) -> Turns:
    queue: Any = asked
    return Turns(sending.sessions, sending.lms, queue, sending.clock, stopping=lambda: sending.lms.took >= stops_after)


def test_lti_a38_a_platform_with_much_to_send_waits_behind_whoever_asked_before(sending: Sending, asked: Asked) -> None:
    first, *others = sending.people(40)

    def meanwhile() -> None:  # a platform that takes its time: what was claimed with the sixth is given back
        if sending.lms.took >= 5:
            sending.clock.now += send.SEND_WITHIN

    sending.lms.meanwhile = meanwhile
    mine = turns(sending, asked, stops_after=5)
    mine.look_at(first)
    sending.lms.meanwhile = lambda: None
    took = sending.lms.took
    assert 0 < took < 40
    assert asked.now == [(Kind.PLATFORM, sending.platform)]
    for one in others:
        mine.look_at(one)  # all were told of: their platform has no turn for it
    assert sending.lms.took == took
    assert len(asked.now) == 1
    turns(sending, asked).drain(sending.platform)
    assert sending.lms.took == 40


def test_a_lane_that_rests_is_asked_for_when_it_has_rested_and_once(sending: Sending, asked: Asked) -> None:
    first, second = sending.people(2)
    sending.lms.answers = lambda _sub: said(429, retry_after="90")
    mine = turns(sending, asked)
    mine.look_at(first)
    mine.look_at(second)
    (wait,) = asked.waits
    assert timedelta(seconds=90) <= wait < timedelta(seconds=120)
    assert asked.now == []


def test_a_score_that_was_not_taken_is_asked_for_when_it_is_due_again(sending: Sending, asked: Asked) -> None:
    (first,) = sending.people(1)
    sending.lms.answers = lambda _sub: DOWN
    turns(sending, asked).look_at(first)
    (wait,) = asked.waits
    assert timedelta(seconds=10) <= wait <= timedelta(seconds=20)


def test_what_is_at_rest_is_not_asked_for_again(sending: Sending, asked: Asked) -> None:
    (first,) = sending.people(1)
    mine = turns(sending, asked)
    mine.look_at(first)
    mine.look_at(first)
    assert (sending.lms.asked, asked.now, asked.waits) == (1, [], [])
