"""attune bench standing: what it measures is what it says; how fast is for the bench to say."""

from click.testing import CliRunner

from grading.requirements.needs import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Held,
    InOrder,
    Share,
    SomeOf,
    Spread,
    Unless,
    When,
)  # fmt: skip
from grading.requirements.walking import walk
from lti_tool.cli import attune, bench_standing
from lti_tool.cli.bench_standing_program import REQUIREMENTS, bench_program


def test_the_program_asks_for_sixty_things_in_every_form() -> None:
    asked = bench_program().requirements
    assert len(asked) == REQUIREMENTS
    forms = {type(part) for each in asked for part in walk(each.need)}
    assert forms >= {
        AtLeast, AtMost, Share, Covers, Each, Held, InOrder, Spread, AllOf, AnyOf, SomeOf, When, Unless,
    }  # fmt: skip


def test_each_person_is_measured_with_all_their_rows_and_one_event_concerns_one_person() -> None:
    found = bench_standing.measure(people=(3, 8), runs=1)
    assert [(case["people"], case["rows"]) for case in found["cases"]] == [
        (people, people * found["items_each"]) for people in (3, 8)
    ]
    assert found["ratio"] > 0
    after = found["after_one_event"]
    assert (after["people_evaluated"], after["statements"]) == (1, 2)
    assert after["rows_read"] == found["items_each"] + 1


def test_the_command_explains_itself() -> None:
    told = CliRunner().invoke(attune, ["bench", "standing", "--help"])
    assert told.exit_code == 0
    assert "--long" in told.output
