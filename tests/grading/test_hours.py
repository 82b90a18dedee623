"""Hours as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.hours import hours_and_minutes, read_hours
from rubrics.refusal import Refused


@pytest.mark.parametrize(
    "typed",
    [
        "2.5", "2,5", "2:30", "150 min", "150min", "2 h 30", "2h30m", "2½", " 2.50 Hours", "2 horas y 30 minutos",
        "٢٫٥", "٢،٥", "٢:٣٠", "۲:۳۰", "२.५", "١٥٠ دقيقة", "2.5 ساعات", "2 ساعة و30 دقيقة",
    ],
)  # fmt: skip
def test_cap_d5_two_and_a_half_hours_however_they_are_written(typed: str) -> None:
    assert read_hours(typed) == Decimal("2.5")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", "Please say how long it was"),
        ("two", "Please check how long"),
        ("1,250", "two ways"),
        ("0", "more than nothing"),
        ("-2", "Please check"),
        ("9999", "at most 5000"),
        ("2:75", "Please check"),
        ("²", "Please check"),
        ("1e3", "Please check"),
        ("٢ x", "Please check"),
        ("②", "Please check"),
        (".", "Please check"),
        ("h", "Please check"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(typed: str, wanted: str) -> None:
    with pytest.raises(Refused, match=wanted):
        read_hours(typed)


@given(minutes=st.integers(1, 5000 * 60))
def test_the_same_length_is_read_the_same_in_every_way_of_writing(minutes: int) -> None:
    hours = read_hours(f"{minutes} min")
    whole, rest = divmod(minutes, 60)
    assert read_hours(f"{whole}:{rest:02}") == hours
    assert read_hours(f"{whole} h {rest}") == hours
    assert hours_and_minutes(hours) == (whole, rest)
    assert read_hours(str(hours)) == read_hours(str(hours).replace(".", ",")) == hours


@given(typed=st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    with suppress(Refused):
        assert 0 < read_hours(typed) <= 5000
