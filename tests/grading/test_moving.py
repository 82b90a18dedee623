"""What another edition would change for somebody."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from grading.evidence import Evidence, Kind
from grading.moving import Becomes, compared, in_all
from grading.program import Program, Stage
from grading.standing import Standing, standing
from tests.grading.decided import asks, day, hours

TODAY = day("2026-03-01")


def program(**asked: int) -> Program:
    """One stage, with a requirement of so many hours for each name."""
    kinds = {"training": Kind.TRAINING, "practice": Kind.PRACTICE}
    requirements = tuple(asks(name, "initial", amount, kinds[name]) for name, amount in asked.items())
    return Program("p", "P", "B", "1", "UTC", (Stage("initial", "C"),), requirements)


def stands(trained: int, practiced: int, **asked: int) -> Standing:
    there = (
        hours("t", "2026-01-01", trained, Kind.TRAINING),
        hours("p", "2026-01-01", practiced, Kind.PRACTICE),
    )
    return standing(program(**asked), Evidence("somebody", there), TODAY)


def becomes(before: Standing, after: Standing) -> dict[str, Becomes]:
    return {each.key: each.becomes for each in compared(before, after)}


def test_what_is_not_met_any_more_is_more_to_do_and_the_other_way_round() -> None:
    ten, twelve = (stands(10, 0, training=asked) for asked in (10, 12))
    assert becomes(ten, twelve) == {"training": Becomes.MORE}
    assert becomes(twelve, ten) == {"training": Becomes.LESS}


def test_a_requirement_that_is_new_or_gone_counts_where_it_is_open() -> None:
    one, two = stands(10, 0, training=20), stands(10, 0, training=20, practice=5)
    assert becomes(one, two) == {"practice": Becomes.MORE}
    assert becomes(two, one) == {"practice": Becomes.LESS}
    assert becomes(stands(10, 5, training=20), stands(10, 5, training=20, practice=5)) == {}


def test_of_two_open_ones_the_one_with_more_to_come_is_more() -> None:
    assert becomes(stands(1, 0, training=10), stands(1, 0, training=12)) == {"training": Becomes.MORE}


def test_more_of_one_thing_and_less_of_another_is_both() -> None:
    changes = compared(stands(0, 0, training=10, practice=10), stands(0, 0, training=20, practice=5))
    assert in_all(changes) is Becomes.BOTH
    assert in_all(()) is Becomes.AS_BEFORE


AMOUNTS = st.integers(0, 30)


@given(AMOUNTS, AMOUNTS, st.integers(1, 30), st.integers(1, 30))
def test_there_and_back_is_the_opposite_and_the_same_is_nothing(
    training: int, practice: int, before: int, after: int
) -> None:
    opposite = {Becomes.MORE: Becomes.LESS, Becomes.LESS: Becomes.MORE}
    one, other = (stands(training, practice, training=n, practice=m) for n, m in ((before, after), (after, before)))
    assert compared(one, one) == ()
    assert becomes(other, one) == {key: opposite[each] for key, each in becomes(one, other).items()}


def test_stages_that_cannot_be_decided_in_and_what_has_no_number_are_left_out() -> None:
    asked = program(training=20)
    later = Stage("full", "Full", after="initial")
    also = replace(
        asked, stages=(*asked.stages, later), requirements=(*asked.requirements, asks("more", "full", 5, Kind.PRACTICE))
    )
    there = Evidence("somebody", ())
    one, two = standing(asked, there, TODAY), standing(also, there, TODAY)
    assert becomes(one, two) == {}
    proof = one.of("training")
    without = replace(one.stages[0].requirements[0], proof=replace(proof, numbers=None))
    odd = replace(one, stages=(replace(one.stages[0], requirements=(without,)),))
    assert becomes(odd, stands(0, 0, training=30)) == {}
