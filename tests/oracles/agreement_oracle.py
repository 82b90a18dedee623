"""Works out agreement with independent packages: tables as JSON in, what each package says of each as JSON out.

Runs in the environment of `agreement.txt`, not in Attune's.
"""

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import krippendorff
import numpy
import pandas
import pingouin
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

Table = dict[str, Any]
LEVELS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = {"identity": "", "linear": "-linear", "quadratic": "-quadratic"}
ICC = {
    "ICC(1,1)": "icc1", "ICC(A,1)": "icc2", "ICC(C,1)": "icc3",
    "ICC(1,k)": "icc1k", "ICC(A,k)": "icc2k", "ICC(C,k)": "icc3k",
}  # fmt: skip


def said(table: Table) -> Iterator[tuple[str, Callable[[], float]]]:
    """What each package says: `package statistic`, and how it is asked."""
    rows, scale = numpy.array(table["rows"], dtype=float), table["scale"]
    for level in LEVELS:
        yield (
            f"krippendorff alpha {level}",
            lambda level=level: krippendorff.alpha(
                reliability_data=rows.T, level_of_measurement=level, value_domain=scale
            ),
        )
    yield from of_irrcac(rows, scale)
    if numpy.isnan(rows).any():
        return
    yield from of_complete(rows, scale)
    if rows.shape[1] == 2:
        yield from of_two(rows, scale)


def of_irrcac(rows: Any, scale: list[int]) -> Iterator[tuple[str, Callable[[], float]]]:
    for weights, name in WEIGHTS.items():
        for statistic in ("fleiss", "gwet") if name else ("fleiss", "conger", "bp", "gwet"):
            yield (
                f"irrCAC {statistic}{name}",
                lambda weights=weights, statistic=statistic: getattr(
                    CAC(pandas.DataFrame(rows), weights=weights, categories=scale, digits=14), statistic
                )()["est"]["coefficient_value"],
            )


def of_complete(rows: Any, scale: list[int]) -> Iterator[tuple[str, Callable[[], float]]]:
    counts = numpy.array([[(row == level).sum() for level in scale] for row in rows])
    yield "statsmodels fleiss", lambda: fleiss_kappa(counts)
    yield "statsmodels randolph", lambda: fleiss_kappa(counts, method="randolph")
    units, raters = rows.shape
    flat = pandas.DataFrame(
        {
            "unit": numpy.repeat(range(units), raters),
            "rater": numpy.tile(range(raters), units),
            "rating": rows.flatten(),
        }
    )
    try:
        found = pingouin.intraclass_corr(data=flat, targets="unit", raters="rater", ratings="rating")
    except (AssertionError, ValueError, ZeroDivisionError):
        return
    for kind, value in zip(found["Type"], found["ICC"], strict=True):
        yield f"pingouin {ICC[kind]}", lambda value=value: value


def of_two(rows: Any, scale: list[int]) -> Iterator[tuple[str, Callable[[], float]]]:
    square = numpy.array([[((rows == (one, other)).all(axis=1)).sum() for other in scale] for one in scale])
    whole = rows.astype(int)
    for weights, name in ((None, ""), ("linear", "-linear"), ("quadratic", "-quadratic")):
        yield (
            f"statsmodels cohen{name}",
            lambda weights=weights: cohens_kappa(square, wt=weights, return_results=False),
        )
        yield (
            f"scikit-learn cohen{name}",
            lambda weights=weights: cohen_kappa_score(whole[:, 0], whole[:, 1], labels=scale, weights=weights),
        )


def asked(how: Callable[[], float]) -> float | None:
    """The number; None where the package has none."""
    try:
        value = float(how())
    except (AssertionError, ValueError, ZeroDivisionError):
        return None
    return value if numpy.isfinite(value) else None


def main() -> None:
    """One object for each table."""
    warnings.simplefilter("ignore")
    numpy.seterr(all="ignore")
    answer = [{name: asked(how) for name, how in said(table)} for table in json.load(sys.stdin)]
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
