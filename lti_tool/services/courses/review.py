"""Submission reviews: which activity and whose page a launch from the gradebook is about (Submission Review 1.0)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.services.entering import arrivals
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.programs import PlacedProgramRow


def activity_of_column(
    session: Session, launch: Launch, course: CourseRow | None, link_column: LineItemRow | None
) -> UUID | None:
    """The activity whose column the review names; None where only its resource link says which.

    `link_column` is what is known of the column of the launch's link. Raises `LaunchRejected`
    for a column that is not one of this course's activities.
    """
    url = launch.ags.line_item if launch.ags else None
    if url is None:
        return None
    rows = session.execute(
        select(ActivityRow.id, ActivityRow.course_id)
        .join(LineItemRow, LineItemRow.activity_id == ActivityRow.id)
        .where(LineItemRow.registration_id == launch.registration_id, LineItemRow.url == url)
        .order_by(ActivityRow.id)
    ).all()
    here: list[UUID] = [row.id for row in rows if course is not None and row.course_id == course.id]
    if here:
        return here[0]
    if course is not None and _of_program(session, launch, course, url):
        return None  # its link leads to its page
    unknown_so_far = not rows and (link_column is None or link_column.url is None)
    if launch.resource_link is None or not unknown_so_far:
        raise LaunchRejected(
            LaunchProblem.LINE_ITEM_NOT_OURS,
            "This column of the gradebook belongs to no activity that Attune knows in this course. "
            "Please open the activity from your course.",
            status=404,
        )
    return None


def path(
    session: Session,
    launch: Launch,
    course: CourseRow,
    *,
    of_column: UUID | None,
    link: ResourceLinkRow | None,
    line_item: LineItemRow | None,
    now: datetime,
) -> str:
    """Where the review leads: the trainee's page, their own path for themselves, the activity where nobody is named."""
    activity_id = of_column
    if activity_id is None:
        ordinary = arrivals.path(session, launch, course, link, line_item, now)
        activity_id = _activity_of_link(session, launch, course)
        if activity_id is None:
            return ordinary
    home = f"/a/{activity_id}"
    if launch.for_user is None:
        return f"{home}?tab=activity"
    if launch.for_user.sub == launch.sub:
        return f"{home}?tab=path"
    person_id = session.scalars(
        select(LmsAccountRow.person_id).where(
            LmsAccountRow.registration_id == launch.registration_id, LmsAccountRow.sub == launch.for_user.sub
        )
    ).one_or_none()
    return f"{home}/trainees/{person_id or 'nobody'}?from=gradebook"


def _of_program(session: Session, launch: Launch, course: CourseRow, url: str) -> bool:
    """Whether it is the column of a program that was placed in this course."""
    placed = (
        select(PlacedProgramRow.id)
        .join(LineItemRow, LineItemRow.placed_program_id == PlacedProgramRow.id)
        .where(
            LineItemRow.registration_id == launch.registration_id,
            LineItemRow.url == url,
            PlacedProgramRow.course_id == course.id,
        )
    )
    return session.scalars(placed).first() is not None


def _activity_of_link(session: Session, launch: Launch, course: CourseRow) -> UUID | None:
    if launch.resource_link is None:
        return None
    return session.scalars(
        select(ResourceLinkRow.activity_id).where(
            ResourceLinkRow.course_id == course.id,
            ResourceLinkRow.lti_resource_link_id == launch.resource_link.id,
        )
    ).one_or_none()
