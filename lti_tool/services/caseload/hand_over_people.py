"""Who writes a hand-over note about whom, and who reads it once the trainee agreed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.caseload.relations import conflicts_of, relations_of
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow

STILL_WRITES = timedelta(days=30)
"""So long after an assignment ended, whoever had it can still hand over."""
MOST = 500


def supervises(session: Session, place: Place, person_id: UUID) -> frozenset[UUID]:
    """Trainees of the course whom the person is assigned to supervise, in a lane that is theirs, with no conflict."""
    relations = relations_of(session, person_id, place.course.id)
    assigned = {trainee_id for trainee_id, lane in relations.supervises if lane in place.lanes}
    return frozenset(assigned) - relations.conflicts


def supervisors_of(session: Session, course_id: UUID, trainee_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """The other way round, by name: who reads what this trainee agreed to."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(AssignmentRow, AssignmentRow.person_id == PersonRow.id)
        .join(
            GrantRow,
            and_(
                GrantRow.person_id == PersonRow.id,
                GrantRow.course_id == AssignmentRow.course_id,
                GrantRow.lane == AssignmentRow.lane,
                GrantRow.capability == Capability.SUPERVISOR,
                GrantRow.revoked_at.is_(None),
            ),
        )
        .join(
            MembershipRow,
            and_(
                MembershipRow.person_id == PersonRow.id,
                MembershipRow.course_id == AssignmentRow.course_id,
                MembershipRow.ended_at.is_(None),
            ),
        )
        .where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.trainee_id == trainee_id,
            AssignmentRow.assigned_as == AssignedAs.SUPERVISOR,
            AssignmentRow.ended_at.is_(None),
        )
        .distinct()
    ).all()
    apart = conflicts_of(session, trainee_id) if rows else frozenset()
    return _by_name((person_id, name) for person_id, name in rows if person_id not in apart)


def writes_about(session: Session, place: Place, person_id: UUID, now: datetime) -> tuple[tuple[UUID, str], ...]:
    """About whom the person can write one: whom they observe or supervise, or did until lately, and themselves."""
    assigned = select(AssignmentRow.trainee_id).where(
        AssignmentRow.course_id == place.course.id,
        AssignmentRow.person_id == person_id,
        AssignmentRow.assigned_as != AssignedAs.MENTOR,
        or_(AssignmentRow.ended_at.is_(None), AssignmentRow.ended_at > now - STILL_WRITES),
    )
    observed = (
        select(ObservationRow.trainee_id)
        .join(ObserverRow, ObserverRow.observation_id == ObservationRow.id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ActivityRow.course_id == place.course.id,
            ObserverRow.person_id == person_id,
            ObserverRow.state == ObserverState.AGREED,
        )
    )
    them: list[ColumnElement[bool]] = [PersonRow.id.in_(assigned), PersonRow.id.in_(observed)]
    if Capability.TRAINEE in place.capabilities:
        them.append(PersonRow.id == person_id)
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.ended_at.is_(None), or_(*them))
        .limit(MOST)
    ).all()
    apart = conflicts_of(session, person_id) if rows else frozenset()
    return _by_name((trainee_id, name) for trainee_id, name in rows if trainee_id not in apart)


def _by_name(found: Iterable[tuple[UUID, str | None]]) -> tuple[tuple[UUID, str], ...]:
    named = ((person_id, display_name(person_id, name)) for person_id, name in found)
    return tuple(sorted(named, key=lambda person: person[1].casefold()))
