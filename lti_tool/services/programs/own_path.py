"""A path of one's own through a program, as long as it goes on: what only its person does with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.standing.standings import found_enrollment
from lti_tool.store.programs import EnrollmentRow


def own_path(session: Session, visitor: Visitor, enrollment_id: UUID, *, locked: bool = False) -> EnrollmentRow:
    """The visitor's own enrollment. Raises `NotHere` for another's, and for one that has ended."""
    enrollment = found_enrollment(session, visitor.organization_id, enrollment_id, locked=locked)
    if enrollment.person_id != visitor.person_id or enrollment.ended_at is not None:
        raise NotHere
    return enrollment


def note(session: Session, visitor: Visitor, enrollment: EnrollmentRow, act: str, now: datetime, **facts: str) -> None:
    """Write into the audit that the visitor did this with it."""
    audit.write(
        session,
        organization_id=enrollment.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"enrollment:{enrollment.id}",
        now=now,
        **facts,
    )
