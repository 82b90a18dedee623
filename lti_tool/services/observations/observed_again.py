"""A panel had an observation looked at again: it goes on counting until the new one is there."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from grading.appeals import AppealOutcome, AppealState
from lti_tool.services.observations.moves import move_on
from lti_tool.store.appeals import AppealRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from rubrics.observation import Move, State

FINISHED = (State.FINAL, State.RELEASED)


def take_its_place(session: Session, observation: ObservationRow, now: datetime) -> None:
    """This observation was just signed by all: of those that a panel had looked at again, the oldest rests now.

    Only where it was asked for after the panel's outcome, in the same activity, and nobody observed both.
    """
    row = session.scalars(
        _looked_at_again(observation)
        .order_by(ObservationRow.requested_at, ObservationRow.id)
        .limit(1)
        .with_for_update(of=ObservationRow)
        .execution_options(populate_existing=True)
    ).first()
    if row is not None and row.state in FINISHED:
        move_on(session, row, Move.RECONSIDER, person_id=None, now=now)


def _looked_at_again(observation: ObservationRow) -> Select[ObservationRow]:
    asked_for = exists().where(
        AppealRow.observation_id == ObservationRow.id,
        AppealRow.state == AppealState.DECIDED,
        AppealRow.outcome == AppealOutcome.AGAIN,
        AppealRow.ended_at <= observation.requested_at,
    )
    one, other = aliased(ObserverRow), aliased(ObserverRow)
    both = exists().where(
        one.observation_id == ObservationRow.id,
        one.state == ObserverState.AGREED,
        other.observation_id == observation.id,
        other.state == ObserverState.AGREED,
        other.person_id == one.person_id,
    )
    return select(ObservationRow).where(
        ObservationRow.activity_id == observation.activity_id,
        ObservationRow.trainee_id == observation.trainee_id,
        ObservationRow.id != observation.id,
        ObservationRow.state.in_(FINISHED),
        asked_for,
        ~both,
    )
