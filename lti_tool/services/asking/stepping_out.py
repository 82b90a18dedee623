"""Somebody has no part in one observation any more, because a conflict was declared: what becomes of theirs in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.asking.parts import end_part, parts_of
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.courses import archived
from lti_tool.services.notifying import notify
from lti_tool.services.observations import handing_in, replying
from lti_tool.services.observations.moves import move_on
from lti_tool.services.observations.words_away import take_words_away
from lti_tool.services.signing import unsigning
from lti_tool.store.courses import ActivityRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import (
    AssessmentRevisionRow,
    AssessmentRow,
    ObservationRow,
    ObserverState,
    RatingRow,
    SignOffRow,
    SignOffWithdrawalRow,
    WithdrawalKind,
)
from rubrics.observation import MOVES, OVER, READ_BY_TRAINEE, UNDER_WAY, Move, State


def step_out(session: Session, observation_id: UUID, person_id: UUID, now: datetime) -> None:
    """Let the person have no part in this one any more; what is over stays as it is.

    What they had not shared is taken away; what was shared stays with the trainee. Where it goes on and nobody is
    left who observes, it is stopped; where it had not begun, somebody else can be asked in their place. The
    instructors of the course are told that it needs a person.
    """
    observation = session.scalars(
        select(ObservationRow)
        .where(ObservationRow.id == observation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if observation.state in OVER:
        return
    _as_observer(session, observation, person_id, now)
    for sign_off_id in _signatures(session, observation.id, person_id):
        unsigning.withdraw_signature(
            session, observation, sign_off_id, WithdrawalKind.RECUSED, by=None, reason=None, now=now
        )
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)).one()
    for instructor_id in instructors_of(session, course_id):
        notify.news(
            session,
            organization_id=observation.organization_id,
            person_id=instructor_id,
            now=now,
            kind=MessageKind.OBSERVATION,
            path=f"/a/{observation.activity_id}/came-back",
        )


def take_draft_away(session: Session, observation_id: UUID, observer_id: UUID) -> None:
    """Delete what an observer wrote and did not share."""
    own = select(AssessmentRow.id).where(
        AssessmentRow.observation_id == observation_id, AssessmentRow.observer_id == observer_id
    )
    session.execute(delete(AssessmentRevisionRow).where(AssessmentRevisionRow.assessment_id.in_(own)))
    session.execute(delete(RatingRow).where(RatingRow.assessment_id.in_(own)))
    session.execute(
        delete(AssessmentRow)
        .where(AssessmentRow.observation_id == observation_id, AssessmentRow.observer_id == observer_id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _as_observer(session: Session, observation: ObservationRow, person_id: UUID, now: datetime) -> None:
    if person_id not in {row.person_id for row in parts_of(session, observation.id)}:
        return
    left = end_part(session, observation, person_id, ObserverState.RECUSED, now)
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=None,
        act="observation.recuse",
        subject=f"observation:{observation.id}",
        now=now,
    )
    observation.changed_at = now
    session.flush()
    if observation.state not in READ_BY_TRAINEE:
        take_draft_away(session, observation.id, person_id)
    elif observation.state is State.AMENDING:
        replying.put_back(session, observation, observer_id=person_id)
    if left:
        if not archived.holds_observation(session, observation.id):  # it goes on when the course does
            handing_in.go_on(session, observation, by=None, now=now)
    elif observation.state in UNDER_WAY:
        move_on(session, observation, Move.STOP, person_id=None, now=now)
        observation.paused_at = None
        session.flush()
        take_words_away(session, [observation.id])
    elif (observation.state, Move.LEAVE) in MOVES:
        move_on(session, observation, Move.LEAVE, person_id=None, now=now)
    session.flush()


def _signatures(session: Session, observation_id: UUID, person_id: UUID) -> list[UUID]:
    """Those of the person that stand."""
    return list(
        session.scalars(
            select(SignOffRow.id)
            .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
            .where(
                SignOffRow.observation_id == observation_id,
                SignOffRow.signer_id == person_id,
                SignOffWithdrawalRow.id.is_(None),
            )
        )
    )
