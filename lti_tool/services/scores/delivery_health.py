"""Whether scores get through to the LMSs: counts and codes for the operator, without anybody's name or score.

However many rows wait, it is three statements that read a bounded part of an index: counting stops at `MOST`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, ScalarSelect, cast, func, literal, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.answers import WHAT, Answer, Whose
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.platforms import PeriodicTurnRow, PlatformLaneRow, RegistrationRow

MOST = 10_000
"""Up to here is counted; one more means "more than that"."""
SILENT_FOR = timedelta(hours=1)
CLOCK_OFF_BY = 120
WORKER_QUIET_FOR = timedelta(minutes=10)
TURNS = ("sweep", "nightly", "clean")
"""What a worker does by the clock."""
OF_THE_CONNECTION = frozenset(
    {*(answer for answer, what in WHAT.items() if what.whose is Whose.PLATFORM), Answer.ADDRESS_NOT_KNOWN}
)
"""Answers that say nothing about one score: who looks after the connection mends them."""
FOR_THE_OPERATOR = frozenset(
    {Answer.TOKEN_REFUSED, Answer.SCOPE_NOT_GRANTED, Answer.ADDRESS_NOT_KNOWN, Answer.CERTIFICATE_NOT_TRUSTED}
)
"""Of these, the ones that do not pass by themselves."""


class Need(StrEnum):
    """What only whoever operates Attune can look after."""

    CONNECTION = "connection"
    """the LMS does not let Attune do what it should, and this will not pass by itself"""
    SILENT = "silent"
    """scores have waited for an hour, and the LMS did not take any meanwhile"""
    CLOCK = "clock"
    """the LMS's clock and ours are minutes apart"""


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """One platform's scores, and how they go there. A count above `MOST` means "more than `MOST`"."""

    registration_id: UUID
    platform_name: str
    organization_name: str
    active: bool
    accepted: int
    accepted_of_a_day: int
    waiting: int
    waiting_since: datetime | None
    """Of those that are due first: when what is to be shown was decided."""
    needs_person: int
    differs: int
    gone_columns: int
    resting_until: datetime | None
    troubles: int
    problem: str | None
    """The last trouble of the lane, as a code of `lti.answers.Answer`; None once a score got through again."""
    problem_at: datetime | None
    accepted_at: datetime | None
    clock_ahead: int | None
    """By how many seconds its clock is ahead of ours."""
    why: Mapping[str, int] = field(default_factory=dict)
    """Of the scores that need a person: how often each answer was given."""

    @property
    def sent_any(self) -> bool:
        """Whether there is anything to say about scores."""
        return bool(self.accepted or self.waiting or self.needs_person or self.differs)

    def rests(self, now: datetime) -> bool:
        """Whether nothing is sent for a while."""
        return self.resting_until is not None and self.resting_until > now

    def needs(self, now: datetime) -> tuple[Need, ...]:
        """What an operator is needed for; nothing while the connection is switched off, which was their own act."""
        if not self.active:
            return ()
        found = []
        if FOR_THE_OPERATOR & set(self.why) or self.problem in FOR_THE_OPERATOR:
            found.append(Need.CONNECTION)
        elif self._silent(now):
            found.append(Need.SILENT)
        if abs(self.clock_ahead or 0) > CLOCK_OFF_BY:
            found.append(Need.CLOCK)
        return tuple(found)

    def _silent(self, now: datetime) -> bool:
        before = now - SILENT_FOR
        waits_long = self.waiting_since is not None and self.waiting_since < before
        return waits_long and self.troubles > 0 and (self.accepted_at is None or self.accepted_at < before)


@dataclass(frozen=True, slots=True)
class Workers:
    """Whether any worker runs, as far as the database shows it."""

    seen_at: datetime | None
    """When periodic work was last done; None: never."""

    def quiet(self, now: datetime) -> bool:
        """Whether no worker seems to run: the sweep is due every minute."""
        return self.seen_at is None or self.seen_at < now - WORKER_QUIET_FOR


