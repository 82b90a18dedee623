"""From when until when something counts, and when it no longer does. Today is 1 March 2026."""

from datetime import date, timedelta

import pytest

from grading.evidence import Item
from grading.periods import Pause, Period
from grading.proof import Proof, Why
from grading.requirements.selection import Anchor, Named, Window
from tests.grading.things import asked, day, hours, thing, where

TODAY, APPLIED = Anchor(Named.TODAY), Anchor(Named.EVENT, "application")
YEAR, HALF = Period(months=12), Period(months=6)
YEAR_AGO, IN_HALF_A_YEAR = Anchor(Named.TODAY, earlier=YEAR), Anchor(Named.TODAY, later=HALF)
THERE = [thing(on, on) for on in ("2025-02-28", "2025-03-01", "2025-06-01", "2025-12-01", "2025-12-02", "2026-03-01")]
EARLY, LATE = Why.TOO_EARLY, Why.TOO_LATE


def on(text: str) -> Anchor:
    return Anchor(Named.DAY, day=day(text))


@pytest.mark.parametrize(
    ("window", "why"),
    [
        (Window(since=on("2025-06-01")), [EARLY, EARLY, None, None, None, None]),
        (Window(until=on("2025-12-01")), [None, None, None, None, LATE, LATE]),
        (Window(since=on("2025-03-01"), until=on("2025-06-01")), [EARLY, None, None, LATE, LATE, LATE]),
        (Window(last=YEAR), [EARLY, None, None, None, None, None]),
        (Window(last=HALF, until=on("2025-12-01")), [EARLY, EARLY, None, None, LATE, LATE]),
        (Window(since=on("2025-12-02"), last=YEAR), [EARLY, EARLY, EARLY, EARLY, None, None]),
        (Window(since=on("2020-01-01"), last=YEAR), [EARLY, None, None, None, None, None]),
        (Window(since=APPLIED), [Why.NOT_BEGUN] * 6),
        (Window(until=APPLIED, last=YEAR), [EARLY, None, None, None, None, None]),
        (Window(until=APPLIED), [None] * 6),
        (Window(in_force=on("2025-06-01")), [None, None, None, *[Why.NOT_IN_FORCE] * 3]),
        (Window(in_force=TODAY), [None] * 6),
        (Window(), [None] * 6),
    ],
)
def test_both_days_of_a_window_belong_to_it(window: Window, why: list[Why | None]) -> None:
    found = {each.item.id: each.why for each in asked(hours(99, windows=(window,)), *THERE).left_out}
    assert [found.get(each.id) for each in THERE] == why


@pytest.mark.parametrize(("until", "counts"), [("2025-05-31", False), ("2025-06-01", True), ("2025-06-02", True)])
def test_on_its_last_day_something_is_in_force(until: str, counts: bool) -> None:
    there = thing("a", "2025-02-01", until=until)
    proof = asked(hours(1, windows=(Window(in_force=on("2025-06-01")),)), there)
    assert bool(proof.counted) is counts
    assert proof.changes_on is None


@pytest.mark.parametrize(
    ("windows", "there", "changes_on"),
    [
        ((Window(last=YEAR),), ("2025-03-10", "2025-03-05"), "2026-03-06"),
        ((Window(last=YEAR),), ("2025-03-10 2025-12-01",), "2026-03-11"),
        ((Window(last=YEAR, until=APPLIED),), ("2025-03-10",), "2026-03-11"),
        ((Window(last=YEAR, until=on("2026-02-01")),), ("2025-03-10 2026-03-05",), None),
        ((Window(in_force=TODAY),), ("2025-03-10 2026-03-05", "2025-03-10 2026-03-04"), "2026-03-05"),
        ((Window(in_force=APPLIED),), ("2025-03-10 2026-03-05",), "2026-03-06"),
        ((Window(in_force=on("2026-02-01")),), ("2025-03-10 2026-03-05",), None),
        ((Window(last=YEAR), Window(in_force=TODAY)), ("2025-03-10 2026-12-31",), "2026-03-11"),
        ((Window(in_force=TODAY), Window(last=YEAR)), ("2025-03-10 2026-03-05",), "2026-03-06"),
        ((Window(last=YEAR), Window(in_force=TODAY)), ("2025-03-10",), "2026-03-11"),
        ((Window(in_force=TODAY), Window(last=YEAR)), (), None),
        ((Window(since=YEAR_AGO),), ("2025-03-10", "2025-03-05"), "2026-03-06"),
        ((Window(since=on("2025-03-05")),), ("2025-03-10",), None),
        ((Window(since=TODAY),), ("2026-03-01",), "2026-03-02"),
        ((Window(since=Anchor(Named.TODAY, earlier=YEAR, later=Period(days=9))),), ("2025-03-10",), "2026-03-02"),
        ((Window(in_force=IN_HALF_A_YEAR),), ("2025-03-10 2026-09-30", "2025-03-10 2026-09-15"), "2026-03-16"),
        ((Window(in_force=Anchor(Named.TODAY, earlier=HALF)),), ("2025-03-10 2025-09-15",), "2026-03-16"),
        ((Window(last=YEAR, until=Anchor(Named.TODAY, earlier=HALF)),), ("2024-09-10",), "2026-03-11"),
    ],
)
def test_the_day_is_told_on_which_the_first_thing_is_out_of_its_time(
    windows: tuple[Window, ...], there: tuple[str, ...], changes_on: str | None
) -> None:
    things = [_thing(*each.split()) for each in there]
    proof = asked(hours(len(things), windows=windows), *things)
    assert len(proof.counted) == len(things)
    assert proof.changes_on == (day(changes_on) if changes_on else None)


