"""Reminders of what waits: after three days, at most three for each thing, all of a person in one mail a day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.services.calibrating import calibration_lists
from lti_tool.services.courses import archived
from lti_tool.services.entering.stand_in import stand_in
from lti_tool.services.notifying import notify
from lti_tool.services.observations.waiting import waiting
from lti_tool.store.mail import ContactRow, MailKind, MailRow, MailState
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from rubrics.observation import State

AFTER = (timedelta(days=3), timedelta(days=7), timedelta(days=14))
"""Each reminder of one thing, counted from when it began to wait."""
COUNTS = (MailState.WAITING, MailState.SENT, MailState.NEEDS_PERSON)
_WITH_AN_ADDRESS: Any = (
    select(PersonRow.organization_id, PersonRow.id)
    .outerjoin(ContactRow, ContactRow.person_id == PersonRow.id)
    .where(PersonRow.merged_into.is_(None), or_(PersonRow.email.is_not(None), ContactRow.confirmed_at.is_not(None)))
    .order_by(PersonRow.id)
)


def is_due(since: Sequence[datetime], reminded: Sequence[datetime], now: datetime) -> bool:
    """Whether something that waits since one of these moments is to be reminded of.

    Every reminder counts for each thing that waited when it was made; a thing that has had three calls for no more.
    """
    numbers = ((now - began, sum(1 for at in reminded if at >= began)) for began in since)
    return any(number < len(AFTER) and waited >= AFTER[number] for waited, number in numbers)


def note_all(session: Session, now: datetime) -> int:
    """Note a reminder for each person with an address for whom something waits long enough; how many there are."""
    noted = 0
    for organization_id, person_id in session.execute(_WITH_AN_ADDRESS).all():
        since = tuple(_waits_since(session, organization_id, person_id, now))
        if since and is_due(since, _reminded(session, person_id), now):
            notify.reminder(session, organization_id=organization_id, person_id=person_id, now=now)
            noted += 1
    return noted


def _waits_since(session: Session, organization_id: UUID, person_id: UUID, now: datetime) -> Iterator[datetime]:
    found = waiting(session, stand_in(session, person_id), now)
    asked = (*found.to_agree, *found.to_observe, *found.to_hand_in, *found.to_meet)
    yield from (line.changed_at for line in (*asked, *(line for line, _ in found.to_sign)))
    yield from calibration_lists.waits_since(session, person_id)
    yield from session.scalars(
        select(ObservationRow.changed_at).where(
            ObservationRow.organization_id == organization_id,
            ObservationRow.trainee_id == person_id,
            ObservationRow.state == State.SHARED,
            archived.is_open(ObservationRow.activity_id),
        )
    )


def _reminded(session: Session, person_id: UUID) -> tuple[datetime, ...]:
    return tuple(
        session.scalars(
            select(MailRow.made_at).where(
                MailRow.person_id == person_id, MailRow.kind == MailKind.REMINDER, MailRow.state.in_(COUNTS)
            )
        )
    )
