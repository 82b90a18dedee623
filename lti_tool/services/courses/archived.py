"""Courses that are kept for reading only: nothing new begins in them, and nothing that began goes on."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Move
from rubrics.refusal import Refused

STAYS_POSSIBLE = frozenset(
    {Move.DECLINE, Move.CANCEL, Move.NOT_HOLD, Move.STOP, Move.WITHDRAW, Move.LEAVE, Move.SUPERSEDE}
)
"""Whatever only takes back: consent above all, and a signature that was not one's own."""


def refusal() -> Refused:
    """What people read where something would go on in such a course."""
    return Refused(
        "course_archived",
        "This course is kept for reading only, so nothing new begins in it and nothing goes on. What is recorded "
        "stays to be read. Whoever instructs the course can open it again, on its page “The end of a term”.",
    )


def is_open(activity_id: Any) -> ColumnElement[bool]:
    """Whether the course of an activity is not kept for reading only."""
    return exists(
        select(CourseRow.id)
        .join(ActivityRow, ActivityRow.course_id == CourseRow.id)
        .where(ActivityRow.id == activity_id, CourseRow.archived_at.is_(None))
    )


def is_kept(session: Session, course_id: UUID) -> bool:
    """Whether the course is kept for reading only."""
    found = select(CourseRow.id).where(CourseRow.id == course_id, CourseRow.archived_at.is_not(None))
    return session.scalars(found).first() is not None


def check_activity(session: Session, activity_id: UUID) -> None:
    """Raises `Refused` ("course_archived") where the activity's course is kept for reading only."""
    _check(session, ActivityRow.id == activity_id)


def check_course(session: Session, course_id: UUID) -> None:
    """The same for a course by itself."""
    _check(session, CourseRow.id == course_id)


def check_move(session: Session, observation: ObservationRow, step: Move) -> None:
    """The same for a move of an observation, unless the move only takes something back."""
    if step not in STAYS_POSSIBLE:
        with session.no_autoflush:  # in the midst of a move a row is not as the database wants it
            check_activity(session, observation.activity_id)


def holds_observation(session: Session, observation_id: UUID) -> bool:
    """Whether the course of this observation is kept for reading only."""
    asked = select(ObservationRow.activity_id).where(ObservationRow.id == observation_id).scalar_subquery()
    return _is_kept(session, ActivityRow.id == asked)


def _check(session: Session, which: ColumnElement[bool]) -> None:
    if _is_kept(session, which):
        raise refusal()


def _is_kept(session: Session, which: ColumnElement[bool]) -> bool:
    archived = select(CourseRow.id).outerjoin(ActivityRow, ActivityRow.course_id == CourseRow.id)
    return session.scalars(archived.where(which, CourseRow.archived_at.is_not(None)).limit(1)).first() is not None
