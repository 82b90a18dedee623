"""An observer's ratings and words, between rows and the core's value; keeping what was typed, finished or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.store.observations import AssessmentRow, RatingRow
from rubrics.assessment import Assessment, Rating
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

NARRATIVE_LIMIT = 20_000
EMPTY = Assessment(strength="", growth="", next_step="", ratings=())


class RoleDrift(StrEnum):
    """What the form holds about the role; not said is an answer that takes another one back."""

    YES = "yes"
    NO = "no"
    NOT_SAID = "not_said"


ROLE_DRIFT: Mapping[RoleDrift, bool | None] = {RoleDrift.YES: True, RoleDrift.NO: False, RoleDrift.NOT_SAID: None}


@dataclass(frozen=True, slots=True)
class RatingChange:
    """What the form holds for one criterion; `level` None with `not_observed` False is "not rated yet"."""

    level: int | None
    not_observed: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Change:
    """What to save: only the fields that are given."""

    strength: str | None = None
    growth: str | None = None
    next_step: str | None = None
    role_drift: RoleDrift | None = None
    ratings: Mapping[str, RatingChange] = field(default_factory=dict)


def found_assessment(session: Session, observation_id: UUID, observer_id: UUID) -> AssessmentRow | None:
    """The observer's assessment of the observation; None before anything of it was kept."""
    return session.scalars(
        select(AssessmentRow).where(
            AssessmentRow.observation_id == observation_id, AssessmentRow.observer_id == observer_id
        )
    ).one_or_none()


def own_assessment(session: Session, observation_id: UUID, observer_id: UUID) -> AssessmentRow:
    """The observer's assessment of the observation. Raises `NotHere` before it was begun."""
    row = found_assessment(session, observation_id, observer_id)
    if row is None:
        raise NotHere
    return row


def ratings_of(session: Session, assessment_id: UUID) -> Sequence[RatingRow]:
    """The ratings that were given so far."""
    return session.scalars(
        select(RatingRow).where(RatingRow.assessment_id == assessment_id).order_by(RatingRow.criterion)
    ).all()


def assessment_of(row: AssessmentRow, ratings: Sequence[RatingRow]) -> Assessment:
    """The rows as the core's value."""
    return Assessment(
        strength=row.strength or "",
        growth=row.growth or "",
        next_step=row.next_step or "",
        ratings=tuple(
            Rating(
                criterion=rating.criterion,
                level=rating.level,
                not_observed=rating.not_observed,
                evidence=rating.evidence or "",
            )
            for rating in ratings
        ),
        role_drift=row.role_drift,
    )


def write(session: Session, row: AssessmentRow, change: Change, rubric: Rubric, now: datetime) -> None:
    """Keep what was typed. Raises `Refused` for what is too long, or not of the rubric: then nothing of it is kept."""
    for name in ("strength", "growth", "next_step"):
        text = getattr(change, name)
        if text is not None and text != getattr(row, name):
            setattr(row, name, narrative(text))
    if change.role_drift is not None:
        row.role_drift = ROLE_DRIFT[change.role_drift]
    _write_ratings(session, row, change.ratings, rubric)
    row.saved_at = now
    session.flush()


def narrative(text: str) -> str | None:
    """What a person wrote, as it is kept; None for nothing. Raises `Refused` where it is too long."""
    if len(text) > NARRATIVE_LIMIT:
        raise Refused(
            "too_long",
            "This text is longer than %(limit)s characters. Please shorten it; what was saved before is kept.",
            limit=NARRATIVE_LIMIT,
        )
    return text.replace("\x00", "").strip() or None


def _write_ratings(session: Session, row: AssessmentRow, changes: Mapping[str, RatingChange], rubric: Rubric) -> None:
    kept = {rating.criterion: rating for rating in ratings_of(session, row.id)}
    criteria = {criterion.key: criterion for criterion in rubric.criteria}
    for key, change in changes.items():
        levels = {level.number for level in criteria[key].levels} if key in criteria else set()
        if key not in criteria or (change.level is not None and change.level not in levels):
            raise Refused("not_in_rubric", "This form no longer fits its rubric. Please open the observation again.")
        rating = kept.get(key) or RatingRow(assessment_id=row.id, criterion=key, organization_id=row.organization_id)
        rating.level = None if change.not_observed else change.level
        rating.not_observed = change.not_observed
        rating.evidence = narrative(change.evidence)
        session.add(rating)
