"""The people of a course by how they stand to one trainee's record: who signs, who mentors, who instructs."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability, Who
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class Around:
    """Somebody who stands to the record in this way."""

    who: Who
    id: UUID
    name: str


def people_around(session: Session, course_id: UUID, activity_id: UUID, trainee_id: UUID) -> tuple[Around, ...]:
    """Supervisors of the lanes that are needed, mentors of the trainee, and instructors, each kind by name.

    With whom a conflict stands neither signs nor mentors; who was invited signs for whom they are assigned to.
    """
    lanes = frozenset(
        Lane(lane) for lane in session.scalars(select(ActivityRow.lanes).where(ActivityRow.id == activity_id)).one()
    )
    conflicts = conflicts_of(session, trainee_id)
    assigned = _assigned(session, course_id, trainee_id)
    signs_for = {(person_id, lane) for _, person_id, _, lane in assigned if lane is not None}
    found = {
        Around(Who.MENTOR, person_id, name)
        for kind, person_id, name, _ in assigned
        if kind is AssignedAs.MENTOR and person_id not in conflicts
    }
    for person_id, name, external, launched_as, granted, lane in _of_course(session, course_id, trainee_id):
        may_sign = granted is Capability.SUPERVISOR and lane in lanes and person_id not in conflicts
        if may_sign and (not external or (person_id, lane) in signs_for):
            found.add(Around(Who.SUPERVISOR, person_id, name))
        if Capability.INSTRUCTOR in (launched_as, granted):
            found.add(Around(Who.INSTRUCTOR, person_id, name))
    return tuple(sorted(found, key=lambda person: (person.who, person.name, person.id)))


def _assigned(session: Session, course_id: UUID, trainee_id: UUID) -> list[tuple[AssignedAs, UUID, str, Lane | None]]:
    rows = session.execute(
        select(AssignmentRow.assigned_as, AssignmentRow.person_id, PersonRow.name, AssignmentRow.lane)
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.trainee_id == trainee_id,
            AssignmentRow.ended_at.is_(None),
        )
    )
    return [(row[0], row[1], display_name(row[1], row[2]), row[3]) for row in rows]


def _of_course(
    session: Session, course_id: UUID, trainee_id: UUID
) -> list[tuple[UUID, str, bool, Capability | None, Capability | None, Lane | None]]:
    rows = session.execute(
        select(
            PersonRow.id,
            PersonRow.name,
            MembershipRow.external,
            MembershipRow.capability,
            GrantRow.capability,
            GrantRow.lane,
        )
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(
            GrantRow,
            and_(
                GrantRow.person_id == PersonRow.id,
                GrantRow.course_id == MembershipRow.course_id,
                GrantRow.revoked_at.is_(None),
            ),
        )
        .where(
            MembershipRow.course_id == course_id,
            MembershipRow.ended_at.is_(None),
            PersonRow.id != trainee_id,
            (MembershipRow.capability == Capability.INSTRUCTOR) | GrantRow.id.is_not(None),
        )
    )
    return [(row[0], display_name(row[0], row[1]), row[2], row[3], row[4], row[5]) for row in rows]
