"""The second observer of an observation that was drawn: asked only once the trainee agreed to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.parts import add_part, parts_of
from lti_tool.services.asking.second_drawing import can_be_second
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.observations.moves import held, held_by_trainee
from lti_tool.store.calibration import DoubleObservationRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from rubrics.observation import BEFORE, State
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Asked:
    """What the trainee is asked: whether somebody may observe beside the one they asked."""

    person_id: UUID
    name: str


def asked_of_trainee(session: Session, visitor: Visitor, observation_id: UUID) -> Asked | None:
    """Whom the visitor, the trainee, may agree to as second observer; None where nothing is asked of them."""
    found = session.execute(
        select(DoubleObservationRow.person_id, PersonRow.name, ObservationRow)
        .join(ObservationRow, ObservationRow.id == DoubleObservationRow.observation_id)
        .join(PersonRow, PersonRow.id == DoubleObservationRow.person_id)
        .where(
            DoubleObservationRow.observation_id == observation_id,
            DoubleObservationRow.ended_at.is_(None),
            ObservationRow.trainee_id == visitor.person_id,
            ObservationRow.needed_observers == 1,
            ObservationRow.state.in_(BEFORE),
        )
    ).one_or_none()
    if found is None:
        return None
    person_id, name, observation = found
    if person_id not in {one.id for one in can_be_second(session, observation)}:
        return None
    return Asked(person_id, display_name(person_id, name))


def agree(session: Session, visitor: Visitor, observation_id: UUID, person_id: UUID, now: datetime) -> None:
    """The trainee agrees to be observed by this person too, who is asked then. Raises `NotHere`.

    `Refused` ("second_changed") where it is another person by now, or nothing is asked any more.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    row = _row(session, observation_id)
    if person_id in {one.person_id for one in parts_of(session, observation_id)}:
        return
    asked = asked_of_trainee(session, visitor, observation_id)
    if row.ended_at is not None or asked is None or asked.person_id != person_id:
        raise Refused("second_changed", "This changed meanwhile. Please read it again before you decide.")
    add_part(session, observation, person_id, now, visitor.person_id)
    observation.needed_observers = len(parts_of(session, observation_id))
    observation.changed_at = now
    session.flush()
    _audit(session, observation, "observation.second_agreed", visitor, now, observer=str(person_id))


def decline(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """The trainee would rather have one observer; no reason is asked, and another observation is drawn instead.

    Raises `NotHere`, and `Refused` ("second_changed") once the second one was asked.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    row = _row(session, observation_id)
    if observation.needed_observers != 1:
        raise Refused("second_changed", "This changed meanwhile. Please read it again before you decide.")
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, observation, "observation.second_not", visitor, now)


def choose(
    session: Session, visitor: Visitor, activity_id: UUID, observation_id: UUID, person_id: UUID, now: datetime
) -> None:
    """An instructor says who the second is to be; the trainee is asked. Raises `NotHere`, `Refused`."""
    observation = held(session, visitor, observation_id)
    row = _row(session, observation_id)
    if observation.activity_id != activity_id or observation.state is State.WITHDRAWN:
        raise NotHere
    if row.ended_at is not None or observation.state not in BEFORE or observation.needed_observers != 1:
        raise Refused("second_over", "Nobody is looked for here any more. The list says how it is.")
    if person_id not in {one.id for one in can_be_second(session, observation)}:
        raise Refused("not_an_observer", "This person cannot be asked here. Please choose someone from the list.")
    if row.person_id == person_id:
        return
    row.person_id, row.reminders, row.reminded_at = person_id, 0, None
    session.flush()
    _audit(session, observation, "observation.second_chosen", visitor, now, observer=str(person_id))
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def _row(session: Session, observation_id: UUID) -> DoubleObservationRow:
    row = session.scalars(
        select(DoubleObservationRow)
        .where(DoubleObservationRow.observation_id == observation_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _audit(
    session: Session, observation: ObservationRow, act: str, visitor: Visitor, now: datetime, **facts: str
) -> None:
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
        **facts,
    )
