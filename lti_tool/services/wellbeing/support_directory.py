"""Whom to turn to: the program's own list, and what else stands on the page "Support"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy import Select, bindparam, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.care import SupportContactRow
from lti_tool.store.organizations import OrganizationRow
from rubrics.refusal import Refused

MOST = 30
LONGEST = 500
LONGEST_TEXT = 5_000
UNDO = timedelta(hours=24)
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*[0-9]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
log = structlog.get_logger("attune.support")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody or some place to turn to."""

    id: UUID
    name: str
    what_for: str = ""
    phone: str = ""
    address: str = ""
    """A web address, https only."""
    hours: str = ""
    language: str = ""
    """Empty: for every reader."""
    until: datetime | None = None
    """It was taken away, and can be brought back until then."""

    @property
    def phone_link(self) -> str:
        """The number as a link dials it."""
        return "tel:" + re.sub(r"[^0-9+]", "", self.phone)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed of a contact."""

    name: str
    what_for: str
    phone: str
    address: str
    hours: str
    language: str


_STANDING = (
    select(SupportContactRow)
    .where(SupportContactRow.organization_id == bindparam("organization_id"), SupportContactRow.ended_at.is_(None))
    .order_by(SupportContactRow.position, SupportContactRow.id)
    .limit(MOST)
)


def contacts(session: Session, organization_id: UUID) -> tuple[Contact, ...]:
    """All that stand, in the program's order."""
    rows = session.scalars(_STANDING, {"organization_id": organization_id})
    return tuple(_contact(row) for row in rows)


def contacts_at_hand(session: Session, organization_id: UUID, languages: Sequence[str]) -> tuple[Contact, ...]:
    """The same for a reader, in their languages first. None where the database cannot be asked: a page that tells of
    a problem is shown all the same.
    """
    try:
        found = contacts(session, organization_id)
    except SQLAlchemyError as problem:
        log.warning("support not read", problem=type(problem).__name__)
        return ()
    return in_reading_order(found, languages)


def in_reading_order(found: Sequence[Contact], languages: Sequence[str]) -> tuple[Contact, ...]:
    """In the reader's languages first, then for every reader, then the others; each in the program's order."""
    spoken = [language.partition("-")[0].lower() for language in languages]

    def rank(contact: Contact) -> int:
        if not contact.language:
            return len(spoken)
        tongue = contact.language.partition("-")[0].lower()
        return spoken.index(tongue) if tongue in spoken else len(spoken) + 1

    return tuple(sorted(found, key=rank))


def taken_away(session: Session, visitor: Visitor, now: datetime) -> tuple[Contact, ...]:
    """What can still be brought back."""
    rows = session.scalars(
        select(SupportContactRow)
        .where(
            SupportContactRow.organization_id == visitor.organization_id,
            SupportContactRow.ended_at > now - UNDO,
        )
        .order_by(SupportContactRow.ended_at.desc())
    )
    return tuple(_contact(row) for row in rows)


def contact(session: Session, visitor: Visitor, contact_id: UUID) -> Contact:
    """One that stands. Raises `NotHere`."""
    row = session.scalars(_one(visitor, contact_id)).one_or_none()
    if row is None or row.ended_at is not None:
        raise NotHere
    return _contact(row)


def add(session: Session, visitor: Visitor, typed: Typed, now: datetime) -> UUID:
    """A contact at the end of the list. Raises `Refused`."""
    _check(typed)
    standing, last = session.execute(
        select(func.count(), func.max(SupportContactRow.position)).where(
            SupportContactRow.organization_id == visitor.organization_id, SupportContactRow.ended_at.is_(None)
        )
    ).one()
    if standing >= MOST:
        raise Refused("enough", "There are %(most)s contacts already. Please take one away first.", most=MOST)
    row = SupportContactRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        position=(last or 0) + 1,
        changed_at=now,
        changed_by=visitor.person_id,
        **_values(typed),
    )
    session.add(row)
    _audit(session, visitor, "support.contact_added", row.id, now)
    return row.id


def change(session: Session, visitor: Visitor, contact_id: UUID, typed: Typed, now: datetime) -> None:
    """Other words for a contact. Raises `NotHere` and `Refused`."""
    row = _held(session, visitor, contact_id)
    if row.ended_at is not None:
        raise NotHere
    _check(typed)
    for name, value in _values(typed).items():
        setattr(row, name, value)
    _changed(session, visitor, row, "support.contact_changed", now)


