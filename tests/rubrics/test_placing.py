"""What agreements with a site cover, and when their end is told."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rubrics.placing import Cover, CoverState, Days, cover, is_due

DAY = date(2026, 11, 26)
DATES = st.dates(date(2020, 1, 1), date(2035, 1, 1))
SOME = st.lists(
    st.tuples(DATES, st.none() | st.integers(0, 900)).map(
        lambda two: Days(two[0], None if two[1] is None else two[0] + timedelta(days=two[1]))
    ),
    max_size=6,
)


def test_cap_f6_without_an_agreement_there_is_none() -> None:
    assert cover([], DAY) == Cover(CoverState.NONE)


def test_cap_f6_an_agreement_that_ended_says_when() -> None:
    assert cover([Days(date(2020, 1, 1), date(2026, 11, 25))], DAY) == Cover(CoverState.ENDED, date(2026, 11, 25))


def test_cap_f6_an_agreement_to_come_says_when_it_begins() -> None:
    assert cover([Days(date(2026, 11, 27), None)], DAY) == Cover(CoverState.NOT_BEGUN, date(2026, 11, 27))


def test_its_last_day_is_covered() -> None:
    assert cover([Days(date(2026, 1, 1), DAY)], DAY) == Cover(CoverState.IN_FORCE, DAY)


def test_agreements_that_follow_one_another_are_one() -> None:
    both = [Days(date(2026, 1, 1), DAY), Days(DAY + timedelta(days=1), date(2027, 6, 30))]
    assert cover(both, DAY) == Cover(CoverState.IN_FORCE, date(2027, 6, 30))


@given(SOME, DATES)
def test_it_is_in_force_exactly_when_an_agreement_has_the_day(some: list[Days], on: date) -> None:
    assert (cover(some, on).state is CoverState.IN_FORCE) == any(one.has(on) for one in some)


@given(SOME, DATES, st.data())
def test_every_day_up_to_the_last_covered_one_is_covered(some: list[Days], on: date, data: st.DataObject) -> None:
    found = cover(some, on)
    if found.state is CoverState.IN_FORCE:
        later = data.draw(st.dates(on, found.day or date(2040, 1, 1)))
        assert any(one.has(later) for one in some)
        if found.day is not None:
            assert not any(one.has(found.day + timedelta(days=1)) for one in some)


@given(SOME, DATES)
def test_the_order_of_agreements_does_not_matter(some: list[Days], on: date) -> None:
    assert cover(some, on) == cover(reversed(some), on)


@given(DATES, st.integers(0, 200), st.none() | st.integers(1, 200))
def test_an_end_is_told_twice_at_most_and_never_afterwards(last_day: date, before: int, told: int | None) -> None:
    told_on = None if told is None else last_day - timedelta(days=told)
    days = []
    for ahead in range(before, -6, -1):
        today = last_day - timedelta(days=ahead)
        if is_due(last_day, told_on, today):
            days.append(ahead)
            told_on = today
    assert len(days) <= 2
    assert all(0 <= ahead <= 60 for ahead in days)


def test_an_end_is_told_sixty_and_fourteen_days_before() -> None:
    told_on, days = None, []
    for ahead in range(100, -1, -1):
        if is_due(DAY, told_on, DAY - timedelta(days=ahead)):
            told_on = DAY - timedelta(days=ahead)
            days.append(ahead)
    assert days == [60, 14]
