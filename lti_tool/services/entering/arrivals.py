"""What a launch brings for the first time: a person, a course, a link, a gradebook column."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import AgsEndpoint, Launch
from lti_tool.services.linking import copies, link_names
from lti_tool.services.scores import launched_columns, placed_programs, program_columns
from lti_tool.services.scores.column_items import ask_for_line_items
from lti_tool.services.scores.deliver import desire_for_all
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.platforms import DeploymentRow
from lti_tool.store.writing import insert_once

SCORE_MAXIMUM = 100
UNTITLED = "Course"


def new_person(session: Session, launch: Launch, deployment: DeploymentRow, now: datetime) -> PersonRow:
    """The person of an account that this platform never sent before."""
    return person_for(
        session,
        organization_id=deployment.organization_id,
        registration_id=launch.registration_id,
        sub=launch.sub,
        name=launch.name,
        now=now,
    )


def person_for(
    session: Session,
    *,
    organization_id: UUID,
    registration_id: UUID,
    sub: str,
    name: str | None,
    now: datetime,
) -> PersonRow:
    """A person and the account, made together; whoever came first at the same moment wins."""
    person = PersonRow(id=new_id(), organization_id=organization_id, name=name, created_at=now)
    session.add(person)
    session.flush()
    made = insert_once(
        session,
        LmsAccountRow,
        id=new_id(),
        organization_id=organization_id,
        registration_id=registration_id,
        sub=sub,
        person_id=person.id,
    )
    if made:
        return person
    session.delete(person)
    session.flush()
    return session.scalars(
        select(PersonRow)
        .join(LmsAccountRow, LmsAccountRow.person_id == PersonRow.id)
        .where(LmsAccountRow.registration_id == registration_id, LmsAccountRow.sub == sub)
    ).one()


def course(session: Session, launch: Launch, deployment: DeploymentRow, known: CourseRow | None) -> CourseRow | None:
    """The launch's course, made or brought up to date; None for a launch without one."""
    if launch.context is None:
        return None
    title = launch.context.title or launch.context.label or UNTITLED
    row = known or course_named(session, deployment, launch.context.id, title)
    if row.title != title:
        row.title = title
    if launch.memberships_url and row.memberships_url != launch.memberships_url:
        row.memberships_url = launch.memberships_url
    if launch.groups_url and row.groups_url != launch.groups_url:
        row.groups_url = launch.groups_url
    return row


def course_named(session: Session, deployment: DeploymentRow, context_id: str, title: str = UNTITLED) -> CourseRow:
    """The deployment's course of this id, made where it is new; only then it gets the title."""
    insert_once(
        session,
        CourseRow,
        id=new_id(),
        organization_id=deployment.organization_id,
        deployment_id=deployment.id,
        lti_context_id=context_id,
        title=title,
        memberships_url=None,
        roster_read_at=None,
    )
    return session.scalars(
        select(CourseRow).where(CourseRow.deployment_id == deployment.id, CourseRow.lti_context_id == context_id)
    ).one()


def path(
    session: Session,
    launch: Launch,
    course: CourseRow,
    link: ResourceLinkRow | None,
    line_item: LineItemRow | None,
    now: datetime,
) -> str:
    """Where this launch leads; on the way, the link and its column are remembered."""
    if launch.resource_link is None:
        return "/waiting"
    if link is None or (link.activity_id is None and link.placed_program_id is None):
        without_link = _leads_without_link(session, launch, course)
        if without_link is not None:
            return without_link
    link = link or _new_link(session, launch.resource_link.id, launch.resource_link.title or "", course)
    if link.activity_id is None and link.placed_program_id is None:
        to_choose = _find_what_for(session, launch, course, link, now)
        if to_choose is not None:
            return to_choose
    if launch.ags is not None:
        _remember_column(session, launch, launch.ags, link, line_item, now)
    return f"/p/{link.placed_program_id}" if link.placed_program_id else f"/a/{link.activity_id}"


