"""A way in for somebody who has none any more, such as after their LMS was left: handed over by the operator."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.inviting import Invited, opens_once
from lti_tool.services.notifying.contact import same_human
from lti_tool.store.people import LmsAccountRow, PersonRow


def person_of_account(session: Session, registration_id: UUID, sub: str) -> UUID:
    """Who has this account there. Raises `NotHere`."""
    found = session.scalars(
        select(LmsAccountRow.person_id).where(
            LmsAccountRow.registration_id == registration_id, LmsAccountRow.sub == sub
        )
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def hand_over(session: Session, person_id: UUID | None, now: datetime) -> Invited:
    """A link and a code that open once, as this person; those before open nothing any more. Raises `NotHere`."""
    person = session.get(PersonRow, same_human(session, person_id)) if person_id else None
    if person is None:
        raise NotHere
    invited = opens_once(session, person, now)
    audit.write(
        session,
        organization_id=person.organization_id,
        person_id=None,
        act="person.way_in",
        subject=f"person:{person.id}",
        now=now,
    )
    return invited
