"""The gradebook page: each trainee's score, how it stands with the LMS, and sending again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.services import audit, deliver
from lti_tool.services.lines import display_name
from lti_tool.services.people import trains
from lti_tool.services.places import NotHere, Place
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow, PersonRow

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

    @property
    def nothing_left(self) -> bool:
        """Whether the LMS shows a score of which nothing counts any more: there is nothing to send again."""
        return self.answer == Answer.NOTHING_LEFT


@dataclass(frozen=True, slots=True)
class GradebookView:
    """The column of an activity, trainee by trainee."""

    shows: ColumnShows
    maximum: int | None
    column_offered: bool
    """Whether the LMS offered a gradebook for this activity at all."""
    last_accepted_at: datetime | None
    lines: tuple[ScoreLine, ...]


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
            MembershipRow.test_user.is_(False),
            or_(trains(place.course.id), DeliveryRow.id.is_not(None)),
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


def score_of(session: Session, place: Place, person_id: UUID) -> ScoreLine | None:
    """One person's score in this activity's column; None where there is no number to send yet."""
    row = session.execute(
        select(PersonRow.name, DeliveryRow)
        .join(DeliveryRow, DeliveryRow.person_id == PersonRow.id)
        .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
        .where(LineItemRow.activity_id == place.activity.id, PersonRow.id == person_id)
    ).one_or_none()
    return _line(person_id, *row) if row else None


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
        .where(LineItemRow.activity_id == place.activity.id, which, ~deliver.NOTHING_LEFT)
        .order_by(DeliveryRow.id)
        .with_for_update(of=DeliveryRow)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.state, row.attempts, row.next_attempt_at = DeliveryState.WAITING, 0, now
    session.flush()
    return tuple(row.id for row in rows)
