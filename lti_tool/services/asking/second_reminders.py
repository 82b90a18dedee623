"""Reminding second observers of what waits for them: at most twice, each once however often and late the job runs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.entering.stand_in import stand_in
from lti_tool.services.notifying import notify
from lti_tool.services.observations.waiting import waiting
from lti_tool.store.calibration import DoubleObservationRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import BEFORE, State
from rubrics.second_observer import REMINDED_AFTER, reminders_by


def remind(session: Session, now: datetime) -> int:
    """Remind whoever was asked and has not answered, begun or handed in; how many were reminded.

    A yes is waited for from when they were asked; for the rest a time that was agreed has to be over first. Where the
    job was not there for days, two reminders are one.
    """
    rows = session.execute(
        select(DoubleObservationRow, ObservationRow)
        .join(ObservationRow, ObservationRow.id == DoubleObservationRow.observation_id)
        .where(
            DoubleObservationRow.ended_at.is_(None),
            DoubleObservationRow.person_id.is_not(None),
            DoubleObservationRow.reminders < len(REMINDED_AFTER),
            ObservationRow.needed_observers > 1,
            ObservationRow.state.in_((*BEFORE, State.IN_PROGRESS)),
            ObservationRow.changed_at <= now - min(REMINDED_AFTER),
        )
        .order_by(ObservationRow.changed_at, ObservationRow.id)
        .with_for_update(of=DoubleObservationRow)
        .execution_options(populate_existing=True)
    ).all()
    return sum(_remind(session, row, observation, now) for row, observation in rows)


def _remind(session: Session, row: DoubleObservationRow, observation: ObservationRow, now: datetime) -> bool:
    if row.person_id is None or reminders_by(now - observation.changed_at) <= row.reminders:
        return False
    since = _waits_since(session, row.person_id, observation, now)
    number = reminders_by(now - since) if since is not None else 0
    if number <= row.reminders:
        return False
    row.reminders, row.reminded_at = number, now
    session.flush()
    notify.of_observation(session, observation, row.person_id, now, by=None)
    return True


def _waits_since(session: Session, person_id: UUID, observation: ObservationRow, now: datetime) -> datetime | None:
    """None: it does not wait for them."""
    found = waiting(session, stand_in(session, person_id), now)
    if observation.id in {line.id for line in found.to_agree}:
        return observation.changed_at
    if observation.id in {line.id for line in (*found.to_observe, *found.to_hand_in)}:
        return max(observation.changed_at, observation.ends_at or observation.changed_at)
    return None
