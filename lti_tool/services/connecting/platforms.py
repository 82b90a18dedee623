"""Platforms: added, and found again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, selectinload

from lti_tool.lti.manual_registration import read_registration_file
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services import audit
from lti_tool.store.base import new_id
from lti_tool.store.platforms import DeploymentRow, DeploymentState, HostState, RegistrationRow, ServiceHostRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

CHANGEABLE = (
    "auth_url",
    "token_url",
    "token_audience",
    "jwks_url",
    "registration_client_uri",
    "registration_access_token",
)
"""What a platform may say anew of a registration that is there already."""


@dataclass(frozen=True, slots=True)
class NewPlatform:
    """What has to be known to work with a platform."""

    name: str
    family: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    token_audience: str | None = None
    deployment_ids: tuple[str, ...] = ()
    """The deployments it announced; if any, others wait for the operator."""
    service_hosts: tuple[str, ...] = ()
    """Hosts beyond these addresses that whoever connected it agreed to."""
    registration_client_uri: str | None = None
    registration_access_token: str | None = field(default=None, repr=False)


def platform_from_file(text: str, source: str) -> NewPlatform:
    """What an administrator noted down as JSON. Raises `RegistrationProblem`, which names each place."""
    read = read_registration_file(text, source)
    return NewPlatform(
        name=read.name,
        family=read.family,
        issuer=read.issuer,
        client_id=read.client_id,
        auth_url=read.auth_url,
        token_url=read.token_url,
        token_audience=read.token_audience,
        jwks_url=read.jwks_url,
        deployment_ids=read.deployment_ids,
    )


def add(session: Session, organization_id: UUID, platform: NewPlatform, now: datetime) -> UUID:
    """Register the platform. Raises `Refused` for an issuer and client id that are known already."""
    row_id = new_id()
    made = insert_once(
        session,
        RegistrationRow,
        id=row_id,
        organization_id=organization_id,
        name=platform.name,
        family=platform.family,
        issuer=platform.issuer,
        client_id=platform.client_id,
        deployments_announced=bool(platform.deployment_ids),
        active=True,
        created_at=now,
        **{name: getattr(platform, name) for name in CHANGEABLE},
    )
    if not made:
        raise Refused(
            "platform_known",
            "The platform %(issuer)s with client id %(client)s is registered already. Nothing was changed.",
            issuer=platform.issuer,
            client=platform.client_id,
        )
    row = session.get_one(RegistrationRow, row_id)
    announce(session, row, platform, now)
    audit.write(
        session,
        organization_id=organization_id,
        person_id=None,
        act="platform.add",
        subject=f"registration:{row.id}",
        now=now,
        issuer=platform.issuer,
        client=platform.client_id,
    )
    return row.id


def known(session: Session, platform: NewPlatform) -> RegistrationRow | None:
    """The registration of this issuer and client id, whosever it is."""
    return session.scalars(
        select(RegistrationRow).where(
            RegistrationRow.issuer == platform.issuer, RegistrationRow.client_id == platform.client_id
        )
    ).one_or_none()


def announce(session: Session, row: RegistrationRow, platform: NewPlatform, now: datetime) -> None:
    """The deployments and hosts that were agreed to with a registration need no further yes."""
    owned = {"organization_id": row.organization_id, "registration_id": row.id}
    for deployment_id in platform.deployment_ids:
        accepted = {"state": DeploymentState.ACTIVE, "acknowledged_at": now, "refused_at": None}
        which = {**owned, "deployment_id": deployment_id}
        if not insert_once(session, DeploymentRow, id=new_id(), created_at=now, **which, **accepted):
            session.execute(update(DeploymentRow).filter_by(**which).values(**accepted))
    for host in platform.service_hosts:
        which = {**owned, "host": host}
        if not insert_once(session, ServiceHostRow, id=new_id(), seen_at=now, state=HostState.ACCEPTED, **which):
            session.execute(update(ServiceHostRow).filter_by(**which).values(state=HostState.ACCEPTED))


_OF_ISSUER = (
    select(RegistrationRow)
    .where(RegistrationRow.issuer == bindparam("issuer"))
    .options(selectinload(RegistrationRow.hosts))
    .limit(10)
)
_OF_CLIENT = _OF_ISSUER.where(RegistrationRow.client_id == bindparam("client_id"))


def find_registrations(session: Session, issuer: str, client_id: str | None) -> Sequence[PlatformRegistration]:
    """The registrations of an issuer; with a client id at most one."""
    if client_id is None:
        rows = session.scalars(_OF_ISSUER, {"issuer": issuer})
    else:
        rows = session.scalars(_OF_CLIENT, {"issuer": issuer, "client_id": client_id})
    return [registration_of(row) for row in rows]


def registration_of(row: RegistrationRow) -> PlatformRegistration:
    """The row as the LTI layer's value; asks for the accepted hosts unless they came with it."""
    return PlatformRegistration(
        id=row.id,
        organization_id=row.organization_id,
        issuer=row.issuer,
        client_id=row.client_id,
        auth_url=row.auth_url,
        token_url=row.token_url,
        token_audience=row.token_audience,
        jwks_url=row.jwks_url,
        active=row.active,
        ended_at=row.ended_at,
        deployments_announced=row.deployments_announced,
        family=row.family,
        service_hosts=tuple(host.host for host in row.hosts if host.state is HostState.ACCEPTED),
    )
