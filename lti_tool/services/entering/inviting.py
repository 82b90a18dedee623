"""Making a way in without an LMS: an address is a person, and a link with its code opens once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.entering.codes import ATTEMPTS, code_digest, new_code
from lti_tool.services.entering.visitors import digest_of
from lti_tool.services.notifying.contact import address_digest, person_at
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, InvitationRow, LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LIFETIME = timedelta(days=7)
ROLES = {
    "operator": Capability.OPERATOR,
    "program-lead": Capability.PROGRAM_LEAD,
    "reviewer": Capability.REVIEWER,
    "safeguarding-lead": Capability.SAFEGUARDING_LEAD,
    "auditor": Capability.AUDITOR,
}


@dataclass(frozen=True, slots=True)
class Invited:
    """What to hand to the person: both are kept only as digests."""

    person_id: UUID
    link_secret: str
    code: str
    expires_at: datetime


def invite_person(
    session: Session,
    organization_id: UUID,
    *,
    name: str,
    email: str,
    role: str,
    secret_keys: tuple[str, ...],
    now: datetime,
    invited_by: UUID | None = None,
) -> Invited:
    """Invite someone, or give them a new code: the same address is always the same person. Raises `Refused`.

    `invited_by` is None for the command line. Nobody else gets the code of an operator: it would open more than
    they may.
    """
    if "@" not in email:
        raise Refused("email_needed", "Please give an e-mail address, such as ana@school.example.")
    if role not in ROLES:
        raise Refused("role_unknown", "This role is not known. Please use: %(roles)s.", roles=", ".join(ROLES))
    person = invited_person(session, organization_id, name=name, email=email, secret_keys=secret_keys, now=now)
    if invited_by is not None and _operates(session, person.id):
        raise Refused("an_operator", "This address belongs to an operator, who is invited at the command line.")
    if invited_by is not None and has_other_ways(session, person.id):
        raise Refused(
            "has_other_ways",
            "This address belongs to somebody who comes in another way already, and a code would open more than "
            "you may see. Please choose them by name, under a colleague from a course.",
        )
    insert_once(
        session,
        GrantRow,
        id=new_id(),
        organization_id=organization_id,
        course_id=None,
        person_id=person.id,
        capability=ROLES[role],
        lane=None,
        granted_by=invited_by,
        granted_at=now,
    )
    invited = opens_once(session, person, now)
    audit.write(
        session,
        organization_id=organization_id,
        person_id=invited_by,
        act="person.invite",
        subject=f"person:{person.id}",
        now=now,
        role=role,
    )
    return invited


def opens_once(session: Session, person: PersonRow, now: datetime) -> Invited:
    """A link and a code that open once, as this person; such ones from before open nothing any more."""
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person.id, InvitationRow.used_at.is_(None), InvitationRow.reusable.is_(False))
        .values(attempts_left=0)
    )
    link, code = secrets.token_urlsafe(32), new_code()
    row = InvitationRow(
        id=new_id(),
        organization_id=person.organization_id,
        person_id=person.id,
        link_digest=digest_of(link),
        code_digest=code_digest(link, code),
        attempts_left=ATTEMPTS,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    return Invited(person.id, link, code, row.expires_at)


def has_other_ways(session: Session, person_id: UUID, *, but_course: UUID | None = None) -> bool:
    """Whether the person has an LMS account, or a part in a course other than `but_course`."""
    account = select(LmsAccountRow.id).where(LmsAccountRow.person_id == person_id)
    member = select(MembershipRow.id).where(MembershipRow.person_id == person_id)
    if but_course is not None:
        member = member.where(MembershipRow.course_id != but_course)
    return session.scalars(account).first() is not None or session.scalars(member).first() is not None


def _operates(session: Session, person_id: UUID) -> bool:
    standing = select(GrantRow.id).where(
        GrantRow.person_id == person_id, GrantRow.capability == Capability.OPERATOR, GrantRow.revoked_at.is_(None)
    )
    return session.scalars(standing).first() is not None


def invited_person(
    session: Session,
    organization_id: UUID,
    *,
    name: str,
    email: str,
    secret_keys: tuple[str, ...],
    now: datetime,
) -> PersonRow:
    """The person of this address: the same address is always the same person."""
    known = person_at(session, organization_id, email, secret_keys)
    if known is not None:
        return known
    person = PersonRow(
        id=new_id(),
        organization_id=organization_id,
        name=name.strip() or None,
        email=email.strip(),
        email_digest=address_digest(email, secret_keys[0]),
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person
