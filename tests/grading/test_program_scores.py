"""What a program's column shows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scores import DesiredScore, hours_score, met_score, progress_score


@given(met=st.integers(0, 50), more=st.integers(0, 50))
def test_progress_is_nothing_before_anything_is_met_and_whole_when_all_is(met: int, more: int) -> None:
    found = progress_score(met=met, asked=met + more)
    assert (found is None) == (met == 0)
    assert found is None or (found.score == 100) == (more == 0)


@given(
    sure=st.none() | st.decimals(0, 10_000, places=2), asked=st.decimals("0.01", 10_000, places=2),
    further=st.decimals(0, 100, places=2),
)  # fmt: skip
def test_more_hours_never_lower_what_the_column_shows(sure: Decimal | None, asked: Decimal, further: Decimal) -> None:
    before = hours_score(sure=sure, asked=asked)
    after = hours_score(sure=(sure or Decimal(0)) + further, asked=asked)
    assert (before is None) == (not sure)
    assert before is None or (after is not None and after.score >= before.score)


def test_hours_are_the_share_of_those_asked_for() -> None:
    assert hours_score(sure=Decimal(5), asked=Decimal(20)) == DesiredScore(Decimal(25), Decimal(100))


@pytest.mark.parametrize("counts", [{"met": 2, "asked": 1}, {"met": -1, "asked": 1}])
def test_progress_out_of_range_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="of 1"):
        progress_score(**counts)


def test_hours_of_none_asked_for_are_refused() -> None:
    with pytest.raises(ValueError, match="asked for"):
        hours_score(sure=Decimal(1), asked=Decimal(0))


@given(met=st.integers(0, 50), more=st.integers(0, 50))
def test_a_program_is_met_or_its_cell_is_empty(met: int, more: int) -> None:
    found = met_score(met=met, asked=met + more)
    assert (found is not None) == (more == 0 and met > 0)
    assert found is None or found.score == found.maximum == 100
