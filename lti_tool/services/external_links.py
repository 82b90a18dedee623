"""Links with which somebody without an LMS account comes in: shown or mailed, good until the work is submitted."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.contact import ATTEMPTS, code_digest
from lti_tool.services.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.people import InvitationRow, LmsAccountRow, MembershipRow

GOOD_FOR = timedelta(days=60)
"""Without any work; with work it stays good."""
NO_CODE_YET = ""
"""In place of a code's digest: nothing that is typed has this digest."""


def new_link(
    session: Session,
    *,
    organization_id: UUID,
    person_id: UUID,
    course_id: UUID,
    invited_by: UUID | None,
    now: datetime,
    code: str | None = None,
) -> str:
    """A link that opens only together with a code: `code` where it is handed over, else one that is mailed later."""
    secret = secrets.token_urlsafe(32)
    session.add(
        InvitationRow(
            id=new_id(),
            organization_id=organization_id,
            person_id=person_id,
            link_digest=digest_of(secret),
            code_digest=NO_CODE_YET if code is None else code_digest(secret, code),
            attempts_left=0 if code is None else ATTEMPTS,
            created_at=now,
            expires_at=now + GOOD_FOR,
            reusable=True,
            course_id=course_id,
            invited_by=invited_by,
        )
    )
    session.flush()
    return secret


def way_in(session: Session, person_id: UUID, now: datetime) -> str | None:
    """Where a mail leads somebody who has no other way in than a link; None for those whose LMS opens Attune."""
    if session.scalars(select(LmsAccountRow.id).where(LmsAccountRow.person_id == person_id)).first() is not None:
        return None
    membership = session.scalars(
        select(MembershipRow)
        .where(MembershipRow.person_id == person_id, MembershipRow.external, MembershipRow.ended_at.is_(None))
        .order_by(MembershipRow.seen_at.desc())
    ).first()
    if membership is None:
        return None
    invited_by = session.scalars(
        select(InvitationRow.invited_by)
        .where(InvitationRow.person_id == person_id, InvitationRow.course_id == membership.course_id)
        .order_by(InvitationRow.created_at.desc())
    ).first()
    secret = new_link(
        session,
        organization_id=membership.organization_id,
        person_id=person_id,
        course_id=membership.course_id,
        invited_by=invited_by,
        now=now,
    )
    return f"/invitation/{secret}"
