"""Where lines, bars, dots and cells stand: on a scale that begins at zero, with no place for what is not known."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from grading.over_time import MOST_DAYS, days_between, months_until
from grading.pictures import MOST_DOTS, MOST_TICKS, SHADES, dots, scale, shade, stacked, stands_for, step_line

AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6), st.decimals(0, 10**6, places=2))
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(st.lists(AMOUNTS))
def test_every_scale_begins_at_zero_and_has_room_for_each_value(values: list[Decimal | int | None]) -> None:
    found = scale(values)
    assert found.ticks[0] == 0
    assert found.ticks[-1] == found.top
    assert 2 <= len(found.ticks) <= MOST_TICKS
    assert all(value <= found.top for value in values if value is not None)


def test_ticks_are_round_numbers() -> None:
    assert scale([7]).ticks == (0, 2, 4, 6, 8)
    assert scale([None]).ticks == (0, 1)
    assert scale([Decimal("212.5")]).ticks == (0, 100, 200, 300)


@given(st.lists(st.tuples(DAYS, AMOUNTS), unique_by=lambda each: each[0]))
def test_a_line_has_a_mark_for_each_day_that_is_known_and_none_for_others(
    points: list[tuple[date, Decimal | int | None]],
) -> None:
    points = sorted(points, key=lambda each: each[0])
    line = step_line(points, scale(value for _, value in points))
    assert len(line.marks) == sum(value is not None for _, value in points)
    assert len(line.gaps) == sum(value is None for _, value in points)
    places = [each for stroke in line.strokes for each in (stroke.x1, stroke.x2, stroke.y1, stroke.y2)]
    assert all(0 <= each <= 1 for each in places)
    assert all(stroke.x1 == stroke.x2 or stroke.y1 == stroke.y2 for stroke in line.strokes)


def test_a_line_stays_level_until_the_day_of_a_change_and_ends_at_a_day_that_is_not_known() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=each) for each in (0, 10, 20)]
    line = step_line([(days[0], 1), (days[1], None), (days[2], 2)], scale([2]))
    assert [(each.x1, each.x2, each.y1) for each in line.strokes] == [(0, 0.5, 0.5)]
    assert line.gaps == (0.5,)


@given(st.lists(AMOUNTS, max_size=6))
def test_parts_of_a_bar_follow_one_another_and_what_is_zero_or_not_known_takes_no_room(
    values: list[Decimal | int | None],
) -> None:
    total = sum((Decimal(each) for each in values if each is not None), Decimal(0))
    parts = stacked(values, scale([total]))
    assert [each.number for each in parts] == [number for number, value in enumerate(values) if value]
    assert all(abs(before.begins + before.width - after.begins) < 1e-9 for before, after in pairwise(parts))


@given(st.lists(st.integers(0, 5_000), min_size=1))
def test_no_column_of_dots_is_too_high_and_none_is_empty_that_has_something(counts: list[int]) -> None:
    each = stands_for(counts)
    assert all(dots(count, each) <= MOST_DOTS for count in counts)
    assert all((dots(count, each) > 0) == (count > 0) for count in counts)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_only_none_is_without_a_shade_and_the_most_is_the_darkest(one: int, other: int) -> None:
    most = max(one, other)
    assert (shade(one, most) == 0) == (one == 0)
    assert shade(most, most) == (SHADES if most else 0)
    assert (shade(one, most) <= shade(other, most)) or one > other


@given(DAYS, st.integers(0, 20_000))
def test_a_few_days_are_looked_back_on_in_their_order(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = days_between(first, last)
    assert days[0] == (first if length else last)
    assert days[-1] == last
    assert 1 <= len(days) <= MOST_DAYS
    assert list(days) == sorted(set(days))


def test_days_are_firsts_of_months_or_weeks() -> None:
    assert days_between(date(2026, 1, 20), date(2026, 4, 10)) == (
        date(2026, 1, 20), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 10),
    )  # fmt: skip
    assert days_between(date(2026, 4, 1), date(2026, 4, 10)) == (
        date(2026, 4, 1), date(2026, 4, 3), date(2026, 4, 10),
    )  # fmt: skip
    assert days_between(date(1, 1, 1), date(9999, 1, 1)) == (date(1, 1, 1), date(9999, 1, 1))  # no step is so long
    assert months_until(date(2026, 2, 10), 3) == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
