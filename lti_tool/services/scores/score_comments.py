"""Whether one neutral line stands beside each score in the gradebook: one setting for the whole organization."""

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, in_organization
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.organizations import OrganizationRow


def may_choose(session: Session, visitor: Visitor) -> bool:
    """Whether the visitor is a program lead of the organization."""
    return Capability.PROGRAM_LEAD in in_organization(session, visitor)


def is_on(session: Session, visitor: Visitor) -> bool:
    """Whether it is sent."""
    return session.get_one(OrganizationRow, visitor.organization_id).score_comment


def choose(session: Session, visitor: Visitor, *, on: bool, now: datetime) -> None:
    """With the scores that are sent from now on. Raises `NotHere` for those who are not program leads."""
    if not may_choose(session, visitor):
        raise NotHere
    # Whatever else happens in the organization meanwhile only wants it to stay.
    row = session.get_one(
        OrganizationRow, visitor.organization_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if row.score_comment == on:
        return
    row.score_comment = on
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="organization.score_comment",
        subject=f"organization:{row.id}",
        now=now,
        on=on,
    )
    session.flush()
