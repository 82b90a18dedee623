"""A code that is mailed to whoever signs, where an activity asks for one: typed once, it counts for a while.

The code belongs to one session of one person and opens nothing anywhere else. Codes an hour are counted over all of a
person's sessions, apart from those for coming in; tries are counted in the row of the session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.entering.codes import ATTEMPTS, CODE_LIFETIME, fits, keyed_digest, may_ask_for_code, new_code
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import contact_of, is_reached, mail_at_once
from lti_tool.store.mail import MailKind
from lti_tool.store.people import PersonRow, SessionRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, confirmed

DIGITS = 6
CONFIRMED_FOR = timedelta(minutes=15)
"""So long one code counts, in this session: who signs several is asked once."""
WAIT = timedelta(minutes=1)
"""Before another code goes out."""
NEW_FOR = timedelta(days=1)
"""So long an address counts in no session that a link opened: until then the person sees that it changed."""


@dataclass(frozen=True, slots=True)
class Confirming:
    """How far a visitor is with it."""

    address: str | None
    """Where a code goes; None: no address is known."""
    returned: bool
    """Mail to it came back, so no code goes there."""
    too_new: bool
    """It counts from the next launch on: who finds a page open cannot add their own, and come in by it with a link."""
    with_link_from: datetime | None
    """From when on it counts also in sessions that a link opens; None: already."""
    code_until: datetime | None
    """Until when the code that was sent works; None: none is out, or its tries are used up."""
    another_from: datetime | None
    """From when on another one can be sent; None: now."""
    confirmed_until: datetime | None
    """Until when signing asks for no code; None: it asks for one."""


def how_far(session: Session, visitor: Visitor, now: datetime) -> Confirming:
    """How far the visitor is, in this session."""
    row = session.get_one(SessionRow, visitor.session_id, populate_existing=True)
    contact = contact_of(session, visitor.person_id, now.date())
    sent_at = row.signing_code_sent_at
    works = row.signing_code_digest is not None and row.signing_code_attempts_left > 0 and sent_at is not None
    until = sent_at + CODE_LIFETIME if works and sent_at is not None else None
    another = sent_at + WAIT if sent_at is not None else None
    given_at = contact.confirmed_at
    with_link = given_at + NEW_FOR if given_at is not None and given_at + NEW_FOR > now else None
    in_this_one = given_at is not None and given_at >= row.created_at
    return Confirming(
        address=contact.address,
        returned=contact.returned_at is not None,
        too_new=in_this_one or (row.registration_id is None and with_link is not None),
        with_link_from=with_link,
        code_until=until if until is not None and until > now else None,
        another_from=another if another is not None and another > now else None,
        confirmed_until=row.confirmed_until if row.confirmed_until is not None and row.confirmed_until > now else None,
    )


def _is_confirmed(visitor: Visitor, now: datetime) -> bool:
    """Whether a code that the visitor typed in this session still counts."""
    return visitor.confirmed_until is not None and visitor.confirmed_until > now


def assurance_of(visitor: Visitor, now: datetime, *, code_asked: bool) -> Assurance:
    """How sure it is who signs: the way in, and the code where one is asked for and counts."""
    return confirmed(visitor.assurance) if code_asked and _is_confirmed(visitor, now) else visitor.assurance


def send_code(session: Session, visitor: Visitor, now: datetime, *, secret_keys: tuple[str, ...]) -> UUID:
    """Have a code sent to the visitor's address; the one before it works no more. The answer is the mail.

    Raises `Refused` ("no_address", "address_new", "code_wait", "codes_enough").
    """
    # One after the other, so that the codes of an hour are counted rightly.
    session.execute(select(PersonRow.id).where(PersonRow.id == visitor.person_id).with_for_update())
    far = how_far(session, visitor, now)
    if far.address is None or far.returned:
        raise Refused("no_address", "No code can be sent: no address is known at which mail reaches you.")
    if far.too_new:
        raise Refused(
            "address_new",
            "Your address counts for signing from the next time you come in from your course. With a link it counts "
            "a day after you gave it.",
        )
    if far.another_from is not None:
        raise Refused("code_wait", "A code was sent just now. Please give it a minute before you ask for another.")
    may_ask_for_code(session, visitor.person_id, now, kinds=(MailKind.SIGNING,))
    code = new_code(DIGITS)
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == visitor.session_id)
        .values(
            signing_code_digest=keyed_digest(visitor.session_id, code, secret_keys[0]),
            signing_code_sent_at=now,
            signing_code_attempts_left=ATTEMPTS,
        )
        .execution_options(synchronize_session=False)
    )
    _note(session, visitor, "signing.code_sent", now)
    return mail_at_once(session, visitor, MailKind.SIGNING, now, address=far.address, code=code)


def confirm(session: Session, visitor: Visitor, code: str, now: datetime, *, secret_keys: tuple[str, ...]) -> bool:
    """Whether it is the code that was sent to this session; then it is used up, and counts for a while.

    Each try counts, so the caller must commit in either case.
    """
    tried = session.execute(
        update(SessionRow)
        .where(
            SessionRow.id == visitor.session_id,
            SessionRow.person_id == visitor.person_id,
            SessionRow.signing_code_digest.is_not(None),
            SessionRow.signing_code_attempts_left > 0,
            SessionRow.signing_code_sent_at > now - CODE_LIFETIME,
        )
        .values(signing_code_attempts_left=SessionRow.signing_code_attempts_left - 1)
        .returning(SessionRow.signing_code_digest)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if tried is None:
        return False
    if not fits(tried.signing_code_digest, visitor.session_id, code, secret_keys):
        _note(session, visitor, "signing.code_wrong", now)
        return False
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == visitor.session_id)
        .values(signing_code_digest=None, signing_code_attempts_left=0, confirmed_until=now + CONFIRMED_FOR)
        .execution_options(synchronize_session=False)
    )
    is_reached(session, visitor.person_id)
    _note(session, visitor, "signing.confirmed", now)
    return True


def _note(session: Session, visitor: Visitor, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{visitor.person_id}",
        now=now,
    )
