"""The checker says something about any program, and says it the same every time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.checking.check import check
from grading.requirements.needs import AllOf, AnyOf, Met, Need, When
from tests.grading import made_up
from tests.words import found_in

needs = st.recursive(
    st.one_of(made_up.absolute(), made_up.relative(), st.sampled_from([Met("r0"), Met("r1"), Met("none")])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        st.builds(When, inner, inner),
    ),
    max_leaves=6,
)


@given(st.lists(needs, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_program_can_be_looked_at(asked: list[Need]) -> None:
    program = made_up.program(*asked)
    found = check((program,))
    assert found == check((program,))
    keys = {each.key for each in program.requirements} | {""}
    for each in found:
        assert each.requirement in keys
        assert each.place
        assert not found_in(each.in_english())


@given(st.lists(needs, min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_an_edition_that_says_the_same_adds_nothing_to_a_requirement(asked: list[Need]) -> None:
    program = made_up.program(*asked)
    once = [(each.code, each.requirement, each.place) for each in check((program,)) if each.requirement]
    twice = [(each.code, each.requirement, each.place) for each in check((program, program)) if each.requirement]
    assert once == twice
