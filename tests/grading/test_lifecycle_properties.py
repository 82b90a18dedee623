"""What holds of status and dates whatever was decided: any order, what was known, the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.evidence import Evidence, Item, Kind
from grading.lifecycle.dates import Name
from grading.program import Program
from grading.standing import Standing, standing
from tests.grading.made_up_lifecycles import DAYS, LAST, people, programs

FEW = settings(max_examples=50, deadline=None)


def course(found: Standing) -> object:
    return found.status, found.facts, found.dates


@FEW
@given(programs(), people(), DAYS, st.randoms())
def test_the_order_in_which_things_are_given_means_nothing(
    asked: Program, there: Evidence, today: date, chance: object
) -> None:
    decisions, pauses, items = list(there.decisions), list(there.pauses), list(there.items)
    for each in (decisions, pauses, items):
        chance.shuffle(each)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    mixed = replace(there, decisions=tuple(decisions), pauses=tuple(pauses), items=tuple(items))
    assert standing(asked, there, today) == standing(asked, mixed, today)


@FEW
@given(programs(), people(), DAYS)
def test_status_and_dates_of_a_day_are_those_of_what_was_known_on_it(
    asked: Program, there: Evidence, today: date
) -> None:
    assert course(standing(asked, there, today)) == course(standing(asked, there.known_on(today), today))


@FEW
@given(programs(), people(), DAYS)
def test_dates_are_in_order_and_the_next_one_is_not_over(asked: Program, there: Evidence, today: date) -> None:
    found = standing(asked, there, today)
    days = [each.on for each in found.dates]
    assert days == sorted(days)
    assert all(each.moved >= 0 for each in found.dates)
    assert found.next_date == next((each for each in found.dates if each.on >= today), None)


@FEW
@given(programs(), people(), DAYS, st.integers(1, 120))
def test_without_a_pause_what_is_held_changes_only_with_a_date(
    asked: Program, there: Evidence, today: date, later: int
) -> None:
    """Of what was known today and of which nothing happens later."""
    known = replace(there, pauses=()).known_on(today)
    now = standing(asked, known, today)
    day = today + timedelta(days=later)
    if any(today <= each.on <= day for each in now.dates):
        return
    then = standing(asked, known, day)
    assert (then.facts.holds, then.facts.open, then.dates) == (now.facts.holds, now.facts.open, now.dates)


@FEW
@given(programs(), people(), DAYS)
def test_a_certificate_is_valid_on_its_last_day_and_not_on_the_next(
    asked: Program, there: Evidence, today: date
) -> None:
    known = replace(there, pauses=()).known_on(today)
    ends = [
        each.on
        for each in standing(asked, known, today).dates
        if each.name in (Name.VALID_UNTIL, Name.STAGE_ENDS) and each.on >= today
    ]
    for end in ends:
        assert standing(asked, known, end).facts.holds in ("certified", "renewal_open", "suspended")
        after = standing(asked, known, end + timedelta(days=1)).facts.holds
        assert after in ("in_grace", "lapsed", "suspended")


@FEW
@given(programs(), people(), DAYS)
def test_who_is_lapsed_or_was_revoked_comes_back_by_a_decision_alone(
    asked: Program, there: Evidence, today: date
) -> None:
    known = there.known_on(today)
    if standing(asked, known, today).facts.holds not in ("lapsed", "revoked", "surrendered"):
        return
    more = known.with_items(
        Item(f"more {kind}", kind, LAST, Decimal(1000), "hours", stands_from=LAST)
        for kind in (Kind.TRAINING, Kind.EDUCATION)
    )
    found = standing(asked, more, LAST + timedelta(days=30))
    assert found.facts.holds in ("lapsed", "revoked", "surrendered")
