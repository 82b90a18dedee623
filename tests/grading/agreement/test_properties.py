"""What holds of the statistics whatever was rated."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import isfinite
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.agreement.alpha import alpha
from grading.agreement.beyond_chance import brennan_prediger, cohen, conger, fleiss, gwet, scott
from grading.agreement.catalog import OWN_WEIGHTS, STATISTICS, Known, with_weights
from grading.agreement.correlation import one_way, these_raters_mean, variance
from grading.agreement.estimates import Statistic, bootstrap, estimate
from grading.agreement.projection import needed, spearman_brown, standard_error
from grading.agreement.ratings import Level, Ratings, ratings_of
from grading.agreement.reasons import SAID, CannotCompute, Reason
from grading.agreement.weights import Weighing, own_weights

SCALE = (1, 2, 3, 4)
CELLS = st.sampled_from(SCALE)
Rows = list[tuple[int | None, ...]]
UNWEIGHTED: tuple[Statistic, ...] = (cohen, scott, fleiss, conger, brennan_prediger, gwet, alpha)
WEIGHTED = tuple(partial(each, weights=Weighing.QUADRATIC) for each in (cohen, scott, fleiss, conger, brennan_prediger))


@st.composite
def tables(draw: st.DrawFn, *, complete: bool = False, raters: int | None = None) -> Rows:
    wide = raters or draw(st.integers(2, 4))
    cell = CELLS if complete else st.one_of(CELLS, st.none())
    return draw(st.lists(st.tuples(*[cell] * wide), min_size=2, max_size=12))


def worked_out(statistic: Statistic, ratings: Ratings) -> float | Reason:
    found = estimate(statistic, ratings)
    assert (found.value is None) == (found.reason is not None)
    return found.reason if found.value is None else found.value  # type: ignore[return-value]


def same(one: float | Reason, other: float | Reason) -> bool:
    if isinstance(one, Reason) or isinstance(other, Reason):
        return one == other
    return one == pytest.approx(other, abs=1e-9)


@given(tables(), st.permutations(SCALE))
def test_what_nominal_levels_are_called_means_nothing(rows: Rows, names: Sequence[int]) -> None:
    called = dict(zip(SCALE, names, strict=True)) | {None: None}
    renamed = [tuple(called[cell] for cell in row) for row in rows]
    for statistic in UNWEIGHTED:
        before = worked_out(statistic, ratings_of(rows, Level.NOMINAL, SCALE))
        assert same(before, worked_out(statistic, ratings_of(renamed, Level.NOMINAL, SCALE)))


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_observers_means_nothing(rows: Rows, chance: Random) -> None:
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    shuffled = [tuple(row[place] for place in order) for row in chance.sample(rows, len(rows))]
    for level in Level:
        for known in STATISTICS.values():
            before = worked_out(known.work_out, ratings_of(rows, level, SCALE))
            assert same(before, worked_out(known.work_out, ratings_of(shuffled, level, SCALE)))


@given(st.lists(CELLS, min_size=2, max_size=12), st.integers(2, 4))
def test_full_agreement_is_one_wherever_it_can_be_computed(levels: list[int], raters: int) -> None:
    ratings = ratings_of([[level] * raters for level in levels], Level.ORDINAL, SCALE)
    for name, known in STATISTICS.items():
        found = worked_out(known.work_out, ratings)
        if name.startswith("sem"):
            assert found == 0
        elif not isinstance(found, Reason):
            assert found == 1, name


@given(tables())
def test_nothing_is_above_one_and_nothing_is_no_number(rows: Rows) -> None:
    for level in Level:
        ratings = ratings_of(rows, level, SCALE)
        for name, known in STATISTICS.items():
            found = worked_out(known.work_out, ratings)
            if isinstance(found, Reason):
                continue
            assert isfinite(found)
            assert found >= 0 if name.startswith("sem") else name == "icc2k" or found <= 1, name


@given(tables(complete=True))
def test_alpha_is_fleiss_kappa_but_for_how_many_were_rated(rows: Rows) -> None:
    ratings = ratings_of(rows, Level.NOMINAL, SCALE)
    kappa = worked_out(fleiss, ratings)
    assume(not isinstance(kappa, Reason))
    assert isinstance(kappa, float)
    assert alpha(ratings) == pytest.approx(kappa + (1 - kappa) / ratings.given, abs=1e-9)


@given(tables(complete=True, raters=2))
def test_for_two_observers_fleiss_is_scotts_pi_and_congers_is_cohens(rows: Rows) -> None:
    ratings = ratings_of(rows, Level.ORDINAL, SCALE)
    for weights in Weighing:
        assert same(
            worked_out(partial(fleiss, weights=weights), ratings), worked_out(partial(scott, weights=weights), ratings)
        )
        assert same(
            worked_out(partial(conger, weights=weights), ratings), worked_out(partial(cohen, weights=weights), ratings)
        )


@given(tables(complete=True, raters=2))
def test_quadratic_kappa_is_made_of_the_sums_that_icc_is_made_of(rows: Rows) -> None:
    """Fleiss and Cohen 1973: the two differ only in how they divide."""
    ratings = ratings_of(rows, Level.INTERVAL, SCALE)
    kappa = worked_out(partial(cohen, weights=Weighing.QUADRATIC), ratings)
    assume(not isinstance(kappa, Reason))
    of = variance(ratings)
    units, rest, raters = of.between_units * (of.units - 1), of.rest * (of.units - 1), of.between_raters
    assert kappa == pytest.approx(float((units - rest) / (units + rest + 2 * raters)), abs=1e-9)


@given(tables(complete=True))
def test_interval_alpha_is_one_less_the_share_of_variance_within_units(rows: Rows) -> None:
    ratings = ratings_of(rows, Level.INTERVAL, SCALE)
    found = worked_out(alpha, ratings)
    assume(not isinstance(found, Reason))
    of = variance(ratings)
    within = of.within_units * of.units * (of.raters - 1)
    total = within + of.between_units * (of.units - 1)
    assert found == pytest.approx(float(1 - of.within_units / (total / (of.units * of.raters - 1))), abs=1e-9)


@given(tables(complete=True))
def test_the_mean_of_observers_follows_spearman_and_brown(rows: Rows) -> None:
    ratings = ratings_of(rows, Level.INTERVAL, SCALE)
    for one, mean in (("icc1", "icc1k"), ("icc3", "icc3k")):
        single, several = (worked_out(STATISTICS[name].work_out, ratings) for name in (one, mean))
        assume(not isinstance(single, Reason) and not isinstance(several, Reason))
        assert isinstance(single, float)
        assert several == pytest.approx(spearman_brown(single, ratings.raters), rel=1e-6)


@given(tables(complete=True))
def test_the_parts_of_the_variance_add_up(rows: Rows) -> None:
    of = variance(ratings_of(rows, Level.INTERVAL, SCALE))
    cells = [Fraction(cell) for row in rows for cell in row]
    mean = sum(cells) / len(cells)
    parts = (
        of.between_units * (of.units - 1)
        + of.between_raters * (of.raters - 1)
        + of.rest * (of.units - 1) * (of.raters - 1)
    )
    assert parts == sum((cell - mean) ** 2 for cell in cells)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_as_many_observations_as_are_needed_are_enough_and_one_less_is_not(reliability: float, wanted: float) -> None:
    times = needed(reliability, wanted)
    assert spearman_brown(reliability, times) >= wanted - 1e-6
    assert times == 1 or spearman_brown(reliability, times - 1) < wanted + 1e-6


def test_a_shorter_way_to_the_same_standard_error() -> None:
    assert standard_error(2, 0.75) == 1
    with pytest.raises(CannotCompute):
        spearman_brown(-0.5, 3)
    with pytest.raises(CannotCompute):
        needed(0, 0.8)
    with pytest.raises(ValueError, match="between 0 and 1"):
        needed(0.5, 1)


ROWS = [(1, 1), (2, 2), (3, 4), (4, 4), (2, 3), (1, 2), (3, 3), (4, 3), (2, 2), (1, 1)]


def test_the_same_seed_gives_the_same_interval_around_the_value() -> None:
    ratings = ratings_of(ROWS, Level.ORDINAL, SCALE)
    first, again = (bootstrap(alpha, ratings, chance=Random(7), draws=400) for _ in range(2))
    assert first == again
    assert first is not None
    assert first.low < alpha(ratings) < first.high <= 1
    assert (first.share, first.draws) == (0.95, 400)


@settings(max_examples=20)
@given(tables(), st.integers(0, 100))
def test_an_interval_is_in_order_and_is_made_of_draws_that_could_be_computed(rows: Rows, seed: int) -> None:
    found = estimate(gwet, ratings_of(rows, Level.ORDINAL, SCALE), chance=Random(seed), draws=50)
    if found.interval is not None:
        assert found.interval.low <= found.interval.high
        assert 25 <= found.interval.draws <= 50


def test_where_hardly_any_draw_can_be_computed_there_is_no_interval() -> None:
    ratings = ratings_of([(1, 1), *[(None, 1)] * 60, (2, 2)], Level.NOMINAL, SCALE)
    found = estimate(alpha, ratings, chance=Random(1), draws=100)
    assert found.value == 1
    assert found.interval is None


def test_what_does_not_suit_says_so_in_words() -> None:
    words = ratings_of([("low", "high"), ("high", "high")], Level.NOMINAL)
    numbers = ratings_of([(-1, 1), (1, 2)], Level.RATIO)
    one_way_only = own_weights([[0, 1], [2, 0]], 2)
    for statistic, ratings, reason in (
        (STATISTICS["within-one"].work_out, words, Reason.NEEDS_ORDER),
        (STATISTICS["cohen-linear"].work_out, words, Reason.NEEDS_ORDER),
        (one_way, words, Reason.NEEDS_NUMBERS),
        (these_raters_mean, ratings_of([(1, 2), (None, 1)], Level.ORDINAL), Reason.FEWER_THAN_TWO_UNITS),
        (alpha, numbers, Reason.BELOW_ZERO),
        (cohen, ratings_of([(1, 2, 2), (1, 1, 2)], Level.ORDINAL), Reason.NOT_TWO_RATERS),
        (partial(gwet, weights=one_way_only), words, Reason.WEIGHTS_ONE_WAY),
    ):
        with pytest.raises(CannotCompute) as found:
            statistic(ratings)
        assert found.value.reason is reason
        assert str(found.value) == SAID[reason]


def suiting(rows: Rows, level: Level, known: Mapping[str, Known] = STATISTICS) -> set[str]:
    ratings = ratings_of(rows, level)
    return {name for name, statistic in known.items() if statistic.suits(ratings)}


def test_which_statistics_are_shown_unasked_follows_from_how_many_observers_there_are_and_what_the_levels_are() -> None:
    for_any = {"percent", "brennan-prediger", "alpha", "ac1"}
    for_two, for_more = {"cohen", "scott"}, {"fleiss", "conger", "randolph"}
    ordered = {"within-one", "ac2-linear", "ac2-quadratic"}
    numbers = {"icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k", "sem", "sem-mean"}
    weighted = {"cohen-linear", "cohen-quadratic"}
    assert suiting([("a", "b")], Level.NOMINAL) == for_any | for_two
    assert suiting([("a", "b", "b")], Level.NOMINAL) == for_any | for_more
    assert suiting([("a", "b")], Level.ORDINAL) == for_any | for_two | ordered | weighted
    assert suiting([(1, 2)], Level.INTERVAL) == for_any | for_two | ordered | weighted | numbers
    assert suiting([(1, 2, 2)], Level.INTERVAL) == for_any | for_more | ordered | numbers


def test_with_weights_of_their_own_two_more_statistics_can_be_asked_for() -> None:
    known = with_weights(own_weights([[0, 1], [1, 0]], 2))
    assert suiting([("a", "b")], Level.NOMINAL, known) >= {"cohen-custom", "ac2-custom"} == set(OWN_WEIGHTS)
    assert "cohen-custom" not in suiting([("a", "b", "b")], Level.NOMINAL, known)
    assert len({each.title for each in known.values() if each.title}) == len(known)


@pytest.mark.parametrize(
    ("rows", "level", "scale", "said"),
    [
        ([(1, 2), (1,)], Level.NOMINAL, None, "a cell for each observer"),
        ([(1, 9)], Level.NOMINAL, (1, 2), "not on the scale"),
        ([(1, 2)], Level.NOMINAL, (1, 2, 2.0), "twice"),
        ([("a", "b")], Level.INTERVAL, None, "needs numbers"),
        ([(1, float("nan"))], Level.INTERVAL, None, "finite"),
    ],
)
def test_a_table_that_is_none_is_not_taken(rows: Rows, level: Level, scale: tuple[int, ...] | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ratings_of(rows, level, scale)


@pytest.mark.parametrize(
    "matrix", [[[0, 1]], [[1, 1], [1, 0]], [[0, -1], [1, 0]], [[0, 0], [0, 0]], [[0, float("nan")], [1, 0]]]
)
def test_weights_that_are_none_are_not_taken(matrix: list[list[float]]) -> None:
    with pytest.raises(ValueError, match=r"weights|away from itself"):
        own_weights(matrix, 2)
