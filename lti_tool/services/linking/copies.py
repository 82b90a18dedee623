"""How Attune learns that a course is a copy, and which activity a copied link was made for.

A course counts as an origin only within the same registration and organization. What a platform's own ids
name (notices, histories) also needs the same deployment, or two deployments that name the same platform:
ids are unique only there (LTI Core 1.3, section 5.4.1), and schools can share a registration. Our own ids
in a link are unique everywhere, so there it is enough that the two deployments do not name different platforms.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.services.linking.link_names import named_activity
from lti_tool.store.base import new_id
from lti_tool.store.copies import ActivityCopyRow, CopySource, CourseCopyRow, LinkOriginRow
from lti_tool.store.courses import ActivityRow, CourseRow, ResourceLinkRow
from lti_tool.store.platforms import DeploymentRow
from lti_tool.store.writing import insert_once

HISTORY = "attune_context_history"
MOST_OF_HISTORY = 50
DEEPEST = 20
"""Copies of copies that are followed: a course a term for ten years."""


def remember(session: Session, course: CourseRow, origin_ids: Sequence[str], source: CopySource, now: datetime) -> None:
    """The platform says that the course was made from these, by its own ids, the nearest first.

    Only the nearest that has something to take over is remembered: what is older lives on in it.
    """
    known = _known(session, course, origin_ids)
    nearest = min(known, key=lambda pair: origin_ids.index(pair[1]), default=None)
    if nearest is not None:
        _remember(session, course, nearest[0], source, now)


def origin_of(session: Session, launch: Launch, course: CourseRow, link: ResourceLinkRow, now: datetime) -> UUID | None:
    """The activity of another course that a link without an activity was made for; None where it was for none."""
    known = select(LinkOriginRow.origin_activity_id).where(LinkOriginRow.resource_link_id == link.id)
    if (origin := session.scalars(known).one_or_none()) is not None:
        return origin
    history = [one.strip() for one in launch.custom.get(HISTORY, "").split(",", MOST_OF_HISTORY)]
    remember(session, course, [one for one in history[:MOST_OF_HISTORY] if one], CopySource.HISTORY, now)
    origin = _named(session, launch, course, now) or _alike(session, course, link)
    if origin is not None:
        insert_once(
            session,
            LinkOriginRow,
            id=new_id(),
            organization_id=course.organization_id,
            resource_link_id=link.id,
            origin_activity_id=origin,
        )
    return origin


def decided_for(session: Session, course: CourseRow, origin: UUID) -> UUID | None:
    """The copy in this course that an instructor chose for an activity of another; None where there is none."""
    names = lineage(session, [origin])[origin] | {origin}
    return session.scalars(
        select(ActivityCopyRow.activity_id)
        .where(
            ActivityCopyRow.course_id == course.id,
            ActivityCopyRow.origin_activity_id.in_(names),
            ActivityCopyRow.activity_id.is_not(None),
        )
        .limit(1)
    ).one_or_none()


def lineage(session: Session, activity_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each activity those of other courses that it was copied from, over all copies of copies."""
    found: dict[UUID, set[UUID]] = {one: set() for one in activity_ids}
    ends = {one: {one} for one in found}
    for _ in range(DEEPEST):
        asked = {end for reached in ends.values() for end in reached}
        if not asked:
            break
        above = session.execute(
            select(ActivityCopyRow.activity_id, ActivityCopyRow.origin_activity_id).where(
                ActivityCopyRow.activity_id.in_(asked)
            )
        ).all()
        for one, reached in ends.items():
            ends[one] = {origin for copy, origin in above if copy in reached} - found[one]
            found[one] |= ends[one]
    return {one: frozenset(origins) for one, origins in found.items()}


def _known(session: Session, course: CourseRow, origin_ids: Sequence[str]) -> list[tuple[UUID, str]]:
    """Those origins that are known here and have an activity, or had one decided about."""
    if not origin_ids:
        return []
    deployment = session.get_one(DeploymentRow, course.deployment_id)
    return [
        (course_id, context_id)
        for course_id, context_id in session.execute(
            select(CourseRow.id, CourseRow.lti_context_id)
            .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
            .where(
                *_same_connection(deployment),
                _same_place(deployment),
                CourseRow.id != course.id,
                CourseRow.lti_context_id != course.lti_context_id,
                CourseRow.lti_context_id.in_(origin_ids),
                or_(
                    exists().where(ActivityRow.course_id == CourseRow.id),
                    exists().where(ActivityCopyRow.course_id == CourseRow.id),
                ),
            )
            .order_by(CourseRow.id)
        )
    ]


def _named(session: Session, launch: Launch, course: CourseRow, now: datetime) -> UUID | None:
    """The activity that the link names by our own id, if it is of another course within the bounds."""
    named = named_activity(launch)
    if named is None:
        return None
    deployment = session.get_one(DeploymentRow, course.deployment_id)
    origin_course = session.scalars(
        select(CourseRow.id)
        .join(ActivityRow, ActivityRow.course_id == CourseRow.id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(
            *_same_connection(deployment),
            _not_another_place(deployment),
            ActivityRow.id == named,
            CourseRow.id != course.id,
        )
    ).one_or_none()
    if origin_course is None:
        return None
    _remember(session, course, origin_course, CopySource.LINK, now)
    return named


def _alike(session: Session, course: CourseRow, link: ResourceLinkRow) -> UUID | None:
    """For a link that carries no id of ours: the one activity to which links of this title led in the origins.

    Only for the first such link: another one of the same title may well be meant for something new.
    """
    if not link.title:
        return None
    origins = select(CourseCopyRow.origin_course_id).where(CourseCopyRow.course_id == course.id)
    taken = (
        select(func.count())
        .select_from(LinkOriginRow)
        .join(ResourceLinkRow, ResourceLinkRow.id == LinkOriginRow.resource_link_id)
        .where(ResourceLinkRow.course_id == course.id, LinkOriginRow.origin_activity_id == ActivityRow.id)
        .scalar_subquery()
    )
    found = session.execute(
        select(ActivityRow.id, taken)
        .join(ResourceLinkRow, ResourceLinkRow.activity_id == ActivityRow.id)
        .where(ResourceLinkRow.course_id.in_(origins), ResourceLinkRow.title == link.title)
        .distinct()
        .limit(2)
    ).all()
    return found[0][0] if len(found) == 1 and not found[0][1] else None


def _remember(session: Session, course: CourseRow, origin_id: UUID, source: CopySource, now: datetime) -> None:
    insert_once(
        session,
        CourseCopyRow,
        id=new_id(),
        organization_id=course.organization_id,
        course_id=course.id,
        origin_course_id=origin_id,
        source=source,
        noticed_at=now,
    )


def _same_connection(deployment: DeploymentRow) -> tuple[ColumnElement[bool], ...]:
    return (
        DeploymentRow.registration_id == deployment.registration_id,
        CourseRow.organization_id == deployment.organization_id,
    )


def _same_place(deployment: DeploymentRow) -> ColumnElement[bool]:
    here = DeploymentRow.id == deployment.id
    if deployment.platform_guid is None:
        return here
    return or_(here, DeploymentRow.platform_guid == deployment.platform_guid)


def _not_another_place(deployment: DeploymentRow) -> ColumnElement[bool]:
    if deployment.platform_guid is None:
        return DeploymentRow.registration_id == deployment.registration_id
    return or_(DeploymentRow.platform_guid.is_(None), DeploymentRow.platform_guid == deployment.platform_guid)
