"""When observers meet about a difference, and when they need not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.agreement import Difference, differences
from rubrics.assessment import Assessment, Rating

KEYS = ("pauses", "listens", "asks")


def view(**levels: int | None) -> Assessment:
    ratings = tuple(
        Rating(key, level, not_observed=level is None, evidence="Waited, then asked.") for key, level in levels.items()
    )
    return Assessment(strength="Let the silence be.", growth="", next_step="", ratings=ratings)


views = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(1, 5)).map(lambda levels: view(**levels)),
    max_size=5,
)
thresholds = st.integers(0, 5)


def test_cap_c2_views_further_apart_than_was_agreed_are_a_difference_on_that_criterion() -> None:
    seen = [view(pauses=2, listens=3, asks=4), view(pauses=4, listens=4, asks=4)]
    assert differences(seen, 1) == (Difference("pauses", {0: 2, 1: 4}),)
    assert [found.criterion for found in differences(seen, 0)] == ["pauses", "listens"]
    assert differences(seen, 2) == ()


def test_ux_f3_not_observed_is_no_level_and_differs_from_nobody() -> None:
    assert differences([view(pauses=None), view(pauses=5)], 0) == ()
    three = [view(pauses=None), view(pauses=1), view(pauses=5)]
    assert differences(three, 1) == (Difference("pauses", {1: 1, 2: 5}),)


def test_one_view_differs_from_nobody_and_levels_are_not_negatively_apart() -> None:
    assert differences([view(pauses=1)], 0) == ()
    with pytest.raises(ValueError, match="apart"):
        differences([], -1)


@given(views, thresholds)
def test_cap_c2_the_order_of_the_observers_never_matters(seen: list[Assessment], threshold: int) -> None:
    forth = {found.criterion for found in differences(seen, threshold)}
    assert forth == {found.criterion for found in differences(seen[::-1], threshold)}


@given(views, thresholds)
def test_a_wider_threshold_never_finds_more(seen: list[Assessment], threshold: int) -> None:
    wider = {found.criterion for found in differences(seen, threshold + 1)}
    assert wider <= {found.criterion for found in differences(seen, threshold)}


@given(views, thresholds)
def test_a_further_view_never_hides_a_difference(seen: list[Assessment], threshold: int) -> None:
    before = {found.criterion for found in differences(seen, threshold)}
    assert before <= {found.criterion for found in differences([*seen, view(pauses=3)], threshold)}


@given(st.lists(st.just(view(pauses=3, listens=None)), max_size=4))
def test_those_who_see_it_alike_never_have_to_meet(seen: list[Assessment]) -> None:
    assert differences(seen, 0) == ()
