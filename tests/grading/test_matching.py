"""Whether a thing is what a rule means: yes, no, or nobody said."""

from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.requirements.selection import Where
from grading.weighing.matching import matches, matches_all, value_of, values_of
from tests.grading.things import day, thing, where

TWO, THREE = Decimal(2), Decimal(3)
NO_RED = frozenset({"red"})


@pytest.mark.parametrize(
    ("asked", "silent", "red", "blue", "both"),
    [
        (where("x", "red"), None, True, False, True),
        (where("x", none_of=NO_RED), True, False, True, False),
        (where("x", none_of=NO_RED, said=True), None, False, True, False),
        (where("x", "red", "blue", none_of=NO_RED), None, False, True, False),
        (where("x"), True, True, True, True),
        (where("x", said=True), None, True, True, True),
        (where("x", at_least=TWO), None, None, None, None),
        (where("x", at_most=TWO), None, None, None, None),
    ],
)
def test_words(asked: Where, silent: bool | None, red: bool | None, blue: bool | None, both: bool | None) -> None:
    things = (
        thing("1", "2025-05-01"),
        *(thing("2", "2025-05-01", x=words) for words in ("red", "blue", ("red", "blue"))),
    )
    assert [matches(asked, each) for each in things] == [silent, red, blue, both]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (where("x", at_least=TWO), [False, True, True]),
        (where("x", at_most=TWO), [True, True, False]),
        (where("x", at_least=TWO, at_most=TWO), [False, True, False]),
        (where("x", "2"), [False, True, False]),
        (where("x", none_of=frozenset({"2"})), [True, False, True]),
        (where("x", "1", "2", none_of=frozenset({"2"})), [True, False, False]),
        (where("x"), [True, True, True]),
        (where("x", "200"), [False, False, False]),
    ],
)
def test_numbers_one_two_and_three(asked: Where, found: list[bool]) -> None:
    assert [matches(asked, thing("1", "2025-05-01", x=number)) for number in (1, 2, 3)] == found


def test_a_number_is_the_same_however_it_is_written() -> None:
    for text, asked in (("2.50", "2.5"), ("200", "200"), ("2E+2", "200"), ("0.0", "0")):
        item = Item("1", Kind.EXAM, day("2025-05-01"), Decimal(text))
        assert matches(where("amount", asked), item) is True
        assert values_of(item, "amount") == {asked}


def test_that_a_criterion_was_not_observed_is_known_and_how_long_a_training_was_is_not() -> None:
    rating, training = (thing("1", "2025-05-01", None, kind=kind) for kind in (Kind.RATING, Kind.TRAINING))
    for asked in (where("amount", at_least=TWO), where("amount", at_most=TWO), where("amount", "2")):
        assert (matches(asked, rating), matches(asked, training)) == (False, None)
    assert matches(where("level", "2"), rating) is None


def test_the_first_of_which_nothing_is_said_is_named_unless_another_does_not_match() -> None:
    item = thing("1", "2025-05-01", x="red")
    silent, other, yes, no = where("y", "1"), where("z", "1"), where("x", "red"), where("x", "blue")
    assert matches_all((yes, yes), item) == (True, "")
    assert matches_all((yes, silent, other), item) == (None, "y")
    assert matches_all((silent, no), item) == (False, "")
    assert matches_all((), item) == (True, "")


def test_what_nobody_has_to_say_is_found_of_itself_unless_it_is_said() -> None:
    item = thing("1", "2026-01-01", 2)
    found = {name: values_of(item, name) for name in ("amount", "unit", "day", "week", "month", "x")}
    assert found == {
        "amount": {"2"}, "unit": {"hours"}, "day": {"2026-01-01"}, "week": {"2026-W01"}, "month": {"2026-01"},
        "x": frozenset(),
    }  # fmt: skip
    assert value_of("amount", item) == 2
    assert value_of("x", item) is None
    assert value_of("unit", Item("1", Kind.EXAM, day("2026-01-01"))) is None
    assert values_of(thing("1", "2026-01-01", week="first", x=("a", "b")), "week") == {"first"}
    assert values_of(thing("1", "2026-01-01", x=("a", "b")), "x") == {"a", "b"}
