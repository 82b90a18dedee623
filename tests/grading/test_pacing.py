"""How long a platform that has trouble is left alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.pacing import FIRST_REST, LONGEST_REST, PATIENT_WITH, counts_as_its_own, rests

JITTER = st.floats(0, 1, exclude_max=True)


@given(st.integers(0, PATIENT_WITH - 1), JITTER)
def test_one_or_two_troubles_are_no_reason_to_rest(troubles: int, jitter: float) -> None:
    assert rests(troubles, jitter) is None


@given(st.integers(PATIENT_WITH, 10_000), JITTER)
def test_rests_grow_and_never_last_longer_than_a_quarter_of_an_hour(troubles: int, jitter: float) -> None:
    rest, longer = rests(troubles, jitter), rests(troubles + 1, jitter)
    assert rest is not None
    assert longer is not None
    assert FIRST_REST <= rest <= longer <= LONGEST_REST


def test_rests_double_from_ten_seconds() -> None:
    assert [rests(PATIENT_WITH + more, 0.0) for more in range(4)] == [timedelta(seconds=10 * 2**n) for n in range(4)]


def test_the_third_trouble_in_a_row_is_one_too_many() -> None:
    assert rests(2, 0.0) is None
    assert rests(3, 0.0) == timedelta(seconds=10)


def test_no_rest_is_longer_than_a_quarter_of_an_hour() -> None:
    assert rests(100, 0.9) == timedelta(minutes=15)


def test_chance_makes_a_rest_longer_by_up_to_a_fifth() -> None:
    assert rests(3, 0.5) == timedelta(seconds=11)


def test_a_jitter_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="jitter"):
        rests(3, 1.0)


def test_an_lms_that_is_down_uses_up_no_score_s_patience_and_one_that_takes_others_does() -> None:
    assert not counts_as_its_own(True, took_others_since=False)
    assert counts_as_its_own(True, took_others_since=True)
    assert counts_as_its_own(False, took_others_since=False)
