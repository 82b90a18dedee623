"""How the trainee sees it themselves: the same form, optional, shown beside the others and never counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.assessments import EMPTY, Change, assessment_of, found_assessment, ratings_of, write
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.services.observations.moves import held_by_trainee
from lti_tool.store.base import new_id
from lti_tool.store.observations import AssessmentRow, ObservationRow
from rubrics.assessment import Assessment
from rubrics.observation import UNDER_WAY, State
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

OPEN = UNDER_WAY | {State.CONSENTED, State.DRAFTED, State.IN_MODERATION, State.SHARED}
"""From the consent on, until the trainee answers."""


@dataclass(frozen=True, slots=True)
class SelfForm:
    """The form as it stands."""

    observation: ObservationLine
    rubric: Rubric
    assessment: Assessment
    saved_at: datetime | None
    given: bool


def is_open(line: ObservationLine) -> bool:
    """Whether the trainee may still write it, give it, or keep it to themselves."""
    return line.state in OPEN and line.answered_at is None


def form(session: Session, visitor: Visitor, observation_id: UUID) -> SelfForm:
    """The visitor's own, of their own observation. Raises `NotHere`, and `Refused` once it was answered or ended."""
    seen = line(session, visitor.organization_id, observation_id)
    if seen.trainee_id != visitor.person_id or seen.state is State.WITHDRAWN:
        raise NotHere
    if not is_open(seen):
        raise _closed()
    row = found_assessment(session, seen.id, visitor.person_id)
    rubric = rubric_of(session, session.get_one(ObservationRow, seen.id).rubric_version_id).rubric
    if row is None:
        return SelfForm(seen, rubric, EMPTY, None, False)
    return SelfForm(
        seen, rubric, assessment_of(row, ratings_of(session, row.id)), row.saved_at, row.submitted_at is not None
    )


def save(session: Session, visitor: Visitor, observation_id: UUID, change: Change, now: datetime) -> datetime:
    """Keep what was typed, however little. What was given is first kept to oneself again. Raises `Refused`."""
    observation = _held(session, visitor, observation_id)
    row = found_assessment(session, observation.id, visitor.person_id)
    if row is not None and row.submitted_at is not None:
        raise Refused("given", "You gave this. To change it, please keep it to yourself first; nothing is lost.")
    write(
        session,
        row or _begin(session, observation, now),
        change,
        rubric_of(session, observation.rubric_version_id).rubric,
        now,
    )
    return now


def give(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Let the observers, once they have said what they saw, and those who sign read it. Raises `Refused`."""
    observation = _held(session, visitor, observation_id)
    row = found_assessment(session, observation.id, visitor.person_id)
    if row is None or _is_empty(assessment_of(row, ratings_of(session, row.id))):
        raise Refused("nothing_to_give", "There is nothing in it yet. You can also leave it: it is optional.")
    if row.submitted_at is not None:
        return
    row.submitted_at = now
    session.flush()
    _audit(session, observation, "self_assessment.give", now)
    if observation.state is State.SHARED:
        notify.of_observation(session, observation, observation.observer_id, now, by=visitor.person_id)


def keep(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Keep it to oneself again, at once. Raises `Refused`."""
    observation = _held(session, visitor, observation_id)
    row = found_assessment(session, observation.id, visitor.person_id)
    if row is not None and row.submitted_at is not None:
        row.submitted_at = None
        session.flush()
        _audit(session, observation, "self_assessment.keep", now)


def _held(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationRow:
    observation = held_by_trainee(session, visitor, observation_id)
    if observation.state is State.WITHDRAWN:
        raise NotHere
    if observation.state not in OPEN or observation.answered_at is not None:
        raise _closed()
    return observation


def _begin(session: Session, observation: ObservationRow, now: datetime) -> AssessmentRow:
    row = AssessmentRow(
        id=new_id(),
        organization_id=observation.organization_id,
        observation_id=observation.id,
        observer_id=observation.trainee_id,
        of_oneself=True,
        saved_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _is_empty(assessment: Assessment) -> bool:
    texts = (assessment.strength, assessment.growth, assessment.next_step)
    rated = any(rating.level is not None or rating.not_observed or rating.evidence for rating in assessment.ratings)
    return not any(texts) and not rated


def _audit(session: Session, observation: ObservationRow, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=observation.trainee_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
    )


def _closed() -> Refused:
    return Refused(
        "self_closed", "How you see it can be written until you answer. What you wrote before is kept on its page."
    )
