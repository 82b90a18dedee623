"""Examples of agreement that are worked out by hand or published, and how an estimate is put together."""

from collections.abc import Sequence
from functools import partial
from random import Random

import pytest

from grading.agreement.alpha import alpha
from grading.agreement.beyond_chance import brennan_prediger, cohen, conger, fleiss, gwet, scott
from grading.agreement.catalog import OWN_WEIGHTS, STATISTICS, with_weights
from grading.agreement.estimates import Estimate, Interval, Statistic, bootstrap, estimate
from grading.agreement.projection import needed, spearman_brown
from grading.agreement.ratings import Level, Ratings, ratings_of
from grading.agreement.reasons import SAID, CannotCompute, Reason
from grading.agreement.weights import Weighing, own_weights

SHROUT_AND_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
"""Six targets and four judges (Shrout and Fleiss 1979, table 2); the paper has two digits of each."""
MEAN_SQUARES = {"between": 11.24, "judges": 32.49, "rest": 1.02}
PUBLISHED = {"icc1": 0.17, "icc2": 0.29, "icc3": 0.71, "icc1k": 0.44, "icc2k": 0.62, "icc3k": 0.91}
ROWS = [(1, 1), (2, 2), (3, 4), (4, 4), (2, 3), (1, 2), (3, 3), (4, 2), (2, 2), (1, 1), (1, 3)]
OF_TWO = ratings_of(ROWS, Level.ORDINAL, (1, 2, 3, 4))


@pytest.mark.parametrize("points", [1, 0.5, 0.25])
def test_shrout_and_fleiss_are_met_in_whole_half_and_quarter_points(points: float) -> None:
    ratings = ratings_of([[each * points for each in row] for row in SHROUT_AND_FLEISS], Level.INTERVAL)
    found = {name: round(STATISTICS[name].work_out(ratings), 2) for name in PUBLISHED}
    assert found == PUBLISHED
    error = ((MEAN_SQUARES["judges"] + 5 * MEAN_SQUARES["rest"]) / 6) ** 0.5 * points
    assert STATISTICS["sem"].work_out(ratings) == pytest.approx(error, rel=1e-3)
    assert STATISTICS["sem-mean"].work_out(ratings) == pytest.approx(error / 2, rel=1e-3)


def test_a_ratio_scale_may_have_a_zero() -> None:
    rows = [(0, 1), (1, 1), (0, 0)]
    assert alpha(ratings_of(rows, Level.RATIO)) == pytest.approx(4 / 9)
    with pytest.raises(ValueError, match="needs numbers"):
        ratings_of([("a", "b")], Level.RATIO)


def test_the_names_of_the_catalog_stand_for_their_weights() -> None:
    for name, function, weights in (
        ("cohen", cohen, Weighing.UNWEIGHTED),
        ("cohen-linear", cohen, Weighing.LINEAR),
        ("cohen-quadratic", cohen, Weighing.QUADRATIC),
        ("ac1", gwet, Weighing.UNWEIGHTED),
        ("ac2-linear", gwet, Weighing.LINEAR),
        ("ac2-quadratic", gwet, Weighing.QUADRATIC),
    ):
        assert STATISTICS[name].work_out(OF_TWO) == function(OF_TWO, weights), name
    for function in (cohen, scott, fleiss, conger, brennan_prediger, gwet):
        values = {function(OF_TWO), *(function(OF_TWO, weights) for weights in Weighing)}
        assert len(values) == 3, function.__name__
        assert function(OF_TWO) == function(OF_TWO, Weighing.UNWEIGHTED), function.__name__


def test_the_agreement_of_gwet_with_weights_is_worked_out_by_hand() -> None:
    """One of four units is a step apart, half as much as could be: seen 7/8, by chance 5/6 of 42/64."""
    ratings = ratings_of([(1, 1), (1, 2), (2, 2), (3, 3)], Level.ORDINAL, (1, 2, 3))
    seen, chance = 7 / 8, 5 / 6 * 42 / 64
    assert (seen - chance) / (1 - chance) == pytest.approx(21 / 29)
    assert gwet(ratings, Weighing.LINEAR) == pytest.approx(21 / 29)


def test_own_weights_are_brought_to_one_and_used_by_what_is_named_after_them() -> None:
    weights = own_weights([[0, 1, 4, 4], [1, 0, 2, 4], [4, 2, 0, 1], [4, 4, 1, 0]], 4)
    assert weights[0] == (0, 0.25, 1, 1)
    known = with_weights(weights)
    assert set(known) == {*STATISTICS, *OWN_WEIGHTS}
    assert known["cohen-custom"].work_out(OF_TWO) == cohen(OF_TWO, weights) != cohen(OF_TWO)
    assert known["ac2-custom"].work_out(OF_TWO) == gwet(OF_TWO, weights) != gwet(OF_TWO)


