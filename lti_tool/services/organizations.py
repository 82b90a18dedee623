"""Organizations: made when the first platform or person is invited."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.exchange import bundled
from lti_tool.services.operating import files_encrypted
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow

LEAVE_PAGE = "https://www.wikipedia.org/"
SUPPORT = (
    "If you would like to talk to someone, your supervisor or your program's coordinator is a good "
    "first person to ask.\n"
    "If you or someone else is in danger now, call your local emergency number."
)


def organization_if_any(session: Session, name: str) -> UUID | None:
    """The organization of that name; None where there is none."""
    return session.scalars(select(OrganizationRow.id).where(OrganizationRow.name == name)).first()


def organization_named(session: Session, name: str, now: datetime) -> UUID:
    """The organization of that name, made with what comes with Attune if it is new."""
    known = organization_if_any(session, name)
    if known is not None:
        return known
    row = OrganizationRow(id=new_id(), name=name, created_at=now, leave_page_url=LEAVE_PAGE, support_text=SUPPORT)
    session.add(row)
    session.flush()
    bundled.give(session, row.id, now=now)
    files_encrypted.note_if_there_never_was_one(session, now)
    return row.id
