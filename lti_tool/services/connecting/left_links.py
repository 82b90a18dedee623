"""Links of an LMS that a course was moved away from, and leading new ones to what they led to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lti_tool.services.authoring import author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.courses import ActivityRow, ResourceLinkRow
from lti_tool.store.programs import PlacedProgramRow

LEFT = "left:"
"""Before the id that a link had in an LMS that was left: ids of the next LMS may be the same by chance."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Something of a course to which no link of its LMS leads, though one of the LMS before did."""

    id: UUID
    """Of the activity, or of the placed program."""
    title: str


def left_id(registration_id: UUID, lti_id: str) -> str:
    """How the id of a link is kept once its LMS is left."""
    return f"{LEFT}{registration_id}:{lti_id}"


def unlinked(session: Session, course_id: UUID) -> tuple[Unlinked, ...]:
    """What links of the LMS before led to and none of this one does, by title."""
    found: list[Unlinked] = []
    for kind, column in (
        (ActivityRow, ResourceLinkRow.activity_id),
        (PlacedProgramRow, ResourceLinkRow.placed_program_id),
    ):
        before, now = ResourceLinkRow.lti_resource_link_id.startswith(LEFT, autoescape=True), column == kind.id
        rows = session.execute(
            select(kind.id, kind.title)
            .where(kind.course_id == course_id, exists().where(now, before), ~exists().where(now, ~before))
            .limit(MOST)
        )
        found += [Unlinked(id_, title) for id_, title in rows]
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.id)))


def lead(session: Session, visitor: Visitor, link_id: UUID, to: UUID | None) -> ResourceLinkRow:
    """Have a new link lead to what was there already. A link that leads somewhere stays as it is.

    Raises `NotHere` for what is not of the course or has a link, `Refused` for whoever is no instructor of it.
    """
    link = author.link_to_choose_for(session, visitor, link_id)
    author.require_instructor(session, visitor, link.course_id)
    session.refresh(link, with_for_update=True)
    if link.activity_id is not None or link.placed_program_id is not None:
        return link
    if to not in {each.id for each in unlinked(session, link.course_id)}:
        raise NotHere
    if session.get(ActivityRow, to) is not None:
        link.activity_id = to
    else:
        link.placed_program_id = to
    session.flush()
    return link