def test_what_is_worse_one_way_than_the_other_can_be_said_of_two_observers() -> None:
    weights = own_weights([[0, 1], [2, 0]], 2)
    ratings = ratings_of([(1, 2), (2, 2), (1, 1), (1, 1)], Level.ORDINAL)
    assert cohen(ratings, weights) == pytest.approx(1 - 0.125 / 0.3125)


@pytest.mark.parametrize("matrix", [[], [[0, float("inf")], [1, 0]]])
def test_weights_of_nothing_or_without_an_end_are_not_taken(matrix: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="weights are numbers"):
        own_weights(matrix, len(matrix))


def test_levels_are_as_far_apart_as_they_differ_wherever_the_scale_begins() -> None:
    for name in ("ac2-linear", "ac2-quadratic", "cohen-linear"):
        statistic = STATISTICS[name].work_out
        for least in (1, -2, 10):
            rows = [[each - 1 + least for each in row] for row in ROWS]
            ratings = ratings_of(rows, Level.INTERVAL, range(least, least + 4))
            assert statistic(ratings) == pytest.approx(statistic(OF_TWO))


@pytest.mark.parametrize("name", STATISTICS)
def test_what_nobody_rated_changes_nothing_and_where_nothing_is_rated_nothing_is_worked_out(name: str) -> None:
    statistic = STATISTICS[name].work_out
    ratings = ratings_of(ROWS, Level.INTERVAL, (1, 2, 3, 4))
    assert statistic(ratings_of([*ROWS, (None, None)], Level.INTERVAL, (1, 2, 3, 4))) == statistic(ratings)
    with pytest.raises(CannotCompute) as found:
        statistic(ratings_of([], Level.ORDINAL))
    assert found.value.reason is Reason.FEWER_THAN_TWO_RATERS


def test_every_reason_has_its_words() -> None:
    assert SAID.keys() == set(Reason)


def test_how_much_more_is_needed_is_not_rounded_up_by_how_floats_round() -> None:
    assert [needed(0.5, wanted) for wanted in (0.5, 0.8, 0.9, 0.81)] == [1, 4, 9, 5]
    for wanted in (0, 1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            needed(0.5, wanted)
    for asked in (partial(needed, 0, 0.8), partial(spearman_brown, -0.5, 3)):
        with pytest.raises(CannotCompute) as found:
            asked()
        assert found.value.reason is Reason.NO_DIFFERENCE


# ---- estimates ----


def told_in_turn(values: Sequence[float | None]) -> Statistic:
    """A statistic of which it is known what it will say; None: it cannot be computed."""
    left = iter(values)

    def statistic(_: Ratings) -> float:
        value = next(left)
        if value is None:
            raise CannotCompute(Reason.NO_VARIATION)
        return value

    return statistic


SQUARES = [float(each**2) for each in range(31)]


@pytest.mark.parametrize(
    ("share", "low", "high"), [(0.9, 2.5, 812.5), (0.99, 0.15, 841 + 0.85 * 59), (1, 0, 900), (0, 225, 225)]
)
def test_an_interval_lies_between_the_nearest_of_what_was_drawn(share: float, low: float, high: float) -> None:
    found = bootstrap(told_in_turn(SQUARES[::-1]), OF_TWO, chance=Random(1), draws=31, share=share)
    assert found == Interval(pytest.approx(low), pytest.approx(high), share, 31)


def test_an_interval_is_made_of_twenty_draws_or_of_half_of_all() -> None:
    def drawn(computed: int, draws: int) -> Interval | None:
        values = [None, *[1.0] * computed, *[None] * (draws - computed)][:draws] if computed < draws else [1.0] * draws
        return bootstrap(told_in_turn(values), OF_TWO, chance=Random(1), draws=draws)

    assert drawn(20, 20) == Interval(1, 1, 0.95, 20)
    assert drawn(19, 19) is None
    assert drawn(30, 60) == Interval(1, 1, 0.95, 30)
    assert drawn(29, 60) is None


def test_an_estimate_says_of_how_much_it_is_and_has_an_interval_only_where_one_is_asked_for() -> None:
    rows = ratings_of([*ROWS, (None, 1), (None, None)], Level.ORDINAL, (1, 2, 3, 4))
    asked = {"chance": Random(7), "draws": 40, "share": 0.5}
    interval = bootstrap(alpha, rows, chance=Random(7), draws=40, share=0.5)
    assert interval is not None
    value = alpha(rows)
    assert estimate(alpha, rows, **asked) == Estimate(value, None, interval, 12, 2, 23)  # type: ignore[arg-type]
    none = Estimate(value, None, None, 12, 2, 23)
    assert estimate(alpha, rows) == estimate(alpha, rows, draws=40) == estimate(alpha, rows, chance=Random(7)) == none
    silent = told_in_turn([None])
    no_value = Estimate(None, Reason.NO_VARIATION, None, 12, 2, 23)
    assert estimate(silent, rows, chance=Random(7), draws=40) == no_value
