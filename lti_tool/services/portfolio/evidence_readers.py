"""Who may open what somebody shares as evidence, and who that is by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services.caseload.relations import conflicts_of, relations_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART, display_name, lanes_of
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.evidence import EvidenceState, Sharing, may_open
from rubrics.observation import NEVER_SEEN, State

NOTHING_SEEN = NEVER_SEEN | {State.WITHDRAWN}
"""Whoever was asked for such an observation does not observe anybody by it."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Somebody to whom it is shared."""

    who: Who
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Readers:
    """One way of standing to it, and who stands so, by name: what "who can see this" shows."""

    who: Who
    names: tuple[str, ...]


def may_read(session: Session, visitor: Visitor, row: EvidenceRow) -> bool:
    """Whether somebody other than its owner may open it now."""
    if row.sharing is Sharing.ONLY_ME or row.state is not EvidenceState.READY or row.course_id is None:
        return False
    try:
        standing = standing_of(session, visitor.person_id, row.course_id)
    except NotHere:
        return False
    if _is_withdrawn(session, row.observation_id):
        return False
    relations = relations_of(session, visitor.person_id, row.course_id)
    if row.owner_id in relations.conflicts:
        return False
    supervises = bool(lanes_of(row.owner_id, standing, relations))
    observes = row.observation_id is None and row.owner_id in relations.observes
    if not observes:
        observes = session.scalars(select(_takes_part(visitor.person_id)).where(EvidenceRow.id == row.id)).one()
    return may_open(row.state, row.sharing, supervises=supervises, observes=observes)


def shared_with(session: Session, visitor: Visitor, course_id: UUID) -> ColumnElement[bool]:
    """The condition for evidence of others in this course that the visitor may open; the same rule as `may_read`."""
    standing = standing_of(session, visitor.person_id, course_id)
    relations = relations_of(session, visitor.person_id, course_id)
    supervised: ColumnElement[bool] = true() if standing.lanes and not standing.external else false()
    if standing.lanes and standing.external:
        owners = {owner for owner, lane in relations.supervises if lane in standing.lanes}
        supervised = EvidenceRow.owner_id.in_(owners)
    assigned = and_(EvidenceRow.observation_id.is_(None), EvidenceRow.owner_id.in_(relations.observes))
    observed = or_(_takes_part(visitor.person_id), assigned)
    taken_back = exists().where(
        ObservationRow.id == EvidenceRow.observation_id, ObservationRow.state == State.WITHDRAWN
    )
    return and_(
        EvidenceRow.course_id == course_id,
        EvidenceRow.state == EvidenceState.READY,
        EvidenceRow.owner_id != visitor.person_id,
        EvidenceRow.owner_id.not_in(relations.conflicts),
        ~taken_back,
        or_(
            and_(EvidenceRow.sharing != Sharing.ONLY_ME, supervised),
            and_(EvidenceRow.sharing == Sharing.ASSESSORS, observed),
        ),
    )


def who_would_see(session: Session, row: EvidenceRow, sharing: Sharing) -> tuple[Somebody, ...]:
    """Everybody who could open it if it were shared so, each once, by name."""
    if sharing is Sharing.ONLY_ME or row.course_id is None:
        return ()
    conflicts = conflicts_of(session, row.owner_id) | {row.owner_id}
    found = {one.id: one for one in _observers(session, row)} if sharing is Sharing.ASSESSORS else {}
    found |= {one.id: one for one in _supervisors(session, row.course_id, row.owner_id)}
    return tuple(sorted((one for one in found.values() if one.id not in conflicts), key=lambda one: (one.name, one.id)))


def by_kind(people: Iterable[Somebody]) -> tuple[Readers, ...]:
    """The same, each way of standing once."""
    found: dict[Who, list[str]] = {}
    for one in people:
        found.setdefault(one.who, []).append(one.name)
    return tuple(Readers(who, tuple(found[who])) for who in Who if who in found)


def _is_withdrawn(session: Session, observation_id: UUID | None) -> bool:
    if observation_id is None:
        return False
    state = session.scalars(select(ObservationRow.state).where(ObservationRow.id == observation_id)).one()
    return state is State.WITHDRAWN


def _takes_part(person_id: UUID) -> Any:
    """Has a part in an observation of the owner in the evidence's course; where it belongs to one, in that one."""
    return exists(
        select(ObserverRow.id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObserverRow.person_id == person_id,
            ObserverRow.state.in_(TAKING_PART),
            ObservationRow.trainee_id == EvidenceRow.owner_id,
            ObservationRow.state.not_in(NOTHING_SEEN),
            ActivityRow.course_id == EvidenceRow.course_id,
            or_(EvidenceRow.observation_id.is_(None), EvidenceRow.observation_id == ObservationRow.id),
        )
        .correlate(EvidenceRow)
    )


def _supervisors(session: Session, course_id: UUID, owner_id: UUID) -> list[Somebody]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, MembershipRow.external, GrantRow.lane)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .join(GrantRow, and_(GrantRow.person_id == PersonRow.id, GrantRow.course_id == MembershipRow.course_id))
        .where(
            MembershipRow.course_id == course_id,
            MembershipRow.ended_at.is_(None),
            GrantRow.revoked_at.is_(None),
            GrantRow.lane.is_not(None),
        )
    ).all()
    invited_for = set()
    if any(row.external for row in rows):
        assigned = select(AssignmentRow.person_id, AssignmentRow.lane).where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.trainee_id == owner_id,
            AssignmentRow.lane.is_not(None),
            AssignmentRow.ended_at.is_(None),
        )
        invited_for = {(person_id, lane) for person_id, lane in session.execute(assigned)}
    return [
        Somebody(Who.SUPERVISOR, row.id, display_name(row.id, row.name))
        for row in rows
        if not row.external or (row.id, row.lane) in invited_for
    ]


def _observers(session: Session, row: EvidenceRow) -> list[Somebody]:
    taking_part = (
        select(ObserverRow.person_id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ActivityRow.course_id == row.course_id,
            ObservationRow.trainee_id == row.owner_id,
            ObservationRow.state.not_in(NOTHING_SEEN),
            ObserverRow.state.in_(TAKING_PART),
        )
    )
    if row.observation_id is not None:
        taking_part = taking_part.where(ObservationRow.id == row.observation_id)
    assigned = select(AssignmentRow.person_id).where(
        AssignmentRow.course_id == row.course_id,
        AssignmentRow.trainee_id == row.owner_id,
        AssignmentRow.assigned_as == AssignedAs.OBSERVER,
        AssignmentRow.ended_at.is_(None),
    )
    people: ColumnElement[bool] = PersonRow.id.in_(taking_part)
    if row.observation_id is None:
        people = or_(people, PersonRow.id.in_(assigned))
    found = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(people, MembershipRow.course_id == row.course_id, MembershipRow.ended_at.is_(None))
    )
    return [Somebody(Who.OBSERVER, id_, display_name(id_, name)) for id_, name in found]
