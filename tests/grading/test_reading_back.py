"""What it means that an LMS shows this in a cell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.delivery import Cell, DeliveryState, Shown
from grading.reading_back import Means, means
from grading.scores import DesiredScore

HUNDRED = Decimal(100)
OURS, OLDER, THEIRS = Decimal(75), Decimal(50), Decimal(80)


def cell(state: DeliveryState, *, sent: Decimal | None = OURS, nothing_left: bool = False) -> Cell:
    older = DesiredScore(OLDER, HUNDRED)
    return Cell(
        state=state,
        desired=DesiredScore(OURS, HUNDRED),
        accepted=older if state is DeliveryState.DIFFERS else DesiredScore(OURS, HUNDRED),
        sent=None if sent is None else DesiredScore(sent, HUNDRED),
        ever_sent=sent is not None,
        nothing_left=nothing_left,
    )


def shows(score: Decimal | None) -> Shown | None:
    return None if score is None else Shown(score, HUNDRED)


STATES = DeliveryState
CASES = [
    (STATES.ACCEPTED, OURS, Means.IN_STEP),
    (STATES.ACCEPTED, THEIRS, Means.ASK),
    (STATES.ACCEPTED, None, Means.ASK),
    (STATES.NEEDS_PERSON, OURS, Means.IN_STEP),
    (STATES.NEEDS_PERSON, THEIRS, Means.ASK),
    (STATES.NEEDS_PERSON, None, Means.AS_IT_WAS),
    (STATES.DIFFERS, OURS, Means.IN_STEP),
    (STATES.DIFFERS, OLDER, Means.SEND),
    (STATES.DIFFERS, THEIRS, Means.ASK),
    (STATES.DIFFERS, None, Means.AS_IT_WAS),
    (STATES.LET_STAND, THEIRS, Means.AS_IT_WAS),
    (STATES.LET_STAND, None, Means.AS_IT_WAS),
    (STATES.LET_STAND, OURS, Means.IN_STEP),
    (STATES.CLEARED, None, Means.AS_IT_WAS),
    (STATES.CLEARED, THEIRS, Means.AS_IT_WAS),
]


@pytest.mark.parametrize(("state", "shown", "meaning"), CASES)
def test_lti_a34_what_is_shown_is_compared_with_what_was_sent(
    state: DeliveryState, shown: Decimal | None, meaning: Means
) -> None:
    assert means(cell(state), shows(shown)) is meaning


@pytest.mark.parametrize(
    ("shown", "meaning"), [(OURS, Means.AS_IT_WAS), (None, Means.TAKEN_OUT), (THEIRS, Means.SET_THERE)]
)
def test_what_nothing_stands_behind_any_more_is_done_once_a_person_took_it_out(
    shown: Decimal | None, meaning: Means
) -> None:
    assert means(cell(STATES.NEEDS_PERSON, nothing_left=True), shows(shown)) is meaning


def test_that_nothing_is_shown_of_who_left_the_course_says_nothing() -> None:
    assert means(cell(STATES.ACCEPTED), None, in_course=False) is Means.AS_IT_WAS
    assert means(cell(STATES.NEEDS_PERSON, nothing_left=True), None, in_course=False) is Means.AS_IT_WAS


@given(
    st.sampled_from(DeliveryState),
    st.none() | st.decimals(0, 100, places=2),
    st.booleans(),
    st.booleans(),
)
def test_a_reading_never_sends_over_what_is_not_ours(
    state: DeliveryState, shown: Decimal | None, nothing_left: bool, in_course: bool
) -> None:
    one = cell(state, nothing_left=nothing_left)
    meaning = means(one, shows(shown), in_course=in_course)
    if meaning is Means.SEND:
        assert shown is not None
        assert min(abs(shown - OURS), abs(shown - OLDER)) < 1
    if state is DeliveryState.WAITING or cell(state, sent=None).ever_sent:
        assert meaning is Means.AS_IT_WAS
    assert means(cell(state, sent=None), shows(shown)) is Means.AS_IT_WAS
