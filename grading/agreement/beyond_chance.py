"""Agreement beyond what chance would have brought. They differ in what they take chance to do.

Where there are more than two observers, or not everybody rated everything, they are as Gwet wrote them (Handbook of
Inter-Rater Reliability): units that two rated say how far observers are apart, all units say how levels are used.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from math import fsum

from grading.agreement.alike import observed
from grading.agreement.ratings import Ratings, Unit
from grading.agreement.reasons import CannotCompute, Reason, look_at_pairs
from grading.agreement.weights import Apart, Weighing, Weights, apart

Shares = Sequence[float]
"""Of each level of the scale."""


def cohen(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Cohen's kappa of two observers: chance is each one's own habit. Units that only one rated are left out."""
    far = apart(ratings, weights, both_ways=False)
    pairs = _pairs(ratings)
    many, size = sum(pairs.values()), range(len(ratings.scale))
    seen = fsum(far[one][other] * times for (one, other), times in pairs.items()) / many
    first = [sum(times for (one, _), times in pairs.items() if one == place) / many for place in size]
    second = [sum(times for (_, other), times in pairs.items() if other == place) / many for place in size]
    return _beyond(seen, _between(far, first, second))


def scott(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Scott's pi of two observers: chance is the habit of both together. Units that only one rated are left out."""
    far = apart(ratings, weights)
    _pairs(ratings)
    used = _used([(unit, times) for unit, times in ratings.units if unit.ratings == 2], len(ratings.scale))
    return _beyond(observed(ratings, far), _between(far, used, used))


def fleiss(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Fleiss' kappa: chance is how everybody together uses the levels."""
    far = apart(ratings, weights)
    seen = observed(ratings, far)
    used = _used(ratings.units, len(ratings.scale))
    return _beyond(seen, _between(far, used, used))


def conger(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Conger's kappa, which is Cohen's for more than two: chance is the habit of each of two observers."""
    far = apart(ratings, weights)
    seen = observed(ratings, far)
    habits = [shares for shares in _habits(ratings) if shares]
    pairs = [_between(far, one, other) for one, other in permutations(habits, 2)]
    return _beyond(seen, fsum(pairs) / len(pairs))


def brennan_prediger(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Brennan and Prediger's, and Randolph's for more than two: chance takes every level of the scale as often."""
    far = apart(ratings, weights)
    seen = observed(ratings, far)
    _look_for_variation(ratings)
    size = len(ratings.scale)
    return _beyond(seen, fsum(fsum(row) for row in far) / size**2)


def gwet(ratings: Ratings, weights: Weights = Weighing.UNWEIGHTED) -> float:
    """Gwet's AC1, or AC2 with weights: chance matters only where observers are unsure, and less when few levels are."""
    far = apart(ratings, weights)
    seen = observed(ratings, far)
    _look_for_variation(ratings)
    size = len(ratings.scale)
    used = _used(ratings.units, size)
    near = fsum(1 - each for row in far for each in row)
    unsure = fsum(share * (1 - share) for share in used)
    return _beyond(seen, 1 - near * unsure / (size * (size - 1)))


def _beyond(seen: float, by_chance: float) -> float:
    if by_chance == 0:
        raise CannotCompute(Reason.NO_VARIATION)
    return 1 - seen / by_chance


def _between(far: Apart, one: Shares, other: Shares) -> float:
    """How far apart two are who choose levels in these shares and know nothing of each other."""
    terms = (
        far[here][there] * share * others
        for here, share in enumerate(one)
        if share
        for there, others in enumerate(other)
        if others
    )
    return fsum(terms)


def _used(units: Sequence[tuple[Unit, int]], size: int) -> Shares:
    """How often each level is given; each unit that anybody rated counts the same."""
    sums: list[list[float]] = [[] for _ in range(size)]
    rated = 0
    for unit, times in units:
        rated += times if unit.ratings else 0
        for place, often in unit.counts:
            sums[place].append(times * often / unit.ratings)
    return [fsum(each) / rated for each in sums]


def _habits(ratings: Ratings) -> list[Shares]:
    """How each observer uses the levels, nothing for whoever rated nothing."""
    size = len(ratings.scale)
    width = max((len(unit.cells) for unit, _ in ratings.units), default=0)
    counts = [[0] * size for _ in range(width)]
    for unit, times in ratings.units:
        for observer, place in enumerate(unit.cells):
            if place is not None:
                counts[observer][place] += times
    return [[each / sum(row) for each in row] if any(row) else [] for row in counts]


def _pairs(ratings: Ratings) -> Counter[tuple[int, int]]:
    """How often the first observer gave the one level and the second the other, where both rated."""
    look_at_pairs(ratings)
    if ratings.raters > 2:
        raise CannotCompute(Reason.NOT_TWO_RATERS)
    found = Counter[tuple[int, int]]()
    for unit, times in ratings.units:
        given = [cell for cell in unit.cells if cell is not None]
        if len(given) == 2:
            found[given[0], given[1]] += times
    return found


def _look_for_variation(ratings: Ratings) -> None:
    """Where chance is made of the scale alone, nobody's using one level only would be taken for full agreement."""
    if len(ratings.used) < 2:
        raise CannotCompute(Reason.NO_VARIATION)
