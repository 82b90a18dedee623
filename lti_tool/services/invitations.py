"""The way in without an LMS: a link that shows, and a code that opens."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.contact import (
    ATTEMPTS,
    CODE_LIFETIME,
    address_digest,
    code_digest,
    contact_of,
    is_reached,
    may_ask_for_code,
    new_code,
    person_at,
    same_human,
)
from lti_tool.services.external_links import GOOD_FOR, NO_CODE_YET
from lti_tool.services.lines import display_name
from lti_tool.services.places import NotHere
from lti_tool.services.visitors import digest_of, open_session
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, InvitationRow, LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance

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


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What an opened link shows. Opening it spends nothing, so that mail scanners do no harm."""

    organization_name: str
    expires_at: datetime
    reusable: bool
    """Stays good until the work that it is for has been submitted."""
    invited_by: str | None
    """Who invited, by name; None where the command line did, or it is not told."""
    takes_code: bool
    """A code that was handed over or mailed can be typed now."""
    can_mail: bool
    """A code can be sent, to the address at which the person was invited and nowhere else."""
    own: bool = False
    """The person made it for themselves, to come in when no course leads here any more."""


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
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person.id, InvitationRow.used_at.is_(None), InvitationRow.reusable.is_(False))
        .values(attempts_left=0)
    )
    link, code = secrets.token_urlsafe(32), new_code()
    row = InvitationRow(
        id=new_id(),
        organization_id=organization_id,
        person_id=person.id,
        link_digest=digest_of(link),
        code_digest=code_digest(link, code),
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


def open_invitation(session: Session, link_secret: str, now: datetime) -> InvitationPage | None:
    """The page behind a link; None when the link is unknown, used or ended. Changes nothing."""
    row = _standing(session, link_secret, now)
    if row is None:
        return None
    organization = session.get_one(OrganizationRow, row.organization_id)
    own = row.invited_by == row.person_id
    inviter = session.get(PersonRow, row.invited_by) if row.invited_by and not own else None
    return InvitationPage(
        organization_name=organization.name,
        expires_at=row.expires_at,
        reusable=row.reusable,
        invited_by=display_name(inviter.id, inviter.name) if inviter and row.reusable else None,
        takes_code=_takes_code(session, row, now),
        can_mail=row.reusable and _mails_to(session, row, now) is not None,
        own=own,
    )


def send_code(session: Session, link_secret: str, now: datetime) -> UUID:
    """Have a new code sent to the address of the invited person; the answer is the mail.

    Raises `NotHere` for a link that stands no more, `Refused` for the sixth code within an hour.
    """
    row = _standing(session, link_secret, now)
    if row is None or not row.reusable or _mails_to(session, row, now) is None:
        raise NotHere
    session.execute(select(PersonRow.id).where(PersonRow.id == row.person_id).with_for_update())
    may_ask_for_code(session, row.person_id, now)
    code = new_code()
    row.code_digest, row.code_expires_at = code_digest(link_secret, code), now + CODE_LIFETIME
    row.attempts_left = ATTEMPTS
    mail = MailRow(
        id=new_id(),
        organization_id=row.organization_id,
        person_id=row.person_id,
        kind=MailKind.CODE,
        code=code,
        address=_mails_to(session, row, now),
        state=MailState.WAITING,
        made_at=now,
        next_attempt_at=now,
        attempts=0,
    )
    session.add(mail)
    session.flush()
    return mail.id


def enter_with_code(session: Session, link_secret: str, code: str, now: datetime) -> str | None:
    """The cookie's secret of a new session; None when link and code do not belong together.

    Each try counts, so the caller must commit in either case.
    """
    row = _opened(session, link_secret, code, now)
    if row is None:
        return None
    if row.reusable:
        _used_again(session, row, now)
    else:
        row.used_at = now
    person_id = same_human(session, row.person_id)
    if row.code_expires_at is not None:
        is_reached(session, person_id)  # the code went to their address
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=person_id,
        act="person.enter",
        subject=f"person:{person_id}",
        now=now,
        assurance=Assurance.LINK_WITH_CODE.value,
    )
    return open_session(
        session,
        organization_id=row.organization_id,
        person_id=person_id,
        assurance=Assurance.LINK_WITH_CODE,
        now=now,
    )


def whose_code(session: Session, organization_id: UUID, link_secret: str, code: str, now: datetime) -> UUID | None:
    """Whose link and code these are, without coming in as them; None when they do not belong together.

    Each try counts, so the caller must commit in either case. Only links that can be used again are looked at.
    """
    row = _standing(session, link_secret, now)
    if row is None or not row.reusable or row.organization_id != organization_id:
        return None
    if _opened(session, link_secret, code, now) is None:
        return None
    return same_human(session, row.person_id)


def _opened(session: Session, link_secret: str, code: str, now: datetime) -> InvitationRow | None:
    """The invitation, if this is its code; each try counts."""
    row = _standing(session, link_secret, now)
    if row is None or not _takes_code(session, row, now):
        return None
    spent = session.execute(
        update(InvitationRow)
        .where(InvitationRow.id == row.id, InvitationRow.attempts_left > 0, InvitationRow.used_at.is_(None))
        .values(attempts_left=InvitationRow.attempts_left - 1)
        .returning(InvitationRow.id)
    ).one_or_none()
    if spent is None or not hmac.compare_digest(row.code_digest, code_digest(link_secret, code)):
        return None
    return row


def _used_again(session: Session, row: InvitationRow, now: datetime) -> None:
    """A good code takes no try away: whoever has it may come in as often as they need."""
    session.refresh(row)
    row.attempts_left = ATTEMPTS
    row.entered_at, row.expires_at = now, max(row.expires_at, now + GOOD_FOR)


def _takes_code(session: Session, row: InvitationRow, now: datetime) -> bool:
    if row.code_digest == NO_CODE_YET or row.attempts_left < 1:
        return False
    if row.code_expires_at is None:
        return not row.reusable or not _has_grown(session, row)
    return row.code_expires_at > now


def _has_grown(session: Session, row: InvitationRow) -> bool:
    """Whether a code that somebody else handed over would open more by now than they may see.

    Who has an LMS account comes in with that, and who has a part in the organization with a code of their own.
    """
    person_id = same_human(session, row.person_id)
    account = select(LmsAccountRow.id).where(LmsAccountRow.person_id == person_id)
    of_organization = select(GrantRow.id).where(
        GrantRow.person_id == person_id, GrantRow.course_id.is_(None), GrantRow.revoked_at.is_(None)
    )
    return session.scalars(account).first() is not None or session.scalars(of_organization).first() is not None


def _mails_to(session: Session, row: InvitationRow, now: datetime) -> str | None:
    return contact_of(session, same_human(session, row.person_id), now.date()).address


def _standing(session: Session, link_secret: str, now: datetime) -> InvitationRow | None:
    return session.scalars(
        select(InvitationRow).where(
            InvitationRow.link_digest == digest_of(link_secret),
            InvitationRow.expires_at > now,
            InvitationRow.used_at.is_(None),
            InvitationRow.reusable | (InvitationRow.attempts_left > 0),
        )
    ).one_or_none()


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
