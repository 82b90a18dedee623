"""For whom a standing waits, and until when it stays as it is."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.ahead import last_new, next_day, waits_for
from grading.editions import Enrolled
from grading.evidence import Evidence, Item, Kind
from grading.periods import Calendar, Pause, Period
from grading.program import Program, Who
from grading.requirements.needs import Amount, AtLeast, AtMost, Each, Held, Need, When
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import Standing, standing
from tests.grading.decided import TWO_YEARS, decided
from tests.grading.made_up import TODAY, absolute, evidence, program, relative
from tests.grading.made_up_in_time import evidence_in_time, programs_in_time
from tests.grading.test_lifecycle_properties import DAYS, people, programs

ENOUGH = settings(max_examples=60, deadline=None)
FEW_STEPS = settings(max_examples=30, deadline=None)
STEPS = 8
TRAINING = Selection(kinds=frozenset({Kind.TRAINING}), unit="hours")
ANY = st.one_of(absolute(), relative())


def kept(found: Standing) -> object:
    """What is kept of a standing."""
    answers = [
        (each.requirement.key, each.proof.answer, each.proof.numbers)
        for stage in found.stages
        for each in stage.requirements
    ]
    return found.status, found.stage, found.facts, found.dates, waits_for(found), answers


def following(asked: Program, there: Evidence, day: date) -> date | None:
    return next_day(Enrolled(asked, there, None), standing(asked, there, day))


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


def day(text: str) -> date:
    return date.fromisoformat(text)


def training(id_: str, on: str, **more: object) -> Item:
    return Item(id_, Kind.TRAINING, day(on), Decimal(1), "hours", **more)  # type: ignore[arg-type]  # as an item takes it


def signed(id_: str, on: str) -> Item:
    return training(id_, on, stands_from=day(on))


def there_is(*items: Item, **more: object) -> Evidence:
    return Evidence("p", items, entered_on=day("2025-01-06"), **more)  # type: ignore[arg-type]  # as evidence takes it


def test_what_ended_long_ago_does_not_hide_that_something_is_held_for_too_long() -> None:
    """Both wait to be signed; the one of 2023 was too old two years ago, the other one is on 1 December 2026."""
    need = Held(TRAINING, None, less_than=Period(months=12))
    there = there_is(training("old", "2023-01-01"), training("new", "2025-12-01"))
    assert following(program(need), there, day("2026-03-01")) == day("2026-12-01")


def test_a_new_week_is_asked_for_on_its_first_day_also_where_no_more_than_so_much_is_asked() -> None:
    need = Each(Calendar.WEEK, AtMost(Amount(TRAINING), Decimal(1)), Anchor(Named.ENTERED))
    sunday, monday, last = day("2026-03-01"), day("2026-03-02"), day("2026-03-08")
    assert [following(program(need), there_is(), each) for each in (sunday, monday)] == [monday, last]


def test_the_last_stretch_is_over_with_the_rule_and_not_with_the_month() -> None:
    until = Anchor(Named.DAY, day=day("2026-03-20"))
    need = Each(Calendar.MONTH, AtLeast(Amount(TRAINING), Decimal(1)), Anchor(Named.ENTERED), until, average=True)
    assert following(program(need), there_is(), day("2026-03-05")) == day("2026-03-20")
    assert following(program(need), there_is(), day("2026-03-20")) is None


def test_the_months_of_the_last_year_are_others_once_the_first_of_them_is_not_whole() -> None:
    year_ago = Anchor(Named.TODAY, earlier=Period(months=12))
    whole = Each(Calendar.MONTH, AtLeast(Amount(TRAINING), Decimal(1)), year_ago)
    assert following(program(whole), there_is(), day("2026-03-01")) == day("2026-03-02")
    assert following(program(whole), there_is(), day("2026-03-02")) == day("2026-03-31")
    no_more = replace(whole, need=AtMost(Amount(TRAINING), Decimal(1)))
    assert following(program(no_more), there_is(), day("2026-03-10")) == day("2026-03-11")
    so_far = replace(whole, since=Anchor(Named.ENTERED), until=Anchor(Named.TODAY, earlier=Period(days=10)))
    assert following(program(so_far), there_is(), day("2026-03-05")) == day("2026-03-06")


def test_what_another_requirement_leaves_in_a_pot_changes_with_its_window() -> None:
    """Also where the other one is not asked for: what serves it is taken from the pot."""
    shared = replace(TRAINING, shared="pot")
    moving = AtLeast(Amount(replace(shared, windows=(Window(last=Period(months=12)),))), Decimal(1))
    never = When(AtLeast(Amount(replace(TRAINING, kinds=frozenset({Kind.EXAM}))), Decimal(1)), moving)
    asked = program(never, AtLeast(Amount(shared), Decimal(1)))
    there = there_is(signed("i", "2025-03-10"))
    now, then = (standing(asked, there, day(on)) for on in ("2026-03-01", "2026-03-11"))
    assert kept(now) != kept(then)
    assert following(asked, there, day("2026-03-01")) == day("2026-03-11")


def test_while_a_pause_goes_on_dates_move_with_every_day_where_a_clock_stands_still() -> None:
    asked = replace(program(), lifecycle=TWO_YEARS, pausable=frozenset({"validity"}))
    made = (decided("certified", "2025-06-01", "initial"),)
    today = day("2026-03-01")
    going_on, over = (Pause(day("2026-02-01"), until) for until in (None, day("2026-02-28")))
    ends_today = replace(over, until=today)
    for pause in (going_on, ends_today):
        assert following(asked, there_is(decisions=made, pauses=(pause,)), today) == day("2026-03-02")
    without = there_is(decisions=made, pauses=(over,))
    assert following(asked, without, today) != day("2026-03-02")
    assert following(replace(asked, pausable=frozenset()), there_is(decisions=made, pauses=(going_on,)), today) == (
        following(replace(asked, pausable=frozenset()), without, today)
    )
