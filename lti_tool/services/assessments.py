"""An observer's ratings and words, between rows and the core's value."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.places import NotHere
from lti_tool.store.observations import AssessmentRow, RatingRow
from rubrics.assessment import Assessment, Rating


def own_assessment(session: Session, observation_id: UUID, observer_id: UUID) -> AssessmentRow:
    """The observer's assessment of the observation. Raises `NotHere` before it was begun."""
    row = session.scalars(
        select(AssessmentRow).where(
            AssessmentRow.observation_id == observation_id, AssessmentRow.observer_id == observer_id
        )
    ).one_or_none()
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
    )
