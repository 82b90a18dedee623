"""A way in for somebody who has none any more, such as after their LMS was left: handed over by the operator."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.contact import ATTEMPTS, code_digest, new_code, same_human
from lti_tool.services.invitations import LIFETIME, Invited
from lti_tool.services.places import NotHere
from lti_tool.services.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.people import InvitationRow, LmsAccountRow, PersonRow


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
    session.execute(
        update(InvitationRow)
        .where(InvitationRow.person_id == person.id, InvitationRow.used_at.is_(None), InvitationRow.reusable.is_(False))
        .values(attempts_left=0)
    )
    link, code = secrets.token_urlsafe(32), new_code()
    row = InvitationRow(
        id=new_id(),
        organization_id=person.organization_id,
        person_id=person.id,
        link_digest=digest_of(link),
        code_digest=code_digest(link, code),
        attempts_left=ATTEMPTS,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    audit.write(
        session,
        organization_id=person.organization_id,
        person_id=None,
        act="person.way_in",
        subject=f"person:{person.id}",
        now=now,
    )
    return Invited(person.id, link, code, row.expires_at)
