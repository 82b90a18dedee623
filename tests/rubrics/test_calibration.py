"""Rating alone, revealing, closing; and how somebody's ratings stand beside the agreed ones."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.assessment import Rating
from rubrics.calibration import (
    ENOUGH,
    CalibrationState,
    Sight,
    beside,
    check_hand_in,
    check_rating,
    check_talk,
    close,
    reveal,
    sight,
)
from rubrics.refusal import Refused

RATING, REVEALED, CLOSED = CalibrationState
ANSWERS = st.one_of(st.none(), st.just("not seen"), st.integers(1, 5))


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def rated(answer: object) -> Rating:
    level = answer if isinstance(answer, int) else None
    return Rating("pauses", level, not_observed=answer == "not seen", evidence="")


@pytest.mark.parametrize("took_part", [True, False])
def test_cap_e5_nobody_sees_the_others_before_it_is_revealed(took_part: bool) -> None:
    assert sight(RATING, took_part=took_part) is Sight.NOTHING


@pytest.mark.parametrize("state", [REVEALED, CLOSED])
def test_cap_e5_then_those_who_rated_see_names_and_others_letters(state: CalibrationState) -> None:
    assert sight(state, took_part=True) is Sight.NAMES
    assert sight(state, took_part=False) is Sight.LETTERS


def test_cap_e5_it_is_revealed_once_two_have_handed_in_and_stays_so() -> None:
    assert code(lambda: reveal(RATING, 1)) == "two_needed"
    assert reveal(RATING, 2) is REVEALED
    assert reveal(REVEALED, 0) is REVEALED
    assert reveal(CLOSED, 0) is CLOSED


def test_cap_e5_after_it_is_revealed_nothing_is_rated_any_more() -> None:
    check_rating(RATING, handed_in=False)
    assert code(lambda: check_rating(REVEALED, handed_in=False)) == "already_revealed"
    assert code(lambda: check_hand_in(CLOSED, 3)) == "already_revealed"
    assert code(lambda: check_rating(RATING, handed_in=True)) == "calibration_handed_in"
    assert code(lambda: check_hand_in(RATING, 0)) == "nothing_rated"


def test_cap_e5_what_was_agreed_is_recorded_between_revealing_and_closing() -> None:
    assert code(lambda: check_talk(RATING)) == "reveal_first"
    assert code(lambda: close(RATING)) == "reveal_first"
    check_talk(REVEALED)
    assert close(close(REVEALED)) is CLOSED
    assert code(lambda: check_talk(CLOSED)) == "calibration_closed"


def test_cap_e5_one_level_above_what_was_agreed_each_time_is_milder_by_one() -> None:
    found = beside([(rated(3), rated(2))] * ENOUGH)
    assert (found.units, found.exact, found.within_one, found.milder_by) == (ENOUGH, 0, ENOUGH, Decimal("1.0"))


def test_cap_e5_below_ten_there_is_no_number_that_says_how_mild_somebody_is() -> None:
    found = beside([(rated(3), rated(2))] * (ENOUGH - 1))
    assert not found.enough
    assert found.milder_by is None


@given(st.lists(st.tuples(ANSWERS, ANSWERS)))
def test_what_was_not_seen_or_not_rated_is_no_level(answers: list[tuple[object, object]]) -> None:
    found = beside([(rated(own), rated(agreed)) for own, agreed in answers])
    both = [(own, agreed) for own, agreed in answers if isinstance(own, int) and isinstance(agreed, int)]
    assert found.units == len(both)
    assert 0 <= found.exact <= found.within_one <= found.units
    assert found.seen_by_one == sum(
        isinstance(one, int) != isinstance(other, int)
        for one, other in answers
        if one is not None and other is not None
    )


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5))))
def test_seen_from_the_other_side_milder_is_stricter(answers: list[tuple[int, int]]) -> None:
    there = beside([(rated(own), rated(agreed)) for own, agreed in answers])
    back = beside([(rated(agreed), rated(own)) for own, agreed in answers])
    assert there.levels_above == -back.levels_above
    assert (there.exact, there.within_one) == (back.exact, back.within_one)
