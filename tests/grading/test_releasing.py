"""Which usual times a report may tell beside earlier ones about the same people."""

from hypothesis import given
from hypothesis import strategies as st

from grading.releasing import untold

KINDS = ("outcome", "signed")


@given(st.lists(st.sets(st.sampled_from(KINDS)), max_size=6))
def test_cap_e2_of_any_reports_about_the_same_people_each_kind_is_told_in_one_at_most(asked: list[set[str]]) -> None:
    told: list[frozenset[str]] = []
    for kinds in asked:
        told.append(untold(kinds, told))
    for kind in KINDS:
        assert sum(kind in each for each in told) == any(kind in kinds for kinds in asked)
