"""The observer's acts: begin, write, stop, share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services.assessments import assessment_of, own_assessment, ratings_of
from lti_tool.services.author import rubric_of
from lti_tool.services.lines import ObservationLine, line
from lti_tool.services.moves import held_by_observer, move_on, takes_part
from lti_tool.services.places import NotHere, standing_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRow, ConsentRow, ObservationRow, ObserverRow, ObserverState, RatingRow
from rubrics.assessment import Assessment, Need, still_needed
from rubrics.assessment import share as check_complete
from rubrics.consent import PersonServed, may_open_form
from rubrics.observation import Move, State
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

NARRATIVE_LIMIT = 20_000


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
    ratings: Mapping[str, RatingChange] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """The rating form as it stands."""

    observation: ObservationLine
    rubric: Rubric
    assessment: Assessment
    saved_at: datetime | None
    needs: tuple[Need, ...]


def decline(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Say no to observing; no reason is asked. The trainee may ask someone else."""
    observation = held_by_observer(session, visitor, observation_id)
    observation.note = None
    session.execute(
        update(ObserverRow)
        .where(ObserverRow.observation_id == observation.id, ObserverRow.person_id == visitor.person_id)
        .values(state=ObserverState.DECLINED, answered_at=now)
    )
    move_on(session, observation, Move.DECLINE, person_id=visitor.person_id, now=now)


def person_served(
    session: Session, visitor: Visitor, observation_id: UUID, answer: PersonServed, now: datetime
) -> None:
    """Record whether the person who is supported agreed, and open the form.

    Raises `Refused` where they did not: the observation then does not take place.
    """
    observation = held_by_observer(session, visitor, observation_id)
    consent = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation.id)).one()
    may_open_form(answer, consent.mode)
    move_on(session, observation, Move.BEGIN, person_id=visitor.person_id, now=now)
    consent.person_served = answer
    session.add(
        AssessmentRow(
            organization_id=observation.organization_id,
            observation_id=observation.id,
            observer_id=visitor.person_id,
            saved_at=now,
        )
    )


def form(session: Session, visitor: Visitor, observation_id: UUID) -> Form:
    """The visitor's own draft. Raises `NotHere` for anyone but the observer, and `Refused` outside the draft."""
    seen = line(session, visitor.organization_id, observation_id)
    if not takes_part(session, observation_id, visitor.person_id) or seen.state is State.WITHDRAWN:
        raise NotHere
    standing_of(session, visitor.person_id, seen.course_id)
    if seen.state is not State.IN_PROGRESS:
        raise _not_open()
    row = own_assessment(session, observation_id, visitor.person_id)
    assessment = assessment_of(row, ratings_of(session, row.id))
    rubric = rubric_of(session, _version_of(session, observation_id)).rubric
    return Form(seen, rubric, assessment, row.saved_at, still_needed(assessment, rubric))


def save(session: Session, visitor: Visitor, observation_id: UUID, change: Change, now: datetime) -> datetime:
    """Keep what was typed, finished or not. Raises `Refused` once the draft was shared or ended."""
    observation = held_by_observer(session, visitor, observation_id)
    if observation.state is State.WITHDRAWN:
        raise NotHere
    if observation.state is not State.IN_PROGRESS:
        raise _not_open()
    row = own_assessment(session, observation_id, visitor.person_id)
    for name in ("strength", "growth", "next_step"):
        text = getattr(change, name)
        if text is not None and text != getattr(row, name):
            setattr(row, name, _narrative(text))
    _save_ratings(session, row, change.ratings, rubric_of(session, observation.rubric_version_id).rubric)
    row.saved_at = now
    session.flush()
    return now


def _save_ratings(session: Session, row: AssessmentRow, changes: Mapping[str, RatingChange], rubric: Rubric) -> None:
    kept = {rating.criterion: rating for rating in ratings_of(session, row.id)}
    criteria = {criterion.key: criterion for criterion in rubric.criteria}
    for key, change in changes.items():
        levels = {level.number for level in criteria[key].levels} if key in criteria else set()
        if key not in criteria or (change.level is not None and change.level not in levels):
            raise Refused("not_in_rubric", "This form no longer fits its rubric. Please open the observation again.")
        rating = kept.get(key) or RatingRow(assessment_id=row.id, criterion=key, organization_id=row.organization_id)
        rating.level = None if change.not_observed else change.level
        rating.not_observed = change.not_observed
        rating.evidence = _narrative(change.evidence)
        session.add(rating)


def stop(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Stop, without a reason and without effect on the trainee: what was drafted is taken away."""
    observation = held_by_observer(session, visitor, observation_id)
    observation.note = None
    move_on(session, observation, Move.STOP, person_id=visitor.person_id, now=now)
    for row in session.scalars(select(AssessmentRow).where(AssessmentRow.observation_id == observation.id)).all():
        for rating in ratings_of(session, row.id):
            session.delete(rating)
        session.flush()
        session.delete(row)


def share(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Give the draft to the trainee and open their window to answer. Raises `Refused` while something is needed."""
    observation = held_by_observer(session, visitor, observation_id)
    if observation.state is not State.IN_PROGRESS:
        raise _not_open()
    row = own_assessment(session, observation_id, visitor.person_id)
    rubric = rubric_of(session, observation.rubric_version_id).rubric
    check_complete(assessment_of(row, ratings_of(session, row.id)), rubric)
    days = session.scalars(select(ActivityRow.response_days).where(ActivityRow.id == observation.activity_id)).one()
    row.submitted_at = now
    observation.shared_at = now
    observation.respond_until = _end_of_day(now + timedelta(days=days))
    move_on(session, observation, Move.HAND_IN, person_id=visitor.person_id, now=now)
    move_on(session, observation, Move.SHARE, person_id=visitor.person_id, now=now)


def _end_of_day(moment: datetime) -> datetime:
    """A window that is shown as a day lasts to the end of it."""
    return moment.replace(hour=23, minute=59, second=59, microsecond=0)


def _version_of(session: Session, observation_id: UUID) -> UUID:
    return session.scalars(select(ObservationRow.rubric_version_id).where(ObservationRow.id == observation_id)).one()


def _narrative(text: str) -> str | None:
    if len(text) > NARRATIVE_LIMIT:
        raise Refused(
            "too_long",
            "This text is longer than %(limit)s characters. Please shorten it; what was saved before is kept.",
            limit=NARRATIVE_LIMIT,
        )
    return text.replace("\x00", "").strip() or None


def _not_open() -> Refused:
    return Refused(
        "form_closed", "This form is closed: it was shared, stopped, or not begun yet. Nothing that was saved is lost."
    )
