"""What stands out about how an observer rates beside others who saw the same: of ratings, never of who was observed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import sqrt
from statistics import fmean, pstdev, variance

Levels = Mapping[str, int]
"""The level that was given for each criterion. What was not observed is no level, and is not among them."""

ENOUGH = 10
"""Of fewer observations that somebody else rated too, nothing is told."""
NOTICED_FROM = Fraction(1, 2)
"""So many levels apart, on the whole, are noticed; less is how people differ."""
FEWEST_OBSERVERS = 5
"""Of fewer observers no pattern is told, so that nobody is found in it."""
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Beside:
    """One observation that an observer rated, and others too."""

    own: Levels
    others: tuple[Levels, ...]

    def cells(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The own level with those of the others, of each criterion that the observer and somebody else rated."""
        for key, level in self.own.items():
            there = tuple(other[key] for other in self.others if key in other)
            if there:
                yield level, there


@dataclass(frozen=True, slots=True)
class Leniency:
    """Whether somebody gives more or less than the others."""

    observations: int
    """Of how many it is told."""
    levels: Decimal | None
    """By how many levels milder on the whole, below zero stricter. None: too few to tell."""
    noticed: bool
    """At least half a level, and more than twice the standard error: it is hardly chance."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How far levels lie from their middle (the standard deviation), beside those of the others."""

    observations: int
    own: float | None
    """None, as the next: too few to tell."""
    others: float | None
    noticed: bool
    """The own one is less than half of the others'."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of one observer."""

    leniency: Leniency
    range: Spread
    """Over all ratings: small where only a part of the scale is used."""
    halo: Spread
    """Within one observation, on the whole: small where one impression colors every criterion."""

    @property
    def enough(self) -> bool:
        """Whether there is enough to tell anything."""
        return self.leniency.levels is not None


@dataclass(frozen=True, slots=True)
class OfMany:
    """How many observers rate how. Nobody is named."""

    observers: int
    """Of whom there is enough to tell."""
    milder: int
    stricter: int
    narrower: int
    """With a smaller range."""
    alike: int
    """Whose ratings differ little from criterion to criterion."""


def figures(observations: Iterable[Beside]) -> Figures:
    """What is told of an observer, from what others observed too."""
    rated = [(each, tuple(each.cells())) for each in observations]
    there = [(each, cells) for each, cells in rated if cells]
    cells = [cells for _, cells in there]
    return Figures(_leniency(cells), _range(cells), _halo([each for each, _ in there]))


def of_many(observers: Iterable[Figures]) -> OfMany | None:
    """How many of them rate how; None where there is enough to tell of too few."""
    told = [each for each in observers if each.enough]
    if len(told) < FEWEST_OBSERVERS:
        return None
    apart = [each.leniency.levels for each in told if each.leniency.noticed and each.leniency.levels is not None]
    return OfMany(
        observers=len(told),
        milder=sum(levels > 0 for levels in apart),
        stricter=sum(levels < 0 for levels in apart),
        narrower=sum(each.range.noticed for each in told),
        alike=sum(each.halo.noticed for each in told),
    )


_Cells = Sequence[tuple[int, tuple[int, ...]]]


def _leniency(observations: Sequence[_Cells]) -> Leniency:
    """Each observation counts once, however many criteria and observers it has."""
    if len(observations) < ENOUGH:
        return Leniency(len(observations), None, noticed=False)
    apart = [_mean(_apart(own, others) for own, others in cells) for cells in observations]
    mean, count = _mean(apart), len(apart)
    # Squared, all of it stays exact: |mean| > 2 * sqrt(variance / count).
    beyond_chance = mean**2 * count > 4 * variance(apart)
    return Leniency(count, _hundredths(mean), abs(mean) >= NOTICED_FROM and beyond_chance)


def _range(observations: Sequence[_Cells]) -> Spread:
    """Each cell counts once on either side, however many others rated it."""
    cells = [cell for each in observations for cell in each]
    return _spread(
        len(observations),
        lambda: (
            _deviation(Counter((own, 1) for own, _ in cells)),
            _deviation(Counter((level, len(others)) for _, others in cells for level in others)),
        ),
    )


def _halo(observations: Sequence[Beside]) -> Spread:
    """Each observation counts once; beside each other observer, by the criteria that both rated."""
    within = [pairs for each in observations if (pairs := [*_within(each)])]
    return _spread(
        len(within),
        lambda: (
            fmean(fmean(own for own, _ in pairs) for pairs in within),
            fmean(fmean(other for _, other in pairs) for pairs in within),
        ),
    )


def _within(observation: Beside) -> Iterator[tuple[float, float]]:
    for other in observation.others:
        both = [key for key in observation.own if key in other]
        if len(both) > 1:
            yield pstdev(observation.own[key] for key in both), pstdev(other[key] for key in both)


def _spread(count: int, work_out: Callable[[], tuple[float, float]]) -> Spread:
    if count < ENOUGH:
        return Spread(count, None, None, noticed=False)
    own, others = work_out()
    return Spread(count, own, others, noticed=2 * own < others)


def _deviation(counted: Counter[tuple[int, int]]) -> float:
    """Of levels, each with among how many it shares the weight of one; and how often that is so."""
    weighed = [(level, Fraction(often, sharing)) for (level, sharing), often in counted.items()]
    total = sum(weight for _, weight in weighed)
    mean = sum(level * weight for level, weight in weighed) / total
    return sqrt(sum(weight * (level - mean) ** 2 for level, weight in weighed) / total)


def _mean(values: Iterable[Fraction | int]) -> Fraction:
    each = [*values]
    return Fraction(sum(each)) / len(each)


def _apart(own: int, others: tuple[int, ...]) -> Fraction | int:
    return own - others[0] if len(others) == 1 else own - _mean(others)


def _hundredths(value: Fraction) -> Decimal:
    """Rounded so that the same difference the other way is the same number."""
    return (Decimal(value.numerator) / value.denominator).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
