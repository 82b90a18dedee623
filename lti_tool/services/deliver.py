"""What each gradebook column should show, and which scores are due."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, and_, exists, false, func, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import DesiredScore, FinishedObservation, desired_score
from lti_tool.lti.answers import Answer
from lti_tool.services import archived
from lti_tool.services.author import rubric_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.rubrics import RubricVersionRow
from lti_tool.store.writing import insert_once
from rubrics.observation import State

MOST = 2_000
_CONNECTED = exists().where(
    LineItemRow.id == DeliveryRow.line_item_id,
    RegistrationRow.id == LineItemRow.registration_id,
    RegistrationRow.active,
)
"""Scores wait while their connection is switched off, and use up no attempts."""
NOTHING_LEFT: ColumnElement[bool] = func.coalesce(DeliveryRow.answer, "") == Answer.NOTHING_LEFT
"""What the score came from was superseded: there is nothing to send until something counts again."""
_PILOT = func.coalesce(RubricVersionRow.document["pilot"].as_boolean(), false())
"""Whether an observation's rubric was still being tried out: the document says so only where it was."""


def desire(session: Session, activity_id: UUID, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Work out what the column should show for one person, and note it; the answer names what changed.

    A test user of the platform gets no score, whatever they try; in a course that is kept for reading only every
    score stays as it is.
    """
    column = select(LineItemRow).where(LineItemRow.activity_id == activity_id, archived.is_open(activity_id))
    line_item = session.scalars(column).one_or_none()
    if line_item is None or session.scalars(select(_is_test_user(activity_id, person_id))).one():
        return ()
    wanted = _desired(session, activity_id, person_id)
    if wanted is None:
        _ask_a_person(session, line_item.id, person_id)
        return ()
    delivery_id = new_id()
    made = insert_once(
        session,
        DeliveryRow,
        id=delivery_id,
        organization_id=line_item.organization_id,
        line_item_id=line_item.id,
        person_id=person_id,
        state=DeliveryState.WAITING,
        desired_score=wanted.score,
        desired_at=now,
        attempts=0,
        next_attempt_at=now,
    )
    if made:
        return (delivery_id,)
    row = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item.id, DeliveryRow.person_id == person_id)
        .with_for_update()
    ).one()
    if row.desired_score == wanted.score and row.answer != Answer.NOTHING_LEFT:
        return ()
    row.desired_score, row.desired_at = wanted.score, now
    row.state, row.attempts, row.next_attempt_at, row.answer = DeliveryState.WAITING, 0, now, None
    return (row.id,)


def _ask_a_person(session: Session, line_item_id: UUID, person_id: UUID) -> None:
    """Nothing is left that counts, and an empty score cannot be sent: what the LMS shows, a person takes out there.

    A score that never went out is not sent any more.
    """
    row = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.person_id == person_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return
    if row.sent_at is None:
        session.delete(row)
    else:
        row.state, row.next_attempt_at, row.leased_until = DeliveryState.NEEDS_PERSON, None, None
        row.answer = Answer.NOTHING_LEFT
    session.flush()


def _is_test_user(activity_id: Any, person_id: Any) -> Exists:
    return exists().where(
        ActivityRow.id == activity_id,
        MembershipRow.course_id == ActivityRow.course_id,
        MembershipRow.person_id == person_id,
        MembershipRow.test_user,
    )


def desire_for_all(session: Session, activity_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """For everyone with a released observation: used when an activity gets its column later than its scores."""
    people = session.scalars(
        select(ObservationRow.trainee_id)
        .where(ObservationRow.activity_id == activity_id, ObservationRow.state == State.RELEASED)
        .distinct()
    )
    return tuple(found for person_id in people for found in desire(session, activity_id, person_id, now))


def _desired(session: Session, activity_id: UUID, person_id: UUID) -> DesiredScore | None:
    activity = session.get_one(ActivityRow, activity_id)
    rows = session.execute(
        select(ObservationRow.id, RubricVersionRow.id, _PILOT, RatingRow.criterion, RatingRow.level)
        .join(RubricVersionRow, RubricVersionRow.id == ObservationRow.rubric_version_id)
        .join(
            AssessmentRow,
            and_(
                AssessmentRow.observation_id == ObservationRow.id,
                AssessmentRow.of_oneself.is_(False),
                AssessmentRow.submitted_at.is_not(None),
            ),
        )
        .outerjoin(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(
            ObservationRow.activity_id == activity_id,
            ObservationRow.trainee_id == person_id,
            ObservationRow.state == State.RELEASED,
        )
    )
    ratings: dict[tuple[UUID, UUID, bool], list[tuple[str, int | None]]] = {}
    for observation_id, version_id, pilot, criterion, level in rows:
        given = ratings.setdefault((observation_id, version_id, pilot), [])
        if criterion is not None:
            given.append((criterion, level))
    tops = {version_id: _tops(session, version_id) for version_id in {key[1] for key in ratings}}
    return desired_score(
        shows=activity.column_shows,
        required=activity.required_observations,
        finished=[
            FinishedObservation(tuple(given), tops[version_id], pilot)
            for (_, version_id, pilot), given in ratings.items()
        ],
    )


def _tops(session: Session, version_id: UUID) -> dict[str, int]:
    criteria = rubric_of(session, version_id).rubric.criteria
    return {criterion.key: max(level.number for level in criterion.levels) for criterion in criteria}


def column_changed(session: Session, line_item_id: UUID, now: datetime) -> None:
    """The LMS names the column anew: what could not be sent to it before is tried again."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.state == DeliveryState.NEEDS_PERSON, ~NOTHING_LEFT)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
    )


def desire_overlooked(session: Session, now: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Scores that nobody noted: the last signature and the column came at the same moment."""
    pairs = session.execute(
        select(ObservationRow.activity_id, ObservationRow.trainee_id)
        .join(LineItemRow, LineItemRow.activity_id == ObservationRow.activity_id)
        .join(RubricVersionRow, RubricVersionRow.id == ObservationRow.rubric_version_id)
        .where(
            ObservationRow.state == State.RELEASED,
            ~_PILOT,
            archived.is_open(ObservationRow.activity_id),
            ~exists().where(
                DeliveryRow.line_item_id == LineItemRow.id,
                DeliveryRow.person_id == ObservationRow.trainee_id,
            ),
            ~_is_test_user(ObservationRow.activity_id, ObservationRow.trainee_id),
        )
        .order_by(ObservationRow.released_at.desc())
        .limit(limit)
    ).all()
    return tuple(
        found
        for activity_id, person_id in dict.fromkeys((row[0], row[1]) for row in pairs)
        for found in desire(session, activity_id, person_id, now)
    )


def due(session: Session, now: datetime, *, limit: int = 200) -> tuple[UUID, ...]:
    """Scores that wait, that nobody holds, and whose connection is on: what the sweep looks at."""
    return tuple(
        session.scalars(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.state == DeliveryState.WAITING,
                DeliveryRow.next_attempt_at <= now,
                or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
                _CONNECTED,
            )
            .order_by(DeliveryRow.next_attempt_at)
            .limit(limit)
        )
    )


def lease(session: Session, delivery_id: UUID, now: datetime, *, lasting: timedelta) -> bool:
    """Take the row for one attempt; False when it is not due, another worker has it, or its connection is off."""
    result = session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.id == delivery_id,
            DeliveryRow.state == DeliveryState.WAITING,
            DeliveryRow.next_attempt_at <= now,
            or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
            _CONNECTED,
        )
        .values(leased_until=now + lasting)
        .returning(DeliveryRow.id)
    )
    return result.one_or_none() is not None