def move(session: Session, visitor: Visitor, contact_id: UUID, *, up: bool, now: datetime) -> None:
    """One place up or down; at the end of the list nothing happens. Raises `NotHere`."""
    # One order for one organization: whoever locks the contacts one by one waits for somebody who waits for them.
    session.execute(select(OrganizationRow.id).where(OrganizationRow.id == visitor.organization_id).with_for_update())
    standing = _STANDING.execution_options(populate_existing=True)
    rows = list(session.scalars(standing, {"organization_id": visitor.organization_id}))
    here = next((place for place, row in enumerate(rows) if row.id == contact_id), None)
    if here is None:
        raise NotHere
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    for place, row in enumerate(rows, 1):
        row.position = place
    _changed(session, visitor, rows[there], "support.contact_moved", now)


def take_away(session: Session, visitor: Visitor, contact_id: UUID, now: datetime) -> None:
    """Nobody sees it from now on; for a day it can be brought back. Raises `NotHere`."""
    row = _held(session, visitor, contact_id)
    if row.ended_at is None:
        row.ended_at = now
        _changed(session, visitor, row, "support.contact_taken_away", now)


def bring_back(session: Session, visitor: Visitor, contact_id: UUID, now: datetime) -> None:
    """Undo that. Raises `NotHere` once its day is over."""
    row = _held(session, visitor, contact_id)
    if row.ended_at is None:
        return
    if row.ended_at <= now - UNDO:
        raise NotHere
    row.ended_at = None
    _changed(session, visitor, row, "support.contact_brought_back", now)


def change_page(session: Session, visitor: Visitor, *, text: str, leave_page_url: str, now: datetime) -> None:
    """What stands below the contacts, and where "Leave this page" leads. Raises `Refused`."""
    text, address = text.replace("\x00", "").strip(), leave_page_url.strip()
    if len(text) > LONGEST_TEXT:
        raise Refused("text_too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST_TEXT)
    if not _is_web_address(address):
        raise Refused("leave_page", "Please check this: it needs a whole web address that begins with https://.")
    row = session.get_one(OrganizationRow, visitor.organization_id, with_for_update=True)
    changed = {"text": row.support_text != text, "leave_page": row.leave_page_url != address}
    if any(changed.values()):
        row.support_text, row.leave_page_url = text, address
        _audit(session, visitor, "support.page_changed", visitor.organization_id, now, **changed)


def purge(session: Session, now: datetime) -> None:
    """A day after it was taken away, a contact is gone."""
    session.execute(delete(SupportContactRow).where(SupportContactRow.ended_at <= now - UNDO))


def _check(typed: Typed) -> None:
    if not typed.name:
        raise Refused("name", "To continue we need a name: of a person, a place or a line to call.")
    if any(len(text) > LONGEST for text in _values(typed).values() if text):
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    if typed.phone and not _PHONE.fullmatch(typed.phone):
        raise Refused("phone", "Please check this: a phone number has digits and spaces, such as +1 555 0100 or 988.")
    if typed.address and not _is_web_address(typed.address):
        raise Refused("address", "Please check this: it needs a whole web address that begins with https://.")
    if typed.language and not _LANGUAGE.fullmatch(typed.language):
        raise Refused("language", "Please check this: a language is written as a code, such as es.")


def _is_web_address(address: str) -> bool:
    """Whether it can stand in a link: https, a host, and nobody's name or password before it."""
    if len(address) > LONGEST or any(ord(sign) <= ord(" ") for sign in address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and "\\" not in address
    except ValueError:
        return False


def _values(typed: Typed) -> dict[str, str | None]:
    return {
        "name": typed.name,
        "what_for": typed.what_for or None,
        "phone": typed.phone or None,
        "address": typed.address or None,
        "hours": typed.hours or None,
        "language": typed.language or None,
    }


def _one(visitor: Visitor, contact_id: UUID) -> Select[SupportContactRow]:
    return select(SupportContactRow).where(
        SupportContactRow.id == contact_id, SupportContactRow.organization_id == visitor.organization_id
    )


def _held(session: Session, visitor: Visitor, contact_id: UUID) -> SupportContactRow:
    row = session.scalars(
        _one(visitor, contact_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _changed(session: Session, visitor: Visitor, row: SupportContactRow, act: str, now: datetime) -> None:
    row.changed_at, row.changed_by = now, visitor.person_id
    _audit(session, visitor, act, row.id, now)


def _audit(session: Session, visitor: Visitor, act: str, subject: UUID, now: datetime, **facts: bool) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"support:{subject}",
        now=now,
        **facts,
    )


def _contact(row: SupportContactRow) -> Contact:
    return Contact(
        id=row.id,
        name=row.name,
        what_for=row.what_for or "",
        phone=row.phone or "",
        address=row.address or "",
        hours=row.hours or "",
        language=row.language or "",
        until=row.ended_at + UNDO if row.ended_at else None,
    )
