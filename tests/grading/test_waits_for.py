"""For whom a standing waits, and what was new last: rule by rule."""

from dataclasses import replace
from datetime import date

import pytest

from grading.ahead import last_new, waits_for
from grading.evidence import Evidence, Item, Kind
from grading.program import Requirement, Who
from grading.requirements.needs import Amount, AnyOf, AtLeast, Need, Open, When
from grading.requirements.selection import Selection
from grading.standing import standing
from tests.grading.decided import LATE, decided, event, program, stands
from tests.grading.things import day, hours, thing, waiting, where

TODAY = day("2026-03-01")
MET, NOT_YET = hours(1), hours(40)
A, B_WAITS = thing("a", "2025-05-01", 2), waiting("b", "2025-06-01", 50)


def count_of(kind: Kind) -> AtLeast:
    return AtLeast(Amount(Selection(frozenset({kind})), name=""), MET.threshold)


def waits(*needs: Need, there: tuple[Item, ...] = (A,), stage: str = "initial", shown_only: bool = False) -> set[Who]:
    asked = tuple(Requirement(f"r{at}", stage, "R", need, shown_only=shown_only) for at, need in enumerate(needs))
    more = Requirement("more", "initial", "More", NOT_YET)
    made = replace(program(LATE), requirements=(*asked, more) if shown_only or stage != "initial" else asked)
    return set(waits_for(standing(made, Evidence("p", there, entered_on=day("2025-01-06")), TODAY)))


@pytest.mark.parametrize(
    ("need", "there", "who"),
    [
        (NOT_YET, (A,), {Who.TRAINEE}),
        (NOT_YET, (A, B_WAITS), {Who.SUPERVISOR}),
        (count_of(Kind.OBSERVATION), (), {Who.OBSERVER}),
        (count_of(Kind.REFERENCE), (), {Who.REFEREE}),
        (count_of(Kind.CHECK), (), {Who.PROGRAM}),
        (hours(1, where("topic", "ethics")), (A,), {Who.TRAINEE}),
        (AnyOf((MET, count_of(Kind.OBSERVATION))), (A,), {Who.PROGRAM}),
        (When(count_of(Kind.CHECK), NOT_YET), (A,), set()),
        (Open(NOT_YET, until=day("2026-06-01")), (A,), {Who.TRAINEE}),
        (Open(NOT_YET, since=day("2026-06-01")), (A,), set()),
    ],
    ids=["something to add", "something to sign", "something to observe", "a reference", "a check", "something to say",
         "all is met: a decision", "not asked for", "a way that closes", "a way that is not open yet"],
)  # fmt: skip
def test_it_waits_for_those_who_can_do_something_now(need: Need, there: tuple[Item, ...], who: set[Who]) -> None:
    assert waits(need, there=there) == who


def test_of_what_comes_later_or_is_only_shown_nobody_is_waited_for() -> None:
    observed = count_of(Kind.OBSERVATION)
    assert waits(observed, stage="renewal") == {Who.TRAINEE}
    assert waits(observed, shown_only=True) == {Who.TRAINEE}
    assert waits(observed, NOT_YET) == {Who.TRAINEE, Who.OBSERVER}


def test_each_is_named_once_in_one_order_and_time_is_nobody() -> None:
    found = program(LATE)
    asked = tuple(
        Requirement(f"r{at}", "initial", "R", need)
        for at, need in enumerate((count_of(Kind.OBSERVATION), NOT_YET, hours(50), Open(NOT_YET, until=TODAY)))
    )
    there = Evidence("p", (A,), entered_on=day("2025-01-06"))
    assert waits_for(standing(replace(found, requirements=asked), there, TODAY)) == (Who.TRAINEE, Who.OBSERVER)


def test_the_program_decides_what_is_ready_and_what_is_appealed() -> None:
    suspended = decided("suspended", "2026-02-01")
    certified = decided("certified", "2025-06-01", "initial")
    assert Who.PROGRAM not in waits_for(stands(program(), "2026-03-01", certified))
    assert Who.PROGRAM not in waits_for(stands(program(), "2026-03-01", certified, suspended))
    appealed = stands(program(), "2026-03-01", certified, suspended, event("appeal", "2026-02-10"))
    assert appealed.facts.appeal_since == day("2026-02-10")
    assert Who.PROGRAM in waits_for(appealed)


@pytest.mark.parametrize(
    ("there", "last"),
    [
        ((), None),
        ((Item("i", Kind.TRAINING, day("2026-01-05")),), "2026-01-05"),
        ((Item("i", Kind.TRAINING, day("2026-01-05"), recorded_on=day("2026-01-09")),), "2026-01-09"),
        ((Item("i", Kind.TRAINING, day("2026-01-05"), stands_from=day("2026-02-01")),), "2026-02-01"),
        ((Item("i", Kind.TRAINING, TODAY),), "2026-03-01"),
        ((Item("i", Kind.TRAINING, day("2026-01-05"), stands_from=day("2026-03-02")),), "2026-01-05"),
        ((decided("certified", "2026-01-05", "initial"),), "2026-01-05"),
        ((replace(decided("certified", "2026-01-05", "initial"), recorded_on=day("2026-01-07")),), "2026-01-07"),
    ],
)
def test_what_was_new_last_is_the_last_that_happened_was_recorded_signed_or_decided(
    there: tuple[object, ...], last: str | None
) -> None:
    items = tuple(each for each in there if isinstance(each, Item))
    decisions = tuple(each for each in there if not isinstance(each, Item))
    found: date | None = last_new(Evidence("p", items, decisions), TODAY)  # type: ignore[arg-type]  # the others are decisions
    assert found == (day(last) if last else None)
