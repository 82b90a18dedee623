"""The way in without an LMS: a link that shows, and a code that opens."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.codes import ATTEMPTS, CODE_LIFETIME, code_digest, may_ask_for_code, new_code
from lti_tool.services.entering.external_links import GOOD_FOR, NO_CODE_YET
from lti_tool.services.entering.visitors import digest_of, open_session
from lti_tool.services.notifying.contact import contact_of, is_reached, same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, InvitationRow, LmsAccountRow, PersonRow
from rubrics.sign_off import Assurance


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
