"""For whom a standing waits, and until when it stays as it is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.ahead import last_new, next_day, waits_for
from grading.editions import Enrolled
from grading.evidence import Evidence, Item, Kind
from grading.periods import Calendar, Period
from grading.program import Who
from grading.requirements.needs import Amount, AtLeast, Each, Need
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import Standing, standing
from tests.grading.made_up import TODAY, absolute, evidence, program, relative

ENOUGH = settings(max_examples=60, deadline=None)
ANY = st.one_of(absolute(), relative())


def kept(found: Standing) -> object:
    """What is kept of a standing."""
    answers = [
        (each.requirement.key, each.proof.answer, each.proof.numbers)
        for stage in found.stages
        for each in stage.requirements
    ]
    return found.status, found.stage, found.facts.paused_since, waits_for(found), answers


@ENOUGH
@given(ANY, evidence(8), st.integers(1, 400), st.integers(0, 500))
def test_until_the_next_day_nothing_of_what_is_kept_changes(
    need: Need, there: Evidence, later: int, earlier: int
) -> None:
    """Also where more was recorded, signed or withdrawn after the day that is looked at."""
    asked, day = program(need), TODAY - timedelta(days=earlier)
    now = standing(asked, there, day)
    following = next_day(Enrolled(asked, there, None), now)
    then = day + timedelta(days=later)
    if following is None or then < following:
        assert kept(standing(asked, there, then)) == kept(now)


@ENOUGH
@given(ANY, evidence(8))
def test_nobody_is_waited_for_where_all_is_settled_and_each_is_named_once(need: Need, there: Evidence) -> None:
    found = standing(program(need), there, TODAY)
    who = waits_for(found)
    assert len(set(who)) == len(who)
    assert Who.NOBODY not in who


@ENOUGH
@given(evidence(8))
def test_what_comes_later_is_no_news_yet(there: Evidence) -> None:
    day = last_new(there, TODAY)
    assert day is None or day <= TODAY
    assert last_new(replace(there, items=()), TODAY) is None


def test_what_leaves_a_moving_window_changes_what_was_shown_of_each_month() -> None:
    """On the last day of February 2026 a training of the last day of February 2025 counts for the last time."""
    within = Selection(kinds=frozenset({Kind.TRAINING}), windows=(Window(last=Period(months=12)),), unit="hours")
    need = Each(Calendar.MONTH, AtLeast(Amount(within), Decimal(1)), Anchor(Named.ENTERED))
    training = Item("i", Kind.TRAINING, date(2025, 2, 28), waits_for="supervisor")
    there = Evidence("p", (training,), entered_on=date(2023, 7, 15))
    asked = program(need)
    now, then = standing(asked, there, date(2026, 2, 28)), standing(asked, there, date(2026, 3, 1))
    assert kept(now) != kept(then)
    assert next_day(Enrolled(asked, there, None), now) == date(2026, 3, 1)
