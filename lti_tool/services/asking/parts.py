"""Who has a part in one observation: asked, agreed, not able to, replaced by somebody else."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.caseload.assignments import who_is_told
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import TAKING_PART
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState


def parts_of(session: Session, observation_id: UUID) -> Sequence[ObserverRow]:
    """The observers who have a part in it now, first asked first."""
    return session.scalars(
        select(ObserverRow)
        .where(ObserverRow.observation_id == observation_id, ObserverRow.state.in_(TAKING_PART))
        .order_by(ObserverRow.asked_at, ObserverRow.id)
        .execution_options(populate_existing=True)
    ).all()


def add_part(session: Session, observation: ObservationRow, person_id: UUID, now: datetime, asked_by: UUID) -> None:
    """Ask this person to observe it, and have them told; while they are away, also those who stand in for them."""
    session.add(
        ObserverRow(
            id=new_id(),
            organization_id=observation.organization_id,
            observation_id=observation.id,
            person_id=person_id,
            state=ObserverState.ASKED,
            asked_at=now,
        )
    )
    session.flush()
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)).one()
    for told in who_is_told(session, course_id, observation.trainee_id, person_id, now.date()):
        if told == person_id:
            notify.of_observation(session, observation, told, now, by=asked_by)
        else:  # who is away, and who stands in for them, is not told to whoever asks
            notify.news(
                session,
                organization_id=observation.organization_id,
                person_id=told,
                now=now,
                kind=MessageKind.OBSERVATION,
                path="/standing-in",
            )


def end_part(
    session: Session, observation: ObservationRow, person_id: UUID, state: ObserverState, now: datetime
) -> Sequence[ObserverRow]:
    """End this person's part; the answer is whoever is left.

    The first of them leads, and no more are needed than there are.
    """
    rows = parts_of(session, observation.id)
    for row in rows:
        if row.person_id == person_id:
            row.state, row.answered_at = state, now
    session.flush()
    left = [row for row in rows if row.person_id != person_id]
    if left:
        observation.needed_observers = min(observation.needed_observers, len(left))
        observation.observer_id = left[0].person_id
        observation.changed_at = now
    return left
