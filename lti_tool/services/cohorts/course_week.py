"""Which trainees of a course need an instructor this week: three groups, in states and days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.cohorts.cohort_course import FINISHED
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import Place
from lti_tool.services.observations import came_back
from lti_tool.services.observations.came_back import CameBack
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow
from rubrics.observation import BEFORE, State

SOON = timedelta(days=7)
QUIET = timedelta(days=30)
MOST = 25


@dataclass(frozen=True, slots=True)
class Coming:
    """A time that was agreed, or the last day for a trainee's words."""

    observation_id: UUID
    activity_id: UUID
    person_id: UUID
    name: str
    at: datetime
    is_session: bool


@dataclass(frozen=True, slots=True)
class Silent:
    """A trainee of whom nothing is new."""

    person_id: UUID
    name: str
    since: datetime | None
    """None: nothing was there yet."""


@dataclass(frozen=True, slots=True)
class Week:
    """The three groups: those who are shown of each, and how many there are."""

    waits: tuple[CameBack, ...]
    waits_count: int
    coming: tuple[Coming, ...]
    coming_count: int
    quiet: tuple[Silent, ...]
    quiet_count: int


def week(session: Session, place: Place, now: datetime) -> Week:
    """Of the course; what came back to a person is of the activity."""
    back = tuple(came_back.came_back(session, place, now))
    coming, silent = _coming(place, now), _silent(place, now)
    return Week(
        back[:MOST],
        len(back),
        tuple(_as_coming(*row) for row in session.execute(coming.limit(MOST))),
        session.scalars(select(func.count()).select_from(coming.order_by(None).subquery())).one(),
        tuple(Silent(id_, display_name(id_, name), since) for id_, name, since in session.execute(silent.limit(MOST))),
        session.scalars(select(func.count()).select_from(silent.order_by(None).subquery())).one(),
    )


def _as_coming(row: ObservationRow, name: str | None) -> Coming:
    at = row.respond_until if row.state is State.SHARED else row.starts_at
    if at is None:
        raise LookupError("a time was asked for")
    return Coming(
        row.id, row.activity_id, row.trainee_id, display_name(row.trainee_id, name), at, row.state is not State.SHARED
    )


def _coming(place: Place, now: datetime) -> Any:
    soon = now + SOON
    session_soon = and_(
        ObservationRow.state.in_(BEFORE), ObservationRow.starts_at >= now, ObservationRow.starts_at <= soon
    )
    words_soon = and_(
        ObservationRow.state == State.SHARED,
        ObservationRow.respond_until >= now,
        ObservationRow.respond_until <= soon,
    )
    return (
        select(ObservationRow, PersonRow.name)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(PersonRow, PersonRow.id == ObservationRow.trainee_id)
        .where(ActivityRow.course_id == place.course.id, or_(session_soon, words_soon))
        .order_by(func.coalesce(ObservationRow.respond_until, ObservationRow.starts_at), ObservationRow.id)
    )


def _silent(place: Place, now: datetime) -> Any:
    """Of trainees who are not done, whose last observation changed long ago, and who paused no path."""
    person_id = MembershipRow.person_id
    last = (
        select(func.max(ObservationRow.changed_at))
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == place.course.id, ObservationRow.trainee_id == person_id)
        .scalar_subquery()
    )
    finished = (
        select(func.count())
        .where(
            ObservationRow.trainee_id == person_id,
            ObservationRow.activity_id == ActivityRow.id,
            ObservationRow.state.in_(FINISHED),
        )
        .scalar_subquery()
    )
    to_do = exists().where(ActivityRow.course_id == place.course.id, finished < ActivityRow.required_observations)
    paused = exists().where(
        PathPauseRow.enrollment_id == EnrollmentRow.id,
        EnrollmentRow.person_id == person_id,
        PathPauseRow.until.is_(None),
    )
    return (
        select(person_id, PersonRow.name, last.label("since"))
        .join(PersonRow, PersonRow.id == person_id)
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            trains(place.course.id),
            to_do,
            ~paused,
            func.coalesce(last, MembershipRow.seen_at) < now - QUIET,
        )
        .order_by(last, person_id)
    )
