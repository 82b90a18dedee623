"""Registering a platform that opened one of our registration addresses (Dynamic Registration)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.lti.dynamic_registration import PlatformOffer, RegistrationAnswer
from lti_tool.services import platforms

FAMILY_NAMES = {"moodle": "Moodle", "canvas": "Canvas"}


def remember(
    session: Session, organization_id: UUID, offer: PlatformOffer, answer: RegistrationAnswer, now: datetime
) -> UUID:
    """Keep what the platform answered. Raises `Refused` for a platform that is known already."""
    platform = platforms.NewPlatform(
        name=FAMILY_NAMES.get(offer.family, offer.family or "LMS"),
        family=offer.family,
        issuer=offer.issuer,
        client_id=answer.client_id,
        auth_url=offer.auth_url,
        token_url=offer.token_url,
        token_audience=offer.token_audience,
        jwks_url=offer.jwks_url,
        deployment_ids=(answer.deployment_id,) if answer.deployment_id else (),
    )
    return platforms.add(session, organization_id, platform, now)
