"""Intraclass correlations after Shrout and Fleiss, from an analysis of variance by hand.

Only units that every observer rated are taken. Sums are of whole numbers, so what does not vary is found exactly.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm, sqrt

from grading.agreement.ratings import Ratings
from grading.agreement.reasons import CannotCompute, Reason


@dataclass(frozen=True, slots=True)
class Variance:
    """Mean squares of a table of units by observers."""

    units: int
    raters: int
    between_units: Fraction
    between_raters: Fraction
    within_units: Fraction
    """Of one unit's ratings, whoever gave them."""
    rest: Fraction
    """What neither units nor observers account for."""


def variance(ratings: Ratings) -> Variance:
    """The two-way analysis of variance of the units that every observer rated."""
    if not ratings.are_numbers:
        raise CannotCompute(Reason.NEEDS_NUMBERS)
    if ratings.raters < 2:
        raise CannotCompute(Reason.FEWER_THAN_TWO_RATERS)
    rows, unit = _rows(ratings)
    many, wide = sum(times for _, times in rows), ratings.raters
    if many < 2:
        raise CannotCompute(Reason.FEWER_THAN_TWO_UNITS)
    total = sum(sum(row) * times for row, times in rows)
    middle = Fraction(total**2, many * wide)
    squares = sum(cell**2 * times for row, times in rows for cell in row) - middle
    units = Fraction(sum(sum(row) ** 2 * times for row, times in rows), wide) - middle
    by_rater = [sum(row[place] * times for row, times in rows) for place in range(wide)]
    raters = Fraction(sum(each**2 for each in by_rater), many) - middle
    scaled = Fraction(1, unit**2)
    return Variance(
        units=many,
        raters=wide,
        between_units=units * scaled / (many - 1),
        between_raters=raters * scaled / (wide - 1),
        within_units=(squares - units) * scaled / (many * (wide - 1)),
        rest=(squares - units - raters) * scaled / ((many - 1) * (wide - 1)),
    )


def one_way(ratings: Ratings) -> float:
    """ICC(1): other observers for each unit; how far one rating tells units apart."""
    of = variance(ratings)
    return _share(of.between_units - of.within_units, of.between_units + (of.raters - 1) * of.within_units)


def random_raters(ratings: Ratings) -> float:
    """ICC(2,1): the observers stand for all observers, and being stricter counts as disagreement."""
    of = variance(ratings)
    stricter = of.raters * (of.between_raters - of.rest) / of.units
    return _share(of.between_units - of.rest, of.between_units + (of.raters - 1) * of.rest + stricter)


def these_raters(ratings: Ratings) -> float:
    """ICC(3,1): these observers and no others, and being stricter does not count."""
    of = variance(ratings)
    return _share(of.between_units - of.rest, of.between_units + (of.raters - 1) * of.rest)


def one_way_mean(ratings: Ratings) -> float:
    """ICC(1,k): as ICC(1), of the mean of all observers."""
    of = variance(ratings)
    return _share(of.between_units - of.within_units, of.between_units)


def random_raters_mean(ratings: Ratings) -> float:
    """ICC(2,k): as ICC(2,1), of the mean of all observers."""
    of = variance(ratings)
    return _share(of.between_units - of.rest, of.between_units + (of.between_raters - of.rest) / of.units)


def these_raters_mean(ratings: Ratings) -> float:
    """ICC(3,k): as ICC(3,1), of the mean of all observers. It is Cronbach's alpha."""
    of = variance(ratings)
    return _share(of.between_units - of.rest, of.between_units)


def standard_error(ratings: Ratings) -> float:
    """The standard error of measurement of one rating, in points of the scale, being stricter included.

    It is the spread that would be left if one and the same practice were rated by many observers.
    """
    of = variance(ratings)
    return sqrt((of.between_raters + (of.units - 1) * of.rest) / of.units)


def standard_error_of_mean(ratings: Ratings) -> float:
    """The same of the mean of as many observers as rated."""
    return standard_error(ratings) / sqrt(ratings.raters)


def _share(above: Fraction, below: Fraction) -> float:
    if below == 0:
        raise CannotCompute(Reason.NO_DIFFERENCE)
    return float(above / below)


def _rows(ratings: Ratings) -> tuple[list[tuple[list[int], int]], int]:
    """The units that every observer rated as whole numbers, and how many of these make one point of the scale."""
    numbers = ratings.numbers
    unit = lcm(*(number.denominator for number in numbers))
    whole = [int(number * unit) for number in numbers]
    rows = [
        ([whole[cell] for cell in each.cells if cell is not None], times)
        for each, times in ratings.units
        if each.ratings == ratings.raters
    ]
    return rows, unit
