"""The worker's three steps for one mail: take it, send it, settle what came of it.

Only the middle one speaks with the mail server, and it holds no transaction while it does. A mail says who sends it
and where its link leads: no name of a trainee, no program, no result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.mail import LASTING, Answer, Letter
from lti_tool.services import external_links
from lti_tool.services.contact import CAN_BE_MUTED, Contact, contact_of, stop_secret
from lti_tool.services.lines import display_name
from lti_tool.services.notify import DAY, DIGESTS
from lti_tool.services.quiet import not_before
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow

LEASE = timedelta(minutes=5)
"""Longer than one attempt can take."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 720))
"""Before each further attempt: together a day and a half."""
PAUSES_OF_CODES = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 8))
"""A code is good for a quarter of an hour."""
CODES = (MailKind.CODE, MailKind.ADDRESS)
KEPT = timedelta(days=90)
TOO_OLD = timedelta(days=14)
"""News that could not go out for so long say nothing any more."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What links in mails are made of."""

    public_url: str
    secret_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of mail; `%(sender)s` is a person and their institution, or the institution."""

    subject: str
    text: str


TEXTS: Mapping[MailKind, Words] = MappingProxyType(
    {
        MailKind.INVITATION: Words(
            "An invitation from %(sender)s",
            "You are invited by %(sender)s.\n\n"
            "This link shows what it is about. Opening it changes nothing, and you can use it as often as you need:\n"
            "%(link)s\n\n"
            "If you do not know who that is, please leave it: nothing happens without you.\n",
        ),
        MailKind.CODE: Words(
            "Your code",
            "Your code for signing in at %(organization)s:\n\n%(code)s\n\n"
            "It works for fifteen minutes, together with the link that you opened. If you did not ask for it, please "
            "leave it: without your link it opens nothing.\n",
        ),
        MailKind.ADDRESS: Words(
            "Your code",
            "Somebody at %(organization)s, most likely you, gave this address. The code that shows it is yours:\n\n"
            "%(code)s\n\n"
            "It works for fifteen minutes. If it was not you, please leave it: nothing more is sent here.\n",
        ),
        MailKind.NEWS: Words(
            "You have an update", "You have an update. It is here, whenever it suits you:\n%(link)s\n"
        ),
        MailKind.REMINDER: Words(
            "You have an update", "Something is still there for you, whenever it suits you:\n%(link)s\n"
        ),
        MailKind.COPY: Words(
            "Your copy",
            "You have a copy of something that carries your name. You can read it here, and say if it was not you:\n"
            "%(link)s\n",
        ),
    }
)
FOOT = "\n-- \n%(sender)s\n"
STOP = "No such mail any more, or how often and when: %(stop)s\n"


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
    later = _not_now(session, row, contact, now)
    if later is not None:
        row.next_attempt_at, row.leased_until = later, None
        return None
    if row.path is None and row.kind in DIGESTS:
        row.path = external_links.way_in(session, row.person_id, now) or "/waiting"
    return _letter(session, row, address, outgoing)


def settle(session: Session, mail_id: UUID, answer: Answer, now: datetime) -> None:
    """Note what the server said: sent, again later, or a person has to look."""
    row = session.scalars(select(MailRow).where(MailRow.id == mail_id).with_for_update()).one()
    if row.state is not MailState.WAITING:
        return
    row.attempts, row.leased_until, row.answer = row.attempts + 1, None, answer.value
    pauses = PAUSES_OF_CODES if row.kind in CODES else PAUSES
    if answer is Answer.TAKEN:
        row.sent_at = now
        _end(row, MailState.SENT)
    elif answer in LASTING or row.attempts > len(pauses):
        _end(row, MailState.NEEDS_PERSON)
    else:
        row.next_attempt_at = now + pauses[row.attempts - 1]


def example(session: Session, organization_id: UUID, outgoing: Outgoing) -> Letter:
    """What a mail looks like, to be shown to whoever chooses whether they want any."""
    organization = session.get_one(OrganizationRow, organization_id).name
    values = {"sender": organization, "organization": organization, "link": f"{outgoing.public_url}/…", "code": ""}
    words = TEXTS[MailKind.NEWS]
    text = words.text % values + FOOT % values + STOP % {"stop": f"{outgoing.public_url}/mail/stop/…"}
    return Letter(name="example", to="", subject=words.subject, text=text)


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


def _letter(session: Session, row: MailRow, address: str, outgoing: Outgoing) -> Letter:
    organization = session.get_one(OrganizationRow, row.organization_id).name
    sender = organization
    if row.sender_id is not None:
        person = session.get_one(PersonRow, row.sender_id)
        sender = f"{display_name(person.id, person.name)}, {organization}"
    values = {
        "sender": sender,
        "organization": organization,
        "link": f"{outgoing.public_url}{row.path or ''}",
        "code": f"{row.code[:4]} {row.code[4:]}" if row.code else "",
    }
    words = TEXTS[row.kind]
    text, stop_url = words.text % values + FOOT % values, None
    if row.kind in CAN_BE_MUTED:
        secret = stop_secret(session, row.organization_id, row.person_id, outgoing.secret_keys)
        stop_url = f"{outgoing.public_url}/mail/stop/{secret}"
        text += STOP % {"stop": stop_url}
    return Letter(name=str(row.id), to=address, subject=one_line(words.subject % values), text=text, stop_url=stop_url)


def one_line(text: str) -> str:
    """The text without anything that would end a line of a mail's head."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
