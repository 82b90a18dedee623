"""Pauses: they shift each clock that the program says may stand still, and name the others with their days."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.evidence import Kind
from grading.lifecycle.dates import Name
from grading.lifecycle.rules import DueProcess, Lifecycle, Validity
from grading.periods import Pause, Period
from grading.program import Program, Requirement, Stage
from grading.requirements.needs import Amount, AtLeast
from grading.requirements.selection import Selection, Window
from grading.standing import dates, standing
from tests.grading.decided import (
    LATE,
    YEARS_2,
    dated,
    day,
    decided,
    event,
    evidence,
    hours,
    program,
    stands,
    step_program,
)

FEW = settings(max_examples=60, deadline=None)
CERTIFIED = decided("certified", "2024-06-30")
PROVISIONAL = decided("certified", "2026-01-15", "provisional")
STAGE = frozenset({"stage"})


def test_a_pause_is_a_fact_and_changes_no_status() -> None:
    paused = Pause(day("2025-01-10"), day("2025-01-20"))
    sides = [
        stands(program(), on, CERTIFIED, paused) for on in ("2025-01-09", "2025-01-10", "2025-01-20", "2025-01-21")
    ]
    assert [each.facts.paused_since for each in sides] == [None, day("2025-01-10"), day("2025-01-10"), None]
    assert {each.status for each in sides} == {"certified"}


def test_the_dates_alone_are_those_of_the_standing_also_while_a_pause_goes_on() -> None:
    made, there = step_program(pausable=STAGE), evidence(PROVISIONAL, Pause(day("2026-02-01")))
    for on in ("2026-01-31", "2026-02-01", "2026-03-01", "2026-09-01"):
        assert dates(made, there, day(on)) == standing(made, there, day(on)).dates


def test_a_pause_shifts_a_provisional_stage_where_the_program_says_so() -> None:
    paused = Pause(day("2026-02-01"), day("2026-02-28"))
    found = stands(step_program(pausable=STAGE), "2026-06-01", PROVISIONAL, paused)
    assert dated(found, Name.STAGE_ENDS) == ["2026-08-12"]
    assert dated(stands(step_program(), "2026-06-01", PROVISIONAL, paused), Name.STAGE_ENDS) == ["2026-07-15"]


def test_a_renewal_from_the_end_keeps_what_a_pause_moved() -> None:
    there = CERTIFIED, Pause(day("2025-01-01"), day("2025-01-10")), decided("renewed", "2026-06-01")
    (end,) = [each for each in stands(program(), "2026-09-01", *there).dates if each.name is Name.VALID_UNTIL]
    assert (end.on, end.moved, end.counted_from) == (day("2028-07-10"), 10, day("2026-07-10"))


def test_the_dates_alone_are_moved_by_pauses_as_those_of_the_standing_are() -> None:
    there = CERTIFIED, Pause(day("2025-01-01"), day("2025-01-10")), Pause(day("2025-03-01"), day("2025-03-31"))
    found = dates(program(), evidence(*there), day("2025-03-05"))
    assert found == stands(program(), "2025-03-05", *there).dates
    assert found != stands(program(), "2025-03-05", CERTIFIED).dates


def test_pauses_that_lie_over_each_other_count_once() -> None:
    two = Pause(day("2026-02-01"), day("2026-02-20")), Pause(day("2026-02-10"), day("2026-02-28"))
    found = stands(step_program(pausable=STAGE), "2026-06-01", PROVISIONAL, *two)
    assert dated(found, Name.STAGE_ENDS) == ["2026-08-12"]


def test_a_pause_in_the_extension_shifts_it_too() -> None:
    there = PROVISIONAL, decided("extended", "2026-07-01"), Pause(day("2026-08-01"), day("2026-08-10"))
    assert dated(stands(step_program(pausable=STAGE), "2026-09-01", *there), Name.STAGE_ENDS) == ["2027-01-25"]


def test_a_pause_in_the_time_for_late_renewal_shifts_its_last_day_and_not_the_certificates() -> None:
    paused = Pause(day("2026-07-05"), day("2026-07-09"))
    found = stands(program(), "2026-08-04", CERTIFIED, paused)
    assert (dated(found, Name.VALID_UNTIL), dated(found, Name.LATE_UNTIL)) == (["2026-06-30"], ["2026-08-04"])
    assert found.status == "in_grace"
    assert stands(program(), "2026-08-05", CERTIFIED, paused).status == "lapsed"


def test_who_pauses_does_not_lapse_meanwhile_where_the_clock_stands_still() -> None:
    goes_on = Pause(day("2026-06-30"))
    assert stands(program(), "2028-01-01", CERTIFIED, goes_on).status == "renewal_open"


def test_the_clocks_that_do_not_stand_still_are_named_with_their_days() -> None:
    rules = Lifecycle(
        validity=Validity(YEARS_2),
        application_usable=Period(months=6),
        due_process=DueProcess(decide_within=Period(days=60)),
    )
    there = CERTIFIED, event("application", "2025-02-01"), Pause(day("2025-02-10"))
    found = stands(program(rules, pausable=frozenset({"validity"})), "2025-03-01", *there)
    assert found.facts.paused_since == day("2025-02-10")
    assert [(each.name, each.on.isoformat()) for each in found.dates if each.on >= found.on and not each.pausable] == [
        ("decision_due", "2025-04-02"),
        ("application_usable_until", "2025-08-01"),
    ]
    windows = stands(program(rules, pausable=frozenset({"windows"})), "2025-03-01", *there)
    assert dated(windows, Name.APPLICATION_USABLE_UNTIL) == ["2025-08-21"]


def test_a_window_looks_back_further_by_the_paused_days_up_to_today() -> None:
    """A pause that goes on, or that is meant to end later, counts with the days up to today."""
    of = Selection(frozenset({Kind.TRAINING}), windows=(Window(last=Period(days=30)),), unit="hours")
    asked = (Requirement("r", "initial", "R", AtLeast(Amount(of), Decimal(10))),)
    made = Program("p", "P", "B", "1", "UTC", (Stage("initial", "C"),), asked, pausable=frozenset({"windows"}))
    there = hours("h", "2026-01-01", 10, Kind.TRAINING)
    for pause in (Pause(day("2026-01-11")), Pause(day("2026-01-11"), day("2026-12-31"))):
        assert standing(made, evidence(there, pause), day("2026-03-01")).of("r").answer == "met"
    over = standing(made, evidence(there, Pause(day("2026-01-11"), day("2026-01-20"))), day("2026-03-01"))
    assert over.of("r").answer == "not_yet"


@FEW
@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 90)), max_size=3), st.integers(0, 900))
def test_a_pause_never_brings_a_date_nearer(pauses: list[tuple[int, int]], after: int) -> None:
    first = date(2024, 6, 30)
    today = first + timedelta(days=after)
    there = [Pause(first + timedelta(days=start), first + timedelta(days=start + length)) for start, length in pauses]
    without = {each.name: each.on for each in stands(program(LATE), today.isoformat(), CERTIFIED).dates}
    found = stands(program(LATE), today.isoformat(), CERTIFIED, *there).dates
    assert all(each.moved >= 0 for each in found)
    assert all(each.on >= without[each.name] for each in found if each.name is not Name.REMINDER)
