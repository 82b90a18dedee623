"""How a person stands to the trainees of a course: whom they are assigned to, and with whom a conflict was declared."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, or_, select
from sqlalchemy.orm import Session

from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class Relations:
    """Of one person, in one course."""

    conflicts: frozenset[UUID]
    """People with whom either side declared a conflict; which side it was is not told."""
    supervises: frozenset[tuple[UUID, Lane]]
    """Trainees, with the lane in which the person was assigned to sign."""
    observes: frozenset[UUID]
    mentors: frozenset[UUID]


NO_RELATIONS = Relations(frozenset(), frozenset(), frozenset(), frozenset())

_PERSON: ColumnElement[UUID] = bindparam("person_id")
_CONFLICTS: Any = select(
    case((ConflictRow.declared_by == _PERSON, ConflictRow.about_id), else_=ConflictRow.declared_by)
).where(or_(ConflictRow.declared_by == _PERSON, ConflictRow.about_id == _PERSON), ConflictRow.ended_at.is_(None))
_ASSIGNED: Any = select(AssignmentRow.trainee_id, AssignmentRow.assigned_as, AssignmentRow.lane).where(
    AssignmentRow.person_id == _PERSON,
    AssignmentRow.course_id == bindparam("course_id"),
    AssignmentRow.ended_at.is_(None),
)


def relations_of(session: Session, person_id: UUID, course_id: UUID) -> Relations:
    """How the person stands to others of the course, now."""
    assigned = session.execute(_ASSIGNED, {"person_id": person_id, "course_id": course_id}).all()
    return Relations(
        conflicts=conflicts_of(session, person_id),
        supervises=frozenset((row.trainee_id, row.lane) for row in assigned if row.lane is not None),
        observes=frozenset(row.trainee_id for row in assigned if row.assigned_as is AssignedAs.OBSERVER),
        mentors=frozenset(row.trainee_id for row in assigned if row.assigned_as is AssignedAs.MENTOR),
    )


def conflicts_of(session: Session, person_id: UUID) -> frozenset[UUID]:
    """Everyone with whom a conflict of this person stands, whichever side declared it."""
    return frozenset(session.scalars(_CONFLICTS, {"person_id": person_id}))
