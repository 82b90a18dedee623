"""Which times can be proposed, and when somebody is asked whether one was kept."""

from datetime import UTC, datetime, timedelta

import pytest

from rubrics.refusal import Refused
from rubrics.times import FARTHEST, LONGEST, SHORTEST, Span, has_come, may_propose, wants_an_answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(start: float, length: float = 60) -> Span:
    return Span(NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + length))


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (at(0), "time_is_over"),
        (at(-5), "time_is_over"),
        (Span(NOW + FARTHEST + SHORTEST, NOW + FARTHEST + 2 * SHORTEST), "time_too_far"),
        (at(60, 4), "time_length"),
        (at(60, -4), "time_length"),
        (Span(NOW + SHORTEST, NOW + 2 * SHORTEST + LONGEST), "time_length"),
    ],
)
def test_a_time_that_cannot_be_proposed_is_told_with_what_to_do(span: Span, code: str) -> None:
    with pytest.raises(Refused) as refused:
        may_propose(span, NOW)
    assert refused.value.code == code
    assert "Please" in refused.value.sentence


def test_nobody_is_asked_on_the_day_itself_and_everybody_a_day_later() -> None:
    span = at(0)
    assert has_come(span, NOW)
    assert not has_come(span, NOW - timedelta(seconds=1))
    assert not wants_an_answer(span, NOW + timedelta(hours=24))
    assert wants_an_answer(span, NOW + timedelta(hours=25))
