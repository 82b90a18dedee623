"""The second observer of an observation that was drawn: asked only once the trainee agreed to it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit, notify
from lti_tool.services.assignments import can_take_on
from lti_tool.services.lines import TAKING_PART, display_name
from lti_tool.services.moves import held, held_by_trainee
from lti_tool.services.parts import add_part, parts_of
from lti_tool.services.places import NotHere
from lti_tool.services.possible_observers import PersonName, possible_observers
from lti_tool.services.times import check_free, span_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.calibration import DoubleObservationRow, DoublePlanRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.people import PersonRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.refusal import Refused
from rubrics.second_observer import needs_second

WITHOUT_A_TRACE = (State.DECLINED, State.CANCELED, State.NOT_HELD, State.STOPPED, State.WITHDRAWN)
"""Nothing of these was seen: another observation takes their place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the trainee is asked: whether somebody may observe beside the one they asked."""

    person_id: UUID
    name: str


def share_of(session: Session, activity_id: UUID) -> int | None:
    """Of how many percent of the observations of this activity a second observer is planned; None: of none."""
    return session.scalars(
        select(DoublePlanRow.share).where(DoublePlanRow.activity_id == activity_id, DoublePlanRow.ended_at.is_(None))
    ).one_or_none()


def draw(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> None:
    """Draw whether this new observation is to have a second observer; nobody chooses. At most once for each.

    Nothing happens where none is planned, or it has several observers already.
    """
    if observation.needed_observers != 1 or observation.supersedes_id is not None:
        return
    plan = session.scalars(
        select(DoublePlanRow)
        .where(DoublePlanRow.activity_id == observation.activity_id, DoublePlanRow.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if plan is None or not _is_drawn(session, plan, observation):
        return
    person = suggested(session, observation, visitor, now)
    session.add(
        DoubleObservationRow(
            id=new_id(), organization_id=observation.organization_id, observation_id=observation.id, plan_id=plan.id,
            person_id=person.id if person else None, chosen_at=now,
        )
    )  # fmt: skip
    session.flush()
    _audit(session, observation, "observation.second_drawn", visitor, now)
    if observation.trainee_id != visitor.person_id and person is not None:
        notify.of_observation(session, observation, observation.trainee_id, now, by=None)


def suggested(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> PersonName | None:
    """Who has the least to observe now of those who may observe the trainee, are there and are free at its time.

    Where several have as little, who it is follows from the observation, and is nobody's choice. None: nobody is found.
    """
    can = [one for one in can_be_second(session, observation) if _is_free(session, observation, one.id, visitor)]
    course_id = _course_of(session, observation)
    room = can_take_on(session, course_id, now.date())
    there = [one for one in can if not (one.id in room and room[one.id].away)]
    load = _load(session, [one.id for one in there])
    return min(there, key=lambda one: (load.get(one.id, 0), _lot(observation.id, one.id)), default=None)


def can_be_second(session: Session, observation: ObservationRow) -> tuple[PersonName, ...]:
    """Who may observe the trainee, and was not asked for this one yet: nobody with whom a conflict stands."""
    asked = set(session.scalars(select(ObserverRow.person_id).where(ObserverRow.observation_id == observation.id)))
    course_id = _course_of(session, observation)
    return tuple(one for one in possible_observers(session, observation.trainee_id, course_id) if one.id not in asked)


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


def _is_drawn(session: Session, plan: DoublePlanRow, observation: ObservationRow) -> bool:
    """The plan is locked, so that of two new observations one comes after the other."""
    before = session.scalars(
        select(func.count(ObservationRow.id)).where(
            ObservationRow.activity_id == plan.activity_id,
            ObservationRow.requested_at >= plan.set_at,
            ObservationRow.supersedes_id.is_(None),
            ObservationRow.id != observation.id,
        )
    ).one()
    doubled = session.scalars(
        select(func.count(DoubleObservationRow.id))
        .join(ObservationRow, ObservationRow.id == DoubleObservationRow.observation_id)
        .where(
            DoubleObservationRow.plan_id == plan.id,
            DoubleObservationRow.ended_at.is_(None),
            ObservationRow.state.not_in(WITHOUT_A_TRACE),
            ObservationRow.state.in_(BEFORE) | (ObservationRow.needed_observers > 1),
        )
    ).one()
    return needs_second(str(plan.id), plan.share, before=before, doubled=doubled)


def _row(session: Session, observation_id: UUID) -> DoubleObservationRow:
    row = session.scalars(
        select(DoubleObservationRow)
        .where(DoubleObservationRow.observation_id == observation_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _is_free(session: Session, observation: ObservationRow, person_id: UUID, visitor: Visitor) -> bool:
    span = span_of(observation)
    if span is None:
        return True
    try:
        check_free(session, person_id, span, observation, visitor)
    except Refused:
        return False
    return True


def _load(session: Session, people: list[UUID]) -> dict[UUID, int]:
    """How many observations each has before them, or is to be the second of."""
    open_states = (*BEFORE, *UNDER_WAY)
    parts = session.execute(
        select(ObserverRow.person_id, func.count(ObserverRow.id))
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .where(
            ObserverRow.person_id.in_(people),
            ObserverRow.state.in_(TAKING_PART),
            ObservationRow.state.in_(open_states),
        )
        .group_by(ObserverRow.person_id)
    )
    found = {row[0]: row[1] for row in parts}
    to_be = session.execute(
        select(DoubleObservationRow.person_id, func.count(DoubleObservationRow.id))
        .join(ObservationRow, ObservationRow.id == DoubleObservationRow.observation_id)
        .where(
            DoubleObservationRow.person_id.in_(people),
            DoubleObservationRow.ended_at.is_(None),
            ObservationRow.state.in_(BEFORE),
            ObservationRow.needed_observers == 1,
        )
        .group_by(DoubleObservationRow.person_id)
    )
    for person_id, number in to_be:
        if person_id is not None:
            found[person_id] = found.get(person_id, 0) + number
    return found


def _lot(observation_id: UUID, person_id: UUID) -> bytes:
    return hashlib.sha256(observation_id.bytes + person_id.bytes).digest()


def _course_of(session: Session, observation: ObservationRow) -> UUID:
    return session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)).one()


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
