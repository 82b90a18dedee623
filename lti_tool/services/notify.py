"""That something waits for a person, or changed: noted here, sent as mail at most once a day, with no content."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.contact import contact_of, same_human
from lti_tool.services.quiet import not_before
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.writing import insert_once

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
) -> None:
    """Have the person told that there is something to look at, at `path`; several at once are one mail.

    A message stands in Attune in any case; mail goes only to somebody whose address is known, and who wants it.
    """
    insert_once(
        session,
        MessageRow,
        id=new_id(),
        organization_id=organization_id,
        person_id=same_human(session, person_id),
        kind=kind,
        path=path,
        made_at=now,
        sender_id=sender_id,
    )
    _note_digest(session, MailKind.NEWS, organization_id, person_id, now)


def reminder(session: Session, *, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    """Have the person reminded that something still waits, within the same measure as `news`."""
    _note_digest(session, MailKind.REMINDER, organization_id, person_id, now)


def copy(session: Session, *, sign_off_id: UUID, person_id: UUID, secret: str, now: datetime) -> None:
    """Send a signer the link to what they signed; `secret` opens their copy, and is kept only until it was sent."""
    signature = session.get_one(SignOffRow, sign_off_id)
    human = same_human(session, person_id)
    contact = contact_of(session, human, now.date())
    if contact.address is None or not contact.wants(MailKind.COPY):
        return
    at = not_before(now, contact.zone, contact.quiet_from, contact.quiet_until)
    _add(session, MailKind.COPY, signature.organization_id, human, now, at, path=f"/copy/{secret}")


def _note_digest(session: Session, kind: MailKind, organization_id: UUID, person_id: UUID, now: datetime) -> None:
    human = same_human(session, person_id)
    contact = contact_of(session, human, now.date())
    if contact.address is None or not contact.wants(kind):
        return
    mine = select(MailRow.id).where(MailRow.person_id == human, MailRow.kind.in_(DIGESTS))
    if session.scalars(mine.where(MailRow.state == MailState.WAITING)).first() is not None:
        return
    last = session.scalars(
        select(func.max(MailRow.sent_at)).where(MailRow.person_id == human, MailRow.kind.in_(DIGESTS))
    ).one()
    earliest = max(now, last + DAY) if last is not None else now
    at = not_before(earliest, contact.zone, contact.quiet_from, contact.quiet_until)
    _add(session, kind, organization_id, human, now, at)


def _add(
    session: Session,
    kind: MailKind,
    organization_id: UUID,
    person_id: UUID,
    now: datetime,
    at: datetime,
    path: str | None = None,
) -> None:
    session.add(
        MailRow(
            id=new_id(),
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
