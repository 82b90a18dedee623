"""A way in of one's own, for the time after the courses: a link, and a code that goes to one's own address."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.entering.external_links import NO_CODE_YET
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.notifying.contact import contact_of
from lti_tool.store.base import new_id
from lti_tool.store.people import InvitationRow
from rubrics.refusal import Refused

GOOD_FOR = timedelta(days=731)
"""A link that nobody used for so long opens nothing any more."""


def has_address(session: Session, visitor: Visitor, now: datetime) -> bool:
    """Whether a code showed that an address is the visitor's own, and mail reaches them there."""
    found = contact_of(session, visitor.person_id, now.date())
    return found.confirmed and found.reached_at is not None


def make(session: Session, visitor: Visitor, now: datetime) -> str:
    """The secret of a new link; the one before it opens nothing any more. Nothing but a mailed code goes with it.

    Raises `Refused` ("address_first") where there is no address of their own.
    """
    if not has_address(session, visitor, now):
        raise Refused("address_first", "Please give an address of your own first, and show by a code that it is yours.")
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.person_id == visitor.person_id,
            InvitationRow.invited_by == visitor.person_id,
            InvitationRow.used_at.is_(None),
        )
        .values(used_at=now)
    )
    secret = secrets.token_urlsafe(32)
    session.add(
        InvitationRow(
            id=new_id(),
            organization_id=visitor.organization_id,
            person_id=visitor.person_id,
            link_digest=digest_of(secret),
            code_digest=NO_CODE_YET,
            attempts_left=0,
            created_at=now,
            expires_at=now + GOOD_FOR,
            reusable=True,
            course_id=None,
            invited_by=visitor.person_id,
        )
    )
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="person.own_way_in",
        subject=f"person:{visitor.person_id}",
        now=now,
    )
    session.flush()
    return secret
