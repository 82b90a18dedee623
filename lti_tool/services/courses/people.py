"""Who is in a course, and what they were granted inside Attune. Every grant is audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.course_groups import GroupName
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

GRANTABLE = frozenset({Capability.OBSERVER, Capability.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A grant that stands."""

    id: UUID
    capability: Capability
    lane: Lane | None
    granted_by: str | None
    """None where the command line granted it."""
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person of the course."""

    person_id: UUID
    name: str
    launch_capability: Capability | None
    grants: tuple[GrantLine, ...]
    seen_at: datetime | None
    """The last launch that was noted; None for whom only the LMS's list named."""
    listed_at: datetime | None
    """The last reading of the LMS's list that had them; None if none had."""
    ended_at: datetime | None
    """When they were found not to be in the course any more."""
    test_user: bool
    groups: tuple[GroupName, ...]

    @property
    def observes(self) -> bool:
        """Whether they may be asked to observe."""
        return self.launch_capability is Capability.OBSERVER or bool(self.grants)


def trains(course_id: UUID) -> ColumnElement[bool]:
    """Of a membership of the course: whether its person is a trainee.

    Who was granted something and is known from the LMS's list only is none: Moodle lists its supervisors as
    learners until they come in.
    """
    granted = exists().where(
        GrantRow.course_id == course_id, GrantRow.person_id == MembershipRow.person_id, GrantRow.revoked_at.is_(None)
    )
    return and_(MembershipRow.capability == Capability.TRAINEE, or_(MembershipRow.launched, ~granted))


def standing_grants(session: Session, place: Place, ids: Sequence[UUID]) -> dict[UUID, tuple[GrantLine, ...]]:
    """What these people were granted in the course and still have, oldest first."""
    granter = aliased(PersonRow)
    rows = session.execute(
        select(GrantRow, granter.name)
        .outerjoin(granter, granter.id == GrantRow.granted_by)
        .where(GrantRow.course_id == place.course.id, GrantRow.person_id.in_(ids), GrantRow.revoked_at.is_(None))
        .order_by(GrantRow.granted_at)
    )
    found: dict[UUID, tuple[GrantLine, ...]] = {}
    for row, granter_name in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), _grant_line(row, granter_name))
    return found


def _grant_line(row: GrantRow, granter_name: str | None) -> GrantLine:
    granted_by = display_name(row.granted_by, granter_name) if row.granted_by else None
    return GrantLine(row.id, row.capability, row.lane, granted_by, row.granted_at)


def grant(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    person_id: UUID,
    capability: Capability,
    lane: Lane | None,
    now: datetime,
) -> None:
    """Give a person of the course a capability. Granting what stands already changes nothing. Raises `Refused`."""
    if capability not in GRANTABLE:
        raise Refused("not_grantable", "This cannot be given here. Please choose observer or supervisor.")
    if (capability is Capability.SUPERVISOR) != (lane is not None):
        raise Refused("lane_needed", "A supervisor signs in a lane: please choose peer or clinical.")
    standing_of(session, person_id, place.course.id)
    made = insert_once(
        session,
        GrantRow,
        id=new_id(),
        organization_id=place.organization_id,
        course_id=place.course.id,
        person_id=person_id,
        capability=capability,
        lane=lane,
        granted_by=visitor.person_id,
        granted_at=now,
    )
    if made:
        _audit(session, visitor, place, "grant.give", person_id, capability, lane, now)


def revoke(session: Session, visitor: Visitor, place: Place, grant_id: UUID, now: datetime) -> None:
    """Take a grant back. What was signed under it stays signed. Raises `NotHere`."""
    row = session.scalars(
        select(GrantRow).where(GrantRow.id == grant_id, GrantRow.course_id == place.course.id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by = now, visitor.person_id
    _audit(session, visitor, place, "grant.revoke", row.person_id, row.capability, row.lane, now)


def _audit(
    session: Session,
    visitor: Visitor,
    place: Place,
    act: str,
    person_id: UUID,
    capability: Capability,
    lane: Lane | None,
    now: datetime,
) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{person_id}",
        now=now,
        course=str(place.course.id),
        capability=capability.value,
        lane=lane.value if lane else None,
    )
