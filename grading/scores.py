"""What the gradebook should show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

MAXIMUM = Decimal(100)
"""A column runs from 0 to this, except one that counts: its maximum is the number that is required."""
LAST = 3
"""Over how many observations a mean of the last ones is taken, where nobody chose."""
PLACES = 2
"""Scores have two decimal places, halves rounded to the even neighbor."""


class ColumnShows(StrEnum):
    """What an activity's gradebook column shows, as the instructor chose when placing it."""

    COMPLETION = "completion"
    """the share of the required observations that are finished"""
    RUBRIC_RESULT = "rubric_result"
    """the rubric's result of all finished observations together"""
    LATEST = "latest"
    """the rubric's result of the latest finished observation"""
    BEST = "best"
    """the best of the rubric's results"""
    MEAN_OF_LAST = "mean_of_last"
    """the mean of the rubric's results of the last few finished observations"""
    COUNT = "count"
    """how many of the required observations are finished, a point each"""
    MET = "met"
    """everything, once so many observations are finished as are required, in each of which all that must be met is
    met; nothing before: "not yet" is an empty cell, as a 0 would count as if something had gone badly"""


class ProgramColumnShows(StrEnum):
    """What a gradebook column shows of a program, as the instructor chose when placing it."""

    PROGRESS = "progress"
    """the share of the requirements that are met"""
    HOURS = "hours"
    """the share of the hours that one requirement asks for"""
    MET = "met"
    """everything, once all requirements for certification are met; nothing before"""


class Nothing(StrEnum):
    """Why a column shows nothing for somebody."""

    NOTHING_FINISHED = "nothing_finished"
    NOT_YET = "not_yet"
    """so far it is not often enough that everything that must be met was seen and met"""
    NOT_MET = "not_met"
    """something that must be met was seen, and was not met yet"""
    NOTHING_RATED = "nothing_rated"
    """nobody rated anything that is averaged"""


@dataclass(frozen=True, slots=True)
class DesiredScore:
    """The number that a column should show for one person. It has no place for words, and never will."""

    score: Decimal
    maximum: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.score <= self.maximum:
            raise ValueError(f"{self.score} is not within 0 and {self.maximum}")


def score_of(score: Decimal | None, maximum: Decimal | None) -> DesiredScore | None:
    """The two numbers as one; None where there is no score."""
    return None if score is None or maximum is None else DesiredScore(score, maximum)


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
    must_be_met: Mapping[str, int] = field(default_factory=dict)
    """The criteria of that edition that must be met, each with the level from which it is. None is ever averaged."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of an activity shows."""

    shows: ColumnShows
    required: int
    """How many observations each trainee needs."""
    last: int = LAST
    """Over how many the mean is taken, where it shows that."""


def desired_score(column: Column, finished: Sequence[FinishedObservation]) -> DesiredScore | None:
    """What the column should show; None means "send nothing", and is never the same as 0.

    Where the column shows the latest ones, `finished` stands in the order in which they were held; elsewhere its
    order never matters. A criterion that was not observed counts neither way, as does an observation with a pilot
    rubric.
    """
    counted = [observation for observation in finished if not observation.pilot]
    match column.shows:
        case ColumnShows.COMPLETION:
            return _of_maximum(_completion(column.required, len(counted)))
        case ColumnShows.COUNT:
            return _count(column.required, len(counted))
        case ColumnShows.MET:
            return _everything(sum(is_met(one) for one in counted) >= _at_least_one(column.required))
        case ColumnShows.RUBRIC_RESULT:
            return _of_maximum(_mean_of([share for one in counted if not is_unmet(one) for share in _shares(one)]))
        case ColumnShows.BEST:
            return _of_maximum(max((_result(one) for one in counted if _has_number(one)), default=None))
        case ColumnShows.LATEST:
            return _of_maximum(_mean_of_last(1, counted))
        case ColumnShows.MEAN_OF_LAST:
            return _of_maximum(_mean_of_last(column.last, counted))


def why_nothing(column: Column, finished: Sequence[FinishedObservation]) -> Nothing:
    """Why `desired_score` says None for the same."""
    counted = [observation for observation in finished if not observation.pilot]
    if not counted:
        return Nothing.NOTHING_FINISHED
    if column.shows is ColumnShows.MET:
        return Nothing.NOT_YET
    return Nothing.NOT_MET if any(is_unmet(one) for one in counted) else Nothing.NOTHING_RATED


