"""That something waits for a person, or changed: noted here, sent as mail at most once a day, with no content."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from lti_tool.services.notifying.contact import Contact, contact_of, same_human
from lti_tool.services.notifying.quiet import not_before
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.writing import insert_once

CONTACT = "/contact"
DAY = timedelta(days=1)
DIGESTS = (MailKind.NEWS, MailKind.REMINDER)
"""Of these together at most one goes out a day."""


def news(
    session: Session,
    *,
    organization_id: UUID,
    person_id: UUID,
    now: datetime,
    kind: MessageKind = MessageKind.OTHER,
    path: str = "/waiting",
    sender_id: UUID | None = None,
    by_mail: bool = True,
) -> None:
    """Have the person told that there is something to look at, at `path`; several at once are one mail.

    `path` is a page that they may open. `sender_id` is whose act it came from, where the person's name is theirs to
    know: they see whether it arrived. A message stands in Attune in any case; mail goes only to somebody whose
    address is known, and who wants it. Of a kind that they asked not to be told of, it stands there as if read.
    Without `by_mail` it stands there alone, unread in any case.
    """
    human = same_human(session, person_id)
    contact = contact_of(session, human, now.date())
    silent = by_mail and kind in contact.silent
    mail_id = (
        None if silent or not by_mail else _note_digest(session, MailKind.NEWS, organization_id, human, contact, now)
    )
    unread = (
        MessageRow.person_id == human,
        MessageRow.kind == kind,
        MessageRow.path == path,
        MessageRow.read_at.is_(None),
    )
    same = MessageRow.sender_id.is_not_distinct_from(sender_id)
    if _changed(session, (*unread, same), made_at=now, mail_id=mail_id):
        return
    # What somebody else said of the same is followed by this one; to them it looks the same as if it were read.
    _changed(session, unread, read_at=now)
    insert_once(
        session,
        MessageRow,
        id=new_id(),
        organization_id=organization_id,
        person_id=human,
        kind=kind,
        path=path,
        made_at=now,
        read_at=now if silent else None,
        mail_id=mail_id,
        sender_id=sender_id,
    )


def _changed(session: Session, which: Sequence[ColumnElement[bool]], **values: Any) -> bool:
    """Whether there was such a message, now changed."""
    changed = update(MessageRow).where(*which).values(**values).returning(MessageRow.id)
    return session.execute(changed.execution_options(synchronize_session=False)).first() is not None


def address_changed(session: Session, *, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    """Tell the person inside Attune that their mail goes elsewhere: by mail it would reach whoever had it changed."""
    news(session, organization_id=organization_id, person_id=person_id, now=now, path=CONTACT, by_mail=False)


def of_observation(
    session: Session, observation: ObservationRow, person_id: UUID, now: datetime, *, by: UUID | None
) -> None:
    """`news` of an observation, for somebody who may read it on its page."""
    news(
        session,
        organization_id=observation.organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.OBSERVATION,
        path=f"/o/{observation.id}",
        sender_id=by,
    )


def reminder(session: Session, *, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    """Have the person reminded that something still waits, within the same measure as `news`."""
    human = same_human(session, person_id)
    contact = contact_of(session, human, now.date())
    _note_digest(session, MailKind.REMINDER, organization_id, human, contact, now)


def copy(session: Session, *, sign_off_id: UUID, person_id: UUID, secret: str, now: datetime) -> None:
    """Send a signer the link to what they signed; `secret` opens their copy, and is kept only until it was sent."""
    organization_id = session.get_one(SignOffRow, sign_off_id).organization_id
    _copy(session, organization_id, person_id, f"/copy/{secret}", now)


def copy_of_entries(session: Session, *, organization_id: UUID, person_id: UUID, secret: str, now: datetime) -> None:
    """The same for entries of the ledger; those that were signed at one moment are one mail."""
    _copy(session, organization_id, person_id, f"/copy/entries/{secret}", now)


def _copy(session: Session, organization_id: UUID, person_id: UUID, path: str, now: datetime) -> None:
    human = same_human(session, person_id)
    contact = contact_of(session, human, now.date())
    if contact.reached_at is None or not contact.wants(MailKind.COPY):
        return
    at = not_before(now, contact.zone, contact.quiet_from, contact.quiet_until)
    _add(session, MailKind.COPY, organization_id, human, now, at, path=path)


def _note_digest(
    session: Session, kind: MailKind, organization_id: UUID, human: UUID, contact: Contact, now: datetime
) -> UUID | None:
    """The mail that will tell of it; None where none goes out."""
    if contact.reached_at is None or not contact.wants(kind):
        return None
    mine = select(MailRow.id).where(MailRow.person_id == human, MailRow.kind.in_(DIGESTS))
    waiting = session.scalars(mine.where(MailRow.state == MailState.WAITING)).first()
    if waiting is not None:
        return waiting
    last = session.scalars(
        select(func.max(MailRow.sent_at)).where(MailRow.person_id == human, MailRow.kind.in_(DIGESTS))
    ).one()
    earliest = max(now, last + DAY) if last is not None else now
    at = not_before(earliest, contact.zone, contact.quiet_from, contact.quiet_until)
    return _add(session, kind, organization_id, human, now, at)


def _add(
    session: Session,
    kind: MailKind,
    organization_id: UUID,
    person_id: UUID,
    now: datetime,
    at: datetime,
    path: str | None = None,
) -> UUID:
    mail_id = new_id()
    session.add(
        MailRow(
            id=mail_id,
            organization_id=organization_id,
            person_id=person_id,
            kind=kind,
            path=path,
            state=MailState.WAITING,
            made_at=now,
            next_attempt_at=at,
            attempts=0,
        )
    )
    session.flush()
    return mail_id
