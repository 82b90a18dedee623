"""How often two observers said the same, without a thought for chance."""

from collections.abc import Callable
from math import fsum

from grading.agreement.ratings import Level, Ratings, Unit
from grading.agreement.reasons import CannotCompute, Reason, look_at_pairs
from grading.agreement.weights import Apart, places


def exact(ratings: Ratings) -> float:
    """The share of pairs of observers who gave the same level; each unit that two rated counts the same."""
    return _share(ratings, lambda one, other: one == other)


def within_one(ratings: Ratings) -> float:
    """The share of pairs who gave the same or the next level of the declared scale; of numbers, at most 1 apart."""
    if ratings.level is Level.NOMINAL:
        raise CannotCompute(Reason.NEEDS_ORDER)
    at = places(ratings)
    return _share(ratings, lambda one, other: abs(at[one] - at[other]) <= 1)


def observed(ratings: Ratings, far: Apart) -> float:
    """How far two observers of the same unit are apart; each unit that two rated counts the same."""
    look_at_pairs(ratings)
    twice = [(unit, times) for unit, times in ratings.units if unit.ratings > 1]
    return fsum(times * of_unit(unit, far) for unit, times in twice) / sum(times for _, times in twice)


def of_unit(unit: Unit, far: Apart) -> float:
    """How far two of those who rated this unit are apart."""
    pairs = fsum(far[one][other] * here * there for one, here in unit.counts for other, there in unit.counts)
    return pairs / (unit.ratings * (unit.ratings - 1))


def _share(ratings: Ratings, alike: Callable[[int, int], bool]) -> float:
    size = range(len(ratings.scale))
    return 1 - observed(ratings, tuple(tuple(float(not alike(one, other)) for other in size) for one in size))
