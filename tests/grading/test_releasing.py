"""Whose figures a report may tell, and which usual times, beside earlier ones about the same people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.releasing import People, before, untold
from rubrics.refusal import Refused

KINDS = ("outcome", "signed")


@given(st.lists(st.sets(st.sampled_from(KINDS)), max_size=6))
def test_cap_e2_of_any_reports_about_the_same_people_each_kind_is_told_in_one_at_most(asked: list[set[str]]) -> None:
    told: list[frozenset[str]] = []
    for kinds in asked:
        told.append(untold(kinds, told))
    for kind in KINDS:
        assert sum(kind in each for each in told) == any(kind in kinds for kinds in asked)


def people(since: int, until: int, program: str | None = "p") -> People:
    """Who entered on these days of January, both included."""
    return People(program, date(2026, 1, since), date(2026, 1, until))


def test_cap_e2_reports_of_days_that_have_none_in_common_tell_of_other_people() -> None:
    assert before(people(11, 20), [people(1, 10), people(21, 30)]) == []


@pytest.mark.parametrize("earlier", [people(1, 11), people(20, 30), people(12, 19), people(12, 20), people(11, 30)])
def test_cap_e2_a_report_of_a_part_of_those_of_an_earlier_one_or_of_some_of_them_is_refused(earlier: People) -> None:
    with pytest.raises(Refused) as refused:
        before(people(11, 20), [people(1, 10), earlier])
    assert refused.value.code == "other_people"
    assert refused.value.values == {"since": earlier.since, "until": earlier.until}


def test_cap_e2_a_report_of_the_same_people_and_more_who_came_later_is_compared_with_each_earlier_one() -> None:
    earlier = [people(1, 10), people(11, 12), people(21, 30), people(11, 20)]
    assert before(people(11, 20), earlier) == [1, 3]


def test_cap_e2_programs_have_people_of_their_own_and_all_programs_have_people_of_each() -> None:
    assert before(people(11, 20), [people(11, 20, "another")]) == []
    for one, other in ((None, "p"), ("p", None)):
        with pytest.raises(Refused):
            before(people(11, 20, one), [people(11, 20, other)])
    assert before(people(11, 20, None), [people(11, 15, None)]) == [0]
