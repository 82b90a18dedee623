"""What a column can show beside completion and the result over all, and that what must be met is never averaged."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scores import (
    Column,
    ColumnShows,
    DesiredScore,
    FinishedObservation,
    Nothing,
    desired_score,
    is_met,
    is_unmet,
    why_nothing,
)

TOPS = {"pauses": 5, "listens": 5, "safe": 4}
SAFE_FROM = 3
FROM_RUBRICS = (ColumnShows.RUBRIC_RESULT, ColumnShows.LATEST, ColumnShows.BEST, ColumnShows.MEAN_OF_LAST)

levels = st.fixed_dictionaries({key: st.none() | st.integers(1, top) for key, top in TOPS.items()})


def seen(pilot: bool = False, **given: int | None) -> FinishedObservation:
    return FinishedObservation(tuple(given.items()), TOPS, pilot, {"safe": SAFE_FROM})


observations = levels.map(lambda given: seen(**given))
several = st.lists(observations, max_size=6)
columns = st.builds(Column, st.sampled_from(ColumnShows), st.integers(1, 5), st.integers(1, 4))


def shown(shows: ColumnShows, *finished: FinishedObservation, required: int = 2, last: int = 3) -> DesiredScore | None:
    return desired_score(Column(shows, required, last), finished)


def of_100(score: str) -> DesiredScore:
    return DesiredScore(Decimal(score), Decimal(100))


def test_the_latest_is_the_result_of_the_one_that_was_held_last() -> None:
    assert shown(ColumnShows.LATEST, seen(pauses=5), seen(pauses=2, listens=4)) == of_100("60.00")


def test_the_best_is_the_highest_result_of_one_observation() -> None:
    assert shown(ColumnShows.BEST, seen(pauses=2), seen(pauses=4), seen(pauses=3)) == of_100("80.00")


def test_the_mean_of_the_last_weighs_each_observation_the_same() -> None:
    finished = (seen(pauses=1), seen(pauses=5, listens=5), seen(pauses=3))
    assert shown(ColumnShows.MEAN_OF_LAST, *finished, last=2) == of_100("80.00")
    assert shown(ColumnShows.MEAN_OF_LAST, *finished, last=9) == of_100("60.00")


def test_where_nobody_chose_the_mean_is_of_the_last_three() -> None:
    finished = (seen(pauses=5), seen(pauses=1), seen(pauses=2), seen(pauses=3))
    assert desired_score(Column(ColumnShows.MEAN_OF_LAST, 2), finished) == of_100("40.00")


@pytest.mark.parametrize(("finished", "score"), [(1, 1), (2, 2), (3, 2)])
def test_a_count_is_out_of_what_is_required_and_never_above_it(finished: int, score: int) -> None:
    assert shown(ColumnShows.COUNT, *[seen()] * finished) == DesiredScore(Decimal(score), Decimal(2))


def test_met_is_an_empty_cell_until_so_many_meet_what_must_be_met_and_then_everything() -> None:
    met, unmet, not_seen = seen(safe=3), seen(safe=2), seen(pauses=5, safe=None)
    assert shown(ColumnShows.MET, met) is None
    assert shown(ColumnShows.MET, met, unmet) is None
    assert shown(ColumnShows.MET, met, not_seen) is None
    assert shown(ColumnShows.MET, met, unmet, met) == of_100("100")


def test_without_a_criterion_that_must_be_met_met_means_that_all_are_finished() -> None:
    plain = FinishedObservation((("pauses", 1),), TOPS)
    assert shown(ColumnShows.MET, plain) is None
    assert shown(ColumnShows.MET, plain, plain) == of_100("100")


def test_of_several_observers_the_lowest_level_says_whether_what_must_be_met_is_met() -> None:
    apart = FinishedObservation((("safe", 4), ("safe", 2), ("pauses", 5)), TOPS, must_be_met={"safe": SAFE_FROM})
    assert is_unmet(apart)
    assert not is_met(apart)


def test_what_nobody_saw_is_neither_met_nor_unmet() -> None:
    assert not is_met(seen(pauses=5))
    assert not is_unmet(seen(pauses=5))


def test_no_older_one_steps_in_for_a_latest_that_does_not_meet_what_must_be_met() -> None:
    finished = (seen(pauses=5, safe=4), seen(pauses=5, safe=1))
    assert shown(ColumnShows.LATEST, *finished) is None
    assert shown(ColumnShows.MEAN_OF_LAST, *finished) is None
    assert shown(ColumnShows.BEST, *finished) == of_100("100.00")
    assert shown(ColumnShows.RUBRIC_RESULT, *finished) == of_100("100.00")


def test_a_latest_of_which_nothing_was_rated_is_passed_over() -> None:
    assert shown(ColumnShows.LATEST, seen(pauses=4), seen(pauses=None)) == of_100("80.00")


@pytest.mark.parametrize("shows", FROM_RUBRICS)
def test_a_rubric_of_nothing_but_what_must_be_met_has_no_number(shows: ColumnShows) -> None:
    assert shown(shows, seen(safe=4), seen(safe=3)) is None


def test_a_latest_with_a_pilot_rubric_is_not_the_latest() -> None:
    assert shown(ColumnShows.LATEST, seen(pauses=4), seen(pilot=True, pauses=1)) == of_100("80.00")


@given(st.sampled_from(FROM_RUBRICS), several, st.integers(SAFE_FROM, 4), st.integers(SAFE_FROM, 4))
def test_what_must_be_met_is_never_averaged(
    shows: ColumnShows, finished: list[FinishedObservation], one: int, other: int
) -> None:
    def with_level(level: int) -> list[FinishedObservation]:
        return [seen(**{**dict(each.ratings), "safe": level}) for each in finished]

    assert shown(shows, *with_level(one)) == shown(shows, *with_level(other))
    assert shown(shows, *with_level(one)) == shown(
        shows, *[seen(**{**dict(e.ratings), "safe": None}) for e in finished]
    )


@given(st.sampled_from(FROM_RUBRICS), several, levels, st.integers(1, SAFE_FROM - 1))
def test_one_that_does_not_meet_what_must_be_met_never_raises_a_number(
    shows: ColumnShows, finished: list[FinishedObservation], given_: dict[str, int | None], level: int
) -> None:
    before = shown(shows, *finished)
    after = shown(shows, *finished, seen(**{**given_, "safe": level}))
    assert after is None or (before is not None and after.score <= before.score)


@given(columns, several)
def test_a_score_lies_within_its_column_and_none_is_never_0(
    column: Column, finished: list[FinishedObservation]
) -> None:
    found = desired_score(column, finished)
    assert found is None or 0 < found.score <= found.maximum
    assert desired_score(column, []) is None


@given(
    st.sampled_from([ColumnShows.BEST, ColumnShows.COUNT, ColumnShows.COMPLETION, ColumnShows.MET]),
    several,
    observations,
)
def test_more_evidence_never_lowers_these(
    shows: ColumnShows, finished: list[FinishedObservation], one_more: FinishedObservation
) -> None:
    before, after = shown(shows, *finished), shown(shows, *finished, one_more)
    assert before is None or (after is not None and before.score <= after.score)


@given(several)
def test_the_mean_of_the_last_one_is_the_latest(finished: list[FinishedObservation]) -> None:
    assert shown(ColumnShows.MEAN_OF_LAST, *finished, last=1) == shown(ColumnShows.LATEST, *finished)


@given(several, several, st.integers(1, 4))
def test_what_is_older_than_the_last_ones_never_matters(
    older: list[FinishedObservation], last: list[FinishedObservation], count: int
) -> None:
    rated = [one for one in last if any(level is not None for key, level in one.ratings if key != "safe")]
    newest = rated[-count:]
    if len(newest) == count:
        assert shown(ColumnShows.MEAN_OF_LAST, *older, *newest, last=count) == shown(
            ColumnShows.MEAN_OF_LAST, *newest, last=count
        )


@pytest.mark.parametrize("shows", [ColumnShows.COMPLETION, ColumnShows.COUNT, ColumnShows.MET])
def test_nothing_required_is_a_mistake_of_ours(shows: ColumnShows) -> None:
    with pytest.raises(ValueError, match="at least one"):
        shown(shows, seen(pauses=1), required=0)


def test_a_mean_over_nothing_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one"):
        shown(ColumnShows.MEAN_OF_LAST, last=0)


@pytest.mark.parametrize(
    ("shows", "finished", "why"),
    [
        (ColumnShows.BEST, (), Nothing.NOTHING_FINISHED),
        (ColumnShows.BEST, (seen(pilot=True, pauses=5),), Nothing.NOTHING_FINISHED),
        (ColumnShows.MET, (seen(safe=4),), Nothing.NOT_YET),
        (ColumnShows.LATEST, (seen(pauses=5, safe=1),), Nothing.NOT_MET),
        (ColumnShows.RUBRIC_RESULT, (seen(safe=4),), Nothing.NOTHING_RATED),
    ],
)
def test_an_empty_cell_has_a_reason(
    shows: ColumnShows, finished: tuple[FinishedObservation, ...], why: Nothing
) -> None:
    assert shown(shows, *finished) is None
    assert why_nothing(Column(shows, 2), finished) is why
