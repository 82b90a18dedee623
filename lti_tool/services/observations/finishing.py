"""Making final what every lane has signed, at once or after the time in which it can be taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.courses import archived
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations import observed_again
from lti_tool.services.observations.lines import line
from lti_tool.services.observations.moves import move_on
from lti_tool.services.scores import deliver, program_columns
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Move, State

MOST = 200


def finish(session: Session, observation: ObservationRow, *, person_id: UUID | None, now: datetime) -> tuple[UUID, ...]:
    """Every lane has signed: the observation, locked by the caller, is final, unless that is to wait still.

    The trainee has read and answered all of it before, so that final and released are one moment. The answer
    names the scores to look at.
    """
    if observation.finalize_after is not None and observation.finalize_after > now:
        return ()
    move_on(session, observation, Move.FINALIZE, person_id=person_id, now=now)
    observation.finalize_after = None
    observation.released_at = now
    move_on(session, observation, Move.RELEASE, person_id=person_id, now=now)
    observed_again.take_its_place(session, observation, now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=person_id)
    of_activity = deliver.desire(session, observation.activity_id, observation.trainee_id, now)
    return (*of_activity, *program_columns.desire_for(session, observation.trainee_id, now))


def finalize_due(session: Session, now: datetime) -> tuple[UUID, ...]:
    """Make final whatever has waited long enough, for the sweep; the answer names the scores to look at.

    To be called first in a transaction: it locks the observations, in the order of their ids.
    """
    due = select(ObservationRow).where(
        ObservationRow.finalize_after <= now,
        ObservationRow.state == State.ANSWERED,
        archived.is_open(ObservationRow.activity_id),
    )
    rows = session.scalars(due.order_by(ObservationRow.id).limit(MOST).with_for_update(skip_locked=True)).all()
    return _all(session, rows, now)


def finalize_if_due(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The same for one, for whoever of its organization opens its page before the sweep comes by."""
    due = select(ObservationRow).where(
        ObservationRow.id == observation_id,
        ObservationRow.organization_id == visitor.organization_id,
        ObservationRow.finalize_after <= now,
        ObservationRow.state == State.ANSWERED,
        archived.is_open(ObservationRow.activity_id),
    )
    return _all(session, session.scalars(due.with_for_update(skip_locked=True)).all(), now)


def _all(session: Session, rows: Sequence[ObservationRow], now: datetime) -> tuple[UUID, ...]:
    found: list[UUID] = []
    for row in rows:
        if line(session, row.organization_id, row.id).lanes_open:
            row.finalize_after = None
            continue
        found += finish(session, row, person_id=None, now=now)
    return tuple(found)
