"""How far apart two levels are.

All of it is said as disagreement: 0 for the same level, never below 0. A sum of such terms is 0 only where each of
them is, so floats decide exactly whether there was any disagreement at all.
"""

from collections.abc import Sequence
from enum import StrEnum

from grading.agreement.ratings import Level, Ratings
from grading.agreement.reasons import CannotCompute, Reason

Apart = tuple[tuple[float, ...], ...]
"""By place in the scale: how far the one is from the other, at most 1."""


class Weighing(StrEnum):
    """How much it matters that two levels are not the same."""

    UNWEIGHTED = "unweighted"
    """any other level is another level"""
    LINEAR = "linear"
    """two levels apart count twice"""
    QUADRATIC = "quadratic"
    """two levels apart count four times"""


Weights = Weighing | Apart


def own_weights(matrix: Sequence[Sequence[float]], size: int) -> Apart:
    """Disagreement by place in the scale, as a program set it; brought to 1 for the most.

    Raises ValueError where it is not as wide and high as the scale, the same level disagrees with itself, a weight is
    below 0, or none is above.
    """
    if len(matrix) != size or any(len(row) != size for row in matrix):
        raise ValueError(f"weights for {size} levels are {size} rows of {size} numbers")
    if any(matrix[place][place] for place in range(size)):
        raise ValueError("a level is 0 away from itself")
    most = max((weight for row in matrix for weight in row), default=0)
    if not 0 < most < float("inf") or any(not weight >= 0 for row in matrix for weight in row):
        raise ValueError("weights are numbers of 0 or more, and one of them is above 0")
    return tuple(tuple(weight / most for weight in row) for row in matrix)


def apart(ratings: Ratings, weights: Weights, *, both_ways: bool = True) -> Apart:
    """How far apart the levels of the declared scale are, used or not.

    Ordered levels are as far apart as their places in the scale; numbers of an interval or ratio scale as they differ.
    """
    if not isinstance(weights, Weighing):
        if both_ways and weights != tuple(zip(*weights, strict=True)):
            raise CannotCompute(Reason.WEIGHTS_ONE_WAY)
        return weights
    if weights is Weighing.UNWEIGHTED:
        return tuple(tuple(float(one != other) for other in ratings.scale) for one in ratings.scale)
    if ratings.level is Level.NOMINAL:
        raise CannotCompute(Reason.NEEDS_ORDER)
    at = places(ratings)
    most = max(at, default=0) - min(at, default=0) or 1
    power = 1 if weights is Weighing.LINEAR else 2
    return tuple(tuple((abs(one - other) / most) ** power for other in at) for one in at)


def places(ratings: Ratings) -> tuple[float, ...]:
    """Where each level stands: its number, or for ordered levels its place in the scale."""
    if ratings.level is Level.ORDINAL:
        return tuple(float(place) for place in range(len(ratings.scale)))
    return tuple(float(number) for number in ratings.numbers)
