"""What the gradebook should show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MAXIMUM = Decimal(100)
"""Every column runs from 0 to this."""
PLACES = 2
"""Scores have two decimal places, halves rounded to the even neighbor."""


class ColumnShows(StrEnum):
    """What an activity's gradebook column shows, as the instructor chose when placing it."""

    COMPLETION = "completion"
    """the share of the required observations that are finished"""
    RUBRIC_RESULT = "rubric_result"
    """the rubric's result of the finished observations"""


@dataclass(frozen=True, slots=True)
class DesiredScore:
    """The number that a column should show for one person. It has no place for words, and never will."""

    score: Decimal
    maximum: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.score <= self.maximum:
            raise ValueError(f"{self.score} is not within 0 and {self.maximum}")


@dataclass(frozen=True, slots=True)
class FinishedObservation:
    """A released observation: the level of each criterion, None for one that was not observed.

    With several observers a criterion stands there once for each of them; it counts with the mean of their levels,
    so that it weighs the same however many saw it. A self-assessment is not among them.
    """

    ratings: tuple[tuple[str, int | None], ...]
    tops: Mapping[str, int]
    """The top level of each criterion, of the edition that it was rated with."""
    pilot: bool = False
    """Rated with a rubric that is still being tried out: it sets no score."""


def desired_score(*, shows: ColumnShows, required: int, finished: Sequence[FinishedObservation]) -> DesiredScore | None:
    """What the column should show; None means "send nothing", and is never the same as 0.

    The order of `finished` never matters, and a criterion that was not observed counts neither way, as does an
    observation with a pilot rubric.
    """
    counted = [observation for observation in finished if not observation.pilot]
    match shows:
        case ColumnShows.COMPLETION:
            share = _completion(required, len(counted))
        case ColumnShows.RUBRIC_RESULT:
            share = _rubric_result(counted)
    return None if share is None else DesiredScore(_rounded(share * Fraction(MAXIMUM)), MAXIMUM)


def _completion(required: int, finished: int) -> Fraction | None:
    if required < 1:
        raise ValueError(f"at least one observation is required, not {required}")
    return Fraction(min(finished, required), required) if finished else None


def _rubric_result(finished: Sequence[FinishedObservation]) -> Fraction | None:
    shares = [
        _mean([_share_of_top(criterion, level, observation.tops) for level in levels])
        for observation in finished
        for criterion, levels in _levels(observation).items()
    ]
    return _mean(shares) if shares else None


def _levels(observation: FinishedObservation) -> dict[str, list[int]]:
    """The levels that were given for each criterion that anybody saw."""
    found: dict[str, list[int]] = {}
    for criterion, level in observation.ratings:
        if level is not None:
            found.setdefault(criterion, []).append(level)
    return found


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, start=Fraction(0)) / len(values)


def _share_of_top(criterion: str, level: int, tops: Mapping[str, int]) -> Fraction:
    if criterion not in tops or not 1 <= level <= tops[criterion]:
        raise ValueError(f"level {level} of {criterion} is not in the rubric")
    return Fraction(level, tops[criterion])


def _rounded(value: Fraction) -> Decimal:
    # Fraction rounds exactly, halves to even; Decimal would round twice for some values.
    rounded = round(value, PLACES)
    return (Decimal(rounded.numerator) / rounded.denominator).quantize(Decimal(1).scaleb(-PLACES))
