"""The gradebook columns of an activity that scores are worked out for: the first one, and the further ones."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from grading.scores import Column, ColumnShows
from lti_tool.services.courses import archived
from lti_tool.services.scores.noting_desired import ItemName
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow

_ITEM = (LineItemRow.id, LineItemRow.organization_id, LineItemRow.registration_id, ActivityRow.required_observations)
_FIRST = (
    select(*_ITEM, ActivityRow.column_shows.label("shows"), ActivityRow.column_last.label("last"))
    .select_from(LineItemRow)
    .join(ActivityRow, ActivityRow.id == LineItemRow.activity_id)
)
_FURTHER = (
    select(*_ITEM, ActivityColumnRow.shows.label("shows"), ActivityColumnRow.last_count.label("last"))
    .select_from(LineItemRow)
    .join(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
    .join(ActivityRow, ActivityRow.id == ActivityColumnRow.activity_id)
    .where(ActivityColumnRow.put_away_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class StandingColumn:
    """A column that the platform has a line item for, or is to have one."""

    item: ItemName
    column: Column


def standing_columns(session: Session, activity_id: UUID) -> tuple[StandingColumn, ...]:
    """Those of one activity, as they are now; none in a course that is kept for reading only."""
    here = (ActivityRow.id == activity_id, archived.is_open(activity_id))
    rows = session.execute(union_all(_FIRST.where(*here), _FURTHER.where(*here)))
    return tuple(
        StandingColumn(ItemName(id_, organization_id, registration_id), Column(ColumnShows(shows), required, last))
        for id_, organization_id, registration_id, required, shows, last in rows
    )
