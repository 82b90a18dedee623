"""What a copied course waits for, and what was decided: the settings of activities, never their people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.documents.rubric import from_document
from lti_tool.services.courses.places import Activity, CourseName, NotHere, activity_of
from lti_tool.services.linking import copies
from lti_tool.store.copies import ActivityCopyRow, CopySource, CourseCopyRow, LinkOriginRow
from lti_tool.store.courses import ActivityRow, CourseRow, ResourceLinkRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.rubrics import RubricVersionRow


@dataclass(frozen=True, slots=True)
class WaitingActivity:
    """An activity of an origin about which nothing is decided yet."""

    activity: Activity
    came_along: bool
    """Whether it surely belongs to what was copied: the whole course was, or a link here names it."""


@dataclass(frozen=True, slots=True)
class DecidedActivity:
    """What was decided about an activity of an origin; `copy_id` is None where it was left behind."""

    origin_id: UUID
    title: str
    copy_id: UUID | None
    decided_at: datetime
    in_use: bool
    """Whether someone was already observed, or asked to be, in the copy."""


@dataclass(frozen=True, slots=True)
class VersionName:
    """A rubric version as it is named on screen, and the newest of the same rubric where that is another."""

    title: str
    number: int
    newer_id: UUID | None
    newer_number: int | None


def course_name(session: Session, course_id: UUID) -> CourseName:
    """The course by its id. Raises `NotHere`."""
    title = session.scalars(select(CourseRow.title).where(CourseRow.id == course_id)).one_or_none()
    if title is None:
        raise NotHere
    return CourseName(course_id, title)


def origins(session: Session, course_id: UUID) -> Sequence[str]:
    """The titles of the courses that this one was copied from."""
    return session.scalars(
        select(CourseRow.title)
        .join(CourseCopyRow, CourseCopyRow.origin_course_id == CourseRow.id)
        .where(CourseCopyRow.course_id == course_id)
        .order_by(CourseCopyRow.noticed_at, CourseRow.id)
    ).all()


def waiting(session: Session, course_id: UUID) -> tuple[WaitingActivity, ...]:
    """The activities of the origins about which nothing is decided yet, the oldest first.

    What an origin got after the copy was made is not among them, nor what lives on in a nearer origin, nor what
    was decided about already under another origin's name.
    """
    named = _named_by_a_link_of(course_id)
    rows = session.execute(
        select(ActivityRow, CourseCopyRow.source, named)
        .join(
            CourseCopyRow,
            and_(CourseCopyRow.origin_course_id == ActivityRow.course_id, CourseCopyRow.course_id == course_id),
        )
        .where(or_(ActivityRow.created_at <= CourseCopyRow.noticed_at, named))
        .order_by(ActivityRow.created_at, ActivityRow.id)
    ).all()
    if not rows:
        return ()
    done = session.scalars(
        select(ActivityCopyRow.origin_activity_id).where(ActivityCopyRow.course_id == course_id)
    ).all()
    above = copies.lineage(session, [*(row[0].id for row in rows), *done])
    settled = {*done, *(one for origins in above.values() for one in origins)}
    return tuple(
        WaitingActivity(activity_of(activity), source is not CopySource.LINK or named_here)
        for activity, source, named_here in rows
        if activity.id not in settled and not above[activity.id].intersection(done)
    )


def number_waiting(session: Session, course_id: UUID) -> int:
    """How many activities surely came along and wait for a decision."""
    return sum(one.came_along for one in waiting(session, course_id))


def decided(session: Session, course_id: UUID) -> tuple[DecidedActivity, ...]:
    """What was decided in this course, the latest first."""
    copied = aliased(ActivityRow)
    rows = session.execute(
        select(ActivityCopyRow, ActivityRow.title, copied.title, _observed_in(copied))
        .join(ActivityRow, ActivityRow.id == ActivityCopyRow.origin_activity_id)
        .outerjoin(copied, copied.id == ActivityCopyRow.activity_id)
        .where(ActivityCopyRow.course_id == course_id)
        .order_by(ActivityCopyRow.decided_at.desc(), ActivityRow.title)
    ).all()
    lineages = copies.lineage(session, [row[0].origin_activity_id for row in rows])
    above = {one for origins in lineages.values() for one in origins}
    return tuple(
        DecidedActivity(row.origin_activity_id, new_title or title, row.activity_id, row.decided_at, in_use)
        for row, title, new_title, in_use in rows
        if row.origin_activity_id not in above
    )


def versions(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, VersionName]:
    """The names of these rubric versions, by id."""
    newest = aliased(RubricVersionRow)
    newer_still = aliased(RubricVersionRow)
    rows = session.execute(
        select(RubricVersionRow, newest.id, newest.number)
        .join(newest, newest.rubric_id == RubricVersionRow.rubric_id)
        .where(
            RubricVersionRow.id.in_(set(version_ids)),
            ~exists().where(newer_still.rubric_id == newest.rubric_id, newer_still.number > newest.number),
        )
    ).all()
    return {
        row.id: VersionName(
            title=from_document(row.document).title,
            number=row.number,
            newer_id=newer_id if number > row.number else None,
            newer_number=number if number > row.number else None,
        )
        for row, newer_id, number in rows
    }


def _named_by_a_link_of(course_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        LinkOriginRow.origin_activity_id == ActivityRow.id,
        ResourceLinkRow.id == LinkOriginRow.resource_link_id,
        ResourceLinkRow.course_id == course_id,
    )


def _observed_in(activity: type[ActivityRow]) -> ColumnElement[bool]:
    return exists().where(ObservationRow.activity_id == activity.id)
