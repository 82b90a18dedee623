"""When two times cannot both be kept, and which times can be proposed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.refusal import Refused
from rubrics.times import FARTHEST, LONGEST, SHORTEST, Span, first_overlap, has_come, may_propose, wants_an_answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
minutes = st.integers(min_value=0, max_value=300)
spans = st.builds(
    lambda start, length: Span(NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + length)),
    minutes,
    st.integers(min_value=1, max_value=120),
)


def at(start: float, length: float = 60) -> Span:
    return Span(NOW + timedelta(minutes=start), NOW + timedelta(minutes=start + length))


@given(spans, spans)
def test_two_times_overlap_exactly_when_some_minute_is_in_both(one: Span, other: Span) -> None:
    def minutes_of(span: Span) -> set[datetime]:
        length = int((span.ends_at - span.starts_at) / timedelta(minutes=1))
        return {span.starts_at + timedelta(minutes=minute) for minute in range(length)}

    assert one.overlaps(other) is bool(minutes_of(one) & minutes_of(other))


@given(spans, spans)
def test_overlapping_is_mutual(one: Span, other: Span) -> None:
    assert one.overlaps(other) is other.overlaps(one)
    assert one.overlaps(one)


def test_one_right_after_the_other_is_no_overlap() -> None:
    assert not at(0).overlaps(at(60))


@given(spans, st.lists(spans, max_size=6))
def test_the_earliest_one_in_the_way_is_named(wanted: Span, others: list[Span]) -> None:
    found = first_overlap(wanted, others)
    in_the_way = [other for other in others if other.overlaps(wanted)]
    assert (found is None) is (not in_the_way)
    assert found is None or found.starts_at == min(other.starts_at for other in in_the_way)


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
