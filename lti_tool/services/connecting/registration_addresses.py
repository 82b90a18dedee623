"""Addresses at which an LMS's administrator connects Attune: handed out, used, given back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble
from lti_tool.services import audit
from lti_tool.services.entering.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.platforms import RegistrationInvitationRow

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offered:
    """An address that can still be used."""

    organization_id: UUID
    organization: str
    issuer: str | None
    """The only platform that may use it; None for any."""
    uses_left: int
    expires_at: datetime


def hand_out(
    session: Session,
    organization_id: UUID,
    *,
    uses: int,
    now: datetime,
    issuer: str | None = None,
    person_id: UUID | None = None,
) -> str:
    """The secret of an address that can be used `uses` times within a week, by one platform where it is named."""
    secret = secrets.token_urlsafe(32)
    session.add(
        RegistrationInvitationRow(
            id=new_id(),
            organization_id=organization_id,
            token_digest=digest_of(secret),
            issuer=issuer,
            uses_left=uses,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    audit.write(
        session,
        organization_id=organization_id,
        person_id=person_id,
        act="platform.invite",
        subject=f"organization:{organization_id}",
        now=now,
        uses=uses,
        issuer=issuer,
    )
    return secret


def offered_by(session: Session, secret: str, now: datetime) -> Offered | None:
    """Who handed the address out, and for whom; None when it is used up or ended."""
    row = session.execute(
        select(
            RegistrationInvitationRow.organization_id,
            OrganizationRow.name,
            RegistrationInvitationRow.issuer,
            RegistrationInvitationRow.uses_left,
            RegistrationInvitationRow.expires_at,
        )
        .join(OrganizationRow, OrganizationRow.id == RegistrationInvitationRow.organization_id)
        .where(
            RegistrationInvitationRow.token_digest == digest_of(secret),
            RegistrationInvitationRow.uses_left > 0,
            RegistrationInvitationRow.expires_at > now,
        )
    ).one_or_none()
    return Offered(*row) if row else None


def refuse_another(offered: Offered, issuer: str) -> None:
    """Raises `RegistrationProblem` where the address was made for another platform."""
    if offered.issuer is not None and offered.issuer.rstrip("/") != issuer.rstrip("/"):
        raise RegistrationProblem(
            RegistrationTrouble.ADDRESS_OF_ANOTHER,
            "This registration address was made for another LMS, and works only there. Which one stands below, "
            "and then the one that came. Attune's operator can make an address for this LMS.",
            details=(offered.issuer, issuer[:300]),
        )


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
