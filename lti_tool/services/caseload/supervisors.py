"""Who supervises in a course, for whom, and who answers a trainee who would like supervision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignmentRow, AvailabilityRow, ConflictRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.sign_off import Lane
from rubrics.supervision import Assigned, who_answers


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody was assigned to supervise a trainee."""

    trainee_id: UUID
    person_id: UUID
    lane: Lane
    backup: bool


@dataclass(frozen=True, slots=True)
class Team:
    """The supervisors of one course."""

    names: Mapping[UUID, str]
    lanes: Mapping[UUID, frozenset[Lane]]
    external: frozenset[UUID]
    """Invited inside Attune: they supervise whom they are assigned to, and nobody else."""
    away: frozenset[UUID]
    assigned: tuple[Assignment, ...]
    """Of supervisors who are still in the course, to the trainees that were asked about."""
    conflicts: frozenset[tuple[UUID, UUID]]
    """Two between whom a conflict stands, each way round; which side declared it is not told."""
    instructors: frozenset[UUID]

    def lanes_for(self, person_id: UUID, trainee_id: UUID) -> frozenset[Lane]:
        """The lanes in which the person may supervise the trainee."""
        if person_id == trainee_id or (person_id, trainee_id) in self.conflicts:
            return frozenset()
        lanes = self.lanes.get(person_id, frozenset())
        if person_id not in self.external:
            return lanes
        mine = {one.lane for one in self.assigned if one.person_id == person_id and one.trainee_id == trainee_id}
        return lanes & mine

    def answering(self, trainee_id: UUID, wished: Lane | None) -> frozenset[UUID]:
        """Who is told that the trainee would like supervision, in this lane or in any."""
        assigned = [
            Assigned(str(one.person_id), one.lane, one.backup, one.person_id in self.away)
            for one in self.assigned
            if one.trainee_id == trainee_id and one.lane in self.lanes_for(one.person_id, trainee_id)
        ]
        others = {
            str(person_id)
            for person_id in self.lanes
            if person_id not in self.away and _fits(self.lanes_for(person_id, trainee_id), wished)
        }
        leading = {str(one) for one in self.instructors if (one, trainee_id) not in self.conflicts}
        told = who_answers(assigned, frozenset(others), frozenset(leading), wished)
        return frozenset(UUID(person) for person in told)

    def may_answer(self, person_id: UUID, trainee_id: UUID, wished: Lane | None) -> bool:
        """Whether the person may take on the wish of the trainee: whoever supervises them, and instructors."""
        if person_id in self.instructors and person_id != trainee_id:
            return (person_id, trainee_id) not in self.conflicts
        return _fits(self.lanes_for(person_id, trainee_id), wished)


def _fits(lanes: frozenset[Lane], wished: Lane | None) -> bool:
    return wished in lanes if wished is not None else bool(lanes)


def team_of(session: Session, course_id: UUID, today: date, trainee_ids: Collection[UUID] | None = None) -> Team:
    """The supervisors of the course, with their assignments: to these trainees, or to all."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, GrantRow.lane, MembershipRow.external)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .join(
            GrantRow,
            and_(GrantRow.person_id == MembershipRow.person_id, GrantRow.course_id == MembershipRow.course_id),
        )
        .where(
            MembershipRow.course_id == course_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
        )
    ).all()
    lanes: dict[UUID, frozenset[Lane]] = {}
    for person_id, _name, lane, _external in rows:
        lanes[person_id] = lanes.get(person_id, frozenset()) | ({lane} if lane else frozenset())
    instructors = frozenset(instructors_of(session, course_id))
    return Team(
        names={person_id: display_name(person_id, name) for person_id, name, _lane, _external in rows},
        lanes=lanes,
        external=frozenset(person_id for person_id, _name, _lane, external in rows if external),
        away=_away(session, course_id, today),
        assigned=_assigned(session, course_id, lanes, trainee_ids),
        conflicts=_conflicts(session, instructors | lanes.keys()),
        instructors=instructors,
    )


def _assigned(
    session: Session, course_id: UUID, lanes: Mapping[UUID, frozenset[Lane]], trainee_ids: Collection[UUID] | None
) -> tuple[Assignment, ...]:
    rows = session.execute(
        select(AssignmentRow.trainee_id, AssignmentRow.person_id, AssignmentRow.lane, AssignmentRow.backup).where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.lane.is_not(None),
            AssignmentRow.ended_at.is_(None),
            *([AssignmentRow.trainee_id.in_(trainee_ids)] if trainee_ids is not None else []),
        )
    )
    return tuple(
        Assignment(trainee_id, person_id, lane, backup)
        for trainee_id, person_id, lane, backup in rows
        if lane in lanes.get(person_id, frozenset())
    )


def _away(session: Session, course_id: UUID, today: date) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            select(AvailabilityRow.person_id).where(
                AvailabilityRow.course_id == course_id,
                AvailabilityRow.away_from <= today,
                or_(AvailabilityRow.away_until.is_(None), AvailabilityRow.away_until >= today),
            )
        )
    )


def _conflicts(session: Session, people: frozenset[UUID]) -> frozenset[tuple[UUID, UUID]]:
    rows = session.execute(
        select(ConflictRow.declared_by, ConflictRow.about_id).where(
            ConflictRow.ended_at.is_(None),
            or_(ConflictRow.declared_by.in_(people), ConflictRow.about_id.in_(people)),
        )
    ).all()
    return frozenset((row[0], row[1]) for row in rows) | frozenset((row[1], row[0]) for row in rows)
