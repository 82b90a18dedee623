"""What was final and no longer stands: the record stays as it was signed, and says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import deliver
from lti_tool.services.moves import move_on
from lti_tool.store.observations import ObservationRow, SupersessionRow
from rubrics.observation import Move


def supersede(
    session: Session, observation: ObservationRow, *, by: UUID | None, reason: str | None, now: datetime
) -> tuple[UUID, ...]:
    """The observation, locked by the caller, counts no more. The answer names the scores to look at.

    Raises `Refused` where it is not final.
    """
    move_on(session, observation, Move.SUPERSEDE, person_id=by, now=now)
    session.add(
        SupersessionRow(
            organization_id=observation.organization_id, observation_id=observation.id, by=by, reason=reason, at=now
        )
    )
    session.flush()
    return deliver.desire(session, observation.activity_id, observation.trainee_id, now)
