"""A quiet question after an observation: how it was for oneself. Asked of whoever was in it, seen by nobody else, and
what somebody does with it is written down nowhere; only that they do not want to be asked again.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, line, who_is_reading
from lti_tool.services.observations.read import Record
from lti_tool.store.base import new_id
from lti_tool.store.wellbeing import DebriefPromptRow
from lti_tool.store.writing import insert_once
from rubrics.observation import READ_BY_TRAINEE, State

MET = READ_BY_TRAINEE | {State.DRAFTED, State.IN_MODERATION, State.STOPPED}
"""The occasion is over: nobody is asked how it was before, or meanwhile."""
IN_IT = frozenset({Who.TRAINEE, Who.OBSERVER})
_PUT_AWAY = select(
    exists().where(
        DebriefPromptRow.observation_id == bindparam("observation_id"),
        DebriefPromptRow.person_id == bindparam("person_id"),
    )
)


def asks(session: Session, visitor: Visitor, record: Record) -> bool:
    """Whether the page asks this reader how it was for them."""
    if not _was_in_it(record.line, record.who, record.handed_in):
        return False
    about = {"observation_id": record.line.id, "person_id": visitor.person_id}
    return not session.scalars(_PUT_AWAY, about).one()


def put_away(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Do not ask the visitor again about this one. Raises `NotHere` for whoever was not in it."""
    seen = line(session, visitor.organization_id, observation_id)
    if not IN_IT & who_is_reading(session, visitor, seen):
        raise NotHere
    insert_once(
        session,
        DebriefPromptRow,
        id=new_id(),
        organization_id=visitor.organization_id,
        observation_id=observation_id,
        person_id=visitor.person_id,
        put_away_at=now,
    )


def _was_in_it(seen: ObservationLine, who: frozenset[Who], handed_in: bool) -> bool:
    return bool(IN_IT & who) and (seen.state in MET or handed_in)
