"""What an activity's columns are in the LMS: asked for, called something, put down and taken up again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import MAXIMUM, ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.services.scores import noting_desired
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.writing import insert_once

LONGEST_LABEL = 255


def ask_for_line_items(
    session: Session, activity_id: UUID, now: datetime, *, labels: Mapping[UUID, str] | None = None
) -> tuple[UUID, ...]:
    """Line items for the further columns that have none yet, once the LMS offered the first one; the answer names them.

    The worker makes them in the LMS. Columns without a label here are called after the activity and what they show.
    """
    named = labels or {}
    first = session.scalars(select(LineItemRow).where(LineItemRow.activity_id == activity_id)).one_or_none()
    if first is None or first.line_items_url is None:
        return ()
    lacking = session.execute(
        select(ActivityColumnRow, ActivityRow.title, ActivityRow.required_observations)
        .join(ActivityRow, ActivityRow.id == ActivityColumnRow.activity_id)
        .outerjoin(LineItemRow, LineItemRow.column_id == ActivityColumnRow.id)
        .where(
            ActivityColumnRow.activity_id == activity_id,
            ActivityColumnRow.put_away_at.is_(None),
            LineItemRow.id.is_(None),
        )
        .order_by(ActivityColumnRow.id)
    ).all()
    made = []
    for column, title, required in lacking:
        line_item_id = new_id()
        maximum = required if column.shows is ColumnShows.COUNT else int(MAXIMUM)
        if insert_once(
            session,
            LineItemRow,
            id=line_item_id,
            organization_id=column.organization_id,
            column_id=column.id,
            registration_id=first.registration_id,
            lti_resource_link_id=first.lti_resource_link_id,
            url=None,
            line_items_url=first.line_items_url,
            scopes=list(first.scopes),
            label=named.get(column.id) or _called(title, column.shows),
            score_maximum=maximum,
            seen_at=now,
            ours=True,
            change_at=now,
        ):
            made.append(line_item_id)
    return tuple(made)


def _called(title: str, shows: ColumnShows) -> str:
    """Only where nobody gave it a name: a column that came along with a copied course."""
    ending = f": {shows.value.replace('_', ' ')}"
    return title[: LONGEST_LABEL - len(ending)] + ending


def put_down(session: Session, column_id: UUID, person_id: UUID, now: datetime) -> None:
    """Nothing more is sent to the column's cells: what never left goes, of the rest the LMS's own stands."""
    items = select(LineItemRow.id).where(LineItemRow.column_id == column_id)
    session.execute(
        update(LineItemRow)
        .where(LineItemRow.column_id == column_id)
        .values(stopped_at=now, stopped_by=person_id, change_at=None)
        .execution_options(synchronize_session="fetch")
    )
    _lock(session, column_id)
    unsent = (DeliveryRow.line_item_id.in_(items), DeliveryRow.sent_at.is_(None))
    session.execute(delete(DeliveryRow).where(*unsent).execution_options(synchronize_session="fetch"))
    open_ones = (DeliveryState.WAITING, DeliveryState.NEEDS_PERSON, DeliveryState.DIFFERS)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id.in_(items), DeliveryRow.state.in_(open_ones))
        .values(
            state=DeliveryState.LET_STAND,
            next_attempt_at=None,
            leased_until=None,
            let_stand_by=person_id,
            to_clear=False,
        )
        .execution_options(synchronize_session="fetch")
    )


def take_up(session: Session, column_id: UUID, now: datetime) -> None:
    """The reverse: what the LMS does not show yet is due again, once it was looked at what the LMS shows."""
    items = select(LineItemRow.id).where(LineItemRow.column_id == column_id)
    session.execute(
        update(LineItemRow)
        .where(LineItemRow.column_id == column_id)
        .values(stopped_at=None, stopped_by=None, change_at=now)
        .execution_options(synchronize_session="fetch")
    )
    _lock(session, column_id)
    put_down_ones = (
        DeliveryRow.line_item_id.in_(items),
        or_(DeliveryRow.state == DeliveryState.LET_STAND, DeliveryRow.state == DeliveryState.DIFFERS),
    )
    session.execute(
        update(DeliveryRow)
        .where(*put_down_ones, DeliveryRow.answer == Answer.NOTHING_LEFT)
        .values(state=DeliveryState.NEEDS_PERSON, let_stand_by=None)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        update(DeliveryRow)
        .where(*put_down_ones)
        .values(
            state=DeliveryState.WAITING,
            attempts=0,
            next_attempt_at=now,
            let_stand_by=None,
            # Nobody said that ours stands over what the LMS showed: where it still does, that is asked again.
            lms_score=None,
            lms_maximum=None,
            lms_read_at=None,
        )
        .execution_options(synchronize_session="fetch")
    )


def _lock(session: Session, column_id: UUID) -> None:
    for line_item_id in session.scalars(select(LineItemRow.id).where(LineItemRow.column_id == column_id)).all():
        noting_desired.lock(session, line_item_id)
