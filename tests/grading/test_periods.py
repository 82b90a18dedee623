"""Lengths of time: ends of months, leap days, the ends of the calendar, and days that are paused."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.periods import Calendar, Pause, Period, earlier, later, paused_days, so_far, stretch_end, stretches

FEW = settings(max_examples=80, deadline=None)
DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
PERIODS = st.builds(Period, st.integers(0, 60), st.integers(0, 400))


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    """Up to three pauses that ended; they may lie over each other."""
    starts = draw(st.lists(st.tuples(DAYS, st.integers(0, 200)), max_size=3))
    return tuple(Pause(start, start + timedelta(days=length)) for start, length in starts)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-08-31", 6, "2026-02-28"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one_that_there_is(start: str, months: int, end: str) -> None:
    assert Period(months=months).after(date.fromisoformat(start)) == date.fromisoformat(end)


def test_a_month_earlier_is_so_too() -> None:
    assert Period(months=1).before(date(2024, 3, 31)) == date(2024, 2, 29)
    assert Period(months=12).before(date(2024, 2, 29)) == date(2023, 2, 28)


def test_lengths_end_with_the_calendar() -> None:
    assert Period(months=99999).after(date(2026, 1, 1)) == date.max
    assert Period(months=99999).before(date(2026, 1, 1)) == date.min
    assert Period(days=9_999_999).after(date(2026, 1, 1)) == date.max
    assert later(date(9999, 12, 1), Period(days=20), (Pause(date(9999, 12, 2), date(9999, 12, 30)),)) == date.max


def test_a_pause_of_one_day_moves_one_day() -> None:
    one = (Pause(date(2025, 3, 1), date(2025, 3, 1)),)
    assert later(date(2025, 1, 1), Period(months=6), one) == date(2025, 7, 2)


def test_a_pause_counts_up_to_today_however_long_it_was_meant_to_be() -> None:
    today = date(2025, 3, 10)
    meant = Pause(date(2025, 3, 1), date(2025, 12, 31))
    assert so_far((meant,), today) == so_far((Pause(meant.since),), today) == (Pause(meant.since, today),)
    assert so_far((Pause(date(2025, 3, 11)),), today) == ()


def test_a_pause_that_goes_on_ends_no_reckoning() -> None:
    goes_on = (Pause(date(2025, 3, 1)),)
    assert later(date(2025, 1, 1), Period(months=6), goes_on) == date(2025, 7, 1)
    assert later(date(2025, 1, 1), Period(months=6), so_far(goes_on, date(2025, 3, 10))) == date(2025, 7, 11)


def test_a_pause_after_the_end_moves_nothing_and_one_on_the_last_day_moves_it() -> None:
    start, half = date(2025, 1, 1), Period(months=6)
    assert later(start, half, (Pause(date(2025, 7, 2), date(2025, 8, 1)),)) == date(2025, 7, 1)
    assert later(start, half, (Pause(date(2025, 7, 1), date(2025, 7, 10)),)) == date(2025, 7, 11)


def test_a_pause_that_the_moved_end_reaches_counts_too() -> None:
    found = later(
        date(2025, 1, 1),
        Period(months=6),
        (Pause(date(2025, 2, 1), date(2025, 2, 10)), Pause(date(2025, 7, 5), date(2025, 7, 6))),
    )
    assert found == date(2025, 7, 13)


@FEW
@given(DAYS, PERIODS, pauses())
def test_a_pause_never_shortens_anything(start: date, period: Period, there: tuple[Pause, ...]) -> None:
    assert later(start, period, there) >= later(start, period, there[:1]) >= period.after(start)
    assert earlier(start, period, there) <= period.before(start)


@FEW
@given(DAYS, PERIODS, pauses(), st.randoms())
def test_days_of_several_pauses_count_once_in_whatever_order(
    start: date, period: Period, there: tuple[Pause, ...], chance: object
) -> None:
    mixed = [*there, *there]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    assert later(start, period, mixed) == later(start, period, there)


@FEW
@given(DAYS, st.integers(0, 300), pauses())
def test_paused_days_are_the_days_on_which_there_is_a_pause(first: date, length: int, there: tuple[Pause, ...]) -> None:
    days = [first + timedelta(days=each) for each in range(length + 1)]
    assert paused_days(first, days[-1], there) == sum(
        any(pause.since <= each <= (pause.until or each) for pause in there) for each in days
    )


@FEW
@given(DAYS, st.integers(0, 800), st.sampled_from(Calendar))
def test_stretches_lie_side_by_side_and_hold_each_day_once(first: date, length: int, unit: Calendar) -> None:
    last = first + timedelta(days=length)
    found = list(stretches(unit, first, last, ((9, 1), (1, 15))))
    assert found[0].first == first
    assert found[-1].last == last
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))
    assert found[0].last == min(last, stretch_end(unit, first, ((9, 1), (1, 15))))
