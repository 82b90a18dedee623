"""The way in without an LMS: a link that shows, and a code that opens."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.visitors import digest_of, open_session
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, InvitationRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance

LIFETIME = timedelta(days=7)
ATTEMPTS = 5
CODE_DIGITS = 8
ROLES = {
    "operator": Capability.OPERATOR,
    "program-lead": Capability.PROGRAM_LEAD,
    "reviewer": Capability.REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Invited:
    """What to hand to the person: both are kept only as digests."""

    person_id: UUID
    link_secret: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What an opened link shows. Opening it spends nothing, so that mail scanners do no harm."""

    organization_name: str
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
    person = _person(session, organization_id, name=name, email=email, secret_keys=secret_keys, now=now)
    if invited_by is not None and _operates(session, person.id):
        raise Refused("an_operator", "This address belongs to an operator, who is invited at the command line.")
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
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person.id, InvitationRow.used_at.is_(None))
        .values(attempts_left=0)
    )
    link, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    row = InvitationRow(
        id=new_id(),
        organization_id=organization_id,
        person_id=person.id,
        link_digest=digest_of(link),
        code_digest=_code_digest(link, code),
        attempts_left=ATTEMPTS,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    audit.write(
        session,
        organization_id=organization_id,
        person_id=invited_by,
        act="person.invite",
        subject=f"person:{person.id}",
        now=now,
        role=role,
    )
    return Invited(person.id, link, code, row.expires_at)


def _operates(session: Session, person_id: UUID) -> bool:
    standing = select(GrantRow.id).where(
        GrantRow.person_id == person_id, GrantRow.capability == Capability.OPERATOR, GrantRow.revoked_at.is_(None)
    )
    return session.scalars(standing).first() is not None


def open_invitation(session: Session, link_secret: str, now: datetime) -> InvitationPage | None:
    """The page behind a link; None when the link is unknown, used or ended."""
    row = _standing(session, link_secret, now)
    if row is None:
        return None
    organization = session.get_one(OrganizationRow, row.organization_id)
    return InvitationPage(organization.name, row.expires_at)


def enter_with_code(session: Session, link_secret: str, code: str, now: datetime) -> str | None:
    """The cookie's secret of a new session; None when link and code do not belong together.

    Each try counts, so the caller must commit in either case.
    """
    row = _standing(session, link_secret, now)
    if row is None:
        return None
    spent = session.execute(
        update(InvitationRow)
        .where(InvitationRow.id == row.id, InvitationRow.attempts_left > 0, InvitationRow.used_at.is_(None))
        .values(attempts_left=InvitationRow.attempts_left - 1)
        .returning(InvitationRow.id)
    ).one_or_none()
    cleaned = "".join(character for character in code if character.isdigit())
    if spent is None or not hmac.compare_digest(row.code_digest, _code_digest(link_secret, cleaned)):
        return None
    row.used_at = now
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=row.person_id,
        act="person.enter",
        subject=f"person:{row.person_id}",
        now=now,
        assurance=Assurance.LINK_WITH_CODE.value,
    )
    return open_session(
        session,
        organization_id=row.organization_id,
        person_id=row.person_id,
        assurance=Assurance.LINK_WITH_CODE,
        now=now,
    )


def _standing(session: Session, link_secret: str, now: datetime) -> InvitationRow | None:
    return session.scalars(
        select(InvitationRow).where(
            InvitationRow.link_digest == digest_of(link_secret),
            InvitationRow.expires_at > now,
            InvitationRow.used_at.is_(None),
            InvitationRow.attempts_left > 0,
        )
    ).one_or_none()


def _person(
    session: Session,
    organization_id: UUID,
    *,
    name: str,
    email: str,
    secret_keys: tuple[str, ...],
    now: datetime,
) -> PersonRow:
    digests = [_address_digest(email, key) for key in secret_keys]
    known = session.scalars(
        select(PersonRow).where(PersonRow.organization_id == organization_id, PersonRow.email_digest.in_(digests))
    ).first()
    if known is not None:
        return known
    person = PersonRow(
        id=new_id(),
        organization_id=organization_id,
        name=name.strip() or None,
        email=email.strip(),
        email_digest=digests[0],
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _address_digest(email: str, key: str) -> str:
    """Keyed, so that addresses cannot be guessed from a stolen database."""
    return hmac.new(key.encode(), f"email:{email.strip().casefold()}".encode(), hashlib.sha256).hexdigest()


def _code_digest(link_secret: str, code: str) -> str:
    """Keyed with the link, so that the short code cannot be searched for in a stolen database."""
    return hmac.new(link_secret.encode(), code.encode(), hashlib.sha256).hexdigest()
