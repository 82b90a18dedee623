"""The even draw of observations that two observe."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.second_observer import drawn_among, needs_second, reminders_by

SEEDS, SHARES, COUNTS = st.text(), st.integers(1, 100), st.integers(0, 2000)


@given(SEEDS, SHARES, COUNTS, COUNTS)
def test_cap_c2_any_stretch_has_its_share_give_or_take_one(seed: str, share: int, first: int, length: int) -> None:
    drawn = drawn_among(seed, share, first + length) - drawn_among(seed, share, first)
    assert abs(drawn - length * share / 100) < 1


@given(SEEDS, SHARES, COUNTS)
def test_cap_c2_the_draw_is_the_same_each_time_and_one_more_is_drawn_or_none(seed: str, share: int, n: int) -> None:
    assert drawn_among(seed, share, 0) == 0
    assert drawn_among(seed, share, n + 1) - drawn_among(seed, share, n) in (0, 1)
    assert drawn_among(seed, share, n) == drawn_among(seed, share, n)


@given(SEEDS, st.integers(1, 50), st.lists(st.booleans(), max_size=300))
def test_cap_c2_another_takes_the_place_of_one_that_stays_with_one(seed: str, share: int, answers: list[bool]) -> None:
    """Whoever says no does not lower the share: as soon as enough say yes, it is what it would have been."""
    doubled = 0
    for before, yes in enumerate(answers):
        needed = needs_second(seed, share, before=before, doubled=doubled)
        doubled += needed and yes
        assert doubled <= drawn_among(seed, share, before + 1)
    end = 3 * len(answers) + 3
    for before in range(len(answers), end):
        doubled += needs_second(seed, share, before=before, doubled=doubled)
    assert doubled == drawn_among(seed, share, end)


def test_where_the_draw_begins_is_said_by_the_seed() -> None:
    assert len({tuple(drawn_among(f"plan {number}", 10, n) for n in range(10)) for number in range(50)}) > 5


@pytest.mark.parametrize("share", [-1, 101])
def test_there_is_no_such_share(share: int) -> None:
    with pytest.raises(ValueError, match="percent"):
        drawn_among("x", share, 1)


@pytest.mark.parametrize(("days", "number"), [(-5, 0), (0, 0), (2, 0), (3, 1), (6, 1), (7, 2), (14, 2), (400, 2)])
def test_ux_m4_a_second_observer_is_reminded_twice_at_most(days: int, number: int) -> None:
    assert reminders_by(timedelta(days=days)) == number
