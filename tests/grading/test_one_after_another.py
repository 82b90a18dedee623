"""Requirements of which each counts from the day on which the one before was met."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from grading.evidence import Evidence, Item, Kind
from grading.known import known
from grading.periods import Period
from grading.program import Program, Requirement, Stage
from grading.proof import Answer
from grading.requirements.needs import AllOf, Amount, AtLeast, Measure, Need, When
from grading.requirements.selection import Anchor, Named, Window
from grading.standing import standing
from grading.weighing.weigh import first_met
from tests.grading.things import TODAY, count, hours, thing, training, where

FIRST = date(2024, 1, 1)


def need(place: int, *, in_a_list: bool) -> Need:
    windows = (Window(since=Anchor(Named.MET, f"r{place - 1}")),) if place else ()
    twenty = hours(20, windows=windows)
    return AllOf((twenty,)) if in_a_list else twenty


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


def met_on(*needs: Need, there: tuple[Item, ...] = ()) -> date | None:
    """The first day on which the last of them was met."""
    asked = tuple(Requirement(f"r{at}", "initial", "Hours", need) for at, need in enumerate(needs))
    program = Program("p", "Program", "Body", "1", "UTC", (Stage("initial", "Certification"),), asked)
    return first_met(asked[-1].key, known(program, Evidence("p", there), TODAY))


EARLY, MIDDLE, LATE = (thing(id_, on, 2, course="c", who="x", sort=("a", "b"))
                       for id_, on in (("1", "2025-01-01"), ("2", "2025-06-01"), ("3", "2025-12-01")))  # fmt: skip
OTHER = thing("4", "2025-12-24", None, who="y")
HIGHEST = AtLeast(Amount(training(), Measure.HIGHEST), Decimal(3))
POT_A, POT_B = (hours(2, where("sort", sort), shared="pot") for sort in "ab")


@pytest.mark.parametrize(
    ("needs", "there", "on"),
    [
        ((hours(4),), (EARLY, MIDDLE, LATE), MIDDLE.on),
        ((hours(3),), (EARLY, MIDDLE), MIDDLE.on),
        ((hours(5),), (EARLY, MIDDLE), None),
        ((count(2),), (EARLY, OTHER), OTHER.on),
        ((count(2, measure=Measure.DISTINCT, name="who"),), (EARLY, MIDDLE, OTHER), OTHER.on),
        ((HIGHEST,), (EARLY, MIDDLE), None),
        ((hours(3, once_per="course"),), (EARLY, MIDDLE), None),
        ((hours(2, windows=(Window(last=Period(months=12)),)),), (EARLY, LATE), EARLY.on),
        ((POT_A, POT_B), (EARLY,), None),
        ((POT_A, POT_B), (EARLY, MIDDLE), MIDDLE.on),
        ((When(hours(99), hours(1)),), (EARLY, LATE), EARLY.on),
        ((When(hours(99), hours(1)),), (), TODAY),
    ],
    ids=["a sum", "more than it", "less than it", "so many", "so many different ones", "the highest", "once each",
         "of the last year", "taken by another", "shared with another", "not asked for", "not asked for of nothing"],
)  # fmt: skip
def test_the_first_day_on_which_it_was_met(needs: tuple[Need, ...], there: tuple[Item, ...], on: date | None) -> None:
    assert met_on(*needs, there=there) == on
