"""What the people of a cohort can be looked at by: courses, groups, sites, supervisors, as lists to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import CourseRow, GroupRow
from lti_tool.store.people import GrantRow, PersonRow
from lti_tool.store.sites import PlacementRow, SiteRow

MOST = 200

Named = tuple[tuple[str, str], ...]
"""Each with its id, as a form has it, and its name."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, each by name."""

    courses: Named
    groups: Named
    sites: Named
    supervisors: Named


def of_organization(session: Session, organization_id: UUID, course_id: UUID | None) -> Choices:
    """All courses that are not over; groups of the one that was chosen."""
    courses = session.execute(
        select(CourseRow.id, CourseRow.title)
        .where(CourseRow.organization_id == organization_id, CourseRow.archived_at.is_(None))
        .order_by(CourseRow.title)
        .limit(MOST)
    )
    supervisors = GrantRow.organization_id == organization_id
    return Choices(
        courses=_named((id_, title) for id_, title in courses),
        groups=_groups(session, organization_id, course_id),
        sites=_sites(session, organization_id),
        supervisors=_people(session, supervisors),
    )


def of_course(session: Session, organization_id: UUID, course_id: UUID) -> Choices:
    """Those of one course."""
    return Choices(
        courses=(),
        groups=_groups(session, organization_id, course_id),
        sites=_sites(session, organization_id, _practiced_at_in(course_id)),
        supervisors=_people(session, GrantRow.course_id == course_id),
    )


def _groups(session: Session, organization_id: UUID, course_id: UUID | None) -> Named:
    if course_id is None:
        return ()
    rows = session.execute(
        select(GroupRow.id, GroupRow.name, GroupRow.lti_group_id)
        .where(GroupRow.course_id == course_id, GroupRow.organization_id == organization_id)
        .limit(MOST)
    )
    return _named((id_, name or other) for id_, name, other in rows)


def _sites(session: Session, organization_id: UUID, *which: ColumnElement[bool]) -> Named:
    rows = session.execute(
        select(SiteRow.id, SiteRow.name)
        .where(SiteRow.organization_id == organization_id, SiteRow.ended_at.is_(None), *which)
        .limit(MOST)
    )
    return _named((id_, name) for id_, name in rows)


def _practiced_at_in(course_id: UUID) -> ColumnElement[bool]:
    """Only sites of the course's own trainees: those of others are not its instructors' to look through."""
    here = select(PlacementRow.site_id).where(PlacementRow.course_id == course_id, PlacementRow.ended_at.is_(None))
    return SiteRow.id.in_(here)


def _people(session: Session, of: ColumnElement[bool]) -> Named:
    granted = select(GrantRow.person_id).where(
        of,
        GrantRow.capability == Capability.SUPERVISOR,
        GrantRow.revoked_at.is_(None),
    )
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(granted)).limit(MOST))
    return _named((id_, display_name(id_, name)) for id_, name in rows)


def _named(found: Iterable[tuple[UUID, str]]) -> Named:
    return tuple(sorted(((str(id_), name) for id_, name in found), key=lambda each: each[1].casefold()))
