"""The window for the trainee's answer only ever moves later."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics import voice
from rubrics.refusal import Refused

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # naive by contract
DAYS = st.integers(1, 60)


def moved(step: str, until: datetime, now: datetime, days: int) -> datetime:
    return {
        "more": voice.with_more_time,
        "waits": voice.while_talk_waits,
        "talked": voice.after_talk,
        "amended": voice.after_amending,
    }[step](until, now, days)


STEPS = st.lists(st.tuples(st.sampled_from(["more", "waits", "talked", "amended"]), st.integers(0, 40)), max_size=8)


@given(MOMENTS, DAYS, STEPS)
def test_ux_p2_whatever_happens_the_date_that_was_promised_never_comes_earlier(
    shared: datetime, days: int, steps: list[tuple[str, int]]
) -> None:
    until, now = voice.window_opens(shared, days), shared
    for step, later in steps:
        now += timedelta(days=later)
        before, until = until, moved(step, until, now, days)
        assert until >= before
        assert (until.hour, until.minute) == (23, 59)


@given(MOMENTS, DAYS, st.integers(0, 90))
def test_ux_p2_more_time_is_always_a_whole_window_from_now_or_from_the_date_there_was(
    shared: datetime, days: int, later: int
) -> None:
    until, now = voice.window_opens(shared, days), shared + timedelta(days=later)
    longer = voice.with_more_time(until, now, days)
    assert longer - until >= timedelta(days=days)
    assert longer - now >= timedelta(days=days)


@given(MOMENTS, DAYS, st.integers(0, 90))
def test_ux_p7_nothing_is_signed_in_silence_before_a_person_looked_after_a_talk_that_was_asked_for(
    asked: datetime, days: int, later: int
) -> None:
    until = voice.while_talk_waits(voice.window_opens(asked, days), asked, days)
    now = asked + timedelta(days=later)
    if voice.may_be_silent(until, now):
        assert voice.comes_back(asked, None, now)
    assert not voice.comes_back(asked, asked, now)
    assert not voice.comes_back(None, None, now)


@given(MOMENTS, st.integers(0, 24 * 60))
def test_ux_p2_a_talk_comes_back_once_the_day_has_ended_by_which_it_was_due(asked: datetime, later: int) -> None:
    now = asked + timedelta(hours=later)
    assert voice.comes_back(asked, None, now) is (now > voice.talk_due(asked).replace(microsecond=999_999))


def test_more_time_is_there_twice_at_one_tap_and_then_from_a_person() -> None:
    voice.ask_for_more_time(0)
    voice.ask_for_more_time(1)
    with pytest.raises(Refused, match="please ask an instructor") as refused:
        voice.ask_for_more_time(2)
    assert refused.value.code == "ask_instructor"


@given(MOMENTS)
def test_without_a_window_silence_says_nothing(now: datetime) -> None:
    assert not voice.may_be_silent(None, now)
