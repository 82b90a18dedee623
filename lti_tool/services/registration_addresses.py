"""Addresses at which an LMS's administrator registers Attune: handed out, used, given back."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.platforms import RegistrationInvitationRow

LIFETIME = timedelta(days=7)


def hand_out(session: Session, organization_id: UUID, *, uses: int, now: datetime) -> str:
    """The secret of a registration address; it can be used `uses` times within a week."""
    secret = secrets.token_urlsafe(32)
    session.add(
        RegistrationInvitationRow(
            id=new_id(),
            organization_id=organization_id,
            token_digest=digest_of(secret),
            uses_left=uses,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    audit.write(
        session,
        organization_id=organization_id,
        person_id=None,
        act="platform.invite",
        subject=f"organization:{organization_id}",
        now=now,
        uses=uses,
    )
    return secret


def offered_by(session: Session, secret: str, now: datetime) -> str | None:
    """The name of the organization that handed the address out; None when it is used up or ended."""
    return session.scalars(
        select(OrganizationRow.name)
        .join(RegistrationInvitationRow, RegistrationInvitationRow.organization_id == OrganizationRow.id)
        .where(
            RegistrationInvitationRow.token_digest == digest_of(secret),
            RegistrationInvitationRow.uses_left > 0,
            RegistrationInvitationRow.expires_at > now,
        )
    ).one_or_none()


def spend(session: Session, secret: str, now: datetime) -> UUID | None:
    """Use the address once; the answer is whose it was, None when nothing is left to use."""
    return session.execute(
        update(RegistrationInvitationRow)
        .where(
            RegistrationInvitationRow.token_digest == digest_of(secret),
            RegistrationInvitationRow.uses_left > 0,
            RegistrationInvitationRow.expires_at > now,
        )
        .values(uses_left=RegistrationInvitationRow.uses_left - 1)
        .returning(RegistrationInvitationRow.organization_id)
    ).scalar_one_or_none()


def give_back(session: Session, secret: str) -> None:
    """Undo one use: the LMS did not take the registration, and its administrator will want to try again."""
    session.execute(
        update(RegistrationInvitationRow)
        .where(RegistrationInvitationRow.token_digest == digest_of(secret))
        .values(uses_left=RegistrationInvitationRow.uses_left + 1)
    )
