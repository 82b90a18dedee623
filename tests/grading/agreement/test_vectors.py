"""Published and worked examples of agreement: `irr_vectors.json` says where each is from. All are met within 1e-9."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grading.agreement import beyond_chance
from grading.agreement.alike import exact, within_one
from grading.agreement.alpha import alpha
from grading.agreement.beyond_chance import brennan_prediger, cohen, conger, fleiss, gwet, scott
from grading.agreement.catalog import STATISTICS
from grading.agreement.estimates import Statistic, estimate
from grading.agreement.projection import spearman_brown
from grading.agreement.ratings import Level, Ratings, Value, ratings_of
from grading.agreement.reasons import CannotCompute, Reason
from grading.agreement.weights import Weighing, own_weights

FILE = json.loads((Path(__file__).parents[1] / "irr_vectors.json").read_text(encoding="utf-8"))
VECTORS: dict[str, dict[str, Any]] = {each["id"]: each for each in FILE["vectors"]}
NAMES: dict[str, Statistic] = {
    "percent_agreement": exact,
    "kappa": cohen,
    "scott_pi": scott,
    "gwet_ac1": gwet,
    "brennan_prediger": brennan_prediger,
    "fleiss_kappa": fleiss,
    "conger_kappa": conger,
    "krippendorff_alpha": alpha,
}


def close(expected: float) -> Any:
    return pytest.approx(expected, abs=1e-9, rel=0)


def of_raters(vector: dict[str, Any], level: Level = Level.NOMINAL) -> Ratings:
    return ratings_of(zip(*vector["data"]["raters"].values(), strict=True), level)


def of_counts(counts: list[list[int]]) -> Ratings:
    rows = [[place for place, often in enumerate(row) for _ in range(often)] for row in counts]
    return ratings_of(rows, Level.NOMINAL, range(len(counts[0])))


def of_square(table: list[list[float]]) -> Ratings:
    rows = [(one, other) for one, row in enumerate(table) for other, often in enumerate(row) for _ in range(int(often))]
    return ratings_of(rows, Level.ORDINAL, range(len(table)))


@pytest.mark.parametrize("name", ["kripp-2011-A-binary", "kripp-2011-B-nominal-2raters"])
def test_cap_e5_krippendorffs_nominal_examples_are_met(name: str) -> None:
    assert alpha(of_raters(VECTORS[name])) == close(VECTORS[name]["expected"]["alpha"])


@pytest.mark.parametrize("level", Level)
def test_cap_e5_krippendorffs_four_observers_are_met_at_every_level(level: Level) -> None:
    vector = VECTORS["kripp-2011-C-4raters-missing"]
    ratings = of_raters(vector, level)
    assert alpha(ratings) == close(vector["expected"]["alpha"][level])
    twice = [(unit, times) for unit, times in ratings.units if unit.ratings > 1]
    assert sum(unit.ratings * times for unit, times in twice) == vector["pairable_values"]


def test_cap_e5_fleiss_diagnoses_are_met() -> None:
    vector = VECTORS["fleiss-1971-diagnoses"]
    ratings = of_counts(vector["data"]["counts"])
    assert fleiss(ratings) == close(vector["expected"]["kappa"])
    assert (ratings.rated, ratings.raters, ratings.given) == (30, 6, 180)


@pytest.mark.parametrize("name", ["randolph-2cat", "randolph-3cat"])
def test_cap_e5_randolphs_free_marginal_examples_are_met(name: str) -> None:
    ratings, expected = of_counts(VECTORS[name]["data"]["counts"]), VECTORS[name]["expected"]
    assert fleiss(ratings) == close(expected["fleiss"])
    assert STATISTICS["randolph"].work_out(ratings) == close(expected["randolph"])


@pytest.mark.parametrize("name", ["cohen-2x2-balanced", "cohen-2x2-prevalence-a", "cohen-2x2-prevalence-b"])
def test_cap_e5_kappa_matches_the_reference_value_and_so_do_its_relatives(name: str) -> None:
    ratings = of_square(VECTORS[name]["data"]["table_rows_rater1"])
    for statistic, expected in VECTORS[name]["expected"].items():
        assert NAMES[statistic](ratings) == close(expected), statistic


def anxiety(*, declared: bool) -> Ratings:
    data_of = VECTORS["anxiety-2raters-unused-level"]["data"]
    rows = zip(data_of["rater2"], data_of["rater3"], strict=True)
    return ratings_of(rows, Level.ORDINAL, data_of["declared_scale"] if declared else data_of["observed_levels"])


def test_cap_e5_a_level_that_nobody_used_counts_where_the_scale_is_declared() -> None:
    expected = VECTORS["anxiety-2raters-unused-level"]["expected"]
    for declared, said in ((True, "scale"), (False, "rank")):
        ratings = anxiety(declared=declared)
        assert cohen(ratings) == close(expected["unweighted"])
        assert cohen(ratings, Weighing.LINEAR) == close(expected[f"linear_{said}"])
        assert cohen(ratings, Weighing.QUADRATIC) == close(expected[f"quadratic_{said}"])
    assert exact(anxiety(declared=True)) == close(expected["pct_exact"])
    assert within_one(anxiety(declared=True)) == close(expected["pct_within_1"])


def test_cap_e5_cohens_own_weights_are_met() -> None:
    vector = VECTORS["cohen-1968-custom-weights"]
    of, many = vector["data"], vector["data"]["n"]
    ratings = of_square([[round(share * many) for share in row] for row in of["proportions"]])
    weights = own_weights(of["disagreement_weights"], 3)
    assert cohen(ratings) == close(vector["expected"]["unweighted"])
    assert cohen(ratings, weights) == close(vector["expected"]["weighted"])


def test_cap_e5_spearman_and_browns_projection_is_met() -> None:
    vector = VECTORS["spearman-brown"]
    for (reliability, times), expected in zip(vector["data"]["cases"], vector["expected"]["projected"], strict=True):
        assert spearman_brown(reliability, times) == close(expected)


def test_cap_e5_gwets_four_observers_are_met_by_all_six() -> None:
    vector = VECTORS["gwet-raw-4raters"]
    for statistic, expected in vector["expected"].items():
        assert NAMES[statistic](of_raters(vector)) == close(expected), statistic


def test_cap_e5_systematic_disagreement_is_negative_and_stays_so() -> None:
    vector = VECTORS["edge-systematic-disagreement"]
    for level, expected in vector["expected"]["alpha"].items():
        assert alpha(of_raters(vector, Level(level))) == close(expected)


def _every_statistic() -> Iterator[tuple[str, Statistic]]:
    yield from ((name, known.work_out) for name, known in STATISTICS.items())
    for function in (beyond_chance.scott, fleiss, conger, brennan_prediger):
        for weights in (Weighing.LINEAR, Weighing.QUADRATIC):
            yield f"{function.__name__} {weights}", partial(function, weights=weights)


EVERY_STATISTIC = list(_every_statistic())
ERROR_OF_MEASUREMENT = ("sem", "sem-mean")


@pytest.mark.parametrize(("name", "statistic"), EVERY_STATISTIC, ids=lambda each: each if isinstance(each, str) else "")
@pytest.mark.parametrize("scale", [None, (1, 2, 3)], ids=["used levels", "declared scale"])
def test_cap_e5_where_everybody_used_one_level_nothing_stands_for_a_number(
    name: str, statistic: Callable[[Ratings], float], scale: tuple[Value, ...] | None
) -> None:
    vector = VECTORS["edge-single-category"]
    ratings = ratings_of(zip(*vector["data"]["raters"].values(), strict=True), Level.ORDINAL, scale)
    if name in ("percent", "within-one", *ERROR_OF_MEASUREMENT):
        assert statistic(ratings) == (0 if name in ERROR_OF_MEASUREMENT else 1)
        return
    found = estimate(statistic, ratings)
    assert found.value is None
    assert found.reason in (Reason(vector["expected"]["reason"]), Reason.NO_DIFFERENCE)
    assert (found.reason is Reason.NO_DIFFERENCE) == name.startswith("icc")


@pytest.mark.parametrize("vector", ["edge-one-rater", "edge-no-overlap"])
@pytest.mark.parametrize(("name", "statistic"), EVERY_STATISTIC, ids=lambda each: each if isinstance(each, str) else "")
def test_cap_e5_what_two_did_not_rate_has_no_agreement(name: str, statistic: Statistic, vector: str) -> None:
    expected = Reason(VECTORS[vector]["expected"]["reason"])
    if vector == "edge-no-overlap" and (name.startswith("icc") or name in ERROR_OF_MEASUREMENT):
        expected = Reason.FEWER_THAN_TWO_UNITS
    with pytest.raises(CannotCompute) as found:
        statistic(of_raters(VECTORS[vector], Level.ORDINAL))
    assert found.value.reason is expected


def test_cap_e5_every_vector_has_its_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert FILE["count"] == len(VECTORS) == 17
    assert [name for name in VECTORS if f'"{name}"' not in source] == []