def _find_what_for(
    session: Session, launch: Launch, course: CourseRow, link: ResourceLinkRow, now: datetime
) -> str | None:
    """Remember what a new link is for; where nobody knows, the page on which a person chooses."""
    link.placed_program_id = placed_programs.named_in(session, link_names.named_program(launch), course, now)
    if link.placed_program_id is not None:
        return None
    link.activity_id = _named_activity(session, launch, course)
    if link.activity_id is None and (origin := copies.origin_of(session, launch, course, link, now)):
        link.activity_id = copies.decided_for(session, course, origin)
        if link.activity_id is None:
            return f"/links/{link.id}/copied"
    return f"/links/{link.id}/choose" if link.activity_id is None else None


def _leads_without_link(session: Session, launch: Launch, course: CourseRow) -> str | None:
    """For launches whose link is not remembered: one to a place of ours, and one of the course itself.

    Canvas gives a launch from the course's menu the course's own id in place of a link's, and says where it
    was begun. Elsewhere ids of links and courses may be equal by chance: Moodle counts both from 1.
    """
    place = link_names.named_place(launch)
    if place is not None or launch.placement is None or launch.resource_link is None:
        return place
    if launch.resource_link.id != course.lti_context_id:
        return None
    activity_id = _named_activity(session, launch, course)
    return f"/a/{activity_id}" if activity_id else f"/courses/{course.id}/start"


def _new_link(session: Session, lti_id: str, title: str, course: CourseRow) -> ResourceLinkRow:
    insert_once(
        session,
        ResourceLinkRow,
        id=new_id(),
        organization_id=course.organization_id,
        course_id=course.id,
        lti_resource_link_id=lti_id,
        activity_id=None,
        title=title,
    )
    return session.scalars(
        select(ResourceLinkRow).where(
            ResourceLinkRow.course_id == course.id, ResourceLinkRow.lti_resource_link_id == lti_id
        )
    ).one()


def _named_activity(session: Session, launch: Launch, course: CourseRow) -> UUID | None:
    """The activity that the link names, if it was placed in this very course."""
    named = link_names.named_activity(launch)
    if named is None:
        return None
    return session.scalars(
        select(ActivityRow.id).where(ActivityRow.id == named, ActivityRow.course_id == course.id)
    ).one_or_none()


def _remember_column(
    session: Session,
    launch: Launch,
    ags: AgsEndpoint,
    link: ResourceLinkRow,
    known: LineItemRow | None,
    now: datetime,
) -> None:
    scopes = sorted(ags.scopes)
    if known is None:
        made = insert_once(
            session,
            LineItemRow,
            id=new_id(),
            organization_id=link.organization_id,
            activity_id=link.activity_id,
            placed_program_id=link.placed_program_id,
            registration_id=launch.registration_id,
            lti_resource_link_id=link.lti_resource_link_id,
            url=ags.line_item,
            line_items_url=ags.line_items,
            scopes=scopes,
            label=link.title or "Observed practice",
            score_maximum=SCORE_MAXIMUM,
            seen_at=now,
        )
        if made:
            _desire_for_all(session, link, now)
            return
        of_activity = LineItemRow.activity_id == link.activity_id
        of_program = LineItemRow.placed_program_id == link.placed_program_id
        known = session.scalars(
            select(LineItemRow).where(of_program if link.activity_id is None else of_activity)
        ).one()
    if known.lti_resource_link_id != link.lti_resource_link_id:
        if known.url is not None:
            return  # a second link to the same activity does not take the column away from the first
        known.lti_resource_link_id = link.lti_resource_link_id
    launched_columns.named(session, known, ags, now)


def _desire_for_all(session: Session, link: ResourceLinkRow, now: datetime) -> None:
    if link.activity_id is not None:
        ask_for_line_items(session, link.activity_id, now)
        desire_for_all(session, link.activity_id, now)
    if link.placed_program_id is not None:
        program_columns.desire_for_all(session, link.placed_program_id, now)
