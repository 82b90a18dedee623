"""What came back to a person because something stood still: never to silence. For instructors, and for the trainee."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine, lines, listing
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.meetings import MeetingRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import GrantRow, MembershipRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.sign_off import Lane

MOST = 500
TALK_DAYS = MEETING_DAYS = WRITING_DAYS = timedelta(days=14)
PAST = timedelta(days=1)
STOPPED_DAYS = timedelta(days=60)
BEING_WRITTEN = frozenset({State.IN_PROGRESS, State.DRAFTED, State.AMENDING})
"""Not while it is paused: no time runs then."""
NOT_SHARED = UNDER_WAY | {State.DRAFTED, State.IN_MODERATION}


class Why(StrEnum):
    """Why something came back, the most pressing for a trainee first."""

    NO_OBSERVER = "no_observer"
    """everybody who was asked cannot, or someone else is needed"""
    STOPPED = "stopped"
    """it was under way, and somebody else is needed: a new one can be asked for"""
    NO_ANSWER = "no_answer"
    """somebody was asked, and did not say yes or no"""
    TIME_PASSED = "time_passed"
    """its time passed, and nobody said whether it took place"""
    NOT_HANDED_IN = "not_handed_in"
    """it was begun, and what was seen is still being written down"""
    NO_SIGNER = "no_signer"
    """it is answered, and nobody may sign in a lane that is open"""
    TALK = "talk"
    """the trainee would like to talk before they answer"""
    MEETING = "meeting"
    """a meeting was opened and not held yet"""
    SIGNED_BEFORE = "signed_before"
    """it was signed to the end before somebody declared that they should not decide about each other"""


@dataclass(frozen=True, slots=True)
class CameBack:
    """One thing that needs a person."""

    why: Why
    line: ObservationLine
    since: datetime
    person_id: UUID | None = None
    """Who was asked and did not say yes or no."""
    person_name: str | None = None


_OF = and_(
    ObservationRow.activity_id == bindparam("activity_id"),
    ~exists().where(
        MembershipRow.person_id == ObservationRow.trainee_id,
        MembershipRow.course_id == ActivityRow.course_id,
        MembershipRow.test_user,
    ),
)
_BY_ID = listing(ObservationRow.id.in_(bindparam("ids", expanding=True)), limit=MOST)
_OBSERVED = exists(
    select(ObserverRow.id).where(ObserverRow.observation_id == ObservationRow.id, ObserverRow.state.in_(TAKING_PART))
)
_RECUSED = exists(
    select(ObserverRow.id).where(
        ObserverRow.observation_id == ObservationRow.id, ObserverRow.state == ObserverState.RECUSED
    )
)
_LATER = aliased(ObservationRow)
_ASKED_AGAIN = exists(
    select(_LATER.id).where(
        _LATER.activity_id == ObservationRow.activity_id,
        _LATER.trainee_id == ObservationRow.trainee_id,
        _LATER.requested_at > ObservationRow.changed_at,
    )
)
_SIGNED_BEFORE = exists(
    select(SignOffRow.id)
    .join(
        ConflictRow,
        or_(
            and_(ConflictRow.declared_by == SignOffRow.signer_id, ConflictRow.about_id == ObservationRow.trainee_id),
            and_(ConflictRow.about_id == SignOffRow.signer_id, ConflictRow.declared_by == ObservationRow.trainee_id),
        ),
    )
    .where(
        SignOffRow.observation_id == ObservationRow.id,
        ConflictRow.ended_at.is_(None),
        ConflictRow.declared_at >= SignOffRow.signed_at,
        ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
    )
)
_LEAD = ObservationRow.observer_id
_CONDITIONS: Mapping[Why, tuple[ColumnElement[bool], Any, Any]] = {
    Why.NO_OBSERVER: (
        and_(ObservationRow.state.in_(BEFORE | NOT_SHARED), ~_OBSERVED),
        ObservationRow.changed_at,
        _LEAD,
    ),
    Why.STOPPED: (
        and_(
            ObservationRow.state == State.STOPPED,
            _RECUSED,
            ~_OBSERVED,
            ~_ASKED_AGAIN,
            ObservationRow.changed_at > bindparam("stopped_since"),
        ),
        ObservationRow.changed_at,
        _LEAD,
    ),
    Why.NO_ANSWER: (
        and_(
            ObservationRow.state.in_(BEFORE),
            ObserverRow.state == ObserverState.ASKED,
            ObserverRow.asked_at <= bindparam("asked_until"),
        ),
        ObserverRow.asked_at,
        ObserverRow.person_id,
    ),
    Why.TIME_PASSED: (
        and_(ObservationRow.state.in_(BEFORE), ObservationRow.ends_at <= bindparam("over_until")),
        ObservationRow.ends_at,
        _LEAD,
    ),
    Why.NOT_HANDED_IN: (
        and_(
            ObservationRow.state.in_(BEING_WRITTEN), ObservationRow.changed_at <= bindparam("written_until"), _OBSERVED
        ),
        ObservationRow.changed_at,
        _LEAD,
    ),
    Why.NO_SIGNER: (ObservationRow.state == State.ANSWERED, ObservationRow.changed_at, _LEAD),
    Why.TALK: (
        and_(
            ObservationRow.state == State.SHARED,
            ObservationRow.talk_asked_at <= bindparam("talk_until"),
            ObservationRow.talk_held_at.is_(None),
        ),
        ObservationRow.talk_asked_at,
        _LEAD,
    ),
    Why.MEETING: (
        and_(
            ObservationRow.state.in_((State.IN_MODERATION, State.IN_RECONCILIATION)),
            MeetingRow.held_at.is_(None),
            MeetingRow.opened_at <= bindparam("opened_until"),
        ),
        MeetingRow.opened_at,
        _LEAD,
    ),
    Why.SIGNED_BEFORE: (
        and_(ObservationRow.state.in_((State.FINAL, State.RELEASED)), _SIGNED_BEFORE),
        ObservationRow.changed_at,
        _LEAD,
    ),
}
"""By why: which observations, since when it is so, and whom it is about."""


def _part(why: Why, *of: ColumnElement[bool]) -> Any:
    """One part of the one question; what it joins, only where it is needed."""
    condition, since, person = _CONDITIONS[why]
    found = select(
        literal(why.value).label("why"), ObservationRow.id, since.label("since"), person.label("person_id")
    ).join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
    if why is Why.NO_ANSWER:
        found = found.join(ObserverRow, ObserverRow.observation_id == ObservationRow.id)
    if why is Why.MEETING:
        found = found.join(MeetingRow, MeetingRow.observation_id == ObservationRow.id)
    return found.where(_OF, *of, condition)


def _question(*of: ColumnElement[bool]) -> Any:
    return union_all(*(_part(why, *of) for why in _CONDITIONS)).limit(MOST)


# Made once: it takes longer to make them than to ask.
_OF_ALL = _question()
_OF_ONE = _question(ObservationRow.trainee_id == bindparam("trainee_id"))


def came_back(session: Session, place: Place, now: datetime, *, trainee_id: UUID | None = None) -> tuple[CameBack, ...]:
    """Everything of the activity that stands still and needs a person, or of one trainee in it.

    By why, and in that the longest waiting first. Who declared a conflict is nowhere in it.
    """
    values: dict[str, Any] = {
        "activity_id": place.activity.id,
        "stopped_since": now - STOPPED_DAYS,
        "asked_until": now - timedelta(days=place.activity.request_days),
        "over_until": now - PAST,
        "written_until": now - WRITING_DAYS,
        "talk_until": now - TALK_DAYS,
        "opened_until": now - MEETING_DAYS,
    }
    if trainee_id is None:
        rows = session.execute(_OF_ALL, values).all()
    else:
        rows = session.execute(_OF_ONE, values | {"trainee_id": trainee_id}).all()
    seen = _lines(session, {row.id for row in rows})
    found = [
        _one(Why(row.why), seen[row.id], row.since, row.person_id)
        for row in rows
        if row.id in seen and Why(row.why) is not Why.NO_SIGNER
    ]
    answered = [seen[row.id] for row in rows if row.id in seen and Why(row.why) is Why.NO_SIGNER]
    found += _without_signer(session, place, answered)
    order = list(Why)
    return tuple(sorted(found, key=lambda one: (order.index(one.why), one.since, str(one.line.id))))


def _one(why: Why, line: ObservationLine, since: datetime, person_id: UUID) -> CameBack:
    if why is not Why.NO_ANSWER:
        return CameBack(why, line, since)
    name = next((one.name for one in line.observers if one.person_id == person_id), line.observer_name)
    return CameBack(why, line, since, person_id, name)


def counted(found: Iterable[CameBack]) -> dict[Why, int]:
    """How many for each reason, those that there are."""
    counts: dict[Why, int] = {}
    for one in found:
        counts[one.why] = counts.get(one.why, 0) + 1
    return counts


def _without_signer(session: Session, place: Place, answered: Sequence[ObservationLine]) -> Iterator[CameBack]:
    """Of what is answered: where everybody who signs in a lane that is open is the trainee or keeps out."""
    if not answered:
        return
    signing = _signing(session, place)
    apart = _apart(session, {line.trainee_id for line in answered})
    for line in answered:
        keep_out = apart.get(line.trainee_id, set()) | {line.trainee_id}
        if any(not signing.get(lane, set()) - keep_out for lane in line.lanes_open):
            yield CameBack(Why.NO_SIGNER, line, line.changed_at)


def _signing(session: Session, place: Place) -> dict[Lane, set[UUID]]:
    rows = session.execute(
        select(GrantRow.lane, GrantRow.person_id)
        .join(
            MembershipRow,
            and_(MembershipRow.course_id == GrantRow.course_id, MembershipRow.person_id == GrantRow.person_id),
        )
        .where(
            GrantRow.course_id == place.course.id,
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
            MembershipRow.ended_at.is_(None),
        )
    )
    found: dict[Lane, set[UUID]] = {}
    for lane, person_id in rows:
        if lane is not None:
            found.setdefault(lane, set()).add(person_id)
    return found


def _apart(session: Session, trainees: set[UUID]) -> dict[UUID, set[UUID]]:
    """By trainee: with whom a conflict stands, whichever side declared it."""
    rows = session.execute(
        select(ConflictRow.declared_by, ConflictRow.about_id).where(
            ConflictRow.ended_at.is_(None),
            or_(ConflictRow.declared_by.in_(trainees), ConflictRow.about_id.in_(trainees)),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for one, other in rows:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _lines(session: Session, ids: set[UUID]) -> dict[UUID, ObservationLine]:
    return {line.id: line for line in lines(session, _BY_ID, ids=sorted(ids))} if ids else {}
