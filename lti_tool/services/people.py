"""Who is in a course, and what they were granted inside Attune. Every grant is audited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.lines import display_name
from lti_tool.services.places import NotHere, Place, standing_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

GRANTABLE = frozenset({Capability.OBSERVER, Capability.SUPERVISOR})
MOST = 2_000


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
    seen_at: datetime


def people(session: Session, place: Place) -> tuple[PersonLine, ...]:
    """Everyone who was seen in the course, by name."""
    granter = aliased(PersonRow)
    rows = session.execute(
        select(MembershipRow, PersonRow.name, GrantRow, granter.name)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .outerjoin(
            GrantRow,
            and_(
                GrantRow.person_id == MembershipRow.person_id,
                GrantRow.course_id == MembershipRow.course_id,
                GrantRow.revoked_at.is_(None),
            ),
        )
        .outerjoin(granter, granter.id == GrantRow.granted_by)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.ended_at.is_(None))
        .order_by(MembershipRow.person_id, GrantRow.granted_at)
        .limit(MOST)
    )
    found: dict[UUID, tuple[MembershipRow, str, list[GrantLine]]] = {}
    for membership, name, grant_row, granter_name in rows:
        shown = display_name(membership.person_id, name)
        entry = found.setdefault(membership.person_id, (membership, shown, []))
        if grant_row is not None:
            entry[2].append(_grant_line(grant_row, granter_name))
    lines = (
        PersonLine(person_id, name, membership.capability, tuple(grants), membership.seen_at)
        for person_id, (membership, name, grants) in found.items()
    )
    return tuple(sorted(lines, key=lambda person: person.name.casefold()))


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
