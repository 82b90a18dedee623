"""Who writes and reviews rubrics in an organization, and who looks after safeguarding. Every grant is audited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

GIVEN_HERE = (Capability.PROGRAM_LEAD, Capability.REVIEWER, Capability.SAFEGUARDING_LEAD, Capability.AUDITOR)
LOOKED_THROUGH = 5_000
"""Names are encrypted, so a search reads them; an organization with more staff invites by e-mail."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Someone who writes or reviews rubrics, or looks after safeguarding."""

    grant_id: UUID
    person_id: UUID
    name: str
    capability: Capability
    given_by: str | None
    """None where the command line gave it."""
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who teaches, observes or signs in a course of the organization."""

    person_id: UUID
    name: str


def writers(session: Session, organization_id: UUID) -> tuple[Writer, ...]:
    """Program leads first, then reviewers and safeguarding leads, each in the order in which they were named."""
    giver = aliased(PersonRow)
    rows = session.execute(
        select(GrantRow, PersonRow.name, giver.name)
        .join(PersonRow, PersonRow.id == GrantRow.person_id)
        .outerjoin(giver, giver.id == GrantRow.granted_by)
        .where(
            GrantRow.organization_id == organization_id,
            GrantRow.capability.in_(GIVEN_HERE),
            GrantRow.revoked_at.is_(None),
        )
        .order_by(GrantRow.capability, GrantRow.granted_at, GrantRow.id)
    )
    return tuple(
        Writer(
            grant_id=row.id,
            person_id=row.person_id,
            name=display_name(row.person_id, name),
            capability=row.capability,
            given_by=display_name(row.granted_by, giver_name) if row.granted_by else None,
            given_at=row.granted_at,
        )
        for row, name, giver_name in rows
    )


def writer(session: Session, organization_id: UUID, grant_id: UUID) -> Writer:
    """One of them. Raises `NotHere`."""
    for found in writers(session, organization_id):
        if found.grant_id == grant_id:
            return found
    raise NotHere


def colleagues(session: Session, organization_id: UUID, name: str, *, most: int = 20) -> tuple[Colleague, ...]:
    """Who teaches, observes or signs somewhere in the organization and has `name` in their name, in order."""
    staff = select(MembershipRow.person_id).where(
        MembershipRow.organization_id == organization_id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
        MembershipRow.capability.in_((Capability.INSTRUCTOR, Capability.OBSERVER)),
    )
    granted = select(GrantRow.person_id).where(
        GrantRow.organization_id == organization_id, GrantRow.course_id.is_not(None), GrantRow.revoked_at.is_(None)
    )
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .where(
            PersonRow.organization_id == organization_id,
            or_(PersonRow.id.in_(staff), PersonRow.id.in_(granted)),
        )
        .limit(LOOKED_THROUGH)
    )
    found = (Colleague(person_id, display_name(person_id, known_as)) for person_id, known_as in rows)
    wanted = name.strip().casefold()
    fitting = (person for person in found if wanted in person.name.casefold())
    return tuple(sorted(fitting, key=lambda person: person.name.casefold())[:most])


def give(session: Session, by: Author, person_id: UUID, capability: Capability, now: datetime) -> None:
    """Let a colleague do one of these. Giving what stands already changes nothing. Raises `Refused`, `NotHere`."""
    if capability not in GIVEN_HERE:
        raise Refused("not_given_here", "This cannot be given here. Please choose one of those that the page offers.")
    _require_person(session, by.organization_id, person_id)
    _grant(session, by, person_id, capability, now)


def begin(session: Session, visitor: Visitor, now: datetime) -> None:
    """Become the first program lead of an organization that has none. Raises `Refused` where there is one."""
    session.execute(select(OrganizationRow.id).where(OrganizationRow.id == visitor.organization_id).with_for_update())
    if _leads(session, visitor.organization_id):
        raise Refused("has_a_lead", "Someone looks after the rubrics here already. Please ask them to let you write.")
    _grant(session, Author(visitor.organization_id, visitor.person_id), visitor.person_id, GIVEN_HERE[0], now)


def take_back(session: Session, by: Author, grant_id: UUID, now: datetime) -> None:
    """End what was given; what they wrote and said stays. Raises `NotHere`, and `Refused` for the last program lead."""
    session.execute(select(OrganizationRow.id).where(OrganizationRow.id == by.organization_id).with_for_update())
    row = session.scalars(
        select(GrantRow)
        .where(
            GrantRow.id == grant_id,
            GrantRow.organization_id == by.organization_id,
            GrantRow.capability.in_(GIVEN_HERE),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.revoked_at is not None:
        return
    if row.capability is Capability.PROGRAM_LEAD and len(_leads(session, by.organization_id)) == 1:
        raise Refused("last_lead", "Someone has to look after the rubrics. Please name another program lead first.")
    row.revoked_at, row.revoked_by = now, by.person_id
    _audit(session, by, "grant.revoke", row.person_id, row.capability, now)


def _leads(session: Session, organization_id: UUID) -> list[UUID]:
    return list(
        session.scalars(
            select(GrantRow.person_id).where(
                GrantRow.organization_id == organization_id,
                GrantRow.capability == Capability.PROGRAM_LEAD,
                GrantRow.revoked_at.is_(None),
            )
        )
    )


def _require_person(session: Session, organization_id: UUID, person_id: UUID) -> None:
    """Only someone whom `colleagues` could have found."""
    if all(person.person_id != person_id for person in colleagues(session, organization_id, "", most=LOOKED_THROUGH)):
        raise NotHere


def _grant(session: Session, by: Author, person_id: UUID, capability: Capability, now: datetime) -> None:
    made = insert_once(
        session,
        GrantRow,
        id=new_id(),
        organization_id=by.organization_id,
        course_id=None,
        person_id=person_id,
        capability=capability,
        lane=None,
        granted_by=by.person_id,
        granted_at=now,
    )
    if made:
        _audit(session, by, "grant.give", person_id, capability, now)


def _audit(session: Session, by: Author, act: str, person_id: UUID, capability: Capability, now: datetime) -> None:
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"person:{person_id}",
        now=now,
        capability=capability.value,
    )