def platforms(session: Session, organization_id: UUID | None, now: datetime) -> tuple[PlatformHealth, ...]:
    """The platforms of an organization, or of all, by name."""
    whose = RegistrationRow.organization_id == organization_id if organization_id else literal(value=True)
    rows = session.execute(
        select(
            RegistrationRow.id,
            RegistrationRow.name.label("platform_name"),
            OrganizationRow.name.label("organization_name"),
            RegistrationRow.active,
            _count(DeliveryState.ACCEPTED).label("accepted"),
            _accepted_since(now - timedelta(days=1)).label("accepted_of_a_day"),
            _count(DeliveryState.WAITING).label("waiting"),
            _waiting_since().label("waiting_since"),
            _count(DeliveryState.NEEDS_PERSON).label("needs_person"),
            _count(DeliveryState.DIFFERS).label("differs"),
            _gone_columns().label("gone_columns"),
            PlatformLaneRow,
        )
        .join(OrganizationRow, OrganizationRow.id == RegistrationRow.organization_id)
        .outerjoin(PlatformLaneRow, PlatformLaneRow.registration_id == RegistrationRow.id)
        .where(whose)
        .order_by(OrganizationRow.name, RegistrationRow.name, RegistrationRow.id)
    ).all()
    why = _why(session, organization_id)
    return tuple(_platform(row, why.get(row.id, {})) for row in rows)


def workers(session: Session) -> Workers:
    """When a worker last did something."""
    turns = select(func.max(PeriodicTurnRow.taken_at)).where(PeriodicTurnRow.name.in_(TURNS))
    return Workers(session.scalars(turns).one())


def _platform(row: Any, why: Mapping[str, int]) -> PlatformHealth:
    lane: PlatformLaneRow | None = row.PlatformLaneRow
    troubled = lane if lane is not None and lane.troubles else None
    return PlatformHealth(
        registration_id=row.id,
        platform_name=row.platform_name,
        organization_name=row.organization_name,
        active=row.active,
        accepted=row.accepted,
        accepted_of_a_day=row.accepted_of_a_day,
        waiting=row.waiting,
        waiting_since=row.waiting_since,
        needs_person=row.needs_person,
        differs=row.differs,
        gone_columns=row.gone_columns,
        resting_until=lane.resting_until if lane else None,
        troubles=lane.troubles if lane else 0,
        problem=troubled.problem if troubled else None,
        problem_at=troubled.problem_at if troubled else None,
        accepted_at=lane.accepted_at if lane else None,
        clock_ahead=lane.clock_ahead if lane else None,
        why=why,
    )


def _why(session: Session, organization_id: UUID | None) -> dict[UUID, dict[str, int]]:
    needing = select(DeliveryRow.registration_id, DeliveryRow.answer).where(
        DeliveryRow.state == DeliveryState.NEEDS_PERSON
    )
    if organization_id is not None:
        needing = needing.where(DeliveryRow.organization_id == organization_id)
    some = needing.limit(MOST).subquery()
    found: dict[UUID, dict[str, int]] = {}
    for registration_id, answer, number in session.execute(
        select(some.c.registration_id, some.c.answer, func.count())
        .where(some.c.answer.is_not(None))
        .group_by(some.c.registration_id, some.c.answer)
        .order_by(func.count().desc(), some.c.answer)
    ):
        found.setdefault(registration_id, {})[answer] = number
    return found


def _count(state: DeliveryState) -> ScalarSelect[int]:
    return _at_most(DeliveryRow.state == state)


def _accepted_since(moment: datetime) -> ScalarSelect[int]:
    return _at_most(DeliveryRow.accepted_at >= moment)


def _at_most(which: ColumnElement[bool]) -> ScalarSelect[int]:
    some = (
        select(literal(1, Integer).label("one"))
        .where(DeliveryRow.registration_id == RegistrationRow.id, which)
        .correlate(RegistrationRow)
        .limit(MOST + 1)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def _waiting_since() -> ScalarSelect[Any]:
    some = (
        select(DeliveryRow.desired_at)
        .where(DeliveryRow.registration_id == RegistrationRow.id, DeliveryRow.state == DeliveryState.WAITING)
        .correlate(RegistrationRow)
        .order_by(DeliveryRow.next_attempt_at)
        .limit(MOST)
        .subquery()
    )
    return select(func.min(some.c.desired_at)).scalar_subquery()


def _gone_columns() -> ScalarSelect[int]:
    return (
        select(cast(func.count(), Integer))
        .select_from(LineItemRow)
        .where(
            LineItemRow.registration_id == RegistrationRow.id,
            LineItemRow.gone_at.is_not(None),
            LineItemRow.stopped_at.is_(None),
        )
        .correlate(RegistrationRow)
        .scalar_subquery()
    )
