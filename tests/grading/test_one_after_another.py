"""Requirements of which each counts from the day on which the one before was met."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from grading.evidence import Evidence, Item, Kind
from grading.program import Program, Requirement, Stage
from grading.proof import Answer
from grading.requirements.needs import AllOf, Amount, AtLeast, Need
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import standing

FIRST = date(2024, 1, 1)


def need(place: int, *, in_a_list: bool) -> Need:
    windows = (Window(since=Anchor(Named.MET, f"r{place - 1}")),) if place else ()
    hours = AtLeast(Amount(Selection(frozenset({Kind.TRAINING}), windows=windows, unit="hours")), Decimal(20))
    return AllOf((hours,)) if in_a_list else hours


@pytest.mark.parametrize("in_a_list", [False, True], ids=["added up", "searched for"])
@pytest.mark.parametrize("days", [133, 134])
def test_each_of_seven_begins_on_the_day_on_which_the_one_before_was_met(in_a_list: bool, days: int) -> None:
    """An hour each day: the first takes 20 days, each further one 19 more, for it begins on the last day of it."""
    asked = tuple(Requirement(f"r{at}", "initial", "Hours", need(at, in_a_list=in_a_list)) for at in range(7))
    program = Program("p", "Program", "Body", "1", "UTC", (Stage("initial", "Certification"),), asked)
    each_day = [FIRST + timedelta(days=number) for number in range(days)]
    items = tuple(Item(f"i{on}", Kind.TRAINING, on, Decimal(1), "hours", stands_from=on) for on in each_day)
    found = standing(program, Evidence("p", items), date(2026, 1, 1))
    answers = [each.proof.answer for each in found.stages[0].requirements]
    assert answers == [Answer.MET] * 6 + [Answer.MET if days == 134 else Answer.NOT_YET]
