"""Gaps in what is seen, and risks of sites: expected lists for known observations, and nothing told of few."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from grading.over_time import months_until
from grading.practice_gaps import (
    LEAST,
    CriterionGap,
    Gap,
    Month,
    Risk,
    SiteFacts,
    Tally,
    gaps,
    risks,
    usual_level,
)

TODAY = date(2026, 3, 2)
MONTHS = months_until(TODAY, 6)
FIRST, LATELY = MONTHS[1], MONTHS[5]


def test_cap_c13_known_observations_give_the_expected_list_of_gaps() -> None:
    tallies = [
        Tally("often", {3: 20}, not_observed=2, people=9, last_on=date(2026, 2, 20)),
        Tally("never"),
        Tally("no_occasion", not_observed=4, people=4),
        Tally("long_ago", {2: 6}, people=6, last_on=date(2025, 11, 1)),
        Tally("rarely", {3: 3}, not_observed=5, people=6, last_on=date(2026, 2, 1)),
        Tally(
            "harder_now", {2: 6, 4: 6}, people=8, last_on=date(2026, 2, 1),
            months={FIRST: Month({4: 6}, 6), LATELY: Month({2: 6}, 6)},
        ),
        Tally(
            "of_few", {2: 2, 4: 2}, not_observed=4, people=3, last_on=date(2026, 2, 1),
            months={FIRST: Month({4: 6}, 3), LATELY: Month({2: 6}, 3)},
        ),
    ]  # fmt: skip
    assert gaps(tallies, TODAY, MONTHS) == (
        CriterionGap("never", Gap.NEVER),
        CriterionGap("no_occasion", Gap.NEVER),
        CriterionGap("long_ago", Gap.LONG_AGO),
        CriterionGap("rarely", Gap.OFTEN_NOT_OBSERVED),
        CriterionGap("harder_now", Gap.MORE_HELP),
    )


def test_cap_c13_a_risk_of_a_site_is_told_only_where_it_concerns_several_people() -> None:
    long_ago = date(2025, 10, 1)
    sites = [
        SiteFacts("well", 8, agreed=True, last_on=TODAY, asked=10, asked_people=6, drifted=1),
        SiteFacts("bare", 6, agreed=False, last_on=long_ago),
        SiteFacts("few", 4, agreed=False, last_on=None, asked=5, asked_people=4, drifted=5),
        SiteFacts("drifting", 2, agreed=True, last_on=TODAY, asked=20, asked_people=7, drifted=6),
    ]
    assert risks(sites, TODAY) == (
        ("bare", Risk.NO_AGREEMENT), ("bare", Risk.NOT_OBSERVED), ("drifting", Risk.ROLE_DRIFT),
    )  # fmt: skip


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 40)))
def test_the_usual_level_is_one_that_was_given(levels: dict[int, int]) -> None:
    found = usual_level(levels)
    assert (found is None) == (sum(levels.values()) == 0)
    assert found is None or levels[found] > 0


@given(st.dictionaries(st.integers(1, 4), st.integers(0, 40)), st.integers(0, LEAST - 1))
def test_cap_c13_of_few_people_no_level_of_a_month_is_told(levels: dict[int, int], people: int) -> None:
    assert Month(levels, people).usual is None
