"""What the gradebook should show, and that it shows nothing rather than a wrong 0."""

from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scores import Column, ColumnShows, DesiredScore, FinishedObservation, desired_score

TOPS = {"pauses": 5, "listens": 5, "choices": 3}

IN_ORDER = {ColumnShows.LATEST, ColumnShows.MEAN_OF_LAST}
"""These look at the latest ones; to all others the order is nothing."""

ratings = st.fixed_dictionaries({key: st.none() | st.integers(1, top) for key, top in TOPS.items()})
observations = st.builds(FinishedObservation, ratings.map(lambda given: tuple(given.items())), st.just(TOPS))
several = st.lists(observations, max_size=6)


def result(*finished: FinishedObservation) -> DesiredScore | None:
    return desired_score(Column(ColumnShows.RUBRIC_RESULT, required=3), finished)


def completion(finished: int, required: int = 3) -> DesiredScore | None:
    seen = [FinishedObservation((), TOPS)] * finished
    return desired_score(Column(ColumnShows.COMPLETION, required=required), seen)


def of_100(score: str) -> DesiredScore:
    return DesiredScore(Decimal(score), Decimal(100))


@pytest.mark.parametrize("shows", ColumnShows)
def test_nothing_finished_sends_nothing(shows: ColumnShows) -> None:
    assert desired_score(Column(shows, required=2), []) is None


@given(several, several)
def test_cap_e5_an_observation_with_a_pilot_rubric_sets_no_score(
    real: list[FinishedObservation], pilot: list[FinishedObservation]
) -> None:
    tried_out = [FinishedObservation(each.ratings, TOPS, pilot=True) for each in pilot]
    assert result(*real, *tried_out) == result(*real)
    for shows in ColumnShows:
        assert desired_score(Column(shows, required=1), tried_out) is None


@pytest.mark.parametrize(("finished", "score"), [(1, "33.33"), (2, "66.67"), (3, "100.00"), (4, "100.00")])
def test_completion_is_the_share_of_the_required_observations_and_at_most_all(finished: int, score: str) -> None:
    assert completion(finished) == of_100(score)


def test_completion_of_nothing_required_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one"):
        completion(1, required=0)


def test_the_rubric_result_is_the_mean_of_what_was_rated() -> None:
    assert result(FinishedObservation((("pauses", 4), ("choices", 3)), TOPS)) == of_100("90.00")
    assert result(
        FinishedObservation((("pauses", 5), ("listens", None)), TOPS), FinishedObservation((("pauses", 1),), TOPS)
    ) == of_100("60.00")


def test_ux_f9_with_several_observers_a_criterion_counts_with_the_exact_mean_of_their_levels() -> None:
    twice = FinishedObservation((("pauses", 4), ("pauses", 5), ("choices", 3), ("choices", None)), TOPS)
    assert result(twice) == of_100("95.00")
    thirds = FinishedObservation((("choices", 1), ("choices", 1), ("choices", 2)), TOPS)
    assert result(thirds) == of_100("44.44")


@given(ratings, st.integers(2, 5))
def test_several_observers_who_see_it_alike_count_as_one(seen: dict[str, int | None], observers: int) -> None:
    alone = FinishedObservation(tuple(seen.items()), TOPS)
    together = FinishedObservation(tuple(seen.items()) * observers, TOPS)
    assert result(together) == result(alone)


@given(st.lists(ratings, min_size=2, max_size=4), st.randoms())
def test_the_order_of_the_observers_never_matters(seen: list[dict[str, int | None]], chance: Random) -> None:
    given_ = [pair for one in seen for pair in one.items()]
    shuffled = chance.sample(given_, len(given_))
    assert result(FinishedObservation(tuple(given_), TOPS)) == result(FinishedObservation(tuple(shuffled), TOPS))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 5))
