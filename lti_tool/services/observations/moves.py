"""Moving an observation on: checked by the core's table, written down in the audit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow
from rubrics.observation import Move, move


def held(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationRow:
    """The observation, locked until this transaction ends, so that two acts at once cannot cross.

    Raises `NotHere` for one of another organization; whose it is, the caller checks.
    """
    row = session.scalars(
        select(ObservationRow)
        .where(
            ObservationRow.id == observation_id,
            ObservationRow.organization_id == visitor.organization_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def held_by_trainee(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationRow:
    """The visitor's own observation, locked. Raises `NotHere`."""
    row = held(session, visitor, observation_id)
    if row.trainee_id != visitor.person_id:
        raise NotHere
    return row


def held_by_observer(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationRow:
    """The observation that the visitor was asked to observe, locked.

    Raises `NotHere`, also for an observer who is not in the course any more.
    """
    row = held(session, visitor, observation_id)
    if not takes_part(session, row.id, visitor.person_id):
        raise NotHere
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == row.activity_id)).one()
    standing_of(session, visitor.person_id, course_id)
    return row


def takes_part(session: Session, observation_id: UUID, person_id: UUID) -> bool:
    """Whether the person observes this one: was asked, and has not said no, been replaced or recused.

    With a conflict between them and the trainee, also one that was declared at the very moment, they do not.
    """
    apart = exists().where(
        ConflictRow.ended_at.is_(None),
        or_(
            and_(ConflictRow.declared_by == person_id, ConflictRow.about_id == ObservationRow.trainee_id),
            and_(ConflictRow.about_id == person_id, ConflictRow.declared_by == ObservationRow.trainee_id),
        ),
    )
    found = (
        select(ObserverRow.id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .where(
            ObserverRow.observation_id == observation_id,
            ObserverRow.person_id == person_id,
            ObserverRow.state.in_(TAKING_PART),
            ~apart,
        )
    )
    return session.scalars(found).first() is not None


def move_on(
    session: Session, observation: ObservationRow, step: Move, *, person_id: UUID | None, now: datetime
) -> None:
    """Make the move. Raises `Refused` where there is none from here, or the course is kept for reading only."""
    state = move(observation.state, step)
    archived.check_move(session, observation, step)
    observation.state = state
    observation.changed_at = now
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=person_id,
        act=f"observation.{step}",
        subject=f"observation:{observation.id}",
        now=now,
        state=observation.state.value,
    )