def is_unmet(observation: FinishedObservation) -> bool:
    """Whether something that must be met was seen and not met, by the lowest level that an observer gave.

    Of several observers the lowest counts: what must be met is not outweighed by whoever did not see it go wrong.
    """
    lowest = _lowest(observation)
    return any(key in lowest and lowest[key] < met_at for key, met_at in observation.must_be_met.items())


def is_met(observation: FinishedObservation) -> bool:
    """Whether everything that must be met was seen, and was met. What nobody saw is not known to be met."""
    lowest = _lowest(observation)
    return all(key in lowest and lowest[key] >= met_at for key, met_at in observation.must_be_met.items())


def met_score(*, met: int, asked: int) -> DesiredScore | None:
    """What a program's column shows as met or not yet: everything once all that is asked for is met, else nothing.

    "Not yet" is an empty cell, not a 0: a 0 would count into a course's total as if something had gone badly.
    """
    return _everything(bool(asked) and _within(met, asked) == asked)


def progress_score(*, met: int, asked: int) -> DesiredScore | None:
    """What a program's column shows as progress: the share of what is asked for that is met; None before anything is.

    `asked` counts what stands in the way of certification, and leaves out what is not asked of this person.
    """
    return _of_maximum(Fraction(met, asked)) if _within(met, asked) else None


def hours_score(*, sure: Decimal | None, asked: Decimal) -> DesiredScore | None:
    """What a program's column shows as hours: the share of those asked for that count; None before any does.

    Hours beyond what is asked for raise nothing.
    """
    if asked <= 0:
        raise ValueError(f"at least some hours are asked for, not {asked}")
    if not sure:
        return None
    return _of_maximum(min(Fraction(sure) / Fraction(asked), Fraction(1)))


def _within(met: int, asked: int) -> int:
    if not 0 <= met <= asked:
        raise ValueError(f"{met} met of {asked}")
    return met


def _of_maximum(share: Fraction | None) -> DesiredScore | None:
    return None if share is None else DesiredScore(_rounded(share * Fraction(MAXIMUM)), MAXIMUM)


def _everything(met: bool) -> DesiredScore | None:
    return DesiredScore(MAXIMUM, MAXIMUM) if met else None


def _completion(required: int, finished: int) -> Fraction | None:
    return Fraction(min(finished, required), _at_least_one(required)) if finished else None


def _count(required: int, finished: int) -> DesiredScore | None:
    return DesiredScore(Decimal(min(finished, _at_least_one(required))), Decimal(required)) if finished else None


def _at_least_one(required: int) -> int:
    if required < 1:
        raise ValueError(f"at least one observation is required, not {required}")
    return required


def _mean_of_last(count: int, finished: Sequence[FinishedObservation]) -> Fraction | None:
    """Nothing as long as one of them does not meet what must be met: an older one does not step in for it.

    One of which nothing was rated that counts is passed over, as it counts neither way.
    """
    if count < 1:
        raise ValueError(f"the mean is taken over at least one observation, not {count}")
    last = [one for one in finished if is_unmet(one) or _shares(one)][-count:]
    return None if any(is_unmet(one) for one in last) else _mean_of([_result(one) for one in last])


def _has_number(observation: FinishedObservation) -> bool:
    return not is_unmet(observation) and bool(_shares(observation))


def _result(observation: FinishedObservation) -> Fraction:
    return _mean(_shares(observation))


def _shares(observation: FinishedObservation) -> list[Fraction]:
    """Of each criterion that is averaged and that anybody saw, the mean share of its top level."""
    return [
        _mean([_share_of_top(criterion, level, observation.tops) for level in levels])
        for criterion, levels in _levels(observation).items()
        if criterion not in observation.must_be_met
    ]


def _lowest(observation: FinishedObservation) -> dict[str, int]:
    return {criterion: min(levels) for criterion, levels in _levels(observation).items()}


def _levels(observation: FinishedObservation) -> dict[str, list[int]]:
    """The levels that were given for each criterion that anybody saw."""
    found: dict[str, list[int]] = {}
    for criterion, level in observation.ratings:
        if level is not None:
            found.setdefault(criterion, []).append(level)
    return found


def _mean_of(values: Sequence[Fraction]) -> Fraction | None:
    return _mean(values) if values else None


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
