"""The last day of a certificate: what it is tied to, and what moves it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.lifecycle.anchors import ends_on
from grading.lifecycle.dates import Name
from grading.lifecycle.rules import Ends, Lifecycle, RunsFrom, Validity
from grading.periods import Pause, Period
from tests.grading.decided import YEARS_2, dated, day, decided, event, program, stands

FEW = settings(max_examples=80, deadline=None)
YEAR = Period(months=12)
BORN = st.dates(date(1940, 1, 1), date(2005, 1, 1))
DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("ends", "decided_on", "end"),
    [
        (Ends.ANNIVERSARY, "2024-06-15", "2026-06-15"),
        (Ends.ANNIVERSARY, "2024-02-29", "2026-02-28"),
        (Ends.MONTH_END, "2024-06-15", "2026-06-30"),
        (Ends.MONTH_END, "2024-02-01", "2026-02-28"),
        (Ends.MONTH_END, "2026-02-28", "2028-02-29"),
        (Ends.MONTH_START, "2024-06-15", "2026-06-01"),
        (Ends.FIXED_DAY, "2024-06-15", "2026-09-30"),
        (Ends.BIRTHDAY, "2024-06-15", "2026-02-28"),
    ],
)
def test_what_a_validity_is_tied_to(ends: Ends, decided_on: str, end: str) -> None:
    rule = Validity(YEARS_2, ends, fixed_day=(9, 30))
    assert ends_on(rule, day(decided_on), None, born=date(1984, 2, 29)) == day(end)


def test_a_birthday_that_nobody_knows_leaves_the_anniversary() -> None:
    assert ends_on(Validity(YEARS_2, Ends.BIRTHDAY), day("2024-06-15"), None) == day("2026-06-15")


@pytest.mark.parametrize(("decided_on", "end"), [("2025-09-30", "2026-09-30"), ("2025-10-01", "2026-09-30")])
def test_a_fixed_day_is_the_one_of_the_year_of_the_anniversary(decided_on: str, end: str) -> None:
    assert ends_on(Validity(YEAR, Ends.FIXED_DAY, (9, 30)), day(decided_on), None) == day(end)


@pytest.mark.parametrize(
    ("decided_on", "end"), [("2025-07-31", "2026-01-31"), ("2025-08-01", "2027-01-31"), ("2025-12-31", "2027-01-31")]
)
def test_with_a_least_time_there_is_no_certificate_of_one_month(decided_on: str, end: str) -> None:
    rule = Validity(YEAR, Ends.FIXED_DAY, (1, 31), at_least=Period(months=6))
    assert ends_on(rule, day(decided_on), None) == day(end)


def test_a_fixed_day_of_29_february_is_28_where_there_is_none() -> None:
    rule = Validity(YEAR, Ends.FIXED_DAY, (2, 29))
    assert ends_on(rule, day("2026-05-01"), None) == day("2027-02-28")
    assert ends_on(rule, day("2027-01-01"), None) == day("2028-02-29")


@FEW
@given(
    DAYS, st.sampled_from(Ends), st.integers(1, 40), st.integers(0, 12), st.dates(date(1940, 1, 1), date(2005, 1, 1))
)
def test_a_certificate_with_a_fixed_day_or_a_birthday_is_never_over_at_once_or_too_short(
    start: date, ends: Ends, months: int, least: int, born: date
) -> None:
    rule = Validity(Period(months=months), ends, (3, 1), at_least=Period(months=least))
    end = ends_on(rule, start, None, born=born)
    assert end is not None
    if ends in (Ends.FIXED_DAY, Ends.BIRTHDAY):
        assert end > start
        assert end >= Period(months=least).after(start)


@FEW
@given(DAYS, st.sampled_from(Ends), st.integers(-60, 29))
def test_renewed_early_or_late_it_ends_on_the_same_day(first: date, ends: Ends, days: int) -> None:
    rule = Validity(YEARS_2, ends, (9, 30))
    end = ends_on(rule, first, None)
    assert end is not None
    assert ends_on(rule, Period(days=days).after(end), end) == ends_on(rule, end, end)


def test_counted_from_the_decision_it_drifts() -> None:
    rule = Validity(YEARS_2, runs_from=RunsFrom.DECISION)
    assert ends_on(rule, day("2026-05-01"), day("2026-06-15")) == day("2028-05-01")


def test_what_has_no_end_has_no_date() -> None:
    found = stands(program(Lifecycle(validity=Validity(None))), "2090-01-01", decided("certified", "2024-01-01"))
    assert found.status == "certified"
    assert found.dates == ()
    assert found.next_date is None


def test_a_pause_moves_the_last_day_and_says_by_how_much() -> None:
    found = stands(
        program(), "2025-06-01", decided("certified", "2024-06-15"), Pause(day("2025-01-01"), day("2025-01-10"))
    )
    (end,) = [each for each in found.dates if each.name is Name.VALID_UNTIL]
    assert (end.on, end.moved, end.pausable) == (day("2026-06-25"), 10, True)
    assert (end.rule, end.counted_from) == ("lifecycle.valid_for", day("2024-06-15"))
    assert {each.moved for each in found.dates} == {10}


def test_a_program_that_does_not_pause_it_keeps_the_day_and_says_so() -> None:
    paused = Pause(day("2025-01-01"))
    found = stands(program(pausable=frozenset()), "2025-06-01", decided("certified", "2024-06-15"), paused)
    assert dated(found, Name.VALID_UNTIL) == ["2026-06-15"]
    assert not any(each.pausable or each.moved for each in found.dates)


def test_while_somebody_pauses_the_last_day_moves_with_each_day() -> None:
    there = decided("certified", "2024-06-15"), Pause(day("2025-01-01"))
    ends = [dated(stands(program(), on, *there), Name.VALID_UNTIL)[0] for on in ("2025-01-01", "2025-01-02")]
    assert ends == ["2026-06-16", "2026-06-17"]


def test_the_last_day_of_a_birthday_comes_from_the_event() -> None:
    asked = program(Lifecycle(validity=Validity(YEARS_2, Ends.BIRTHDAY)))
    found = stands(asked, "2024-07-01", decided("certified", "2024-06-15"), event("birthday", "1990-11-03"))
    assert dated(found, Name.VALID_UNTIL) == ["2026-11-03"]
