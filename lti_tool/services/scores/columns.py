"""The gradebook columns of an activity: what they show, chosen by its instructors."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.scores import Column, ColumnShows
from lti_tool.services import audit
from lti_tool.services.authoring.author import require_instructor
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.finished import editions_of
from lti_tool.services.scores import deliver
from lti_tool.services.scores.column_items import ask_for_line_items, put_down, take_up
from lti_tool.services.scores.column_names import checked_label
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from rubrics.refusal import Refused

MOST_LAST = 20
"""Over at most so many observations a mean is taken."""
FROM_LEVELS = frozenset({ColumnShows.RUBRIC_RESULT, ColumnShows.LATEST, ColumnShows.BEST, ColumnShows.MEAN_OF_LAST})
"""What is worked out from the levels that were given."""


@dataclass(frozen=True, slots=True)
class OfActivity:
    """One column of an activity, with what is known of it in the LMS."""

    column_id: UUID | None
    """None for the first one."""
    column: Column
    line_item: LineItemRow | None
    """None while the LMS offered none."""
    scored: bool
    """Whether a score was sent to it already."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to, for the worker to look at."""

    deliveries: tuple[UUID, ...] = ()
    line_items: tuple[UUID, ...] = ()


def columns(session: Session, place: Place) -> tuple[OfActivity, ...]:
    """The first column, and those beside it in the order in which they were added."""
    required = place.activity.required_observations
    scored = (
        select(DeliveryRow.id)
        .where(DeliveryRow.line_item_id == LineItemRow.id, DeliveryRow.sent_at.is_not(None))
        .exists()
    )
    first = session.execute(
        select(ActivityRow.column_shows, ActivityRow.column_last, LineItemRow, scored)
        .outerjoin(LineItemRow, LineItemRow.activity_id == ActivityRow.id)
        .where(ActivityRow.id == place.activity.id)
    ).one()
    further = session.execute(
        select(ActivityColumnRow.shows, ActivityColumnRow.last_count, LineItemRow, scored, ActivityColumnRow.id)
        .outerjoin(LineItemRow, LineItemRow.column_id == ActivityColumnRow.id)
        .where(ActivityColumnRow.activity_id == place.activity.id, ActivityColumnRow.put_away_at.is_(None))
        .order_by(ActivityColumnRow.made_at, ActivityColumnRow.id)
    ).all()
    return (
        OfActivity(None, Column(first[0], required, first[1]), first[2], bool(first[3])),
        *(OfActivity(row[4], Column(row[0], required, row[1]), row[2], bool(row[3])) for row in further),
    )


def only_must_be_met(session: Session, place: Place) -> bool:
    """Whether the activity's rubric has nothing but criteria that must be met, so that there is nothing to average."""
    edition = editions_of(session, [place.activity.rubric_version_id])[place.activity.rubric_version_id]
    return set(edition.tops) == set(edition.must_be_met)


def choose(session: Session, visitor: Visitor, place: Place, column: Column, now: datetime) -> Done:
    """What the first column shows from now on; everybody's score in it is worked out anew in the same transaction.

    Twice the same changes nothing. Raises `Refused`, `NotHere`.
    """
    require_instructor(session, visitor, place.course.id)
    check(session, place, column, new=False)
    row = session.get_one(ActivityRow, place.activity.id, with_for_update={"key_share": True}, populate_existing=True)
    if (row.column_shows, row.column_last) == (column.shows, column.last):
        return Done()
    row.column_shows, row.column_last = column.shows, column.last
    _audit(session, visitor, place, "column.choose", now, shows=column.shows.value, last=column.last)
    session.flush()
    return Done(deliver.desire_for_all(session, row.id, now))


def add(session: Session, visitor: Visitor, place: Place, column: Column, label: str, now: datetime) -> Done:
    """Add a further column: the worker makes it in the LMS, and everybody's score for it is noted at once.

    One that was put away is taken up again, so that the LMS does not get a second one. Raises `Refused`, `NotHere`.
    """
    require_instructor(session, visitor, place.course.id)
    check(session, place, column, new=True)
    label = checked_label(label)
    # Held, so that of two at once the second one sees what the first one added.
    session.get_one(ActivityRow, place.activity.id, with_for_update={"key_share": True}, populate_existing=True)
    same = session.scalars(
        select(ActivityColumnRow)
        .where(ActivityColumnRow.activity_id == place.activity.id, ActivityColumnRow.shows == column.shows)
        .order_by(ActivityColumnRow.put_away_at.is_not(None), ActivityColumnRow.made_at.desc())
        .execution_options(populate_existing=True)
    ).first()
    if same is not None and same.put_away_at is None:
        return Done()
    _audit(session, visitor, place, "column.add", now, shows=column.shows.value, last=column.last)
    if same is None:
        same = ActivityColumnRow(
            id=new_id(), organization_id=place.organization_id, activity_id=place.activity.id, shows=column.shows,
            last_count=column.last, made_by=visitor.person_id, made_at=now,
        )  # fmt: skip
        session.add(same)
    else:
        same.put_away_at, same.last_count = None, column.last
        take_up(session, same.id, now)
    session.flush()
    made = ask_for_line_items(session, place.activity.id, now, labels={same.id: label})
    return Done(deliver.desire_for_all(session, place.activity.id, now), made)


def put_away(session: Session, visitor: Visitor, place: Place, column_id: UUID, now: datetime) -> None:
    """Nothing more is sent to a further column; what the LMS shows stays there. Raises `Refused`, `NotHere`."""
    require_instructor(session, visitor, place.course.id)
    row = session.scalars(
        select(ActivityColumnRow)
        .where(ActivityColumnRow.id == column_id, ActivityColumnRow.activity_id == place.activity.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.put_away_at is not None:
        return
    row.put_away_at = now
    _audit(session, visitor, place, "column.put_away", now, shows=row.shows.value)
    put_down(session, column_id, visitor.person_id, now)
    session.flush()


def copy_columns(session: Session, visitor: Visitor, origin_id: UUID, activity_id: UUID, now: datetime) -> None:
    """A copied activity has the same further columns; they come to be in the LMS once it offers the first one."""
    origins = select(ActivityColumnRow).where(
        ActivityColumnRow.activity_id == origin_id, ActivityColumnRow.put_away_at.is_(None)
    )
    for origin in session.scalars(origins.order_by(ActivityColumnRow.made_at, ActivityColumnRow.id)).all():
        session.add(
            ActivityColumnRow(
                id=new_id(), organization_id=visitor.organization_id, activity_id=activity_id, shows=origin.shows,
                last_count=origin.last_count, made_by=visitor.person_id, made_at=now,
            )
        )  # fmt: skip
    session.flush()


def check(session: Session, place: Place, column: Column, *, new: bool) -> None:
    """Raises `Refused` where the first column, or a new one, cannot show this."""
    if column.shows in FROM_LEVELS and only_must_be_met(session, place):
        raise Refused(
            "shows",
            "Every criterion of this rubric must be met, and what must be met is never averaged. Please choose "
            "met or not yet, or how many observations are finished.",
        )
    others = [one for one in columns(session, place) if (one.column_id is None) == new]
    if any(one.column.shows is column.shows for one in others):
        raise Refused("shows", "Another column of this activity shows that already. Please choose something else.")
    if not 1 <= column.last <= MOST_LAST:
        raise Refused("last", "Please give a number from %(least)s to %(most)s.", least=1, most=MOST_LAST)


def _audit(session: Session, visitor: Visitor, place: Place, act: str, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"activity:{place.activity.id}",
        now=now,
        **facts,
    )
