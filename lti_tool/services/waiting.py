"""What waits for an observer or supervisor, over all courses, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.lines import ObservationLine, lines
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.people import GrantRow
from rubrics.observation import State
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


def waiting(session: Session, visitor: Visitor, now: datetime) -> Waiting:
    """What the visitor was asked to observe, and what they may sign."""
    mine = ObservationRow.observer_id == visitor.person_id
    own_organization = ObservationRow.organization_id == visitor.organization_id
    return Waiting(
        to_observe=lines(
            session,
            own_organization,
            mine,
            ObservationRow.state.in_((State.REQUESTED, State.CONSENTED, State.IN_PROGRESS)),
            limit=MOST,
        ),
        to_sign=_to_sign(session, visitor, now),
        with_trainee=lines(
            session,
            own_organization,
            mine,
            ObservationRow.state == State.SHARED,
            ObservationRow.respond_until > now,
            limit=MOST,
        ),
        done_recently=lines(
            session,
            own_organization,
            mine,
            ObservationRow.state.in_((State.FINAL, State.RELEASED)),
            limit=RECENT,
            newest_first=True,
        ),
    )


def _to_sign(session: Session, visitor: Visitor, now: datetime) -> tuple[tuple[ObservationLine, frozenset[Lane]], ...]:
    grants = session.execute(
        select(GrantRow.course_id, GrantRow.lane).where(
            GrantRow.person_id == visitor.person_id,
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
        )
    ).all()
    lanes: dict[object, set[Lane]] = {}
    for course_id, lane in grants:
        if lane is not None:
            lanes.setdefault(course_id, set()).add(lane)
    if not lanes:
        return ()
    unsigned_by_me = ~exists(
        select(SignOffRow.id).where(
            SignOffRow.observation_id == ObservationRow.id, SignOffRow.signer_id == visitor.person_id
        )
    )
    window_passed = and_(ObservationRow.state == State.SHARED, ObservationRow.respond_until <= now)
    candidates = lines(
        session,
        ObservationRow.organization_id == visitor.organization_id,
        ActivityRow.course_id.in_(list(lanes)),
        ObservationRow.trainee_id != visitor.person_id,
        or_(ObservationRow.state == State.ANSWERED, window_passed),
        unsigned_by_me,
        limit=MOST,
    )
    pairs = ((line, line.lanes_open & lanes[line.course_id]) for line in candidates)
    return tuple((line, mine) for line, mine in pairs if mine)
