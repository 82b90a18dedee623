"""One observer's ratings and words on one observation."""

from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.refusal import _N, Refused
from rubrics.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class Rating:
    """The level given for one criterion, or that it was not observed, which is not a level and not zero.

    Neither of the two means: not rated yet.
    """

    criterion: str
    level: int | None
    not_observed: bool
    evidence: str

    def __post_init__(self) -> None:
        if self.not_observed and self.level is not None:
            raise ValueError(f"{self.criterion}: not observed and a level at once")


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one observer wrote: a strength first, then perhaps a growth note with its next step."""

    strength: str
    growth: str
    next_step: str
    ratings: tuple[Rating, ...]
    role_drift: bool | None = None
    """Whether the trainee was asked to do what does not belong to the role; None: not said."""

    def __post_init__(self) -> None:
        criteria = [rating.criterion for rating in self.ratings]
        if len(set(criteria)) != len(criteria):
            raise ValueError("a criterion has one rating at most")

    def rating(self, criterion: str) -> Rating | None:
        """The rating of this criterion, or None as long as there is none."""
        return next((rating for rating in self.ratings if rating.criterion == criterion), None)


@dataclass(frozen=True, slots=True)
class Need:
    """What is still needed before sharing, and where.

    Places: `strength`, `next_step`, `ratings.KEY` and `ratings.KEY.evidence`, with the criterion's key.
    """

    place: str
    sentence: str


def still_needed(assessment: Assessment, rubric: Rubric) -> tuple[Need, ...]:
    """What is still needed before the assessment can be shared, in the order of the form; empty when it is ready."""
    return tuple(_needs(assessment, rubric))


def share(assessment: Assessment, rubric: Rubric) -> None:
    """Whether the assessment can be shared. Raises `Refused` ("still_needed") while something is still to come."""
    if still_needed(assessment, rubric):
        raise Refused(
            "still_needed", "A little is still to come before this can be shared. The form shows where; all is kept."
        )


def _needs(assessment: Assessment, rubric: Rubric) -> Iterator[Need]:
    if _blank(assessment.strength):
        yield Need("strength", _N("Please begin with a strength: something that you saw and that helped."))
    for criterion in rubric.criteria:
        yield from _needs_of(criterion, assessment.rating(criterion.key))
    for rating in assessment.ratings:
        if rubric.criterion(rating.criterion) is None:
            yield Need(
                f"ratings.{rating.criterion}", _N("This belongs to another rubric. Please open the observation again.")
            )
    if not _blank(assessment.growth) and _blank(assessment.next_step):
        yield Need("next_step", _N("Please add a next step to the growth note, so that it shows a way on."))


def _needs_of(criterion: Criterion, rating: Rating | None) -> Iterator[Need]:
    place = f"ratings.{criterion.key}"
    if rating is None or (rating.level is None and not rating.not_observed):
        yield Need(place, _choose(criterion))
    elif rating.not_observed:
        if not criterion.may_be_not_observed:
            yield Need(place, _choose(criterion))
    elif criterion.level(rating.level or 0) is None:
        yield Need(place, _N("This level is not part of the rubric. Please choose one of those shown."))
    elif _blank(rating.evidence):
        yield Need(f"{place}.evidence", _N("Please add a sentence: what did you see or hear?"))


def _choose(criterion: Criterion) -> str:
    if criterion.may_be_not_observed:
        return _N("Please choose a level, or that it was not seen today.")
    return _N("Please choose a level. This one is looked at every time.")


def _blank(text: str) -> bool:
    return not text.strip()
