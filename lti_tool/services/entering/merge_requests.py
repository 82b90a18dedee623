"""Asking to make two accounts one, and the second look that it waits for (`services.entering.merging` does it).

Whoever finds a page open can show that an account of theirs is "the same person". So asking changes nothing. It is
done with a code that goes to an address which the person had before, or by a yes in a session that began a day or
more after the asking; for who has an LMS account only in a session that began there. Both accounts are told, and each
can call it off.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import merging
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.notifying.contact import Contact, contact_of, mail_at_once
from lti_tool.services.notifying.notify import news
from lti_tool.services.observations.lines import display_name
from lti_tool.services.signing import confirming
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind
from lti_tool.store.merging import MergeRequestRow
from lti_tool.store.people import LmsAccountRow, PersonRow, SessionRow
from rubrics.refusal import Refused

WAIT = timedelta(days=1)
"""Who comes in anew after that, and says yes, has it done."""
KEPT = timedelta(days=14)
"""What nobody said yes to for so long is over."""
PAGE = "/merge"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as one of both sees it."""

    id: UUID
    mine: bool
    """Whether the visitor's own account asked; only there it can be said yes to."""
    name: str
    """Of the other one."""
    other_id: UUID
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How far whoever asked is with it, in this session."""

    done: bool
    """They can say yes now."""
    from_: datetime
    """Who comes in after this can say yes without a code."""
    until: datetime
    by_link: bool
    """Whether coming in with a link counts as well; otherwise, and for who has an LMS account, only from the LMS."""
    address: str | None
    """Where a code can go, so that nothing has to be waited for; None: to none that was theirs long enough before."""


def ask(session: Session, visitor: Visitor, other_id: UUID, now: datetime) -> UUID | None:
    """Note what the visitor asks, and tell both; the answer is a mail that should go out at once, if one does.

    The same again changes nothing; another one takes the place of the one before. Raises as `merging.pair` does.
    """
    merging.pair(session, visitor, other_id)
    session.execute(select(PersonRow.id).where(PersonRow.id == visitor.person_id).with_for_update())
    before = _standing(session, visitor, now)
    if before is not None and before.other_id == other_id:
        return None
    session.execute(delete(MergeRequestRow).where(MergeRequestRow.person_id == visitor.person_id))
    secret = secrets.token_urlsafe(32)
    row = MergeRequestRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        other_id=other_id,
        asked_at=now,
        stop_digest=digest_of(secret),
    )
    session.add(row)
    session.flush()
    _note(session, row, visitor.person_id, "person.merge_ask", now)
    news(session, organization_id=row.organization_id, person_id=other_id, now=now, path=PAGE)
    news(session, organization_id=row.organization_id, person_id=visitor.person_id, now=now, path=PAGE, by_mail=False)
    address = contact_of(session, visitor.person_id, now.date()).reached_at
    if address is None:
        return None
    return mail_at_once(session, visitor, MailKind.MERGE, now, address=address, path=f"{PAGE}/stop/{secret}")


def asked(session: Session, visitor: Visitor, now: datetime) -> tuple[Asked, ...]:
    """What stands between the visitor and others, their own first."""
    rows = session.scalars(
        select(MergeRequestRow).where(
            _of(visitor), MergeRequestRow.organization_id == visitor.organization_id, _stands(now)
        )
    )
    found = [_seen(session, row, mine=row.person_id == visitor.person_id) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.mine, one.asked_at)))


def second_look(session: Session, visitor: Visitor, one: Asked, now: datetime) -> SecondLook:
    """How far the visitor is with what they asked themselves."""
    contact = contact_of(session, visitor.person_id, now.date())
    came_in = session.get_one(SessionRow, visitor.session_id)
    from_lms, has_account = came_in.registration_id is not None, _has_account(session, visitor.person_id)
    # A link may have been made, and an address given, at the page that somebody found open.
    theirs_before = (from_lms or not has_account) and _theirs_before(contact, one.asked_at)
    anew = came_in.created_at >= one.asked_at + WAIT
    by_code = visitor.confirmed_until is not None and (
        max(now, one.asked_at + confirming.CONFIRMED_FOR) <= visitor.confirmed_until
    )
    return SecondLook(
        done=(anew and (from_lms or theirs_before)) or (by_code and theirs_before),
        from_=one.asked_at + WAIT,
        until=one.asked_at + KEPT,
        by_link=theirs_before and not has_account,
        address=contact.reached_at if theirs_before else None,
    )


def say_yes(session: Session, visitor: Visitor, now: datetime) -> UUID:
    """Make both one; the answer is who they are from now on. Raises `Refused` before the second look, or too late."""
    row = _standing(session, visitor, now)
    if row is None:
        raise Refused("shown_too_long_ago", "It was some time ago that you showed both are you. Please begin again.")
    if not second_look(session, visitor, _seen(session, row, mine=True), now).done:
        raise Refused(
            "second_look_first",
            "Nothing was changed: this takes a code, or your yes after you came in anew, a day or more after you "
            "asked. The page says from when on.",
        )
    merging.hold(session, visitor.person_id, row.other_id)
    still = select(MergeRequestRow.id).where(MergeRequestRow.id == row.id).with_for_update()
    if session.scalars(still).one_or_none() is None:
        raise NotHere  # the other one called it off at this moment
    return merging.merge(session, visitor, row.other_id, now)


def call_off(session: Session, visitor: Visitor, request_id: UUID, now: datetime) -> None:
    """Either of both calls it off. Raises `NotHere` for anything else than what stands between them and another."""
    row = session.scalars(
        select(MergeRequestRow).where(
            MergeRequestRow.id == request_id, MergeRequestRow.organization_id == visitor.organization_id, _of(visitor)
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    _end(session, row, visitor.person_id, now)


def can_be_stopped(session: Session, secret: str, now: datetime) -> bool:
    """Whether this is the secret of a mail about something that still stands."""
    return _by_secret(session, secret, now) is not None


def stop(session: Session, secret: str, now: datetime) -> bool:
    """Called off by the link in the mail; False where nothing stands any more."""
    row = _by_secret(session, secret, now)
    if row is None:
        return False
    _end(session, row, row.person_id, now)
    return True


def purge(session: Session, now: datetime) -> None:
    """Delete what is over."""
    session.execute(delete(MergeRequestRow).where(MergeRequestRow.asked_at <= now - KEPT))


def _theirs_before(contact: Contact, asked_at: datetime) -> bool:
    """Whether mail went to the address for a day before: who finds a page open could give theirs first.

    Without an address nothing shows that: who gave theirs could have it forgotten later.
    """
    if contact.address is None:
        return False
    return contact.confirmed_at is None or contact.confirmed_at + confirming.NEW_FOR <= asked_at


def _has_account(session: Session, person_id: UUID) -> bool:
    account = select(LmsAccountRow.id).where(LmsAccountRow.person_id == person_id)
    return session.scalars(account.limit(1)).first() is not None


def _standing(session: Session, visitor: Visitor, now: datetime) -> MergeRequestRow | None:
    mine = select(MergeRequestRow).where(MergeRequestRow.person_id == visitor.person_id, _stands(now))
    return session.scalars(mine).one_or_none()


def _by_secret(session: Session, secret: str, now: datetime) -> MergeRequestRow | None:
    by_it = select(MergeRequestRow).where(MergeRequestRow.stop_digest == digest_of(secret), _stands(now))
    return session.scalars(by_it).one_or_none()


def _stands(now: datetime) -> ColumnElement[bool]:
    return MergeRequestRow.asked_at > now - KEPT


def _of(visitor: Visitor) -> ColumnElement[bool]:
    return or_(MergeRequestRow.person_id == visitor.person_id, MergeRequestRow.other_id == visitor.person_id)


def _seen(session: Session, row: MergeRequestRow, *, mine: bool) -> Asked:
    other = session.get_one(PersonRow, row.other_id if mine else row.person_id)
    return Asked(row.id, mine, display_name(other.id, other.name), other.id, row.asked_at)


def _end(session: Session, row: MergeRequestRow, by: UUID, now: datetime) -> None:
    _note(session, row, by, "person.merge_call_off", now)
    session.execute(delete(MergeRequestRow).where(MergeRequestRow.id == row.id))


def _note(session: Session, row: MergeRequestRow, by: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=by,
        act=act,
        subject=f"person:{row.person_id}",
        now=now,
        other=str(row.other_id),
    )
