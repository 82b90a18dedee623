"""Periodic work is done once, however many workers there are."""

import threading
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.operating import turns

APART = timedelta(seconds=40)


def take(sessions: sessionmaker[Session], now: datetime, name: str = "sweep") -> bool:
    with sessions.begin() as session:
        return turns.take(session, name, now, apart=APART)


def test_lti_a36_of_many_workers_one_takes_the_turn(sessions: sessionmaker[Session], now: datetime) -> None:
    for minutes in range(3):
        taken: list[bool] = []

        def worker(ahead: int, slot: datetime = now + timedelta(minutes=minutes), taken: list[bool] = taken) -> None:
            taken.append(take(sessions, slot + timedelta(seconds=ahead)))  # their clocks differ a little

        workers = [threading.Thread(target=worker, args=(number,)) for number in range(6)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        assert sorted(taken) == [False] * 5 + [True]


def test_a_turn_whose_worker_died_comes_again_in_its_time(sessions: sessionmaker[Session], now: datetime) -> None:
    assert take(sessions, now)
    assert not take(sessions, now + timedelta(seconds=39))
    assert take(sessions, now + timedelta(seconds=60))


def test_turns_of_different_work_have_nothing_to_do_with_one_another(
    sessions: sessionmaker[Session], now: datetime
) -> None:
    assert take(sessions, now)
    assert take(sessions, now, "nightly")


def test_a_clock_that_was_wrong_once_keeps_nobody_from_a_turn(sessions: sessionmaker[Session], now: datetime) -> None:
    assert take(sessions, now + timedelta(days=1))
    assert take(sessions, now)
    assert not take(sessions, now + timedelta(seconds=5))
