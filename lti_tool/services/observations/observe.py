"""The observer's acts while it goes on: begin, write, stop. Giving it in is `services.observations.handing_in`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.assessments import EMPTY, assessment_of, found_assessment, ratings_of, write
from lti_tool.services.observations.assessments import NARRATIVE_LIMIT as NARRATIVE_LIMIT
from lti_tool.services.observations.assessments import Change as Change
from lti_tool.services.observations.assessments import RatingChange as RatingChange
from lti_tool.services.observations.ending import decline as decline
from lti_tool.services.observations.ending import stop as stop
from lti_tool.services.observations.handing_in import hand_in
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.services.observations.moves import held_by_observer, move_on, takes_part
from lti_tool.services.observations.views import keep_before
from lti_tool.store.base import new_id
from lti_tool.store.observations import AssessmentRow, ConsentRow, ObservationRow, ObserverRow, ObserverState
from rubrics.assessment import Assessment, Need, still_needed
from rubrics.consent import PersonServed, may_open_form
from rubrics.observation import UNDER_WAY, Move, State
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

share = hand_in
"""Of a single observer: what is handed in is shared."""


@dataclass(frozen=True, slots=True)
class Form:
    """The rating form as it stands."""

    observation: ObservationLine
    rubric: Rubric
    assessment: Assessment
    saved_at: datetime | None
    needs: tuple[Need, ...]


def person_served(
    session: Session, visitor: Visitor, observation_id: UUID, answer: PersonServed, now: datetime
) -> None:
    """Record whether the person who is supported agreed, and open the form; of several observers one asks for all.

    Raises `Refused` where they did not: the observation then does not take place.
    """
    observation = held_by_observer(session, visitor, observation_id)
    consent = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation.id)).one_or_none()
    if consent is None:
        raise Refused("not_now", "The trainee has not agreed to this yet. It can begin once they have.")
    may_open_form(answer, consent.mode)
    if observation.state is not State.IN_PROGRESS or consent.person_served is None:
        move_on(session, observation, Move.BEGIN, person_id=visitor.person_id, now=now)
        consent.person_served = answer
    _own_draft(session, observation, visitor, now)


def form(session: Session, visitor: Visitor, observation_id: UUID) -> Form:
    """The visitor's own draft. Raises `NotHere` for anyone but an observer, and `Refused` while it is not open."""
    seen = line(session, visitor.organization_id, observation_id)
    if not takes_part(session, observation_id, visitor.person_id) or seen.state is State.WITHDRAWN:
        raise NotHere
    standing_of(session, visitor.person_id, seen.course_id)
    row = found_assessment(session, observation_id, visitor.person_id)
    if seen.state is State.PAUSED or not _open(seen.state, row):
        raise _not_open()
    assessment = assessment_of(row, ratings_of(session, row.id)) if row else EMPTY
    rubric = rubric_of(session, _version_of(session, observation_id)).rubric
    return Form(seen, rubric, assessment, row.saved_at if row else None, still_needed(assessment, rubric))


def save(session: Session, visitor: Visitor, observation_id: UUID, change: Change, now: datetime) -> datetime:
    """Keep what was typed, finished or not. Raises `Refused` once the draft was given in or ended.

    What was still being typed when somebody paused is kept too.
    Where observers meet, and where one takes it up again after the trainee's words, what was there before is kept.
    """
    observation = held_by_observer(session, visitor, observation_id)
    if observation.state is State.WITHDRAWN:
        raise NotHere
    row = found_assessment(session, observation.id, visitor.person_id)
    if not _open(observation.state, row):
        raise _not_open()
    row = row or _own_draft(session, observation, visitor, now)
    if observation.state not in UNDER_WAY:
        keep_before(session, observation, row, now)
    write(session, row, change, rubric_of(session, observation.rubric_version_id).rubric, now)
    return now


def _open(state: State, row: AssessmentRow | None) -> bool:
    """Whether an observer may write: until they hand in, and again in a meeting, or after the trainee's words."""
    if state in UNDER_WAY:
        return row is None or row.submitted_at is None
    return state in (State.IN_MODERATION, State.AMENDING) and row is not None


def _own_draft(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> AssessmentRow:
    """The visitor's draft, made when they first open it; with it they have agreed to observe."""
    row = found_assessment(session, observation.id, visitor.person_id)
    if row is not None:
        return row
    row = AssessmentRow(
        id=new_id(),
        organization_id=observation.organization_id,
        observation_id=observation.id,
        observer_id=visitor.person_id,
        saved_at=now,
    )
    session.add(row)
    session.execute(
        update(ObserverRow)
        .where(
            ObserverRow.observation_id == observation.id,
            ObserverRow.person_id == visitor.person_id,
            ObserverRow.state == ObserverState.ASKED,
        )
        .values(state=ObserverState.AGREED, answered_at=now)
    )
    session.flush()
    return row


def _version_of(session: Session, observation_id: UUID) -> UUID:
    return session.scalars(select(ObservationRow.rubric_version_id).where(ObservationRow.id == observation_id)).one()


def _not_open() -> Refused:
    return Refused(
        "form_closed", "This form is closed: it was shared, stopped, or not begun yet. Nothing that was saved is lost."
    )
