"""The statistics by the names that commands and documents use, and which of them suit some ratings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from grading.agreement import alike, beyond_chance, correlation
from grading.agreement.alpha import alpha
from grading.agreement.estimates import Statistic
from grading.agreement.ratings import Level, Ratings
from grading.agreement.weights import Apart, Weighing


@dataclass(frozen=True, slots=True)
class Known:
    """One statistic."""

    title: str
    """As it is named in publications."""
    work_out: Statistic
    two_raters: bool = False
    ordered: bool = False
    numbers: bool = False
    several_raters: bool = False
    """Shown unasked for more than two observers only: for two another one is the customary."""

    def suits(self, ratings: Ratings) -> bool:
        """Whether it is one that people would ask for here."""
        return not (
            (self.two_raters and ratings.raters > 2)
            or (self.several_raters and ratings.raters <= 2)
            or (self.ordered and ratings.level is Level.NOMINAL)
            or (self.numbers and not ratings.are_numbers)
        )


_LINEAR, _QUADRATIC = Weighing.LINEAR, Weighing.QUADRATIC

STATISTICS: Mapping[str, Known] = {
    "percent": Known("exact agreement", alike.exact),
    "within-one": Known("agreement within one level", alike.within_one, ordered=True),
    "cohen": Known("Cohen's kappa", beyond_chance.cohen, two_raters=True),
    "cohen-linear": Known(
        "Cohen's kappa, linear weights", partial(beyond_chance.cohen, weights=_LINEAR), two_raters=True, ordered=True
    ),
    "cohen-quadratic": Known(
        "Cohen's kappa, quadratic weights",
        partial(beyond_chance.cohen, weights=_QUADRATIC),
        two_raters=True,
        ordered=True,
    ),
    "scott": Known("Scott's pi", beyond_chance.scott, two_raters=True),
    "fleiss": Known("Fleiss' kappa", beyond_chance.fleiss, several_raters=True),
    "conger": Known("Conger's kappa", beyond_chance.conger, several_raters=True),
    "randolph": Known("Randolph's free-marginal kappa", beyond_chance.brennan_prediger, several_raters=True),
    "brennan-prediger": Known("Brennan and Prediger's kappa", beyond_chance.brennan_prediger),
    "alpha": Known("Krippendorff's alpha", alpha),
    "ac1": Known("Gwet's AC1", beyond_chance.gwet),
    "ac2-linear": Known("Gwet's AC2, linear weights", partial(beyond_chance.gwet, weights=_LINEAR), ordered=True),
    "ac2-quadratic": Known(
        "Gwet's AC2, quadratic weights", partial(beyond_chance.gwet, weights=_QUADRATIC), ordered=True
    ),
    "icc1": Known("ICC(1), one rating", correlation.one_way, numbers=True),
    "icc2": Known("ICC(2,1), one rating, agreement", correlation.random_raters, numbers=True),
    "icc3": Known("ICC(3,1), one rating, consistency", correlation.these_raters, numbers=True),
    "icc1k": Known("ICC(1,k), mean of the observers", correlation.one_way_mean, numbers=True),
    "icc2k": Known("ICC(2,k), mean of the observers, agreement", correlation.random_raters_mean, numbers=True),
    "icc3k": Known("ICC(3,k), mean of the observers, consistency", correlation.these_raters_mean, numbers=True),
    "sem": Known("standard error of measurement, one rating", correlation.standard_error, numbers=True),
    "sem-mean": Known(
        "standard error of measurement, mean of the observers", correlation.standard_error_of_mean, numbers=True
    ),
}

OWN_WEIGHTS = ("cohen-custom", "ac2-custom")
"""These need weights of a program's own."""


def with_weights(weights: Apart) -> Mapping[str, Known]:
    """All statistics, with those that use these weights."""
    return {
        **STATISTICS,
        "cohen-custom": Known(
            "Cohen's kappa, own weights", partial(beyond_chance.cohen, weights=weights), two_raters=True
        ),
        "ac2-custom": Known("Gwet's AC2, own weights", partial(beyond_chance.gwet, weights=weights)),
    }
