"""Things that count once: each hour for one requirement of a pot."""

from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.evidence import Item
from grading.proof import Answer
from grading.requirements.needs import AtLeast
from tests.grading.things import answers, count, hours, thing, waiting, where

SORTS = ("a", "b", "c")


def pot(number: int, sort: str) -> AtLeast:
    return hours(number, where("sort", sort), shared="pot")


def met(needs: tuple[AtLeast, ...], *there: Item) -> list[bool]:
    return [proof.answer is Answer.MET for proof in answers(needs, *there)]


def test_an_hour_counts_for_one_of_them() -> None:
    needs = pot(4, "a"), pot(4, "b")
    assert met(needs, thing("x", "2025-01-01", 4, sort=("a", "b"))) == [True, False]
    assert met(needs, thing("x", "2025-01-01", 8, sort=("a", "b"))) == [True, True]


def test_it_is_given_where_it_helps_to_meet_most() -> None:
    needs = pot(4, "a"), pot(4, "b")
    there = thing("x", "2025-01-01", 4, sort=("a", "b")), thing("y", "2025-01-02", 4, sort="a")
    assert met(needs, *there) == [True, True]


def test_of_two_ways_to_meet_as_many_the_earlier_requirement_is_met() -> None:
    shared = thing("x", "2025-01-01", 4, sort=("a", "b"))
    assert met((pot(4, "a"), pot(4, "b")), shared) == [True, False]
    assert met((pot(4, "b"), pot(4, "a")), shared) == [True, False]


def test_two_small_ones_go_before_one_large_one() -> None:
    needs = pot(6, "a"), pot(3, "b"), pot(3, "c")
    assert met(needs, thing("x", "2025-01-01", 6, sort=SORTS)) == [False, True, True]


def test_what_is_left_goes_to_the_others_and_is_shown() -> None:
    first, second = answers((pot(4, "a"), pot(4, "b")), thing("x", "2025-01-01", 5, sort=("a", "b")))
    assert first.answer is Answer.MET
    assert second.numbers is not None
    assert (second.numbers.sure, second.changes[0].amount) == (1, 3)


def test_one_letter_cannot_fill_two_roles() -> None:
    needs = count(1, where("role", "supervisor"), shared="letters"), count(1, where("role", "friend"), shared="letters")
    one = thing("x", "2025-01-01", sort="", role=("supervisor", "friend"))
    assert met(needs, one) == [True, False]
    assert met(needs, one, thing("y", "2025-01-02", role="supervisor")) == [True, True]


def test_what_waits_is_shared_too() -> None:
    needs = pot(4, "a"), pot(4, "b")
    found = answers(needs, thing("x", "2025-01-01", 4, sort="a"), waiting("y", "2025-01-02", 4, sort=("a", "b")))
    assert [proof.answer for proof in found] == [Answer.MET, Answer.WAITING]


def test_other_pots_and_requirements_without_one_are_left_alone() -> None:
    needs = pot(4, "a"), hours(4, where("sort", "b")), hours(4, where("sort", "b"), shared="other")
    assert met(needs, thing("x", "2025-01-01", 4, sort=("a", "b"))) == [True, True, True]


SUPPLY = st.tuples(st.integers(1, 3), st.sets(st.sampled_from(SORTS), min_size=1, max_size=3))


def most_that_can_be_met(demands: list[int], supplies: list[tuple[int, set[str]]]) -> int:
    """Hour by hour: for every set of requirements, whether each hour of them finds an hour of its own."""
    hours_there = [sorts for amount, sorts in supplies for _ in range(amount)]
    sizes = []
    for chosen in (set(some) for size in range(len(demands) + 1) for some in permutations(range(len(demands)), size)):
        seats = [SORTS[place] for place in chosen for _ in range(demands[place])]
        taken: dict[int, int] = {}
        if all(_seated(seat, seats, hours_there, taken, set()) for seat in range(len(seats))):
            sizes.append(len(chosen))
    return max(sizes)


def _seated(seat: int, seats: list[str], there: list[set[str]], taken: dict[int, int], seen: set[int]) -> bool:
    for hour, sorts in enumerate(there):
        if seats[seat] in sorts and hour not in seen:
            seen.add(hour)
            if hour not in taken or _seated(taken[hour], seats, there, taken, seen):
                taken[hour] = seat
                return True
    return False


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=3, max_size=3), st.lists(SUPPLY, max_size=5))
def test_as_many_are_met_as_any_way_of_giving_the_hours_can_meet(
    demands: list[int], supplies: list[tuple[int, set[str]]]
) -> None:
    needs = tuple(pot(number, sort) for number, sort in zip(demands, SORTS, strict=True))
    there = [
        thing(f"t{place}", "2025-01-01", amount, sort=tuple(sorts)) for place, (amount, sorts) in enumerate(supplies)
    ]
    assert sum(met(needs, *there)) == most_that_can_be_met(demands, supplies)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=3, max_size=3), st.lists(SUPPLY, max_size=5))
def test_nothing_is_given_twice(demands: list[int], supplies: list[tuple[int, set[str]]]) -> None:
    needs = tuple(pot(number, sort) for number, sort in zip(demands, SORTS, strict=True))
    there = [
        thing(f"t{place}", "2025-01-01", amount, sort=tuple(sorts)) for place, (amount, sorts) in enumerate(supplies)
    ]
    given_out = [proof.numbers.sure for proof in answers(needs, *there) if proof.numbers and proof.numbers.sure]
    assert sum(given_out, Decimal()) <= sum(amount for amount, _ in supplies)
