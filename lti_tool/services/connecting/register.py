"""Registering a platform that opened one of our registration addresses (Dynamic Registration).

A platform that is known already is brought up to date only after its administrator agreed to what changes. Until
then the new registration travels sealed in the page: nothing of it is kept.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.dynamic_registration import PlatformOffer, RegistrationAnswer
from lti_tool.lti.quirks import quirks_of
from lti_tool.lti.service_hosts import host_of, is_own
from lti_tool.services import audit
from lti_tool.services.connecting import platforms
from lti_tool.services.connecting.platforms import CHANGEABLE, NewPlatform
from lti_tool.store.engine import encryption_keys
from lti_tool.store.platforms import DeploymentRow, DeploymentState, HostState, RegistrationRow
from rubrics.refusal import Refused

AGREE_WITHIN = timedelta(hours=1)


class Standing(StrEnum):
    """What a platform is to an organization."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    """It belongs to another organization, and stays there."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would become another; `before` is None for what was not there."""

    name: str
    before: str | None
    after: str | None


def platform_of(offer: PlatformOffer, answer: RegistrationAnswer) -> NewPlatform:
    """What the platform said of itself and answered."""
    name = quirks_of(offer.family).name or offer.family or "LMS"
    platform = NewPlatform(
        name=f"{name}, {offer.account}" if offer.account else name,
        family=offer.family,
        issuer=offer.issuer,
        client_id=answer.client_id,
        auth_url=offer.auth_url,
        token_url=offer.token_url,
        token_audience=offer.token_audience,
        jwks_url=offer.jwks_url,
        deployment_ids=(answer.deployment_id,) if answer.deployment_id else (),
        registration_client_uri=answer.registration_client_uri,
        registration_access_token=answer.registration_access_token,
    )
    host = None if is_own(offer.registration_url, platform) else host_of(offer.registration_url)
    return replace(platform, service_hosts=(host,) if host else ())


def standing(session: Session, organization_id: UUID, platform: NewPlatform) -> Standing:
    """What the platform is to this organization; nothing is changed."""
    row = platforms.known(session, platform)
    if row is None:
        return Standing.NEW
    if row.organization_id != organization_id:
        return Standing.ELSEWHERE
    return Standing.CHANGED if changes(session, row, platform) else Standing.SAME


def changes(session: Session, row: RegistrationRow, platform: NewPlatform) -> tuple[Change, ...]:
    """What would become of the registration. What the platform keeps secret is named, and not shown."""
    found = [
        Change(name, before=None, after=None) if name == "registration_access_token" else Change(name, before, after)
        for name, before, after in ((name, getattr(row, name), getattr(platform, name)) for name in CHANGEABLE)
        if before != after and not (after is None and name.startswith("registration_"))
    ]
    known = session.scalars(
        select(DeploymentRow.deployment_id).where(
            DeploymentRow.registration_id == row.id, DeploymentRow.state == DeploymentState.ACTIVE
        )
    ).all()
    found += [Change("deployment", None, one) for one in platform.deployment_ids if one not in known]
    accepted = {host.host for host in row.hosts if host.state is HostState.ACCEPTED}
    found += [Change("service_host", None, one) for one in platform.service_hosts if one not in accepted]
    return tuple(found)


def to_be_updated(session: Session, organization_id: UUID, platform: NewPlatform) -> RegistrationRow:
    """The registration that this would change. Raises `Refused` where it is not this organization's."""
    row = platforms.known(session, platform)
    if row is None or row.organization_id != organization_id:
        raise Refused("platform_elsewhere", "This connection is not one that can be changed here. Nothing was changed.")
    return row


def update(session: Session, organization_id: UUID, platform: NewPlatform, now: datetime) -> tuple[Change, ...]:
    """Bring the registration up to date with what was agreed to; nothing else of it changes. Raises `Refused`."""
    row = to_be_updated(session, organization_id, platform)
    made = changes(session, row, platform)
    for change in made:
        if change.name in CHANGEABLE:
            setattr(row, change.name, getattr(platform, change.name))
    platforms.announce(session, row, platform, now)
    audit.write(
        session,
        organization_id=organization_id,
        person_id=None,
        act="platform.update",
        subject=f"registration:{row.id}",
        now=now,
        changed=" ".join(sorted({change.name for change in made})),
    )
    return made


def seal(platform: NewPlatform, secret_keys: tuple[str, ...]) -> str:
    """The registration as text that only this installation can read or make."""
    return encryption_keys(secret_keys).encrypt(json.dumps(asdict(platform)).encode()).decode()


def unseal(sealed: str, secret_keys: tuple[str, ...]) -> NewPlatform | None:
    """What was sealed within the last hour; None for anything else."""
    try:
        text = encryption_keys(secret_keys).decrypt(sealed.encode(), ttl=int(AGREE_WITHIN.total_seconds()))
    except InvalidToken:
        return None
    said: Mapping[str, object] = json.loads(text)
    return NewPlatform(**{name: tuple(value) if isinstance(value, list) else value for name, value in said.items()})  # type: ignore[arg-type]  # as `seal` wrote it