def test_a_criterion_weighs_the_same_however_many_saw_it(pauses: list[int], listens: int) -> None:
    mean = sum(Fraction(level, 5) for level in pauses) / len(pauses)
    seen = FinishedObservation((*(("pauses", level) for level in pauses), ("listens", listens)), TOPS)
    found = result(seen)
    assert found is not None
    assert abs(Fraction(found.score) - (mean + Fraction(listens, 5)) * 50) <= Fraction(1, 200)


@given(several)
def test_an_observation_with_several_observers_is_finished_once(observed: list[FinishedObservation]) -> None:
    twice = [FinishedObservation(one.ratings * 2, TOPS) for one in observed]
    for finished in (observed, twice):
        counted = desired_score(Column(ColumnShows.COMPLETION, required=7), finished)
        assert counted == completion(len(observed), required=7)


def test_cap_e13_each_observation_counts_by_the_levels_that_it_was_rated_with() -> None:
    before = FinishedObservation((("pauses", 4),), {"pauses": 4})
    after = FinishedObservation((("pauses", 1), ("asks", 2)), {"pauses": 2, "asks": 2})
    assert result(before, after) == of_100("83.33")


def test_a_rubric_result_with_nothing_rated_sends_nothing() -> None:
    assert result(FinishedObservation((("pauses", None), ("listens", None)), TOPS)) is None
    assert result(FinishedObservation((), TOPS)) is None


@pytest.mark.parametrize(
    ("level", "of", "score"), [(1, 3, "33.33"), (2, 3, "66.67"), (1, 800, "0.12"), (3, 800, "0.38")]
)
def test_scores_are_rounded_to_two_places_halves_to_even(level: int, of: int, score: str) -> None:
    scored = result(FinishedObservation((("pauses", level),), {"pauses": of}))
    assert scored is not None
    assert str(scored.score) == score


@pytest.mark.parametrize("rating", [("pauses", 6), ("pauses", 0), ("sings", 1)])
def test_a_level_that_the_rubric_does_not_have_is_a_mistake_of_ours(rating: tuple[str, int]) -> None:
    with pytest.raises(ValueError, match="not in the rubric"):
        result(FinishedObservation((rating,), TOPS))


def test_a_desired_score_has_no_place_for_words() -> None:
    hints = get_type_hints(DesiredScore)
    assert [hints[field.name] for field in fields(DesiredScore)] == [Decimal, Decimal]


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_a_desired_score_lies_within_its_column(score: str) -> None:
    with pytest.raises(ValueError, match="not within"):
        of_100(score)


@pytest.mark.parametrize("score", ["0", "100"])
def test_nothing_at_all_and_everything_are_scores(score: str) -> None:
    assert of_100(score).score == Decimal(score)


@given(several, st.randoms(use_true_random=False), st.sampled_from(sorted(set(ColumnShows) - IN_ORDER)))
def test_the_order_of_observations_never_changes_the_desired_score(
    finished: list[FinishedObservation], random: Random, shows: ColumnShows
) -> None:
    shuffled = [FinishedObservation(tuple(random.sample(each.ratings, len(each.ratings))), TOPS) for each in finished]
    random.shuffle(shuffled)
    first, second = (desired_score(Column(shows, required=3), each) for each in (finished, shuffled))
    assert first == second


@given(several, st.sampled_from(sorted(TOPS)))
def test_adding_something_not_observed_never_changes_a_rubric_result(
    finished: list[FinishedObservation], criterion: str
) -> None:
    assert result(*finished, FinishedObservation(((criterion, None),), TOPS)) == result(*finished)


@given(several, observations)
def test_a_rubric_result_is_never_below_what_the_lowest_level_gives(
    finished: list[FinishedObservation], one_more: FinishedObservation
) -> None:
    desired = result(*finished, one_more)
    assert desired is None or Decimal(20) <= desired.score <= desired.maximum


@given(st.integers(1, 30), st.integers(1, 30))
def test_completion_never_falls_when_one_more_is_finished(finished: int, required: int) -> None:
    before, after = completion(finished, required), completion(finished + 1, required)
    assert before is not None
    assert after is not None
    assert before.score <= after.score
