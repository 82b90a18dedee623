"""What became of what somebody's acts sent: whether it arrived, and never whether it was read.

That somebody wants no mail is theirs to know: what went out by no mail "stands in Attune", whatever the reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import came_back, contact_of
from lti_tool.services.notifying.mailing import KEPT
from lti_tool.services.observations.lines import display_name
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import PersonRow

SHOWN_FOR = timedelta(days=30)
MOST = 40


class Arrival(StrEnum):
    """How far it is, as its sender is told."""

    IN_ATTUNE = "in_attune"
    ON_ITS_WAY = "on_its_way"
    """it waits: for the mail server, or for the hour"""
    SENT = "sent"
    NOT_TAKEN = "not_taken"
    """the mail server did not take it, often enough"""
    CAME_BACK = "came_back"


ARRIVAL = {
    MailState.WAITING: Arrival.ON_ITS_WAY,
    MailState.SENT: Arrival.SENT,
    MailState.NOT_WANTED: Arrival.IN_ATTUNE,
    MailState.NEEDS_PERSON: Arrival.NOT_TAKEN,
    MailState.RETURNED: Arrival.CAME_BACK,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One message that an act of the visitor's brought somebody."""

    to: str
    kind: MessageKind
    at: datetime
    arrival: Arrival


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation by mail, in the visitor's name."""

    mail_id: UUID
    to: str
    at: datetime
    arrival: Arrival


def told(session: Session, visitor: Visitor, now: datetime) -> tuple[Told, ...]:
    """The newest of the last thirty days, at most forty; of the same to the same person the last one."""
    same = (MessageRow.person_id, MessageRow.kind, MessageRow.path)
    nth = func.row_number().over(partition_by=same, order_by=(MessageRow.made_at.desc(), MessageRow.id.desc()))
    recent = (
        select(MessageRow.id, nth.label("nth"))
        .where(MessageRow.sender_id == visitor.person_id, MessageRow.made_at > now - SHOWN_FOR)
        .subquery()
    )
    rows = session.execute(
        select(MessageRow.person_id, PersonRow.name, MessageRow.kind, MessageRow.made_at, MailRow.state)
        .join(recent, (recent.c.id == MessageRow.id) & (recent.c.nth == 1))
        .join(PersonRow, PersonRow.id == MessageRow.person_id)
        .outerjoin(MailRow, MailRow.id == MessageRow.mail_id)
        .order_by(MessageRow.made_at.desc(), MessageRow.id.desc())
        .limit(MOST)
    )
    return tuple(
        Told(
            to=display_name(row.person_id, row.name),
            kind=row.kind,
            at=row.made_at,
            arrival=ARRIVAL[row.state] if row.state is not None else Arrival.IN_ATTUNE,
        )
        for row in rows
    )


def invitations(session: Session, visitor: Visitor) -> tuple[Invitation, ...]:
    """The newest, at most forty."""
    rows = session.execute(
        select(MailRow.id, MailRow.person_id, PersonRow.name, MailRow.made_at, MailRow.state)
        .join(PersonRow, PersonRow.id == MailRow.person_id)
        .where(MailRow.sender_id == visitor.person_id, MailRow.kind == MailKind.INVITATION)
        .order_by(MailRow.made_at.desc(), MailRow.id.desc())
        .limit(MOST)
    )
    return tuple(
        Invitation(row.id, display_name(row.person_id, row.name), row.made_at, ARRIVAL[row.state]) for row in rows
    )


def it_came_back(session: Session, visitor: Visitor, mail_id: UUID, now: datetime) -> None:
    """The visitor was told elsewhere that their invitation came back: nothing more goes to that address.

    Twice changes nothing. Raises `NotHere` for what is no invitation that they sent.
    """
    row = session.scalars(
        select(MailRow)
        .where(
            MailRow.id == mail_id,
            MailRow.sender_id == visitor.person_id,
            MailRow.kind == MailKind.INVITATION,
            MailRow.state.in_((MailState.SENT, MailState.RETURNED)),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.state is MailState.RETURNED:
        return
    row.state, row.sent_at = MailState.RETURNED, None
    session.flush()
    if not contact_of(session, row.person_id, now.date()).confirmed:
        came_back(session, row.organization_id, row.person_id, now)
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="mail.came_back",
        subject=f"person:{row.person_id}",
        now=now,
    )


def purge(session: Session, now: datetime) -> None:
    """Mails that have gone are forgotten; that they told of a message, too."""
    old = (MailRow.state != MailState.WAITING) & (MailRow.made_at < now - KEPT)
    session.execute(
        update(MessageRow)
        .where(MessageRow.mail_id.in_(select(MailRow.id).where(old)))
        .values(mail_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(MailRow).where(old).execution_options(synchronize_session=False))
