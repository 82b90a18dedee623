"""Ending an observation without a reason: not taken on, called off, stopped while it goes on; or pausing it."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.parts import end_part
from lti_tool.services.asking.times import held_by_either, settle, tell_others
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.moves import held_by_observer, held_by_trainee, move_on
from lti_tool.services.observations.words_away import take_away_what_was_said_beforehand, take_words_away
from lti_tool.store.observations import ObserverState
from rubrics.observation import Move, move
from rubrics.refusal import Refused


def decline(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Say no to observing; no reason is asked. With the last one it ends; before that only their part does."""
    observation = held_by_observer(session, visitor, observation_id)
    move(observation.state, Move.DECLINE)
    tell_others(session, observation, visitor, now)
    if not end_part(session, observation, visitor.person_id, ObserverState.DECLINED, now):
        take_away_what_was_said_beforehand(observation)
        move_on(session, observation, Move.DECLINE, person_id=visitor.person_id, now=now)
        return
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.decline_part",
        subject=f"observation:{observation.id}",
        now=now,
    )
    with suppress(Refused):  # the others may have agreed already; if the time does not suit them, it stays open
        settle(session, observation, visitor, now)


def cancel(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """The trainee calls it off before it has begun, or says no to what somebody else proposed."""
    observation = held_by_trainee(session, visitor, observation_id)
    move_on(session, observation, Move.CANCEL, person_id=visitor.person_id, now=now)
    take_away_what_was_said_beforehand(observation)
    tell_others(session, observation, visitor, now)


def stop(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Either side ends it; it has no effect on the trainee, and what was drafted is taken away."""
    observation = held_by_either(session, visitor, observation_id)
    move_on(session, observation, Move.STOP, person_id=visitor.person_id, now=now)
    observation.paused_at = None
    tell_others(session, observation, visitor, now)
    session.flush()
    take_words_away(session, [observation.id])


def pause(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Either side pauses it. Nothing is lost, and no time runs."""
    observation = held_by_either(session, visitor, observation_id)
    move_on(session, observation, Move.PAUSE, person_id=visitor.person_id, now=now)
    observation.paused_at = now
    tell_others(session, observation, visitor, now)


def resume(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Either side lets it go on."""
    observation = held_by_either(session, visitor, observation_id)
    move_on(session, observation, Move.RESUME, person_id=visitor.person_id, now=now)
    observation.paused_at = None
    tell_others(session, observation, visitor, now)
