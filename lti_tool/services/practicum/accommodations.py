"""What is different for somebody so that they can take part: its effect, for who meets it. Why is kept nowhere."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_see
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.store.care import AccommodationRow, Adjustment
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import BEFORE, UNDER_WAY, State

NOTHING: frozenset[Adjustment] = frozenset()
WHILE_IT_IS_HELD = BEFORE | UNDER_WAY
TO_ANSWER = frozenset({State.SHARED})
MET_IN = {
    Adjustment.INTERPRETER: WHILE_IT_IS_HELD,
    Adjustment.SHORTER_SESSIONS: WHILE_IT_IS_HELD,
    Adjustment.TALK_INSTEAD: TO_ANSWER,
    Adjustment.AUDIO_ANSWER: TO_ANSWER,
}
"""In which states people who have a part in an observation meet an adjustment. More time is in its date alone."""
ONES_OWN = frozenset({Adjustment.AUDIO_ANSWER})
"""What nobody but the trainee has to know of to play their part."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What stands for one person in one course, today."""

    adjustments: frozenset[Adjustment]
    more_days: int


def arranged_for(session: Session, course_id: UUID, person_id: UUID, now: datetime) -> Arranged:
    """What is arranged for the person in the course: nothing, once its last day has passed."""
    row = session.execute(
        select(AccommodationRow.adjustments, AccommodationRow.more_days).where(
            AccommodationRow.course_id == course_id,
            AccommodationRow.person_id == person_id,
            AccommodationRow.ended_at.is_(None),
            or_(AccommodationRow.until.is_(None), AccommodationRow.until >= now.date()),
        )
    ).one_or_none()
    if row is None:
        return Arranged(NOTHING, 0)
    return Arranged(frozenset(Adjustment(one) for one in row.adjustments), row.more_days)


def days_to_answer(session: Session, observation: ObservationRow, now: datetime) -> int:
    """How many days the trainee of this observation has for an answer: those of the activity, and what is arranged."""
    activity = session.execute(
        select(ActivityRow.response_days, ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)
    ).one()
    more = arranged_for(session, activity.course_id, observation.trainee_id, now).more_days
    return int(activity.response_days) + more


def met_by(session: Session, seen: ObservationLine, who: frozenset[Who], now: datetime) -> frozenset[Adjustment]:
    """What this reader of the observation meets of it now: what they have to know to play their part, no more."""
    if not may_see(Field.ADJUSTMENT, who):
        return NOTHING
    arranged = arranged_for(session, seen.course_id, seen.trainee_id, now).adjustments
    met = frozenset(one for one in arranged if seen.state in MET_IN.get(one, ()))
    return met if Who.TRAINEE in who else met - ONES_OWN
