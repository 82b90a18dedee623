"""What waits for an observer or supervisor, over all courses, oldest first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours import ledger_waiting
from lti_tool.services.hours.ledger_waiting import EntryLine
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine, ObserverLine, lines, listing
from lti_tool.services.signing.signing_scope import SigningScope, in_courses_to_sign_in, scope_of, to_sign_for
from lti_tool.services.supervising import supervision
from lti_tool.services.supervising.supervision import Wish
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import (
    AssessmentRow,
    CriterionResponseRow,
    ObservationRow,
    ObserverRow,
    ObserverState,
    ResponseRow,
    SignOffRow,
    SignOffWithdrawalRow,
)
from lti_tool.store.people import MembershipRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.sign_off import Lane

MOST, RECENT = 100, 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue of one person. Each observation is in one list only."""

    to_agree: tuple[ObservationLine, ...]
    """Somebody proposed a time, or asked, and waits for a yes."""
    to_observe: tuple[ObservationLine, ...]
    to_hand_in: tuple[ObservationLine, ...]
    """Begun, and not yet given on."""
    to_meet: tuple[ObservationLine, ...]
    to_sign: tuple[tuple[ObservationLine, frozenset[Lane]], ...]
    """With the lanes that the visitor may sign in."""
    to_answer: tuple[ObservationLine, ...]
    """The trainee wrote words, and the visitor can answer if they like: nothing waits for it."""
    just_signed: tuple[ObservationLine, ...]
    """Signed in all lanes, among several at once by the visitor: it can be taken back until `finalize_after`."""
    with_others: tuple[ObservationLine, ...]
    """Other observers are still writing, or other people meet."""
    with_trainee: tuple[ObservationLine, ...]
    done_recently: tuple[ObservationLine, ...]
    wishes: tuple[Wish, ...] = ()
    """Trainees who would like supervision: of the visitor, or who the visitor sees to already."""
    entries: tuple[EntryLine, ...] = ()
    """Hours and trainings that the visitor was asked to sign."""

    @property
    def count(self) -> int:
        """How many wait for this person."""
        asked = (self.to_agree, self.to_observe, self.to_hand_in, self.to_meet, self.to_sign, self.entries)
        return sum(len(part) for part in asked) + sum(wish.taken_by is None for wish in self.wishes)

    @property
    def lanes_to_sign(self) -> int:
        """How many signatures the visitor can give: from two on, several can be given at once."""
        return sum(len(lanes) for _, lanes in self.to_sign)


_ME: ColumnElement[UUID] = bindparam("person_id")
_STILL_THERE = exists(
    select(MembershipRow.id)
    .join(CourseRow, CourseRow.id == MembershipRow.course_id)
    .where(
        MembershipRow.course_id == ActivityRow.course_id,
        MembershipRow.person_id == _ME,
        MembershipRow.ended_at.is_(None),
        CourseRow.archived_at.is_(None),
    )
)
"""In a course that goes on: nothing waits in one that is kept for reading only."""
_CONFLICT = exists(
    select(ConflictRow.id).where(
        ConflictRow.ended_at.is_(None),
        or_(
            and_(ConflictRow.declared_by == _ME, ConflictRow.about_id == ObservationRow.trainee_id),
            and_(ConflictRow.about_id == _ME, ConflictRow.declared_by == ObservationRow.trainee_id),
        ),
    )
)
_MINE = (
    ObservationRow.organization_id == bindparam("organization_id"),
    ObservationRow.id.in_(
        select(ObserverRow.observation_id).where(ObserverRow.person_id == _ME, ObserverRow.state.in_(TAKING_PART))
    ),
    _STILL_THERE,
    ~_CONFLICT,
)
_SIGNED_BY_ME = ObservationRow.id.in_(
    select(SignOffRow.observation_id).where(
        SignOffRow.signer_id == _ME,
        ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
    )
)
_WORDS = or_(
    exists(
        select(ResponseRow.id).where(ResponseRow.observation_id == ObservationRow.id, ResponseRow.words.is_not(None))
    ),
    exists(
        select(CriterionResponseRow.criterion).where(
            CriterionResponseRow.observation_id == ObservationRow.id, CriterionResponseRow.words.is_not(None)
        )
    ),
)
_NOT_REPLIED = exists(
    select(AssessmentRow.id).where(
        AssessmentRow.observation_id == ObservationRow.id,
        AssessmentRow.observer_id == _ME,
        AssessmentRow.replied_at.is_(None),
    )
)
_SIGNED = exists(
    select(SignOffRow.id).where(
        SignOffRow.observation_id == ObservationRow.id,
        ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
    )
)
_BEFORE_SHARED = (*BEFORE, *UNDER_WAY, State.DRAFTED, State.IN_MODERATION, State.AMENDING)
_OBSERVING = listing(*_MINE, ObservationRow.state.in_(_BEFORE_SHARED), limit=MOST)
_WITH_TRAINEE = listing(
    *_MINE, ObservationRow.state == State.SHARED, ObservationRow.respond_until > bindparam("now"), limit=MOST
)
_TO_ANSWER = listing(
    *_MINE, ObservationRow.state == State.ANSWERED, ObservationRow.answered_at.is_not(None), _WORDS, _NOT_REPLIED,
    ~_SIGNED, limit=MOST,
)  # fmt: skip
_DONE_RECENTLY = listing(
    *_MINE, ObservationRow.state.in_((State.FINAL, State.RELEASED)), limit=RECENT, newest_first=True
)
_JUST_SIGNED = listing(
    ObservationRow.organization_id == bindparam("organization_id"),
    ObservationRow.state == State.ANSWERED,
    ObservationRow.finalize_after > bindparam("now"),
    _SIGNED_BY_ME,
    _STILL_THERE,
    ~_CONFLICT,
    limit=MOST,
)
_READY = or_(
    ObservationRow.state == State.ANSWERED,
    and_(ObservationRow.state == State.SHARED, ObservationRow.respond_until <= bindparam("now")),
)
_SCOPED = (
    ObservationRow.organization_id == bindparam("organization_id"),
    _STILL_THERE,
    ~_CONFLICT,
    ObservationRow.trainee_id != _ME,
    in_courses_to_sign_in(),
    to_sign_for(_ME),
)
_TO_SIGN = listing(
    *_SCOPED, ObservationRow.state.in_((State.ANSWERED, State.SHARED)), _READY, ~_SIGNED_BY_ME, limit=MOST
)
_SIGNING_TO_RECONCILE = listing(*_SCOPED, ObservationRow.state == State.IN_RECONCILIATION, limit=MOST)
_OBSERVED_TO_RECONCILE = listing(*_MINE, ObservationRow.state == State.IN_RECONCILIATION, limit=MOST)


