"""What each gradebook column should show, what the LMS accepted, and the worker's steps between."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import ColumnShows, DesiredScore, FinishedObservation, desired_score
from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.author import rubric_of
from lti_tool.services.lines import display_name
from lti_tool.services.places import NotHere, Place
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.observation import State

MOST = 2_000


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One trainee's score: what the LMS should show, and how it stands."""

    person_id: UUID
    person_name: str
    desired: Decimal | None
    accepted: Decimal | None
    state: DeliveryState | None
    accepted_at: datetime | None
    next_attempt_at: datetime | None
    attempts: int
    answer: str | None
    """The last answer, a code of `lti.gradebook.Answer`."""


@dataclass(frozen=True, slots=True)
class GradebookView:
    """The column of an activity, trainee by trainee."""

    shows: ColumnShows
    maximum: int | None
    column_offered: bool
    """Whether the LMS offered a gradebook for this activity at all."""
    last_accepted_at: datetime | None
    lines: tuple[ScoreLine, ...]


def desire(session: Session, activity_id: UUID, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Work out what the column should show for one person, and note it; the answer names what changed."""
    line_item = session.scalars(select(LineItemRow).where(LineItemRow.activity_id == activity_id)).one_or_none()
    if line_item is None:
        return ()
    wanted = _desired(session, activity_id, person_id)
    if wanted is None:
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
    if row.desired_score == wanted.score:
        return ()
    row.desired_score, row.desired_at = wanted.score, now
    row.state, row.attempts, row.next_attempt_at, row.answer = DeliveryState.WAITING, 0, now, None
    return (row.id,)


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
        select(ObservationRow.id, RatingRow.criterion, RatingRow.level)
        .join(AssessmentRow, AssessmentRow.observation_id == ObservationRow.id)
        .outerjoin(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(
            ObservationRow.activity_id == activity_id,
            ObservationRow.trainee_id == person_id,
            ObservationRow.state == State.RELEASED,
        )
    )
    ratings: dict[UUID, list[tuple[str, int | None]]] = {}
    for observation_id, criterion, level in rows:
        given = ratings.setdefault(observation_id, [])
        if criterion is not None:
            given.append((criterion, level))
    rubric = rubric_of(session, activity.rubric_version_id).rubric
    return desired_score(
        shows=activity.column_shows,
        required=activity.required_observations,
        finished=[FinishedObservation(tuple(given)) for given in ratings.values()],
        rubric_levels={criterion.key: max(level.number for level in criterion.levels) for criterion in rubric.criteria},
    )


def gradebook(session: Session, place: Place) -> GradebookView:
    """Every trainee of the course with their score in this activity's column."""
    line_item = session.scalars(select(LineItemRow).where(LineItemRow.activity_id == place.activity.id)).one_or_none()
    line_item_id = line_item.id if line_item else None
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, DeliveryRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(
            DeliveryRow,
            and_(DeliveryRow.person_id == PersonRow.id, DeliveryRow.line_item_id == line_item_id),
        )
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            or_(MembershipRow.capability == Capability.TRAINEE, DeliveryRow.id.is_not(None)),
        )
        .limit(MOST)
    ).all()
    lines = sorted((_line(*row) for row in rows), key=lambda line: line.person_name.casefold())
    accepted = [line.accepted_at for line in lines if line.accepted_at]
    return GradebookView(
        shows=place.activity.column_shows,
        maximum=line_item.score_maximum if line_item else None,
        column_offered=line_item is not None,
        last_accepted_at=max(accepted, default=None),
        lines=tuple(lines),
    )


def _line(person_id: UUID, name: str | None, row: DeliveryRow | None) -> ScoreLine:
    shown = display_name(person_id, name)
    if row is None:
        return ScoreLine(person_id, shown, None, None, None, None, None, 0, None)
    return ScoreLine(
        person_id=person_id,
        person_name=shown,
        desired=row.desired_score,
        accepted=row.accepted_score,
        state=row.state,
        accepted_at=row.accepted_at,
        next_attempt_at=row.next_attempt_at,
        attempts=row.attempts,
        answer=row.answer,
    )


def resend(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Look at a score again now. The answer names the delivery. Raises `NotHere`."""
    sent = _send_again(session, visitor, place, now, DeliveryRow.person_id == person_id)
    if not sent:
        raise NotHere
    return sent


def resend_all(session: Session, visitor: Visitor, place: Place, now: datetime) -> tuple[UUID, ...]:
    """Look again now at every score of the column that needs a person."""
    return _send_again(session, visitor, place, now, DeliveryRow.state == DeliveryState.NEEDS_PERSON)


def _send_again(
    session: Session, visitor: Visitor, place: Place, now: datetime, which: ColumnElement[bool]
) -> tuple[UUID, ...]:
    # First the audit, then the rows: signing takes its locks in this order too.
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="delivery.resend",
        subject=f"activity:{place.activity.id}",
        now=now,
    )
    rows = session.scalars(
        select(DeliveryRow)
        .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
        .where(LineItemRow.activity_id == place.activity.id, which)
        .order_by(DeliveryRow.id)
        .with_for_update(of=DeliveryRow)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.state, row.attempts, row.next_attempt_at = DeliveryState.WAITING, 0, now
    session.flush()
    return tuple(row.id for row in rows)


def column_changed(session: Session, line_item_id: UUID, now: datetime) -> None:
    """The LMS names the column anew: what could not be sent to it before is tried again."""
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.state == DeliveryState.NEEDS_PERSON)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
    )


def desire_overlooked(session: Session, now: datetime, *, limit: int = 100) -> tuple[UUID, ...]:
    """Scores that nobody noted: the last signature and the column came at the same moment."""
    pairs = session.execute(
        select(ObservationRow.activity_id, ObservationRow.trainee_id)
        .join(LineItemRow, LineItemRow.activity_id == ObservationRow.activity_id)
        .where(
            ObservationRow.state == State.RELEASED,
            ~exists().where(
                DeliveryRow.line_item_id == LineItemRow.id,
                DeliveryRow.person_id == ObservationRow.trainee_id,
            ),
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
    """Scores that wait and that nobody holds: what the sweep looks at."""
    return tuple(
        session.scalars(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.state == DeliveryState.WAITING,
                DeliveryRow.next_attempt_at <= now,
                or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
            )
            .order_by(DeliveryRow.next_attempt_at)
            .limit(limit)
        )
    )


def lease(session: Session, delivery_id: UUID, now: datetime, *, lasting: timedelta) -> bool:
    """Take the row for one attempt; False when it is not due or another worker has it."""
    result = session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.id == delivery_id,
            DeliveryRow.state == DeliveryState.WAITING,
            DeliveryRow.next_attempt_at <= now,
            or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
        )
        .values(leased_until=now + lasting)
        .returning(DeliveryRow.id)
    )
    return result.one_or_none() is not None
