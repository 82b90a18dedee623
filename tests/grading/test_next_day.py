"""On which day time alone changes something next: rule by rule."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from grading.ahead import next_day
from grading.editions import Enrolled
from grading.evidence import Evidence, Item, Kind
from grading.periods import Calendar, Pause, Period
from grading.requirements.needs import Amount, AtLeast, AtMost, Each, Held, When
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import standing
from tests.grading.decided import TWO_YEARS, day, decided
from tests.grading.kept import following, kept
from tests.grading.made_up import program

TRAINING = Selection(kinds=frozenset({Kind.TRAINING}), unit="hours")


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
    ends = replace(whole, until=Anchor(Named.DAY, day=day("2027-01-01")))
    assert following(program(ends), there_is(), day("2026-03-01")) == day("2026-03-02")
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
    for pause in (going_on, ends_today, Pause(today)):
        assert following(asked, there_is(decisions=made, pauses=(pause,)), today) == day("2026-03-02")
    without = there_is(decisions=made, pauses=(over,))
    assert following(asked, without, today) != day("2026-03-02")
    assert following(replace(asked, pausable=frozenset()), there_is(decisions=made, pauses=(going_on,)), today) == (
        following(replace(asked, pausable=frozenset()), without, today)
    )


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


CERTIFIED = decided("certified", "2026-03-20", "initial")
TODAY = day("2026-03-01")


@pytest.mark.parametrize(
    ("there", "days"),
    [
        (there_is(training("i", "2026-03-20")), ["2026-03-20"]),
        (there_is(training("i", "2026-02-01", recorded_on=day("2026-03-20"))), ["2026-03-20"]),
        (there_is(training("i", "2026-02-01", stands_from=day("2026-03-20"))), ["2026-03-20"]),
        (there_is(training("i", "2026-02-01", stands_from=TODAY, withdrawn_on=day("2026-03-20"))), ["2026-03-20"]),
        (there_is(training("i", "2026-02-01", reversed_on=day("2026-03-20"))), ["2026-03-20"]),
        (there_is(training("i", "2026-02-01", until=day("2026-03-20"))), ["2026-03-20", "2026-03-21"]),
        (there_is(training("i", "2026-02-01", until=date.max)), ["9999-12-31"]),
        (there_is(training("i", "0001-01-01")), []),
        (there_is(decisions=(CERTIFIED,)), ["2026-03-20"]),
        (there_is(decisions=(replace(CERTIFIED, on=TODAY, recorded_on=day("2026-03-20")),)), ["2026-03-20"]),
        (there_is(decisions=(replace(CERTIFIED, on=TODAY, until=day("2026-03-20")),)), ["2026-03-20", "2026-03-21"]),
        (there_is(pauses=(Pause(day("2026-03-20")),)), ["2026-03-20"]),
        (there_is(pauses=(Pause(TODAY, day("2026-03-20")),)), ["2026-03-20", "2026-03-21"]),
        (replace(there_is(), entered_on=day("2026-03-20")), ["2026-03-20"]),
        (there_is(), []),
    ],
)
def test_each_day_of_what_there_is_is_a_day_on_which_something_may_change(there: Evidence, days: list[str]) -> None:
    """A last day belongs to what it ends."""
    in_force = (Window(in_force=Anchor(Named.EVENT, "application")),)
    need = AtLeast(Amount(replace(TRAINING, windows=in_force)), Decimal(9))
    asked, told, today = replace(program(need), lifecycle=TWO_YEARS), [], TODAY
    while following_day := following(asked, there, today):
        told.append(following_day.isoformat())
        today = following_day
    assert [each for each in told if each < "2026-12-31" or each > "2100-01-01"] == days


def test_the_day_of_moving_on_to_another_edition_is_told_too() -> None:
    now = standing(program(), there_is(), TODAY)
    assert next_day(Enrolled(program(), there_is(), None, must_move_on=day("2026-03-09")), now) == day("2026-03-09")
    assert next_day(Enrolled(program(), there_is(), None, must_move_on=TODAY), now) is None


def test_a_date_and_the_day_after_it_are_told() -> None:
    asked = replace(program(), lifecycle=TWO_YEARS)
    there = there_is(decisions=(decided("certified", "2024-04-01", "initial"),))
    dates = [each.on for each in standing(asked, there, TODAY).dates if each.on > TODAY]
    assert following(asked, there, TODAY) == dates[0]
    assert following(asked, there, dates[0]) == dates[0] + timedelta(days=1)


def test_a_day_before_the_entry_is_not_known_before_the_entry() -> None:
    """Until then the window moves on with today, and what happens on that day is a day of its own."""
    before_entry = Anchor(Named.ENTERED, earlier=Period(months=12))
    need = AtLeast(Amount(replace(TRAINING, windows=(Window(last=Period(months=12), until=before_entry),))), Decimal(1))
    there = replace(there_is(signed("i", "2025-03-01")), entered_on=day("2026-06-01"))
    assert following(program(need), there, day("2026-01-01")) == day("2026-03-02")


@pytest.mark.parametrize("window", [Window(last=Period(days=10)), Window(in_force=Anchor(Named.TODAY))])
def test_a_pause_that_goes_on_is_not_looked_beyond(window: Window) -> None:
    """Nothing moves in it, however far one looks: the next day is tomorrow, for dates move."""
    need = AtLeast(Amount(replace(TRAINING, windows=(window,))), Decimal(1))
    asked = replace(program(need), pausable=frozenset({"windows"}))
    there = there_is(signed("i", "2026-02-25"), pauses=(Pause(day("2026-02-27")),))
    now = standing(asked, there, TODAY)
    assert now.of("r0").changes_on is None
    assert now.changes_on == day("2026-03-02")
