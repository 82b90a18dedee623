"""What each observer saw of one observation, side by side, and how the trainee sees it themselves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.observations.assessments import assessment_of, ratings_of
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine, ObserverLine
from lti_tool.store.base import new_id
from lti_tool.store.observations import AssessmentRevisionRow, AssessmentRow, ObservationRow, ObserverState, RatingRow
from rubrics.assessment import Assessment, Rating
from rubrics.observation import READ_BY_TRAINEE


@dataclass(frozen=True, slots=True)
class Revision:
    """How a view stood before it was amended."""

    number: int
    assessment: Assessment
    shared_at: datetime | None
    """When the trainee got it; None where it was amended before anything was shared."""
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class View:
    """What one observer handed in, and what they answered to the trainee's words."""

    observer_id: UUID
    observer_name: str
    assessment: Assessment
    reply: str | None
    replied_at: datetime | None
    revisions: tuple[Revision, ...]
    """First kept first."""


def views_of(session: Session, line: ObservationLine) -> tuple[View, ...]:
    """All views that are handed in, in the order of `line.observers`. Who may read them, the caller asks."""
    rows = {
        row.observer_id: row
        for row in session.scalars(
            select(AssessmentRow).where(
                AssessmentRow.observation_id == line.id,
                AssessmentRow.of_oneself.is_(False),
                AssessmentRow.submitted_at.is_not(None),
            )
        )
    }
    there = [(who, rows[who.person_id]) for who in line.observers if who.person_id in rows and _counts(who, line)]
    ids = [row.id for _, row in there]
    ratings, revisions = _ratings(session, ids), _revisions(session, ids)
    return tuple(
        View(
            observer_id=who.person_id,
            observer_name=who.name,
            assessment=assessment_of(row, ratings.get(row.id, ())),
            reply=row.reply if row.replied_at else None,
            replied_at=row.replied_at,
            revisions=tuple(revisions.get(row.id, ())),
        )
        for who, row in there
    )


def self_view(session: Session, line: ObservationLine, *, given: bool = True) -> Assessment | None:
    """How the trainee sees it themselves, once they gave it; with `given` False also what they keep to themselves."""
    row = session.scalars(
        select(AssessmentRow).where(
            AssessmentRow.observation_id == line.id, AssessmentRow.observer_id == line.trainee_id
        )
    ).one_or_none()
    if row is None or (given and row.submitted_at is None):
        return None
    return assessment_of(row, _ratings(session, [row.id]).get(row.id, ()))


def keep_before(session: Session, observation: ObservationRow, row: AssessmentRow, now: datetime) -> None:
    """Keep the view as it stands, before it is amended: once for each time that the observation is taken up."""
    kept = select(AssessmentRevisionRow).where(AssessmentRevisionRow.assessment_id == row.id)
    before = session.scalars(kept.order_by(AssessmentRevisionRow.number)).all()
    if any(revision.shared_at == observation.shared_at for revision in before):
        return
    assessment = assessment_of(row, ratings_of(session, row.id))
    session.add(
        AssessmentRevisionRow(
            id=new_id(),
            organization_id=row.organization_id,
            assessment_id=row.id,
            number=len(before) + 1,
            document=json.dumps(_document(assessment), ensure_ascii=False),
            shared_at=observation.shared_at,
            kept_at=now,
        )
    )
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=row.observer_id,
        act="assessment.amend",
        subject=f"observation:{observation.id}",
        now=now,
    )


def as_shared(view: View, shared_at: datetime | None) -> View:
    """The view as the trainee got it at that moment, while its observer rewrites it."""
    given = next((kept for kept in view.revisions if kept.shared_at is not None and kept.shared_at == shared_at), None)
    return view if given is None else replace(view, assessment=given.assessment)


def _counts(who: ObserverLine, line: ObservationLine) -> bool:
    """Whoever was recused before it was shared has no view in it; what was shared with the trainee stays."""
    return who.state in TAKING_PART or (who.state is ObserverState.RECUSED and line.state in READ_BY_TRAINEE)


def _ratings(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[RatingRow]]:
    found: dict[UUID, list[RatingRow]] = {}
    if ids:
        for row in session.scalars(
            select(RatingRow).where(RatingRow.assessment_id.in_(ids)).order_by(RatingRow.criterion)
        ):
            found.setdefault(row.assessment_id, []).append(row)
    return found


def _revisions(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Revision]]:
    found: dict[UUID, list[Revision]] = {}
    if ids:
        for row in session.scalars(
            select(AssessmentRevisionRow)
            .where(AssessmentRevisionRow.assessment_id.in_(ids))
            .order_by(AssessmentRevisionRow.number)
        ):
            kept = Revision(row.number, _assessment(json.loads(row.document)), row.shared_at, row.kept_at)
            found.setdefault(row.assessment_id, []).append(kept)
    return found


def _document(assessment: Assessment) -> dict[str, Any]:
    return {
        "strength": assessment.strength,
        "growth": assessment.growth,
        "next_step": assessment.next_step,
        "ratings": [
            {
                "criterion": rating.criterion,
                "level": rating.level,
                "not_observed": rating.not_observed,
                "evidence": rating.evidence,
            }
            for rating in assessment.ratings
        ],
        "role_drift": assessment.role_drift,
    }


def _assessment(document: dict[str, Any]) -> Assessment:
    return Assessment(
        strength=document["strength"],
        growth=document["growth"],
        next_step=document["next_step"],
        ratings=tuple(Rating(**rating) for rating in document["ratings"]),
        role_drift=document.get("role_drift"),
    )
