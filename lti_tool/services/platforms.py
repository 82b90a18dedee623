"""Platforms: invited, added, listed; deployments that wait for the operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from lti_tool.lti.manual_registration import read_registration_file
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services import audit
from lti_tool.services.places import NotHere
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.platforms import (
    DeploymentRow,
    DeploymentState,
    HostState,
    RegistrationRow,
)
from rubrics.refusal import Refused


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


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    """A deployment as the operator sees it."""

    id: UUID
    deployment_id: str
    state: DeploymentState


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A registration as the operator sees it."""

    id: UUID
    name: str
    family: str
    issuer: str
    client_id: str
    active: bool
    created_at: datetime
    deployments: tuple[DeploymentLine, ...]


def add(session: Session, organization_id: UUID, platform: NewPlatform, now: datetime) -> UUID:
    """Register the platform. Raises `Refused` for an issuer and client id that are known already."""
    known = session.scalars(
        select(RegistrationRow.id).where(
            RegistrationRow.issuer == platform.issuer, RegistrationRow.client_id == platform.client_id
        )
    ).one_or_none()
    if known is not None:
        raise Refused(
            "platform_known",
            "The platform %(issuer)s with client id %(client)s is registered already. Nothing was changed.",
            issuer=platform.issuer,
            client=platform.client_id,
        )
    row = RegistrationRow(
        id=new_id(),
        organization_id=organization_id,
        name=platform.name,
        family=platform.family,
        issuer=platform.issuer,
        client_id=platform.client_id,
        auth_url=platform.auth_url,
        token_url=platform.token_url,
        token_audience=platform.token_audience,
        jwks_url=platform.jwks_url,
        deployments_announced=bool(platform.deployment_ids),
        active=True,
        created_at=now,
    )
    session.add(row)
    session.flush()
    for deployment_id in platform.deployment_ids:
        session.add(
            DeploymentRow(
                id=new_id(),
                organization_id=organization_id,
                registration_id=row.id,
                deployment_id=deployment_id,
                state=DeploymentState.ACTIVE,
                created_at=now,
            )
        )
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


def platforms(session: Session, organization_id: UUID | None = None) -> tuple[PlatformLine, ...]:
    """The registrations of an organization, or of all, newest last, with their deployments."""
    query = select(RegistrationRow).order_by(RegistrationRow.created_at)
    deployments = select(DeploymentRow).order_by(DeploymentRow.created_at)
    if organization_id is not None:
        query = query.where(RegistrationRow.organization_id == organization_id)
        deployments = deployments.where(DeploymentRow.organization_id == organization_id)
    by_registration: dict[UUID, list[DeploymentLine]] = {}
    for row in session.scalars(deployments):
        line = DeploymentLine(row.id, row.deployment_id, row.state)
        by_registration.setdefault(row.registration_id, []).append(line)
    return tuple(
        PlatformLine(
            id=row.id,
            name=row.name,
            family=row.family,
            issuer=row.issuer,
            client_id=row.client_id,
            active=row.active,
            created_at=row.created_at,
            deployments=tuple(by_registration.get(row.id, ())),
        )
        for row in session.scalars(query)
    )


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
        deployments_announced=row.deployments_announced,
        family=row.family,
        service_hosts=tuple(host.host for host in row.hosts if host.state is HostState.ACCEPTED),
    )


def accept_deployment(session: Session, visitor: Visitor, deployment_id: UUID, now: datetime) -> None:
    """The operator's yes to a deployment that waits. Raises `NotHere` for another organization's."""
    row = session.scalars(
        select(DeploymentRow).where(
            DeploymentRow.id == deployment_id,
            DeploymentRow.organization_id == visitor.organization_id,
        )
    ).one_or_none()
    if row is None or not visitor.operator:
        raise NotHere
    if row.state is DeploymentState.ACTIVE:
        return
    row.state = DeploymentState.ACTIVE
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="deployment.accept",
        subject=f"deployment:{row.id}",
        now=now,
    )
