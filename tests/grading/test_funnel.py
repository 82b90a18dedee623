"""How far a cohort went: counts of people, step after step."""

from hypothesis import given
from hypothesis import strategies as st

from grading.funnel import Alike, Step, funnel

GROUPS = st.lists(
    st.builds(
        Alike, st.integers(0, 50), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans()
    )
)  # fmt: skip


@given(GROUPS)
def test_no_step_has_more_people_than_the_one_before_it(groups: list[Alike]) -> None:
    found = funnel(groups)
    assert [each.step for each in found] == list(Step)
    counts = [each.people for each in found]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == sum(each.people for each in groups)


def test_of_whom_it_is_not_known_how_far_they_are_is_neither_there_nor_not() -> None:
    unknown = Alike(3, observed=True, half=False, ready=False, certified=False, known=False)
    certified = Alike(2, observed=False, half=False, ready=False, certified=True, known=False)
    found = {each.step: (each.people, each.unknown) for each in funnel([unknown, certified])}
    assert found == {
        Step.ENTERED: (5, 0), Step.OBSERVED: (5, 0), Step.HALF: (2, 3), Step.READY: (2, 3), Step.CERTIFIED: (2, 0),
    }  # fmt: skip
