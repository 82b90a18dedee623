"""What stands beside the list of what waits for a person: nothing of it waits, all of it is good to know."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.caseload.standing_in import standing_in
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.qualifications import qualified
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import PersonRow
from rubrics.observation import State

TOLD = timedelta(days=14)
MOST = 20
TAKEN_OVER = (ObserverState.REPLACED, ObserverState.RECUSED)
"""Told in the same words: why somebody else does it is nobody's to read off."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Of one person."""

    standing_in: int
    """How many requests wait for people who are away and for whom they stand in."""
    someone_else: tuple[str, ...]
    """Trainees whom someone else observes, where it was to be them."""
    ending: tuple[qualified.Ending, ...]
    """Their own qualifications that end soon."""


def beside(session: Session, visitor: Visitor, now: datetime) -> Beside:
    """What the person may want to know besides."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(ObservationRow, ObservationRow.trainee_id == PersonRow.id)
        .join(ObserverRow, ObserverRow.observation_id == ObservationRow.id)
        .where(
            ObserverRow.person_id == visitor.person_id,
            ObserverRow.state.in_(TAKEN_OVER),
            ObserverRow.answered_at > now - TOLD,
            ObservationRow.state != State.WITHDRAWN,
        )
        .distinct()
        .limit(MOST)
    )
    return Beside(
        standing_in=len(standing_in(session, visitor, now)),
        someone_else=tuple(sorted(display_name(person_id, name) for person_id, name in rows)),
        ending=qualified.ending_soon(session, [visitor.person_id], now.date()),
    )
