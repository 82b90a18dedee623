"""What waits for an observer or supervisor, over all courses, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.lines import TAKING_PART, ObservationLine, lines, listing
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow, SignOffRow
from lti_tool.store.people import GrantRow, MembershipRow
from rubrics.observation import BEFORE, UNDER_WAY, State
from rubrics.sign_off import Lane

MOST, RECENT = 100, 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """The queue of one person."""

    to_observe: tuple[ObservationLine, ...]
    to_sign: tuple[tuple[ObservationLine, frozenset[Lane]], ...]
    """With the lanes that the visitor may sign in."""
    with_trainee: tuple[ObservationLine, ...]
    done_recently: tuple[ObservationLine, ...]

    @property
    def count(self) -> int:
        """How many wait for this person."""
        return len(self.to_observe) + len(self.to_sign)


_STILL_THERE = exists(
    select(MembershipRow.id).where(
        MembershipRow.course_id == ActivityRow.course_id,
        MembershipRow.person_id == bindparam("person_id"),
        MembershipRow.ended_at.is_(None),
    )
)
_MINE = (
    ObservationRow.organization_id == bindparam("organization_id"),
    exists(
        select(ObserverRow.id).where(
            ObserverRow.observation_id == ObservationRow.id,
            ObserverRow.person_id == bindparam("person_id"),
            ObserverRow.state.in_(TAKING_PART),
        )
    ),
    _STILL_THERE,
)
_TO_OBSERVE = listing(*_MINE, ObservationRow.state.in_(BEFORE | UNDER_WAY), limit=MOST)
_WITH_TRAINEE = listing(
    *_MINE, ObservationRow.state == State.SHARED, ObservationRow.respond_until > bindparam("now"), limit=MOST
)
_DONE_RECENTLY = listing(
    *_MINE, ObservationRow.state.in_((State.FINAL, State.RELEASED)), limit=RECENT, newest_first=True
)
_LANES = select(GrantRow.course_id, GrantRow.lane).where(
    GrantRow.person_id == bindparam("person_id"),
    GrantRow.capability == Capability.SUPERVISOR,
    GrantRow.revoked_at.is_(None),
)
_TO_SIGN = listing(
    ObservationRow.organization_id == bindparam("organization_id"),
    ActivityRow.course_id.in_(bindparam("courses", expanding=True)),
    _STILL_THERE,
    ObservationRow.trainee_id != bindparam("person_id"),
    or_(
        ObservationRow.state == State.ANSWERED,
        and_(ObservationRow.state == State.SHARED, ObservationRow.respond_until <= bindparam("now")),
    ),
    ~exists(
        select(SignOffRow.id).where(
            SignOffRow.observation_id == ObservationRow.id, SignOffRow.signer_id == bindparam("person_id")
        )
    ),
    limit=MOST,
)


def waiting(session: Session, visitor: Visitor, now: datetime) -> Waiting:
    """What the visitor was asked to observe and what they may sign, in courses to which they still belong."""
    me = {"organization_id": visitor.organization_id, "person_id": visitor.person_id}
    return Waiting(
        to_observe=lines(session, _TO_OBSERVE, **me),
        to_sign=_to_sign(session, visitor, now),
        with_trainee=lines(session, _WITH_TRAINEE, **me, now=now),
        done_recently=lines(session, _DONE_RECENTLY, **me),
    )


def _to_sign(session: Session, visitor: Visitor, now: datetime) -> tuple[tuple[ObservationLine, frozenset[Lane]], ...]:
    lanes: dict[object, set[Lane]] = {}
    for course_id, lane in session.execute(_LANES, {"person_id": visitor.person_id}):
        if lane is not None:
            lanes.setdefault(course_id, set()).add(lane)
    if not lanes:
        return ()
    candidates = lines(
        session,
        _TO_SIGN,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        courses=list(lanes),
        now=now,
    )
    pairs = ((line, line.lanes_open & lanes[line.course_id]) for line in candidates)
    return tuple((line, mine) for line, mine in pairs if mine)
