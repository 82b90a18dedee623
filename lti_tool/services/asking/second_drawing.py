"""Which observations have a second observer, and who it is to be: drawn evenly, and nobody's choice."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.possible_observers import PersonName, possible_observers
from lti_tool.services.asking.times import check_free, span_of
from lti_tool.services.caseload.assignments import can_take_on
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import TAKING_PART
from lti_tool.store.base import new_id
from lti_tool.store.calibration import DoubleObservationRow, DoublePlanRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.refusal import Refused
from rubrics.second_observer import needs_second

WITHOUT_A_TRACE = (State.DECLINED, State.CANCELED, State.NOT_HELD, State.STOPPED, State.WITHDRAWN)
"""Nothing of these was seen: another observation takes their place."""


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
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.second_drawn",
        subject=f"observation:{observation.id}",
        now=now,
    )
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
