"""Who mentors whom: what the LMS says at each launch of a mentor, beside what was assigned inside Attune."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.lti.claims import Launch
from lti_tool.lti.roles import capability
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once


def keep_in_step(
    session: Session,
    launch: Launch,
    course: CourseRow,
    person: PersonRow,
    before: MembershipRow | None,
    now: datetime,
) -> None:
    """Have the launch's mentor mentor exactly those whom it names, as far as they are known here.

    Whoever comes into the course for the first time meets the mentors that named them earlier. What was assigned
    inside Attune stays as it is. `before` is the membership as it was known; a launch of somebody
    who is known and no mentor costs nothing.
    """
    named, named_before = list(launch.mentees), list((before.mentees if before else None) or ())
    if named != named_before:
        _note(session, course, person, named)
    if named or named_before:
        _assign(session, course, person.id, _known(session, launch, course, named), now)
    if before is None and capability(launch.roles) is Capability.TRAINEE:
        for mentor_id in _named_by(session, launch, course):
            _make(session, course, mentor_id, person.id, now)


def names_of_mentors(session: Session, trainee_id: UUID, course_id: UUID) -> tuple[str, ...]:
    """Who mentors the trainee in this course now, by name."""
    return tuple(sorted(display_name(person_id, name) for person_id, name in _mentors(session, trainee_id, course_id)))


def mentors_of(session: Session, trainee_id: UUID, course_id: UUID) -> tuple[UUID, ...]:
    """Who mentors the trainee in this course now."""
    return tuple(person_id for person_id, _ in _mentors(session, trainee_id, course_id))


def _mentors(session: Session, trainee_id: UUID, course_id: UUID) -> Sequence[Any]:
    return session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(AssignmentRow, AssignmentRow.person_id == PersonRow.id)
        .join(
            MembershipRow,
            (MembershipRow.person_id == PersonRow.id) & (MembershipRow.course_id == AssignmentRow.course_id),
        )
        .where(
            AssignmentRow.trainee_id == trainee_id,
            AssignmentRow.course_id == course_id,
            AssignmentRow.assigned_as == AssignedAs.MENTOR,
            AssignmentRow.ended_at.is_(None),
            MembershipRow.ended_at.is_(None),
        )
        .distinct()
    ).all()


def _note(session: Session, course: CourseRow, person: PersonRow, named: list[str]) -> None:
    session.execute(
        update(MembershipRow)
        .where(MembershipRow.course_id == course.id, MembershipRow.person_id == person.id)
        .values(mentees=named or None)
    )


def _known(session: Session, launch: Launch, course: CourseRow, named: list[str]) -> set[UUID]:
    """The people of this course whom the platform calls so."""
    found = session.scalars(
        select(LmsAccountRow.person_id)
        .join(MembershipRow, MembershipRow.person_id == LmsAccountRow.person_id)
        .where(
            LmsAccountRow.registration_id == launch.registration_id,
            LmsAccountRow.sub.in_(named),
            MembershipRow.course_id == course.id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
        )
    )
    return set(found)


def _named_by(session: Session, launch: Launch, course: CourseRow) -> list[UUID]:
    """The mentors of this course whose last launch named the person of this one."""
    mentors = session.execute(
        select(MembershipRow.person_id, MembershipRow.mentees).where(
            MembershipRow.course_id == course.id,
            MembershipRow.mentees.is_not(None),
            MembershipRow.ended_at.is_(None),
        )
    )
    return [person_id for person_id, mentees in mentors if launch.sub in (mentees or ())]


def _assign(session: Session, course: CourseRow, mentor_id: UUID, trainees: set[UUID], now: datetime) -> None:
    standing = session.scalars(
        select(AssignmentRow).where(
            AssignmentRow.course_id == course.id,
            AssignmentRow.person_id == mentor_id,
            AssignmentRow.assigned_as == AssignedAs.MENTOR,
            AssignmentRow.ended_at.is_(None),
        )
    ).all()
    for row in standing:
        if row.assigned_by is None and row.trainee_id not in trainees:
            row.ended_at = now
    session.flush()
    for trainee_id in sorted(trainees - {row.trainee_id for row in standing} - {mentor_id}):
        _make(session, course, mentor_id, trainee_id, now)


def _make(session: Session, course: CourseRow, mentor_id: UUID, trainee_id: UUID, now: datetime) -> None:
    insert_once(
        session,
        AssignmentRow,
        id=new_id(),
        organization_id=course.organization_id,
        course_id=course.id,
        trainee_id=trainee_id,
        person_id=mentor_id,
        assigned_as=AssignedAs.MENTOR,
        lane=None,
        backup=False,
        assigned_by=None,
        assigned_at=now,
        ended_at=None,
    )