def waiting(session: Session, visitor: Visitor, now: datetime) -> Waiting:
    """What the visitor was asked to observe and what they may sign, in courses to which they still belong."""
    me = {"organization_id": visitor.organization_id, "person_id": visitor.person_id}
    scope = scope_of(session, visitor.person_id, now.date())
    observing = lines(session, _OBSERVING, **me)
    to_sign = _to_sign(session, me, scope, now)
    ready = {line.id for line, _ in to_sign}
    mine = _sorted_by_part(observing, visitor.person_id)
    return Waiting(
        to_agree=mine("to_agree"),
        to_observe=mine("to_observe"),
        to_hand_in=mine("to_hand_in"),
        to_meet=_oldest_first((*mine("to_meet"), *_to_reconcile(session, me, scope))),
        to_sign=to_sign,
        to_answer=tuple(line for line in lines(session, _TO_ANSWER, **me) if line.id not in ready),
        just_signed=tuple(line for line in lines(session, _JUST_SIGNED, **me, now=now) if not line.lanes_open),
        with_others=mine("with_others"),
        with_trainee=_oldest_first((*mine("with_trainee"), *lines(session, _WITH_TRAINEE, **me, now=now))),
        done_recently=lines(session, _DONE_RECENTLY, **me),
        wishes=supervision.waiting(session, visitor, now),
        entries=ledger_waiting.waiting(session, visitor, scope.lanes),
    )


def _sorted_by_part(
    observing: Iterable[ObservationLine], person_id: UUID
) -> Callable[[str], tuple[ObservationLine, ...]]:
    parts: dict[str, list[ObservationLine]] = {}
    for line in observing:
        parts.setdefault(_part(line, person_id), []).append(line)
    return lambda name: tuple(parts.get(name, ()))


def _part(line: ObservationLine, person_id: UUID) -> str:
    """In which list of an observer's queue an observation is that is not shared yet."""
    own = next(observer for observer in line.observers if observer.person_id == person_id)
    match line.state:
        case State.REQUESTED if _waits_for_yes(line, own):
            return "to_agree"
        case State.REQUESTED | State.SCHEDULED:
            return "with_trainee"
        case State.CONSENTED:
            return "to_observe"
        case State.IN_MODERATION:
            return "to_meet"
        case State.IN_PROGRESS | State.PAUSED if own.handed_in:
            return "with_others"
        case _:
            return "to_hand_in"


def _waits_for_yes(line: ObservationLine, own: ObserverLine) -> bool:
    return own.state is ObserverState.ASKED and line.proposed_by != own.person_id


def _to_reconcile(session: Session, me: dict[str, UUID], scope: SigningScope) -> tuple[ObservationLine, ...]:
    """As who signs and as who observed: a question each, so that either is found by what it is looked up by."""
    observed = lines(session, _OBSERVED_TO_RECONCILE, **me)
    signing = lines(session, _SIGNING_TO_RECONCILE, **me, **scope.values) if scope.lanes else ()
    return tuple({line.id: line for line in (*observed, *signing)}.values())


def _to_sign(
    session: Session, me: dict[str, UUID], scope: SigningScope, now: datetime
) -> tuple[tuple[ObservationLine, frozenset[Lane]], ...]:
    if not scope.lanes:
        return ()
    candidates = lines(session, _TO_SIGN, **me, **scope.values, now=now)
    pairs = ((line, line.lanes_open & scope.lanes.get(line.course_id, frozenset())) for line in candidates)
    return tuple((line, mine) for line, mine in pairs if mine)


def _oldest_first(found: Iterable[ObservationLine]) -> tuple[ObservationLine, ...]:
    return tuple(sorted(found, key=lambda line: (line.changed_at, line.id)))
