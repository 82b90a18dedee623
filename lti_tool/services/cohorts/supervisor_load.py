"""What supervisors have to do and how long signatures take: numbers of work, by name and in no order of merit."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from lti_tool.access import Capability
from lti_tool.services.observations.lines import TAKING_PART, display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow, AvailabilityRow, ConflictRow
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.observations import ObservationRow, ObserverRow, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.sign_off import Lane

MOST = 2_000
LAST = 100
"""Signatures of one person that the time is told from."""
LEAST = 5
"""From fewer signatures no time is told."""
OWN_FIRST = timedelta(days=7)
"""For so long after a signature only its signer has it in their time to sign."""
_OPEN = (*BEFORE, *UNDER_WAY, State.DRAFTED, State.IN_MODERATION, State.AMENDING)


@dataclass(frozen=True, slots=True)
class Name:
    """A supervisor, by name."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Outstanding:
    """How many wait, and since when the oldest of them does."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What one supervisor has to do."""

    who: Name
    trainees: int
    """Whom they are assigned to."""
    observing: int
    """Observations that they were asked for or take part in, and that are not shared yet."""
    to_sign: Outstanding
    """Observations that wait for their signature, of trainees whom they are assigned to."""
    entries: Outstanding
    """Hours and trainings that they were asked to sign."""
    days: float | None
    """Half of their last signatures took no longer than so many days; None: too few to tell."""
    away: bool


@dataclass(frozen=True, slots=True)
class OfNobody:
    """Observations of trainees who are assigned to nobody in a lane: whoever signs in it can."""

    lane: Lane
    waiting: Outstanding


def supervisors(session: Session, organization_id: UUID, course_id: UUID | None = None) -> tuple[Name, ...]:
    """Who signs in any lane, in the course or in any that goes on; by name."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(GrantRow, GrantRow.person_id == PersonRow.id)
        .join(
            MembershipRow,
            and_(MembershipRow.course_id == GrantRow.course_id, MembershipRow.person_id == GrantRow.person_id),
        )
        .join(CourseRow, CourseRow.id == GrantRow.course_id)
        .where(
            GrantRow.organization_id == organization_id,
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            CourseRow.archived_at.is_(None),
            *([] if course_id is None else [GrantRow.course_id == course_id]),
        )
        .distinct()
        .limit(MOST)
    )
    found = (Name(id_, display_name(id_, name)) for id_, name in rows)
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.person_id)))


def loads(
    session: Session, who: Sequence[Name], now: datetime, course_id: UUID | None = None, *, own: bool = False
) -> tuple[Load, ...]:
    """What these have to do, in their order: in the course, or in all that go on. As many questions as for one.

    `own`: as they see it themselves, with the signatures of the last days too.
    """
    ids = [each.person_id for each in who]
    trainees, observing = _trainees(session, ids, course_id), _observing(session, ids, course_id)
    to_sign, entries = _to_sign(session, ids, now, course_id), _entries(session, ids, course_id)
    days = _days(session, ids, now if own else now - OWN_FIRST, course_id)
    away = _away(session, ids, now, course_id)
    return tuple(
        Load(
            each,
            trainees.get(each.person_id, 0),
            observing.get(each.person_id, 0),
            to_sign.get(each.person_id, Outstanding()),
            entries.get(each.person_id, Outstanding()),
            days.get(each.person_id),
            each.person_id in away,
        )
        for each in who
    )


def of_nobody(
    session: Session, organization_id: UUID, now: datetime, course_id: UUID | None = None
) -> tuple[OfNobody, ...]:
    """What waits for anybody of a lane, lane by lane; lanes in which nothing does are left out."""
    found = ((lane, _unassigned(session, organization_id, lane, now, course_id)) for lane in Lane)
    return tuple(OfNobody(lane, waiting) for lane, waiting in found if waiting.count)


_READY_SINCE: ColumnElement[datetime] = case(
    (ObservationRow.answered_at <= ObservationRow.respond_until, ObservationRow.answered_at),
    else_=ObservationRow.respond_until,
)
"""Since when it could be signed: the trainee's answer, or the end of the time for it."""


def _ready(now: datetime) -> ColumnElement[bool]:
    return or_(
        ObservationRow.state == State.ANSWERED,
        and_(ObservationRow.state == State.SHARED, ObservationRow.respond_until <= now),
    )


def _asked_in(lane: Any) -> ColumnElement[bool]:
    """The activity asks for a signature in the lane, and none stands."""
    signed = exists(
        select(SignOffRow.id).where(
            SignOffRow.observation_id == ObservationRow.id,
            SignOffRow.lane == lane,
            ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
        )
    )
    named = literal('%"').concat(cast(lane, String)).concat('"%')
    return and_(cast(ActivityRow.lanes, String).like(named), ~signed)


