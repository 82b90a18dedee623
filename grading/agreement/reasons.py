"""Why a statistic cannot be worked out."""

from collections.abc import Mapping
from enum import StrEnum

from grading.agreement.ratings import Ratings
from rubrics.refusal import _N


class Reason(StrEnum):
    """The reasons, by names that are stable."""

    FEWER_THAN_TWO_RATERS = "fewer_than_two_raters"
    NO_UNIT_RATED_TWICE = "no_unit_rated_twice"
    NO_VARIATION = "no_variation"
    NOT_TWO_RATERS = "not_two_raters"
    NEEDS_ORDER = "needs_order"
    NEEDS_NUMBERS = "needs_numbers"
    BELOW_ZERO = "below_zero"
    FEWER_THAN_TWO_UNITS = "fewer_than_two_units"
    NO_DIFFERENCE = "no_difference"
    NEEDS_WEIGHTS = "needs_weights"
    WEIGHTS_ONE_WAY = "weights_one_way"


SAID: Mapping[Reason, str] = {
    Reason.FEWER_THAN_TWO_RATERS: _N("fewer than two observers rated"),
    Reason.NO_UNIT_RATED_TWICE: _N("nothing was rated by two observers"),
    Reason.NO_VARIATION: _N("no variation: everybody used one level, so nothing shows what chance would have done"),
    Reason.NOT_TWO_RATERS: _N("it compares two observers, and there are more"),
    Reason.NEEDS_ORDER: _N("these levels have no order"),
    Reason.NEEDS_NUMBERS: _N("it needs numbers, and an order of levels at least"),
    Reason.BELOW_ZERO: _N("a ratio scale has nothing below zero"),
    Reason.FEWER_THAN_TWO_UNITS: _N("fewer than two units were rated by every observer"),
    Reason.NO_DIFFERENCE: _N("what was rated does not differ, so there is nothing to tell apart"),
    Reason.NEEDS_WEIGHTS: _N("it needs weights of your own"),
    Reason.WEIGHTS_ONE_WAY: _N("it needs weights that are the same both ways"),
}
"""What follows “cannot be computed because”."""


class CannotCompute(Exception):
    """There is no such number; `reason` says why, in words by `SAID`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(SAID[reason])
        self.reason = reason


def look_at_pairs(ratings: Ratings) -> None:
    """Raises `CannotCompute` unless something was rated by two."""
    if ratings.raters < 2:
        raise CannotCompute(Reason.FEWER_THAN_TWO_RATERS)
    if not any(unit.ratings > 1 for unit, _ in ratings.units):
        raise CannotCompute(Reason.NO_UNIT_RATED_TWICE)
