"""Who may be asked to observe one trainee in one course."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.sign_off import Lane

OBSERVERS = (Capability.OBSERVER, Capability.SUPERVISOR)
MOST_OBSERVERS = 200


@dataclass(frozen=True, slots=True)
class PersonName:
    """Someone who may be asked, with the lanes they sign in."""

    id: UUID
    name: str
    lanes: frozenset[Lane]
    assigned: bool = False
    """Whether they were assigned to this trainee."""


_POSSIBLE: Any = (
    select(PersonRow.id, PersonRow.name, GrantRow.lane, MembershipRow.external)
    .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
    .outerjoin(
        GrantRow,
        (GrantRow.person_id == PersonRow.id)
        & (GrantRow.course_id == MembershipRow.course_id)
        & GrantRow.capability.in_(OBSERVERS)
        & GrantRow.revoked_at.is_(None),
    )
    .where(
        MembershipRow.course_id == bindparam("course_id"),
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
        PersonRow.id != bindparam("trainee_id"),
        or_(MembershipRow.capability == Capability.OBSERVER, GrantRow.id.is_not(None)),
    )
    .order_by(PersonRow.id)
    .limit(MOST_OBSERVERS)
)
_ASSIGNED: Any = select(AssignmentRow.person_id).where(
    AssignmentRow.course_id == bindparam("course_id"),
    AssignmentRow.trainee_id == bindparam("trainee_id"),
    AssignmentRow.assigned_as != AssignedAs.MENTOR,
    AssignmentRow.ended_at.is_(None),
)


def possible_observers(session: Session, trainee_id: UUID, course_id: UUID) -> tuple[PersonName, ...]:
    """Who may observe this trainee: those assigned to them first, then by name.

    Never the trainee, nobody with whom a conflict stands, and whom Attune invited only if assigned to the trainee.
    """
    asked = {"trainee_id": trainee_id, "course_id": course_id}
    assigned = frozenset(session.scalars(_ASSIGNED, asked))
    apart = conflicts_of(session, trainee_id)
    found: dict[UUID, PersonName] = {}
    for person_id, name, lane, external in session.execute(_POSSIBLE, asked):
        if person_id in apart or (external and person_id not in assigned):
            continue
        lanes = found[person_id].lanes if person_id in found else frozenset()
        lanes |= {lane} if lane else set()
        found[person_id] = PersonName(person_id, display_name(person_id, name), lanes, person_id in assigned)
    return tuple(sorted(found.values(), key=lambda person: (not person.assigned, person.name.casefold())))


def observers_of(session: Session, trainee_id: UUID, observation_id: UUID | None) -> frozenset[UUID]:
    """Who took part in an observation of this trainee: left out where they would like somebody else the next time."""
    found = (
        select(ObserverRow.person_id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .where(ObservationRow.id == observation_id, ObservationRow.trainee_id == trainee_id)
    )
    return frozenset(session.scalars(found)) if observation_id is not None else frozenset()
