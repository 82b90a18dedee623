"""For whom a standing waits, and until when it stays as it is."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.ahead import last_new, waits_for
from grading.evidence import Evidence
from grading.program import Program, Who
from grading.requirements.needs import Need
from grading.standing import standing
from tests.grading.kept import following, kept
from tests.grading.made_up import TODAY, absolute, evidence, program, relative
from tests.grading.made_up_in_time import evidence_in_time, programs_in_time
from tests.grading.made_up_lifecycles import DAYS, people, programs

ENOUGH = settings(max_examples=60, deadline=None)
FEW_STEPS = settings(max_examples=30, deadline=None)
STEPS = 8
ANY = st.one_of(absolute(), relative())


def holds_until_the_next_day(asked: Program, there: Evidence, day: date, part: float) -> None:
    """From one next day to the one after it: on the day before it, and on one on the way to it, all is as it was."""
    for _ in range(STEPS):
        now, next_on = kept(standing(asked, there, day)), following(asked, there, day)
        last = next_on - timedelta(days=1) if next_on else day + timedelta(days=500)
        between = day + timedelta(days=int((last - day).days * part))
        assert [kept(standing(asked, there, each)) for each in (between, last)] == [now, now], (day, next_on)
        if next_on is None:
            return
        day = next_on


@ENOUGH
@given(ANY, evidence(8), st.integers(0, 500), st.floats(0, 1))
def test_until_the_next_day_nothing_of_what_is_kept_changes(
    need: Need, there: Evidence, earlier: int, part: float
) -> None:
    """Also where more was recorded, signed or withdrawn after the day that is looked at."""
    holds_until_the_next_day(program(need), there, TODAY - timedelta(days=earlier), part)


@FEW_STEPS
@given(programs_in_time(), evidence_in_time(), st.integers(0, 700), st.floats(0, 1))
def test_nor_does_it_where_windows_move_things_end_and_clocks_stand_still(
    asked: Program, there: Evidence, earlier: int, part: float
) -> None:
    holds_until_the_next_day(asked, there, TODAY - timedelta(days=earlier), part)


@ENOUGH
@given(programs(), people(), DAYS, st.floats(0, 1))
def test_nor_does_it_whatever_was_decided(asked: Program, there: Evidence, day: date, part: float) -> None:
    holds_until_the_next_day(asked, there, day, part)


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
