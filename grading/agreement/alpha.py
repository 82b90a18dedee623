"""Krippendorff's alpha: any number of observers, any level of measurement, whoever rated what."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import fsum

from grading.agreement.alike import of_unit
from grading.agreement.ratings import Level, Ratings
from grading.agreement.reasons import CannotCompute, Reason, look_at_pairs
from grading.agreement.weights import Apart


def alpha(ratings: Ratings) -> float:
    """Alpha at the level of measurement of the ratings. What only one observer rated is left out.

    Ordered levels are as far apart as ratings lie between them, so the answer does not depend on what they are called.
    """
    look_at_pairs(ratings)
    twice = [(unit, times) for unit, times in ratings.units if unit.ratings > 1]
    totals = [0] * len(ratings.scale)
    for unit, times in twice:
        for place, often in unit.counts:
            totals[place] += often * times
    far = _apart(ratings, totals)
    everything = sum(totals)
    expected = fsum(
        far[one][other] * here * there
        for one, here in enumerate(totals)
        if here
        for other, there in enumerate(totals)
        if there
    )
    if expected == 0:
        raise CannotCompute(Reason.NO_VARIATION)
    seen = fsum(times * unit.ratings * of_unit(unit, far) for unit, times in twice)
    return 1 - (everything - 1) * seen / expected


def _apart(ratings: Ratings, totals: Sequence[int]) -> Apart:
    match ratings.level:
        case Level.NOMINAL:
            return tuple(tuple(float(one != other) for other in ratings.scale) for one in ratings.scale)
        case Level.ORDINAL:
            return _by_rank(totals)
        case Level.INTERVAL:
            numbers = ratings.numbers
            most = (max(numbers) - min(numbers)) or 1
            return tuple(tuple(float((one - other) / most) ** 2 for other in numbers) for one in numbers)
        case Level.RATIO:
            if min(ratings.numbers) < 0:
                raise CannotCompute(Reason.BELOW_ZERO)
            return tuple(tuple(_ratio(one, other) for other in ratings.numbers) for one in ratings.numbers)


def _by_rank(totals: Sequence[int]) -> Apart:
    """The middle of each level when all ratings stand in a row, and how far the middles are from each other."""
    middles = [upto - many / 2 for upto, many in zip(accumulate(totals), totals, strict=True)]
    most = sum(totals)
    return tuple(tuple(((one - other) / most) ** 2 for other in middles) for one in middles)


def _ratio(one: Fraction, other: Fraction) -> float:
    return float((one - other) / (one + other)) ** 2 if one != other else 0.0
