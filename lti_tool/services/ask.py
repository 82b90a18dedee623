"""A trainee asks for an observation and consents to it, or takes it back."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.lines import display_name
from lti_tool.services.moves import held_by_trainee, move_on
from lti_tool.services.places import NotHere, Place, standing_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.observation import Mode, Move, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

OBSERVERS = (Capability.OBSERVER, Capability.SUPERVISOR)
MOST_OBSERVERS = 200


@dataclass(frozen=True, slots=True)
class PersonName:
    """Someone who may be asked, with the lanes they sign in."""

    id: UUID
    name: str
    lanes: frozenset[Lane]


def possible_observers(session: Session, visitor: Visitor, place: Place) -> tuple[PersonName, ...]:
    """Who may observe in this course, by name; never the visitor."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, GrantRow.lane)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(
            GrantRow,
            (GrantRow.person_id == PersonRow.id)
            & (GrantRow.course_id == MembershipRow.course_id)
            & GrantRow.capability.in_(OBSERVERS)
            & GrantRow.revoked_at.is_(None),
        )
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            PersonRow.id != visitor.person_id,
            or_(MembershipRow.capability == Capability.OBSERVER, GrantRow.id.is_not(None)),
        )
        .order_by(PersonRow.id)
        .limit(MOST_OBSERVERS)
    )
    found: dict[UUID, PersonName] = {}
    for person_id, name, lane in rows:
        lanes = found[person_id].lanes if person_id in found else frozenset()
        lanes |= {lane} if lane else set()
        found[person_id] = PersonName(person_id, display_name(person_id, name), lanes)
    return tuple(sorted(found.values(), key=lambda person: person.name.casefold()))


def _observes(session: Session, person_id: UUID, place: Place) -> bool:
    try:
        return bool(standing_of(session, person_id, place.course.id).capabilities & set(OBSERVERS))
    except NotHere:
        return False


def request(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    observer_id: UUID,
    mode: Mode,
    recorded: bool,
    note: str | None,
    now: datetime,
) -> UUID:
    """Ask someone to observe, agreeing to how it will be seen. Raises `Refused`."""
    if observer_id == visitor.person_id or not _observes(session, observer_id, place):
        raise Refused(
            "not_an_observer", "This person does not observe in this course. Please choose someone from the list."
        )
    observation = ObservationRow(
        id=new_id(),
        organization_id=place.organization_id,
        activity_id=place.activity.id,
        rubric_version_id=place.activity.rubric_version_id,
        trainee_id=visitor.person_id,
        observer_id=observer_id,
        state=State.REQUESTED,
        salt=secrets.token_urlsafe(16),
        note=note or None,
        requested_at=now,
        changed_at=now,
    )
    session.add(observation)
    session.flush()
    session.add(
        ObserverRow(
            id=new_id(),
            organization_id=place.organization_id,
            observation_id=observation.id,
            person_id=observer_id,
            state=ObserverState.ASKED,
            asked_at=now,
        )
    )
    session.add(
        ConsentRow(
            id=new_id(),
            organization_id=place.organization_id,
            observation_id=observation.id,
            mode=mode,
            recorded=recorded,
            agreed_at=now,
        )
    )
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="observation.request",
        subject=f"observation:{observation.id}",
        now=now,
        observer=str(observer_id),
        mode=mode.value,
        recorded=recorded,
    )
    move_on(session, observation, Move.CONSENT, person_id=visitor.person_id, now=now)
    return observation.id


def withdraw(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take consent back: the observation is hidden from everyone else at once. No reason is asked."""
    observation = held_by_trainee(session, visitor, observation_id)
    move_on(session, observation, Move.WITHDRAW, person_id=visitor.person_id, now=now)
    consent = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation.id)).one()
    consent.withdrawn_at = now
