"""The worker's three steps for one mail: take it, send it, settle what came of it.

Only the middle one speaks with the mail server, and it holds no transaction while it does. A mail says who sends it
and where its link leads: no name of a trainee, no program, no result.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.mail import LASTING, Answer, Letter
from lti_tool.services.entering import external_links
from lti_tool.services.entering.codes import CODES
from lti_tool.services.notifying.contact import CAN_BE_MUTED, Contact, came_back, contact_of, stop_secret
from lti_tool.services.notifying.mail_words import Filling, written
from lti_tool.services.notifying.notify import DAY, DIGESTS
from lti_tool.services.notifying.quiet import not_before
from lti_tool.services.observations.lines import display_name
from lti_tool.store.mail import MailRow, MailState
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow

LEASE = timedelta(minutes=5)
"""Longer than one attempt can take."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 720))
"""Before each further attempt: together a day and a half."""
PAUSES_OF_CODES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5))
"""A code is good for ten minutes."""
KEPT = timedelta(days=90)
TOO_OLD = timedelta(days=14)
"""News that could not go out for so long say nothing any more."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What links in mails are made of."""

    public_url: str
    secret_keys: tuple[str, ...]


def due(session: Session, now: datetime, *, limit: int = 200) -> tuple[UUID, ...]:
    """Mails that should go out now and that nobody holds."""
    return tuple(
        session.scalars(
            select(MailRow.id)
            .where(
                MailRow.state == MailState.WAITING,
                MailRow.next_attempt_at <= now,
                or_(MailRow.leased_until.is_(None), MailRow.leased_until <= now),
            )
            .order_by(MailRow.next_attempt_at)
            .limit(limit)
        )
    )


def take(session: Session, mail_id: UUID, outgoing: Outgoing, now: datetime) -> Letter | None:
    """The mail, taken for one attempt; None where it is not due, is held, or is not wanted any more."""
    taken = session.execute(
        update(MailRow)
        .where(
            MailRow.id == mail_id,
            MailRow.state == MailState.WAITING,
            MailRow.next_attempt_at <= now,
            or_(MailRow.leased_until.is_(None), MailRow.leased_until <= now),
        )
        .values(leased_until=now + LEASE)
        .returning(MailRow.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    row = session.scalars(select(MailRow).where(MailRow.id == mail_id).execution_options(populate_existing=True)).one()
    contact = contact_of(session, row.person_id, now.date())
    address = row.address or contact.address
    if address is None or not contact.wants(row.kind) or _says_nothing_any_more(row, now):
        _end(row, MailState.NOT_WANTED)
        return None
    if contact.returned_at is not None and address == contact.address and row.kind not in CODES:
        _end(row, MailState.RETURNED)
        return None
    later = _not_now(session, row, contact, now)
    if later is not None:
        row.next_attempt_at, row.leased_until = later, None
        return None
    if row.path is None and row.kind in DIGESTS:
        row.path = external_links.way_in(session, row.person_id, now) or "/messages"
    return _letter(session, row, address, contact, outgoing)


def settle(session: Session, mail_id: UUID, answer: Answer, now: datetime) -> None:
    """Note what the server said: sent, again later, came back, or a person has to look."""
    row = session.scalars(select(MailRow).where(MailRow.id == mail_id).with_for_update()).one()
    if row.state is not MailState.WAITING:
        return
    row.attempts, row.leased_until, row.answer = row.attempts + 1, None, answer.value
    pauses = PAUSES_OF_CODES if row.kind in CODES else PAUSES
    if answer is Answer.TAKEN:
        row.sent_at = now
        _end(row, MailState.SENT)
    elif answer is Answer.NO_SUCH_ADDRESS:
        _came_back(session, row, now)
    elif answer in LASTING or row.attempts > len(pauses):
        _end(row, MailState.NEEDS_PERSON)
    else:
        row.next_attempt_at = now + pauses[row.attempts - 1]


def _came_back(session: Session, row: MailRow, now: datetime) -> None:
    """Nobody is there; an address that was only just being shown to be theirs is not the one they have."""
    usual = contact_of(session, row.person_id, now.date()).address
    if usual is not None and row.address in (None, usual):
        came_back(session, row.organization_id, row.person_id, now)
    _end(row, MailState.RETURNED)


def _says_nothing_any_more(row: MailRow, now: datetime) -> bool:
    return row.kind in DIGESTS and now - row.made_at > TOO_OLD


def _not_now(session: Session, row: MailRow, contact: Contact, now: datetime) -> datetime | None:
    """When it may go out instead, if not now: quiet hours, or another one went out today."""
    if row.kind not in CAN_BE_MUTED:
        return None
    earliest = now
    if row.kind in DIGESTS:
        other = aliased(MailRow)
        others = select(func.max(other.sent_at)).where(other.person_id == row.person_id, other.kind.in_(DIGESTS))
        last = session.scalars(others).one()
        under_way = exists().where(
            other.person_id == row.person_id,
            other.kind.in_(DIGESTS),
            other.id != row.id,
            other.state == MailState.WAITING,
            other.leased_until > now,
        )
        if session.scalars(select(under_way)).one():
            earliest = now + LEASE
        elif last is not None:
            earliest = max(now, last + DAY)
    at = not_before(earliest, contact.zone, contact.quiet_from, contact.quiet_until)
    return at if at > now else None


def _end(row: MailRow, state: MailState) -> None:
    """What could open something is not kept longer than it is needed."""
    row.state, row.leased_until = state, None
    row.path = row.code = row.address = None


def _letter(session: Session, row: MailRow, address: str, contact: Contact, outgoing: Outgoing) -> Letter:
    organization = session.get_one(OrganizationRow, row.organization_id).name
    sender = organization
    if row.sender_id is not None:
        person = session.get_one(PersonRow, row.sender_id)
        sender = f"{display_name(person.id, person.name)}, {organization}"
    stop_url = None
    if row.kind in CAN_BE_MUTED:
        secret = stop_secret(session, row.organization_id, row.person_id, outgoing.secret_keys)
        stop_url = f"{outgoing.public_url}/mail/stop/{secret}"
    filling = Filling(
        sender=sender,
        organization=organization,
        named=contact.names_sender,
        link=f"{outgoing.public_url}{row.path or ''}",
        code=row.code or "",
        stop_url=stop_url,
    )
    said = written(row.kind, filling, contact.language)
    return Letter(
        name=str(row.id),
        to=address,
        subject=said.subject,
        text=said.text,
        stop_url=stop_url,
        language=contact.language.replace("_", "-"),
    )
