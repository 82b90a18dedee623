"""Somebody who is not signed in, as services see a visitor: for reminders, and for a signer on another's device."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.people import PersonRow
from rubrics.sign_off import Assurance

NEVER = datetime.min.replace(tzinfo=UTC)


def stand_in(session: Session, person_id: UUID) -> Visitor:
    """The person without any session: for asking what is theirs, never for a request of their own."""
    person = session.get_one(PersonRow, person_id)
    return Visitor(
        session_id=person.id,
        person_id=person.id,
        organization_id=person.organization_id,
        name=person.name,
        locale=None,
        assurance=Assurance.IN_PERSON,
        ends_at=NEVER,
        may_stay=False,
        frame_origins=(),
        platform_origin=None,
        return_url=None,
        high_contrast=False,
        brand={},
        in_tab=False,
        operator=False,
        data_asked_for=False,
        leave_page_url="",
        support_text="",
    )
