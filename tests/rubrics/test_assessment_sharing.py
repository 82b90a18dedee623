"""What is still needed before an assessment is shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.assessment import Assessment, Rating, share, still_needed
from rubrics.refusal import Refused
from tests.rubrics.making import a_rubric, an_assessment


def places(assessment: Assessment) -> list[str]:
    return [need.place for need in still_needed(assessment, a_rubric())]


def with_ratings(*ratings: Rating) -> Assessment:
    return an_assessment(ratings=ratings)


PAUSES = Rating("pauses", 3, not_observed=False, evidence="Asked whether to go on.")
LISTENS = Rating("listens", 2, not_observed=False, evidence="Waited after my sign.")


def test_a_complete_assessment_is_shared() -> None:
    assert places(an_assessment()) == []
    share(an_assessment(), a_rubric())


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_cap_c1_without_a_strength_nothing_is_shared(blank: str) -> None:
    assert places(an_assessment(strength=blank)) == ["strength"]
    with pytest.raises(Refused) as refused:
        share(an_assessment(strength=blank), a_rubric())
    assert refused.value.code == "still_needed"


def test_an_empty_form_asks_for_the_strength_first_and_then_for_each_criterion() -> None:
    assert places(Assessment("", "", "", ())) == ["strength", "ratings.pauses", "ratings.listens"]


def test_no_criterion_has_a_rating_of_its_own_accord() -> None:
    unrated = Rating("pauses", None, not_observed=False, evidence="Something typed already.")
    assert places(with_ratings(unrated, LISTENS)) == ["ratings.pauses"]


def test_ux_f4_a_rating_needs_a_sentence_of_evidence() -> None:
    assert places(with_ratings(PAUSES, Rating("listens", 2, not_observed=False, evidence="  "))) == [
        "ratings.listens.evidence"
    ]


def test_what_was_not_observed_needs_no_evidence() -> None:
    assert places(with_ratings(Rating("pauses", None, not_observed=True, evidence=""), LISTENS)) == []


def test_not_observed_is_possible_only_where_the_rubric_allows_it() -> None:
    assert places(with_ratings(PAUSES, Rating("listens", None, not_observed=True, evidence=""))) == ["ratings.listens"]


def test_a_growth_note_needs_a_next_step() -> None:
    assert places(an_assessment(growth="Leave more room.")) == ["next_step"]
    assert places(an_assessment(growth="Leave more room.", next_step="Count to five.")) == []


def test_a_next_step_may_stand_alone() -> None:
    assert places(an_assessment(next_step="Go on like this.")) == []


@pytest.mark.parametrize("level", [0, 4, -1])
def test_a_level_that_the_rubric_does_not_have_is_chosen_again(level: int) -> None:
    assert places(with_ratings(Rating("pauses", level, not_observed=False, evidence="Seen."), LISTENS)) == [
        "ratings.pauses"
    ]


def test_a_rating_of_another_rubric_is_noticed() -> None:
    assert places(with_ratings(PAUSES, LISTENS, Rating("sings", 1, not_observed=False, evidence="Sang."))) == [
        "ratings.sings"
    ]


def test_not_observed_cannot_have_a_level() -> None:
    with pytest.raises(ValueError, match="not observed and a level"):
        Rating("pauses", 1, not_observed=True, evidence="")


def test_a_criterion_cannot_be_rated_twice_in_one_assessment() -> None:
    with pytest.raises(ValueError, match="one rating"):
        with_ratings(PAUSES, PAUSES)


@given(st.permutations([PAUSES, LISTENS]), st.text(), st.text(), st.text())
def test_sharing_is_refused_exactly_while_something_is_needed(
    ratings: list[Rating], strength: str, growth: str, next_step: str
) -> None:
    assessment = Assessment(strength, growth, next_step, tuple(ratings))
    if still_needed(assessment, a_rubric()):
        with pytest.raises(Refused):
            share(assessment, a_rubric())
    else:
        share(assessment, a_rubric())
