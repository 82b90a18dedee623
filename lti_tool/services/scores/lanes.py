"""One lane for each platform: one worker at a time sends what waits for it, and it rests when it has trouble.

The lane is a row. Whoever takes it holds it for a while and says so again with each batch; a worker that died loses
it by itself.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from grading.delivery import DeliveryState
from grading.pacing import rests
from lti_tool.lti.answers import Answer
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from lti_tool.store.writing import insert_once

LEASE = timedelta(seconds=45)
"""How long a worker holds a lane without a word. Said again with each batch of scores."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane that this worker holds."""

    registration: PlatformRegistration
    held_by: UUID
    troubles: int
    """How often in a row the platform had trouble before."""
    accepted_at: datetime | None
    """When it last took a score."""


def take(session: Session, registration_id: UUID, now: datetime) -> Lane | None:
    """Hold the lane; None while another worker does, the platform rests, or its connection is switched off."""
    registration = session.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.id == registration_id, RegistrationRow.active)
        .options(selectinload(RegistrationRow.hosts))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if registration is None:
        return None
    held_by = uuid4()
    held = _hold(session, registration_id, held_by, now)
    if held is None and _make(session, registration):
        held = _hold(session, registration_id, held_by, now)
    if held is None:
        return None
    troubles, accepted_at = held
    return Lane(registration_of(registration), held_by, troubles, accepted_at)


def _hold(session: Session, registration_id: UUID, held_by: UUID, now: datetime) -> tuple[int, datetime | None] | None:
    held = session.execute(
        update(PlatformLaneRow)
        .where(PlatformLaneRow.registration_id == registration_id, _free(now))
        .values(leased_until=now + LEASE, leased_by=held_by)
        .returning(PlatformLaneRow.troubles, PlatformLaneRow.accepted_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if held is None else (held[0], held[1])


def _make(session: Session, registration: RegistrationRow) -> bool:
    return insert_once(
        session,
        PlatformLaneRow,
        id=new_id(),
        organization_id=registration.organization_id,
        registration_id=registration.id,
        troubles=0,
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return and_(
        or_(PlatformLaneRow.leased_until.is_(None), PlatformLaneRow.leased_until <= now),
        or_(PlatformLaneRow.resting_until.is_(None), PlatformLaneRow.resting_until <= now),
    )


def keep(session: Session, lane: Lane, now: datetime) -> bool:
    """Go on holding it; False when another worker has it by now, or its connection was switched off."""
    kept = session.execute(
        _of(lane)
        .where(exists().where(RegistrationRow.id == lane.registration.id, RegistrationRow.active))
        .values(leased_until=now + LEASE)
        .returning(PlatformLaneRow.id)
    )
    return kept.one_or_none() is not None


def let_go(session: Session, lane: Lane) -> None:
    """Another worker may take it."""
    session.execute(_of(lane).values(leased_until=None, leased_by=None))


def went_well(session: Session, lane: Lane, accepted_at: datetime | None) -> None:
    """The platform answered as it should; `accepted_at` is when it last took a score."""
    well = {"troubles": 0, "problem": None, "problem_at": None, "resting_until": None}
    session.execute(_of(lane).values(accepted_at=accepted_at, **well))


def troubled(
    session: Session, lane: Lane, answer: Answer, now: datetime, *, troubles: int, asked: timedelta | None = None
) -> datetime | None:
    """The platform had trouble, so often in a row: until when it rests, None while it goes on.

    `asked`: how long the platform itself asked us to wait, which is kept to.
    """
    rest = rests(troubles, random.random())  # noqa: S311 - spreads workers, guards nothing
    rest = max((one for one in (rest, asked) if one is not None), default=None)
    until = None if rest is None else now + rest
    session.execute(_of(lane).values(troubles=troubles, problem=answer.value, problem_at=now, resting_until=until))
    return until


def clock_seen(session: Session, lane: Lane, ahead: timedelta) -> None:
    """The platform's clock is ahead of ours by so much, as its last answers said."""
    session.execute(_of(lane).values(clock_ahead=round(ahead.total_seconds())))


def _of(lane: Lane):  # type: ignore[no-untyped-def]  # an UPDATE, whose type sqlalchemy does not say
    return (
        update(PlatformLaneRow)
        .where(
            PlatformLaneRow.registration_id == lane.registration.id,
            PlatformLaneRow.leased_by == lane.held_by,
        )
        .execution_options(synchronize_session=False)
    )


GOES_ON: ColumnElement[bool] = and_(LineItemRow.stopped_at.is_(None), LineItemRow.gone_at.is_(None))
"""Whether scores are sent to a column: in one that was deleted in the LMS, or to which nothing is to be sent, they
wait as they are, and go out once a person has it go on."""
_TO_BE_FOUND = or_(LineItemRow.url.is_(None), func.coalesce(LineItemRow.change_answer, "") == Answer.COLUMN_GONE)
"""Columns that are to be made, or are not where they were: the worker makes or finds them first."""
_NOT_MADE = and_(LineItemRow.url.is_(None), LineItemRow.column_id.is_not(None))
"""A further column is made by itself, in its own way, and never while a score is sent."""


def is_due(now: datetime) -> ColumnElement[bool]:
    """Scores that may be sent now: they wait, nobody holds them, and their column can be sent to."""
    return and_(_may_be_sent(now), DeliveryRow.next_attempt_at <= now)


def _may_be_sent(now: datetime) -> ColumnElement[bool]:
    return and_(
        DeliveryRow.state == DeliveryState.WAITING,
        or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
        exists().where(
            LineItemRow.id == DeliveryRow.line_item_id,
            GOES_ON,
            or_(and_(LineItemRow.change_at.is_(None), ~_NOT_MADE), ~_TO_BE_FOUND),
        ),
    )


def platform_of(session: Session, delivery_id: UUID, now: datetime) -> UUID | None:
    """The platform of a score that is due; None where there is nothing to send."""
    return session.scalars(
        select(DeliveryRow.registration_id).where(DeliveryRow.id == delivery_id, is_due(now))
    ).one_or_none()


def next_due(session: Session, registration_id: UUID, now: datetime) -> datetime | None:
    """When the next score that nobody holds is due for this platform; None where none waits."""
    return session.scalars(
        select(DeliveryRow.next_attempt_at)
        .where(DeliveryRow.registration_id == registration_id, _may_be_sent(now))
        .order_by(DeliveryRow.next_attempt_at)
        .limit(1)
    ).one_or_none()


def due(session: Session, now: datetime) -> tuple[UUID, ...]:
    """The platforms for which something is due and whose lane is free: what a sweep asks for."""
    taken_or_resting = exists().where(PlatformLaneRow.registration_id == RegistrationRow.id, ~_free(now))
    waiting = exists().where(DeliveryRow.registration_id == RegistrationRow.id, is_due(now))
    return tuple(session.scalars(select(RegistrationRow.id).where(RegistrationRow.active, ~taken_or_resting, waiting)))
