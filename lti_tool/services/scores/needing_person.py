"""Which gradebook columns wait for a person: a score was not taken, differs, or the column is gone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.services.scores.sync_states import FOR_A_PERSON
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.programs import PlacedProgramRow


@dataclass(frozen=True, slots=True)
class NeedingColumn:
    """A column that waits for a person, and where its page is."""

    organization_id: UUID
    course_id: UUID
    line_item_id: UUID
    title: str
    activity_id: UUID | None
    """None where it is a placed program's."""
    placed_id: UUID | None
    scores: int
    gone: bool
    """Whether the column is not in the LMS any more."""
    further: bool
    """Whether it is beside the activity's first one."""


def of_activity(session: Session, activity_id: UUID) -> int:
    """How many scores of the activity's columns wait for a person."""
    beside = select(ActivityColumnRow.id).where(ActivityColumnRow.activity_id == activity_id)
    which = or_(LineItemRow.activity_id == activity_id, LineItemRow.column_id.in_(beside))
    return sum(column.scores for column in _needing(session, which))


def in_course(session: Session, course_id: UUID) -> tuple[NeedingColumn, ...]:
    """Of one course, by title."""
    activities = select(ActivityRow.id).where(ActivityRow.course_id == course_id)
    beside = select(ActivityColumnRow.id).where(ActivityColumnRow.activity_id.in_(activities))
    placed = select(PlacedProgramRow.id).where(PlacedProgramRow.course_id == course_id)
    return _needing(
        session,
        or_(
            LineItemRow.activity_id.in_(activities),
            LineItemRow.column_id.in_(beside),
            LineItemRow.placed_program_id.in_(placed),
        ),
    )


def since(session: Session, before: datetime) -> tuple[NeedingColumn, ...]:
    """Of all courses that go on: those that wait for a person since a moment before this one."""
    return _needing(session, CourseRow.archived_at.is_(None), before=before)


_NOT_MADE = and_(
    LineItemRow.column_id.is_not(None),
    LineItemRow.url.is_(None),
    LineItemRow.gone_at.is_(None),
    LineItemRow.change_at.is_(None),
    LineItemRow.change_answer.is_not(None),
)
"""A further column that could not be made, and is not tried again by itself: what waits for it waits for a person."""


def _needing(
    session: Session, which: ColumnElement[bool], *, before: datetime | None = None
) -> tuple[NeedingColumn, ...]:
    needs = or_(DeliveryRow.state.in_(FOR_A_PERSON), and_(DeliveryRow.state == DeliveryState.WAITING, _NOT_MADE))
    waits: list[ColumnElement[bool]] = [DeliveryRow.line_item_id == LineItemRow.id, needs]
    gone: ColumnElement[bool] = LineItemRow.gone_at.is_not(None)
    if before is not None:
        moments = (DeliveryRow.desired_at, DeliveryRow.sent_at, DeliveryRow.lms_at)
        waits += [or_(moment.is_(None), moment <= before) for moment in moments]
        gone = LineItemRow.gone_at <= before
    rows = session.execute(
        select(
            LineItemRow,
            ActivityRow.id,
            ActivityRow.title,
            PlacedProgramRow.title,
            CourseRow.id,
            func.count(DeliveryRow.id),
        )
        .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .outerjoin(ActivityRow, ActivityRow.id == func.coalesce(LineItemRow.activity_id, ActivityColumnRow.activity_id))
        .outerjoin(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
        .join(CourseRow, CourseRow.id == func.coalesce(ActivityRow.course_id, PlacedProgramRow.course_id))
        .outerjoin(DeliveryRow, and_(*waits))
        .where(which, LineItemRow.stopped_at.is_(None), ActivityColumnRow.put_away_at.is_(None))
        .group_by(LineItemRow.id, ActivityRow.id, PlacedProgramRow.id, CourseRow.id)
        .having(or_(func.count(DeliveryRow.id) > 0, gone))
    ).all()
    found = (
        NeedingColumn(
            organization_id=row.organization_id,
            course_id=course_id,
            line_item_id=row.id,
            title=row.label if row.column_id is not None else title or placed_title,
            activity_id=activity_id,
            placed_id=row.placed_program_id,
            scores=number,
            gone=row.gone_at is not None,
            further=row.column_id is not None,
        )
        for row, activity_id, title, placed_title, course_id, number in rows
    )
    return tuple(sorted(found, key=lambda column: (column.title.casefold(), column.line_item_id)))
