"""Whether observers who watched the same practice, each for themselves, see it alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rubrics.assessment import Assessment

FEWEST = 2
"""From so many views on there is something to compare."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A criterion on which views lie further apart than was agreed beforehand."""

    criterion: str
    levels: Mapping[int, int]
    """The level that each view gives, by its place among the views. One that did not see it is not among them."""


def differences(views: Sequence[Assessment], threshold: int) -> tuple[Difference, ...]:
    """The criteria on which two views are more than `threshold` levels apart, in the order they were first rated.

    Not observed is not a level: whoever had no occasion to see something differs from nobody.
    """
    if threshold < 0:
        raise ValueError(f"views cannot be {threshold} levels apart")
    criteria = dict.fromkeys(rating.criterion for view in views for rating in view.ratings)
    found = (Difference(criterion, _levels(views, criterion)) for criterion in criteria)
    return tuple(difference for difference in found if _apart(difference.levels) > threshold)


def _levels(views: Sequence[Assessment], criterion: str) -> dict[int, int]:
    ratings = ((place, view.rating(criterion)) for place, view in enumerate(views))
    return {place: rating.level for place, rating in ratings if rating is not None and rating.level is not None}


def _apart(levels: Mapping[int, int]) -> int:
    return max(levels.values()) - min(levels.values()) if len(levels) >= FEWEST else 0