@pytest.mark.parametrize(
    ("window", "there", "changes_on"),
    [
        (Window(until=Anchor(Named.TODAY, earlier=HALF)), ("2025-10-10", "2025-10-05"), "2026-04-05"),
        (Window(until=on("2025-10-01")), ("2025-10-10",), None),
        (Window(in_force=Anchor(Named.TODAY, earlier=HALF)), ("2025-10-10", "2025-09-02"), "2026-03-02"),
        (Window(since=YEAR_AGO), ("2025-02-28",), None),
    ],
)
def test_the_day_is_told_on_which_something_that_was_out_of_its_time_is_in_it(
    window: Window, there: tuple[str, ...], changes_on: str | None
) -> None:
    proof = asked(hours(1, windows=(window,)), *map(_thing, there))
    assert proof.counted == ()
    assert proof.changes_on == (day(changes_on) if changes_on else None)
    if changes_on:
        assert asked(hours(1, windows=(window,)), *map(_thing, there), today=day(changes_on)).counted


def test_what_is_not_sure_can_be_out_of_force_too() -> None:
    silent = thing("a", "2025-03-10", until="2026-03-05")
    need = hours(1, where("color", "red"), windows=(Window(in_force=TODAY),))
    assert asked(need, silent).changes_on == date(2026, 3, 6)


def _thing(began: str, until: str = "") -> Item:
    return thing(f"{began} {until}", began, until=until)


@pytest.mark.parametrize(
    ("paused", "there", "today", "changes_on"),
    [
        (Pause(date(2025, 7, 1), date(2025, 7, 31)), "2025-07-31", "2026-07-26", "2026-08-01"),
        (Pause(date(2026, 2, 1), date(2026, 5, 31)), "2025-03-02", "2026-03-01", "2026-07-01"),
        (Pause(date(2026, 2, 1)), "2025-03-02", "2026-03-01", None),
    ],
    ids=["the window leaps over a pause", "a pause holds it up", "a pause goes on"],
)
def test_the_day_is_told_as_pauses_move_it(paused: Pause, there: str, today: str, changes_on: str | None) -> None:
    need, pausable = hours(1, windows=(Window(last=YEAR),)), frozenset({"windows"})

    def on_day(text: str) -> Proof:
        return asked(need, thing("a", there), today=day(text), pauses=(paused,), pausable=pausable)

    assert on_day(today).counted
    assert on_day(today).changes_on == (day(changes_on) if changes_on else None)
    if changes_on:
        before = (day(changes_on) - timedelta(days=1)).isoformat()
        assert [bool(on_day(each).counted) for each in (before, changes_on)] == [True, False]


def test_paused_days_are_not_counted_where_the_program_says_so() -> None:
    pauses, need = (Pause(date(2025, 7, 1), date(2025, 7, 31)),), hours(1, windows=(Window(last=YEAR),))
    a, b = thing("a", "2025-01-28"), thing("b", "2025-01-29")
    shifted = asked(need, a, b, pauses=pauses, pausable=frozenset({"windows"}))
    assert [item.id for item, _ in shifted.counted] == ["b"]
    assert shifted.changes_on == date(2026, 3, 2)
    assert asked(need, a, b, pauses=pauses, pausable=frozenset({"each"})).counted == ()
