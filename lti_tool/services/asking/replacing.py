"""Asking somebody else to observe, in the place of one who could not, or with whom the trainee would rather not."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.parts import add_part, end_part, parts_of
from lti_tool.services.asking.possible_observers import possible_observers
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.moves import held_by_trainee, move_on
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from rubrics.observation import BEFORE, Move, State, move
from rubrics.refusal import Refused


def replace(
    session: Session, visitor: Visitor, observation_id: UUID, *, person_id: UUID | None, by_id: UUID, now: datetime
) -> None:
    """Ask somebody else in the place of this observer (None: of one who could not); by the trainee, no reason asked.

    Raises `Refused`: where it has begun (not_now), for somebody who cannot be asked (not_an_observer), where it
    already has all its observers (all_there), and for a second change of mind, which goes through an instructor
    (ask_instructor).
    """
    observation = held_by_trainee(session, visitor, observation_id)
    if observation.state not in BEFORE:
        move(observation.state, Move.PROPOSE)
    _check_choice(session, observation, by_id)
    if person_id is not None:
        _change_of_mind(session, observation, person_id, now)
    elif len(parts_of(session, observation.id)) >= _wanted(session, observation):
        raise Refused("all_there", "Everybody who is needed has been asked. Please open the observation again.")
    add_part(session, observation, by_id, now, visitor.person_id)
    left = parts_of(session, observation.id)
    observation.needed_observers = len(left)
    observation.observer_id = left[0].person_id
    observation.changed_at = now
    _not_agreed_any_more(session, observation, visitor.person_id, now)
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.replace_observer",
        subject=f"observation:{observation.id}",
        now=now,
    )


def _not_agreed_any_more(session: Session, observation: ObservationRow, person_id: UUID, now: datetime) -> None:
    """The trainee stands behind the time that was agreed; the one who is asked now has not agreed to it."""
    if observation.starts_at is not None and observation.state is not State.REQUESTED:
        observation.proposed_by = observation.trainee_id
        move_on(session, observation, Move.PROPOSE, person_id=person_id, now=now)


def _change_of_mind(session: Session, observation: ObservationRow, person_id: UUID, now: datetime) -> None:
    before = session.scalars(
        select(ObserverRow.id).where(
            ObserverRow.observation_id == observation.id, ObserverRow.state == ObserverState.REPLACED
        )
    ).first()
    if before is not None:
        raise Refused(
            "ask_instructor",
            "You asked for someone else once. For another change please talk with an instructor of your course; "
            "you can also call this off. Nothing is lost.",
        )
    if person_id not in {row.person_id for row in parts_of(session, observation.id)}:
        raise Refused("not_taking_part", "This person has no part in it any more. Please open the observation again.")
    end_part(session, observation, person_id, ObserverState.REPLACED, now)


def _check_choice(session: Session, observation: ObservationRow, person_id: UUID) -> None:
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)).one()
    had_part = session.scalars(
        select(ObserverRow.id).where(ObserverRow.observation_id == observation.id, ObserverRow.person_id == person_id)
    ).first()
    possible = {person.id for person in possible_observers(session, observation.trainee_id, course_id)}
    if had_part is not None or person_id not in possible:
        raise Refused(
            "not_an_observer", "This person does not observe in this course. Please choose someone from the list."
        )


def _wanted(session: Session, observation: ObservationRow) -> int:
    return session.scalars(select(ActivityRow.observers).where(ActivityRow.id == observation.activity_id)).one()
