"""Connections as the operator looks after them: on and off, deployments, hosts. Each act is audited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import signed_in
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import Owned
from lti_tool.store.platforms import DeploymentRow, DeploymentState, HostState, RegistrationRow, ServiceHostRow

Row = TypeVar("Row", bound=Owned)
Belonging = TypeVar("Belonging", DeploymentRow, ServiceHostRow)


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acts, and for which organization; the command line is nobody in particular."""

    organization_id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    """A deployment as the operator sees it."""

    id: UUID
    deployment_id: str
    state: DeploymentState
    platform_name: str | None
    platform_guid: str | None
    created_at: datetime
    refused_at: datetime | None
    acknowledged_at: datetime | None

    @property
    def waits(self) -> bool:
        """Nobody comes in from here before the operator's yes."""
        return self.state is DeploymentState.PENDING and self.refused_at is None

    @property
    def is_new(self) -> bool:
        """People come in from here already, and no operator took note of it yet."""
        return self.state is DeploymentState.ACTIVE and self.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class HostLine:
    """A host at which the platform offers its services."""

    id: UUID
    host: str
    accepted: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """A registration as the operator sees it."""

    id: UUID
    organization_id: UUID
    name: str
    family: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    active: bool
    ended_at: datetime | None
    """Since when the LMS is left; None: it is in use, or only switched off."""
    created_at: datetime
    deployments: tuple[DeploymentLine, ...]
    hosts: tuple[HostLine, ...]


def operator(visitor: Visitor) -> Operator:
    """The visitor as an operator. Raises `NotHere` for anyone else."""
    if not visitor.operator:
        raise NotHere
    return Operator(visitor.organization_id, visitor.person_id)


def connections(session: Session, organization_id: UUID | None = None) -> tuple[Connection, ...]:
    """The registrations of an organization, or of all, newest last, with their deployments and hosts."""
    rows = _of(session, RegistrationRow, organization_id)
    deployments = _by_registration(_of(session, DeploymentRow, organization_id))
    hosts = _by_registration(_of(session, ServiceHostRow, organization_id))
    return tuple(_connection(row, deployments.get(row.id, ()), hosts.get(row.id, ())) for row in rows)


def connection(session: Session, by: Operator, registration_id: UUID) -> Connection:
    """One registration of the operator's organization. Raises `NotHere`."""
    for found in connections(session, by.organization_id):
        if found.id == registration_id:
            return found
    raise NotHere


def switch(session: Session, by: Operator, registration_id: UUID, *, on: bool, now: datetime) -> None:
    """Switch a connection. Off: nobody comes in, nothing is sent, and whoever came in from there is signed out.

    But not the operator whose act it is: they may want to switch it on again. On: also one that was ended is taken up.
    Raises `NotHere`.
    """
    row = _one(session, by, RegistrationRow, registration_id)
    if row.active is not on:
        row.active = on
        row.ended_at = None if on else row.ended_at
        _audit(session, by, f"platform.{'on' if on else 'off'}", f"registration:{row.id}", now)
        if not on:
            signed_in.end_of_platform(session, row.id, now, but_person_id=by.person_id)


def accept_deployment(session: Session, by: Operator, deployment_id: UUID, now: datetime) -> None:
    """The operator's yes to a deployment that waits, also after a no. Raises `NotHere`."""
    row = _one(session, by, DeploymentRow, deployment_id)
    if row.state is not DeploymentState.ACTIVE:
        row.state, row.acknowledged_at, row.refused_at = DeploymentState.ACTIVE, now, None
        _audit(session, by, "deployment.accept", f"deployment:{row.id}", now)


def refuse_deployment(session: Session, by: Operator, deployment_id: UUID, now: datetime) -> None:
    """The operator's no: nobody comes in from there. One from which people come in stays. Raises `NotHere`."""
    row = _one(session, by, DeploymentRow, deployment_id)
    if row.state is DeploymentState.PENDING and row.refused_at is None:
        row.refused_at = now
        _audit(session, by, "deployment.refuse", f"deployment:{row.id}", now)


def acknowledge_deployment(session: Session, by: Operator, deployment_id: UUID, now: datetime) -> None:
    """The operator took note of a deployment that came in by itself. Raises `NotHere`."""
    row = _one(session, by, DeploymentRow, deployment_id)
    if row.state is DeploymentState.ACTIVE and row.acknowledged_at is None:
        row.acknowledged_at = now
        _audit(session, by, "deployment.acknowledge", f"deployment:{row.id}", now)


def accept_host(session: Session, by: Operator, host_id: UUID, now: datetime) -> None:
    """From now on the platform's services may be asked there, with our token. Raises `NotHere`."""
    row = _one(session, by, ServiceHostRow, host_id)
    if row.state is not HostState.ACCEPTED:
        row.state = HostState.ACCEPTED
        _audit(session, by, "host.accept", f"service_host:{row.id}", now)


def _one(session: Session, by: Operator, kind: type[Row], row_id: UUID) -> Row:
    row = session.scalars(
        select(kind).where(kind.id == row_id, kind.organization_id == by.organization_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _of(session: Session, kind: type[Row], organization_id: UUID | None) -> Iterable[Row]:
    query = select(kind).order_by(kind.id)  # ids sort by the time they were made
    return session.scalars(query if organization_id is None else query.where(kind.organization_id == organization_id))


def _by_registration(rows: Iterable[Belonging]) -> dict[UUID, list[Belonging]]:
    found: dict[UUID, list[Belonging]] = {}
    for row in rows:
        found.setdefault(row.registration_id, []).append(row)
    return found


def _connection(
    row: RegistrationRow, deployments: Iterable[DeploymentRow], hosts: Iterable[ServiceHostRow]
) -> Connection:
    return Connection(
        id=row.id,
        organization_id=row.organization_id,
        name=row.name,
        family=row.family,
        issuer=row.issuer,
        client_id=row.client_id,
        auth_url=row.auth_url,
        token_url=row.token_url,
        jwks_url=row.jwks_url,
        active=row.active,
        ended_at=row.ended_at,
        created_at=row.created_at,
        deployments=tuple(_deployment(deployment) for deployment in deployments),
        hosts=tuple(HostLine(one.id, one.host, one.state is HostState.ACCEPTED, one.seen_at) for one in hosts),
    )


def _deployment(row: DeploymentRow) -> DeploymentLine:
    return DeploymentLine(
        id=row.id,
        deployment_id=row.deployment_id,
        state=row.state,
        platform_name=row.platform_name,
        platform_guid=row.platform_guid,
        created_at=row.created_at,
        refused_at=row.refused_at,
        acknowledged_at=row.acknowledged_at,
    )


def _audit(session: Session, by: Operator, act: str, subject: str, now: datetime) -> None:
    audit.write(session, organization_id=by.organization_id, person_id=by.person_id, act=act, subject=subject, now=now)
