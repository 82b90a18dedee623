"""A statistic with how sure it is, and of how much; or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass

from grading.agreement.ratings import Chance, Ratings
from grading.agreement.reasons import CannotCompute, Reason

Statistic = Callable[[Ratings], float]
LEAST_DRAWN = 20
"""An interval is made of at least so many draws that could be computed, and of at least half of all."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what the middle share of the draws lies (the percentile bootstrap over units)."""

    low: float
    high: float
    share: float
    draws: int
    """From how many draws; those that could not be computed are left out."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What came of it."""

    value: float | None
    reason: Reason | None
    """Why there is no value."""
    interval: Interval | None
    """None also where nobody asked for one, or too few draws could be computed."""
    units: int
    """That anybody rated."""
    raters: int
    ratings: int


def estimate(
    statistic: Statistic, ratings: Ratings, *, chance: Chance | None = None, draws: int = 0, share: float = 0.95
) -> Estimate:
    """The statistic; with an interval where `draws` are asked for, which take their chance from `chance`."""
    value, reason = None, None
    try:
        value = statistic(ratings)
    except CannotCompute as cannot:
        reason = cannot.reason
    interval = None
    if value is not None and chance is not None and draws:
        interval = bootstrap(statistic, ratings, chance=chance, draws=draws, share=share)
    return Estimate(value, reason, interval, ratings.rated, ratings.raters, ratings.given)


def bootstrap(
    statistic: Statistic, ratings: Ratings, *, chance: Chance, draws: int, share: float = 0.95
) -> Interval | None:
    """The interval; None where too few of the draws could be computed for one."""
    found = []
    for _ in range(draws):
        try:
            found.append(statistic(ratings.drawn(chance)))
        except CannotCompute:
            continue
    if len(found) < max(LEAST_DRAWN, draws / 2):
        return None
    found.sort()
    beyond = (1 - share) / 2
    return Interval(_quantile(found, beyond), _quantile(found, 1 - beyond), share, len(found))


def _quantile(ordered: list[float], at: float) -> float:
    """Between the two nearest values in a straight line."""
    place = at * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
