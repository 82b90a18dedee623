"""An activity's gradebook columns: each trainee's score, how it stands with the LMS, and sending again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from grading.scores import ColumnShows
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import sending_again
from lti_tool.services.scores.sync_states import FOR_A_PERSON, Asked, Scope, ScoreLine, SyncPage, line_of, sync_page
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import PersonRow


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One of the activity's columns, for choosing among them."""

    line_item_id: UUID | None
    """None where the LMS offered no column for the activity."""
    label: str
    shows: ColumnShows
    last_count: int
    for_a_person: int
    """How many scores wait for a person."""
    column_id: UUID | None = None
    """None for the activity's first one."""


def columns(session: Session, place: Place) -> tuple[ColumnLine, ...]:
    """The activity's first column, and those beside it in the order in which they were made."""
    further = and_(ActivityColumnRow.activity_id == place.activity.id, ActivityColumnRow.put_away_at.is_(None))
    rows = session.execute(
        select(
            LineItemRow.id,
            LineItemRow.label,
            func.count(DeliveryRow.id),
            LineItemRow.column_id,
            ActivityColumnRow.shows,
            ActivityColumnRow.last_count,
        )
        .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .outerjoin(DeliveryRow, and_(DeliveryRow.line_item_id == LineItemRow.id, DeliveryRow.state.in_(FOR_A_PERSON)))
        .where(or_(LineItemRow.activity_id == place.activity.id, further))
        .group_by(LineItemRow.id, ActivityColumnRow.id)
        .order_by(ActivityColumnRow.made_at, ActivityColumnRow.id)
    ).all()
    first = next((row for row in rows if row[3] is None), None)
    own = ColumnLine(
        line_item_id=first[0] if first else None,
        label=first[1] if first else place.activity.title,
        shows=place.activity.column_shows,
        last_count=_last_count(session, place),
        for_a_person=first[2] if first else 0,
    )
    beside = (
        ColumnLine(id_, label, shows, last_count, number, column_id)
        for id_, label, number, column_id, shows, last_count in rows
        if column_id is not None
    )
    return (own, *beside)


def chosen(lines: Sequence[ColumnLine], line_item_id: UUID | None) -> ColumnLine:
    """The one that was asked for; the first one where none was, or one that is not of the activity."""
    return next((line for line in lines if line_item_id is not None and line.line_item_id == line_item_id), lines[0])


def gradebook(session: Session, place: Place, line: ColumnLine | None = None, asked: Asked | None = None) -> SyncPage:
    """A column of the activity, the first one where none is named, with a page of the course's trainees."""
    line = line or chosen(columns(session, place), None)
    return sync_page(session, Scope(place.organization_id, place.course.id, line.line_item_id), asked)


def score_of(session: Session, place: Place, person_id: UUID) -> ScoreLine | None:
    """One person's score in this activity's first column; None where there is no number to send yet."""
    row = session.execute(
        select(PersonRow.name, DeliveryRow)
        .join(DeliveryRow, DeliveryRow.person_id == PersonRow.id)
        .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
        .where(LineItemRow.activity_id == place.activity.id, PersonRow.id == person_id)
    ).one_or_none()
    return line_of(person_id, *row) if row else None


def resend(
    session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime, *, of: UUID | None = None
) -> tuple[UUID, ...]:
    """Try one person's score again now, in the column `of`, or the first one. Raises `NotHere`."""
    return sending_again.one(session, visitor, column_to_send(session, place, of), person_id, now)


def resend_all(
    session: Session, visitor: Visitor, place: Place, now: datetime, *, of: UUID | None = None
) -> tuple[UUID, ...]:
    """Try every score of the column again now that the LMS did not take. Raises `NotHere`."""
    return sending_again.all_that_need_a_person(session, visitor, column_to_send(session, place, of), now)


def column_to_send(session: Session, place: Place, line_item_id: UUID | None) -> sending_again.Column:
    """One of the activity's columns, the first where none is named; the place is an instructor's. Raises `NotHere`."""
    line = chosen(columns(session, place), line_item_id)
    if line.line_item_id is None or line_item_id not in (None, line.line_item_id):
        raise NotHere
    return sending_again.Column(line.line_item_id, f"activity:{place.activity.id}")


def _last_count(session: Session, place: Place) -> int:
    if place.activity.column_shows is not ColumnShows.MEAN_OF_LAST:
        return 1
    return session.scalars(select(ActivityRow.column_last).where(ActivityRow.id == place.activity.id)).one()
