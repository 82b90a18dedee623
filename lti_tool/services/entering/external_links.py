"""Links with which somebody without an LMS account comes in: shown or mailed, good until the work is submitted."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.entering.codes import ATTEMPTS, code_digest
from lti_tool.services.entering.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.people import InvitationRow, LmsAccountRow, MembershipRow
from rubrics.refusal import Refused

GOOD_FOR = timedelta(days=60)
"""Without any work; with work it stays good."""
PEOPLE_A_DAY = 100
"""So many people one person may invite anew within a day."""
LINKS_AN_HOUR = 5
"""So many links one person may be given within an hour."""
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


def may_invite(session: Session, invited_by: UUID, person_id: UUID, now: datetime) -> None:
    """Raises `Refused` ("invited_enough") for one more after a hundred people within a day, ("links_enough") where the
    person had several links within the hour. Counted in the database, so that no restart forgets it.
    """
    lately = select(func.count()).select_from(InvitationRow)
    to_them = lately.where(InvitationRow.person_id == person_id, InvitationRow.created_at > now - timedelta(hours=1))
    if session.scalars(to_them).one() >= LINKS_AN_HOUR:
        raise Refused(
            "links_enough",
            "Several links were made for this person within the last hour. Please use the newest, or try in an hour.",
        )
    known = select(InvitationRow.id).where(InvitationRow.invited_by == invited_by, InvitationRow.person_id == person_id)
    if session.scalars(known.limit(1)).first() is not None:
        return  # whoever lost their link is given another on any day
    begun = (
        select(InvitationRow.person_id)
        .where(InvitationRow.invited_by == invited_by)
        .group_by(InvitationRow.person_id)
        .having(func.min(InvitationRow.created_at) > now - timedelta(days=1))
    ).subquery()
    if session.scalars(select(func.count()).select_from(begun)).one() >= PEOPLE_A_DAY:
        raise Refused(
            "invited_enough",
            "You invited %(count)s people today, which is the most for one day. Please go on tomorrow.",
            count=PEOPLE_A_DAY,
        )


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
