"""What has to be sent, with which timestamp, and when to try again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.delivery import LONGEST, SHORTEST, Delivered, Plan, next_attempt, plan
from grading.scores import DesiredScore

NOW = datetime(2026, 3, 2, 9, 0, 0, 500_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def wanted(score: int) -> DesiredScore:
    return DesiredScore(Decimal(score), Decimal(100))


@dataclass(frozen=True, slots=True)
class Change:
    """What the gradebook should show next, how far the clock moved (also back), and what became of the post."""

    desired: DesiredScore | None
    moved: timedelta
    accepted: bool


desired_scores = st.none() | st.integers(0, 3).map(wanted)
moments = st.timedeltas(min_value=timedelta(seconds=-5), max_value=timedelta(seconds=5))
changes = st.lists(st.builds(Change, desired_scores, moments, st.booleans()), max_size=30)


def sent(happenings: list[Change]) -> list[tuple[datetime, Plan]]:
    """What is sent, and at which moment, when nobody but us changes the gradebook."""
    now, delivered, posts = NOW, None, []
    for change in happenings:
        now += change.moved
        planned = plan(change.desired, delivered, now)
        if planned is not None:
            posts.append((now, planned))
            delivered = Delivered(planned.send if change.accepted else None, planned.timestamp)
    return posts


def test_the_first_score_is_sent_with_the_present_time() -> None:
    assert plan(wanted(50), None, NOW) == Plan(wanted(50), NOW)


def test_no_desired_score_sends_nothing_whatever_was_delivered() -> None:
    assert plan(None, None, NOW) is None
    assert plan(None, Delivered(wanted(50), NOW), NOW) is None


def test_what_was_accepted_already_is_not_sent_again() -> None:
    assert plan(wanted(50), Delivered(DesiredScore(Decimal("50.0000"), Decimal("100.0000")), NOW), NOW + SECOND) is None


def test_a_change_within_the_same_second_is_sent_as_a_second_later() -> None:
    planned = plan(wanted(60), Delivered(wanted(50), NOW), NOW + timedelta(milliseconds=300))
    assert planned == Plan(wanted(60), NOW + SECOND)


def test_a_change_long_after_is_sent_with_the_present_time() -> None:
    later = NOW + timedelta(hours=1)
    assert plan(wanted(60), Delivered(wanted(50), NOW), later) == Plan(wanted(60), later)


def test_what_was_sent_without_an_answer_is_sent_again_as_newer() -> None:
    assert plan(wanted(50), Delivered(None, NOW), NOW) == Plan(wanted(50), NOW + SECOND)


def test_lti_a34_a_score_that_is_sent_over_a_newer_one_of_the_lms_is_later_than_that() -> None:
    edited = NOW + timedelta(minutes=3)
    assert plan(wanted(60), Delivered(wanted(50), NOW, edited), NOW + SECOND) == Plan(wanted(60), edited + SECOND)


def test_the_same_share_of_another_maximum_is_another_score() -> None:
    of_three = DesiredScore(Decimal(3), Decimal(3))
    assert plan(of_three, Delivered(wanted(100), NOW), NOW + SECOND) == Plan(of_three, NOW + SECOND)


def test_a_score_of_zero_is_a_score() -> None:
    assert plan(wanted(0), None, NOW) is not None
    assert plan(wanted(0), Delivered(None, None), NOW) == Plan(wanted(0), NOW)


@given(changes)
def test_timestamps_grow_by_whole_seconds_over_any_sequence_of_changes(happenings: list[Change]) -> None:
    timestamps = [planned.timestamp for _, planned in sent(happenings)]
    for before, after in pairwise(timestamps):
        assert after - before >= SECOND
        assert int(after.timestamp()) > int(before.timestamp())


@given(changes)
def test_a_timestamp_is_in_the_future_only_where_the_last_one_forces_it(happenings: list[Change]) -> None:
    posts = sent(happenings)
    for position, (now, planned) in enumerate(posts):
        if planned.timestamp > now:
            assert planned.timestamp == posts[position - 1][1].timestamp + SECOND


@given(changes, st.integers(0, 3).map(wanted), moments)
def test_nothing_is_sent_twice_once_it_was_accepted(
    happenings: list[Change], last: DesiredScore, moved: timedelta
) -> None:
    posts = sent([*happenings, Change(last, SECOND, accepted=True)])
    timestamp = posts[-1][1].timestamp if posts else NOW
    assert plan(last, Delivered(last, timestamp), timestamp + moved) is None


@given(changes, st.integers(0, 3).map(wanted))
def test_the_gradebook_shows_what_it_should_after_the_last_accepted_post(
    happenings: list[Change], last: DesiredScore
) -> None:
    shown: dict[str, DesiredScore] = {}
    everything = [*happenings, Change(last, SECOND, accepted=True)]
    now, delivered = NOW, None
    for change in everything:
        now += change.moved
        planned = plan(change.desired, delivered, now)
        if planned is not None:
            if change.accepted:
                shown["gradebook"] = planned.send
            delivered = Delivered(planned.send if change.accepted else None, planned.timestamp)
    assert shown["gradebook"] == last


@pytest.mark.parametrize(
    ("attempts", "wait"), [(0, 10), (1, 10), (2, 20), (3, 40), (10, 5120), (11, 10_240), (12, 10_800), (500, 10_800)]
)
def test_waits_double_from_ten_seconds(attempts: int, wait: int) -> None:
    assert next_attempt(attempts, NOW, None, 0.0) == NOW + timedelta(seconds=wait)


def test_a_longer_wait_that_the_platform_asked_for_is_kept_to() -> None:
    assert next_attempt(1, NOW, timedelta(minutes=5), 0.0) == NOW + timedelta(minutes=5)


def test_chance_makes_a_wait_that_the_platform_asked_for_longer_and_never_shorter() -> None:
    assert next_attempt(1, NOW, timedelta(minutes=5), 0.5) == NOW + timedelta(minutes=5, seconds=5)


def test_a_shorter_wait_than_ours_is_not_taken_up() -> None:
    assert next_attempt(3, NOW, timedelta(seconds=1), 0.0) == NOW + timedelta(seconds=40)


def test_those_who_were_sent_away_together_do_not_come_back_together() -> None:
    waits = {next_attempt(1, NOW, timedelta(minutes=5), jitter) for jitter in (0.0, 0.3, 0.9)}
    assert len(waits) == 3


@pytest.mark.parametrize("jitter", [-0.1, 1.0])
def test_jitter_lies_from_0_to_below_1(jitter: float) -> None:
    with pytest.raises(ValueError, match="jitter"):
        next_attempt(1, NOW, None, jitter)


@given(
    st.integers(0, 10_000),
    st.none() | st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=400)),
    st.floats(0, 1, exclude_max=True),
)
def test_the_next_attempt_lies_between_ten_seconds_and_six_hours_ahead(
    attempts: int, retry_after: timedelta | None, jitter: float
) -> None:
    assert SHORTEST <= next_attempt(attempts, NOW, retry_after, jitter) - NOW <= LONGEST


@given(st.integers(1, 100), st.floats(0, 1, exclude_max=True))
def test_more_attempts_never_shorten_the_wait(attempts: int, jitter: float) -> None:
    assert next_attempt(attempts, NOW, None, jitter) <= next_attempt(attempts + 1, NOW, None, jitter)