def _goes_on(course_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    """Of activities: those of the course, or of courses that are not kept for reading only."""
    if course_id is not None:
        return (ActivityRow.course_id == course_id,)
    return (ActivityRow.course_id.in_(select(CourseRow.id).where(CourseRow.archived_at.is_(None))),)


def _trainees(session: Session, ids: Sequence[UUID], course_id: UUID | None) -> dict[UUID, int]:
    asked = (
        select(AssignmentRow.person_id, func.count(AssignmentRow.trainee_id.distinct()))
        .join(CourseRow, CourseRow.id == AssignmentRow.course_id)
        .where(
            AssignmentRow.person_id.in_(ids),
            AssignmentRow.assigned_as == AssignedAs.SUPERVISOR,
            AssignmentRow.ended_at.is_(None),
            CourseRow.archived_at.is_(None),
            *([] if course_id is None else [AssignmentRow.course_id == course_id]),
        )
        .group_by(AssignmentRow.person_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _observing(session: Session, ids: Sequence[UUID], course_id: UUID | None) -> dict[UUID, int]:
    asked = (
        select(ObserverRow.person_id, func.count())
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObserverRow.person_id.in_(ids),
            ObserverRow.state.in_(TAKING_PART),
            ObservationRow.state.in_(_OPEN),
            *_goes_on(course_id),
        )
        .group_by(ObserverRow.person_id)
    )
    return {row[0]: row[1] for row in session.execute(asked)}


def _to_sign(session: Session, ids: Sequence[UUID], now: datetime, course_id: UUID | None) -> dict[UUID, Outstanding]:
    conflict = exists(
        select(ConflictRow.id).where(
            ConflictRow.ended_at.is_(None),
            or_(
                and_(
                    ConflictRow.declared_by == AssignmentRow.person_id,
                    ConflictRow.about_id == AssignmentRow.trainee_id,
                ),
                and_(
                    ConflictRow.about_id == AssignmentRow.person_id,
                    ConflictRow.declared_by == AssignmentRow.trainee_id,
                ),
            ),
        )
    )
    asked = (
        select(AssignmentRow.person_id, func.count(ObservationRow.id.distinct()), func.min(_READY_SINCE))
        .join(ActivityRow, ActivityRow.course_id == AssignmentRow.course_id)
        .join(
            ObservationRow,
            and_(ObservationRow.activity_id == ActivityRow.id, ObservationRow.trainee_id == AssignmentRow.trainee_id),
        )
        .where(
            AssignmentRow.person_id.in_(ids),
            AssignmentRow.lane.is_not(None),
            AssignmentRow.backup.is_(False),
            AssignmentRow.ended_at.is_(None),
            _ready(now),
            _asked_in(AssignmentRow.lane),
            ~conflict,
            *_goes_on(course_id),
        )
        .group_by(AssignmentRow.person_id)
    )
    return {row[0]: Outstanding(row[1], row[2]) for row in session.execute(asked)}


def _unassigned(
    session: Session, organization_id: UUID, lane: Lane, now: datetime, course_id: UUID | None
) -> Outstanding:
    assigned = exists(
        select(AssignmentRow.id).where(
            AssignmentRow.course_id == ActivityRow.course_id,
            AssignmentRow.trainee_id == ObservationRow.trainee_id,
            AssignmentRow.lane == lane,
            AssignmentRow.backup.is_(False),
            AssignmentRow.ended_at.is_(None),
        )
    )
    count, oldest = session.execute(
        select(func.count(), func.min(_READY_SINCE))
        .select_from(ObservationRow)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObservationRow.organization_id == organization_id,
            _ready(now),
            _asked_in(literal(lane.value)),
            ~assigned,
            *_goes_on(course_id),
        )
    ).one()
    return Outstanding(count, oldest)


def _entries(session: Session, ids: Sequence[UUID], course_id: UUID | None) -> dict[UUID, Outstanding]:
    asked = (
        select(LedgerEntryRow.asked_id, func.count(), func.min(LedgerEntryRow.asked_at))
        .where(
            LedgerEntryRow.asked_id.in_(ids),
            LedgerEntryRow.state == EntryState.WAITING,
            *([] if course_id is None else [LedgerEntryRow.course_id == course_id]),
        )
        .group_by(LedgerEntryRow.asked_id)
    )
    return {row[0]: Outstanding(row[1], row[2]) for row in session.execute(asked) if row[0] is not None}


def _days(session: Session, ids: Sequence[UUID], until: datetime, course_id: UUID | None) -> dict[UUID, float]:
    place = func.row_number().over(partition_by=SignOffRow.signer_id, order_by=SignOffRow.signed_at.desc())
    last = (
        select(SignOffRow.signer_id, SignOffRow.signed_at, _READY_SINCE.label("since"), place.label("place"))
        .join(ObservationRow, ObservationRow.id == SignOffRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            SignOffRow.signer_id.in_(ids),
            SignOffRow.signed_at <= until,
            ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
            *([] if course_id is None else [ActivityRow.course_id == course_id]),
        )
        .subquery()
    )
    taken: dict[UUID, list[float]] = defaultdict(list)
    for signer_id, signed_at, since in session.execute(
        select(last.c.signer_id, last.c.signed_at, last.c.since).where(last.c.place <= LAST)
    ):
        if since is not None:
            taken[signer_id].append(max((signed_at - since) / timedelta(days=1), 0))
    return {signer_id: median(days) for signer_id, days in taken.items() if len(days) >= LEAST}


def _away(session: Session, ids: Sequence[UUID], now: datetime, course_id: UUID | None) -> frozenset[UUID]:
    today = now.date()
    return frozenset(
        session.scalars(
            select(AvailabilityRow.person_id).where(
                AvailabilityRow.person_id.in_(ids),
                AvailabilityRow.away_from <= today,
                or_(AvailabilityRow.away_until.is_(None), AvailabilityRow.away_until >= today),
                *([] if course_id is None else [AvailabilityRow.course_id == course_id]),
            )
        )
    )
