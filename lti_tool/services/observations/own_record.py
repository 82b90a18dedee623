"""A person's own record: all observations of their practice, over all courses, also those that they have left."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, lines, listing
from lti_tool.store.observations import ObservationRow

_OWN: Any = (
    listing(ObservationRow.trainee_id == bindparam("person_id"), limit=0, newest_first=True)
    .limit(bindparam("most"))
    .offset(bindparam("first"))
)
_COUNT = select(func.count(ObservationRow.id)).where(ObservationRow.trainee_id == bindparam("person_id"))


def count(session: Session, visitor: Visitor) -> int:
    """How many observations there are."""
    return session.scalars(_COUNT, {"person_id": visitor.person_id}).one()


def own_record(session: Session, visitor: Visitor, first: int, most: int) -> Sequence[ObservationLine]:
    """So many of them from the first on (counted from 0), the last changed first."""
    return lines(session, _OWN, person_id=visitor.person_id, first=first, most=most)


def titles_of_courses(found: Sequence[ObservationLine]) -> dict[UUID, str]:
    """The courses of these observations, by name, in the order in which they come."""
    return {one.course_id: one.course_title for one in found}
