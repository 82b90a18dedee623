"""Who leads, observes or signs in a course: ids and names, for those who assign and those who are told."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.sign_off import Lane

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Carrying:
    """Somebody who may be assigned in a course."""

    id: UUID
    name: str
    observes: bool
    lanes: frozenset[Lane]


def instructors_of(session: Session, course_id: UUID) -> tuple[UUID, ...]:
    """Who leads the course now."""
    return tuple(
        session.scalars(
            select(MembershipRow.person_id)
            .outerjoin(GrantRow, _granted(course_id))
            .where(
                *_here(course_id),
                or_(
                    MembershipRow.capability == Capability.INSTRUCTOR,
                    GrantRow.capability == Capability.INSTRUCTOR,
                ),
            )
            .distinct()
            .order_by(MembershipRow.person_id)
        )
    )


def carrying(session: Session, course_id: UUID) -> tuple[Carrying, ...]:
    """Everyone of the course who is not only a trainee of it, by name: with what each may be assigned as."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, MembershipRow.capability, GrantRow.capability, GrantRow.lane)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(GrantRow, _granted(course_id))
        .where(
            *_here(course_id),
            or_(
                MembershipRow.capability.is_(None),
                MembershipRow.capability != Capability.TRAINEE,
                GrantRow.id.is_not(None),
            ),
        )
        .limit(MOST)
    )
    found: dict[UUID, Carrying] = {}
    for person_id, name, launched_as, granted, lane in rows:
        before = found.get(person_id)
        observes = Capability.OBSERVER in (launched_as, granted) or granted is Capability.SUPERVISOR
        found[person_id] = Carrying(
            person_id,
            display_name(person_id, name),
            observes or (before is not None and before.observes),
            (before.lanes if before else frozenset()) | ({lane} if lane else frozenset()),
        )
    return tuple(sorted(found.values(), key=lambda person: person.name.casefold()))


def _here(course_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        MembershipRow.course_id == course_id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
    )


def _granted(course_id: UUID) -> ColumnElement[bool]:
    return and_(
        GrantRow.course_id == course_id,
        GrantRow.person_id == MembershipRow.person_id,
        GrantRow.revoked_at.is_(None),
    )
