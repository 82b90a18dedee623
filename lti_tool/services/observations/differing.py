"""A lane that sees it differently: the lanes meet. No lane overrides the other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import line, who_is_reading
from lti_tool.services.observations.meetings import open_meeting
from lti_tool.services.observations.moves import held, move_on
from lti_tool.services.observations.superseding import reason_in, tell_all
from lti_tool.services.signing.gates import check
from lti_tool.store.meetings import MeetingKind
from rubrics.observation import Move, State
from rubrics.sign_off import Lane


def differ(session: Session, visitor: Visitor, observation_id: UUID, lane: Lane, *, reason: str, now: datetime) -> None:
    """Who may sign in this lane says, with a reason, that they see it differently. A meeting of the lanes opens.

    A signature that the other lane gave stays. Raises `NotHere`, and `Refused` as signing does, or without a reason.
    """
    observation = held(session, visitor, observation_id)
    seen = line(session, visitor.organization_id, observation_id)
    who_is_reading(session, visitor, seen)
    check(session, visitor, seen, lane, now=now, assurance=visitor.assurance, with_code=False)
    words = reason_in(reason)
    if observation.state is State.SHARED:
        move_on(session, observation, Move.LET_WINDOW_PASS, person_id=None, now=now)
    move_on(session, observation, Move.DIFFER, person_id=visitor.person_id, now=now)
    by = visitor.person_id
    open_meeting(session, observation, MeetingKind.RECONCILIATION, by=by, reason=words, now=now)
    tell_all(session, observation, by, now)
