"""An instructor asks somebody else to observe, where somebody did not answer or has no part in it any more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.parts import add_part, end_part, parts_of
from lti_tool.services.asking.possible_observers import PersonName, possible_observers
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine
from lti_tool.services.observations.moves import held, move_on
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow, ObserverState
from rubrics.observation import BEFORE, Move, State, move
from rubrics.refusal import Refused


def who_can_be_asked(
    session: Session, place: Place, observation: ObservationRow | ObservationLine
) -> tuple[PersonName, ...]:
    """Who may observe the trainee and has no part in this one yet: those assigned to them first."""
    parts = {row.person_id for row in parts_of(session, observation.id)}
    return tuple(
        one for one in possible_observers(session, observation.trainee_id, place.course.id) if one.id not in parts
    )


def ask_another(
    session: Session,
    visitor: Visitor,
    place: Place,
    observation_id: UUID,
    *,
    instead_of: UUID | None,
    person_id: UUID,
    now: datetime,
) -> None:
    """Ask this person in the place of another (None: of whoever has no part in it any more).

    The trainee agreed to be seen by somebody else, so that consent is theirs to give anew: what they chose before is
    proposed to them. What they told beforehand was for the other one, and is taken away. Raises `NotHere`, `Refused`
    where it has begun (not_now), or for somebody who cannot be asked (not_an_observer).
    """
    observation = of_place(session, visitor, place, observation_id)
    if observation.state not in BEFORE:
        move(observation.state, Move.PROPOSE)
    if person_id not in {one.id for one in who_can_be_asked(session, place, observation)}:
        raise Refused("not_an_observer", "This person cannot be asked here. Please choose someone from the list.")
    if instead_of is not None:
        end_part(session, observation, instead_of, ObserverState.REPLACED, now)
    _ask(session, observation, person_id, now, visitor.person_id)
    left = parts_of(session, observation.id)
    observation.observer_id = left[0].person_id
    observation.needed_observers = len(left)
    _consent_anew(session, observation, visitor, now)
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.ask_another",
        subject=f"observation:{observation.id}",
        now=now,
        observer=str(person_id),
    )
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def remind(session: Session, visitor: Visitor, place: Place, observation_id: UUID, now: datetime) -> None:
    """Have everybody reminded who was asked and has not answered. Raises `NotHere`."""
    observation = of_place(session, visitor, place, observation_id)
    for row in parts_of(session, observation.id):
        if row.state is ObserverState.ASKED:
            notify.reminder(session, organization_id=observation.organization_id, person_id=row.person_id, now=now)
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.remind",
        subject=f"observation:{observation.id}",
        now=now,
    )


def of_place(session: Session, visitor: Visitor, place: Place, observation_id: UUID) -> ObservationRow:
    """The observation of this activity, locked. Raises `NotHere`, also for one that was taken back."""
    observation = held(session, visitor, observation_id)
    if observation.activity_id != place.activity.id or observation.state is State.WITHDRAWN:
        raise NotHere
    return observation


def _ask(session: Session, observation: ObservationRow, person_id: UUID, now: datetime, by: UUID) -> None:
    """Whoever was asked before and had no part any more is asked again."""
    row = session.scalars(
        select(ObserverRow).where(
            ObserverRow.observation_id == observation.id,
            ObserverRow.person_id == person_id,
            ObserverRow.state.not_in(TAKING_PART),
        )
    ).one_or_none()
    if row is None:
        add_part(session, observation, person_id, now, by)
        return
    row.state, row.asked_at, row.answered_at = ObserverState.ASKED, now, None
    session.flush()
    notify.of_observation(session, observation, person_id, now, by=by)


def _consent_anew(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> None:
    consent = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation.id)).one_or_none()
    if consent is not None:
        observation.proposed_mode, observation.proposed_recorded = consent.mode, consent.recorded
        session.delete(consent)
    observation.note = None
    observation.asked_by = visitor.person_id
    if observation.ends_at is not None and observation.ends_at <= now:
        observation.starts_at = observation.ends_at = observation.proposed_by = None
    elif observation.starts_at is not None:
        observation.proposed_by = visitor.person_id
    session.flush()
    move_on(session, observation, Move.PROPOSE, person_id=visitor.person_id, now=now)
