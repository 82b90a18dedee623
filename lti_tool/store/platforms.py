"""Platforms: registrations, deployments, our keys, and the tokens they gave us."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.store.base import Base, EncryptedText, Keyed, Owned, UtcDateTime, one_of


class DeploymentState(StrEnum):
    """A deployment that nobody announced waits for the operator."""

    ACTIVE = "active"
    PENDING = "pending"


class RegistrationRow(Owned, Base):
    """One platform that knows us: issuer and client id together (LTI 1.3, section 3.1.3)."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    name: Mapped[str]
    family: Mapped[str]
    """The platform's product family code: moodle, canvas, or whatever it says."""
    issuer: Mapped[str]
    client_id: Mapped[str]
    auth_url: Mapped[str]
    token_url: Mapped[str]
    token_audience: Mapped[str | None]
    """What client assertions are addressed to, where it is not `token_url`."""
    jwks_url: Mapped[str]
    deployments_announced: Mapped[bool]
    """Whether the registration named its deployment; if so, a new one waits for the operator."""
    active: Mapped[bool]
    """False: switched off by an operator, or ended; nobody comes in, nothing is sent."""
    registration_client_uri: Mapped[str | None]
    """Where the platform lets a tool read and change its registration; None where it said nothing of it."""
    registration_access_token: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the LMS is left for good; then it is not active. None: it is in use, or only switched off."""
    hosts: Mapped[list["ServiceHostRow"]] = relationship(viewonly=True)


class DeploymentRow(Owned, Base):
    """A place in a platform where the registration is deployed."""

    __tablename__ = "deployment"
    __table_args__ = (
        UniqueConstraint("registration_id", "deployment_id"),
        CheckConstraint("length(deployment_id) BETWEEN 1 AND 255", name="deployment_id_length"),
    )

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str]
    state: Mapped[DeploymentState] = mapped_column(one_of(DeploymentState, "state"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    platform_name: Mapped[str | None]
    """What the platform calls itself in a launch from here: it tells schools that share an issuer apart."""
    platform_guid: Mapped[str | None]
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the operator said no; it stays pending, and can still be accepted."""
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an operator took note of it; None: it is shown as new."""
    notices_url: Mapped[str | None]
    """Where notices are asked for (Platform Notification Service); None where the platform offers none."""
    notice_types: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class ToolKeyRow(Keyed, Base):
    """A key pair of ours. The newest that is not retired signs; retired ones stay published for a while."""

    __tablename__ = "tool_key"

    private_pem: Mapped[str] = mapped_column(EncryptedText)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RegistrationInvitationRow(Owned, Base):
    """A registration address that was handed out; only the digest of its secret is kept."""

    __tablename__ = "registration_invitation"
    __table_args__ = (CheckConstraint("uses_left >= 0", name="uses_left"),)

    token_digest: Mapped[str] = mapped_column(unique=True)
    issuer: Mapped[str | None]
    """The only platform that may use it; None for any."""
    uses_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HostState(StrEnum):
    """A host whose services a launch named."""

    ACCEPTED = "accepted"
    WAITING = "waiting"


class ServiceHostRow(Owned, Base):
    """A host, beyond those of the registration itself, at which a platform offers its services.

    Only an accepted one ever sees a token of ours.
    """

    __tablename__ = "service_host"
    __table_args__ = (UniqueConstraint("registration_id", "host"),)

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    host: Mapped[str]
    """With its port where that is not the usual one."""
    state: Mapped[HostState] = mapped_column(one_of(HostState, "state"))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HandlerState(StrEnum):
    """How far we are with asking for a kind of notice."""

    WANTED = "wanted"
    SET = "set"
    NOT_SET = "not_set"


class NoticeHandlerRow(Owned, Base):
    """A kind of notice that we asked a deployment's platform for, or will."""

    __tablename__ = "notice_handler"
    __table_args__ = (UniqueConstraint("deployment_id", "notice_type"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id"))
    notice_type: Mapped[str]
    state: Mapped[HandlerState] = mapped_column(one_of(HandlerState, "state"), index=True)
    problem: Mapped[str | None]
    """A code of `lti.answers.Answer` where the platform did not take it."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeState(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"


class NoticeRow(Owned, Base):
    """A notice that a platform sent: kept before it is answered, because nobody sends it twice."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("deployment_id", "notice_id"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id"))
    notice_id: Mapped[str]
    notice_type: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Ids of courses only."""
    state: Mapped[NoticeState] = mapped_column(one_of(NoticeState, "state"), index=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformTokenRow(Owned, Base):
    """An access token that a platform gave us; `scopes` also names the deployment that it was asked for."""

    __tablename__ = "platform_token"
    __table_args__ = (UniqueConstraint("registration_id", "scopes"),)

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    scopes: Mapped[str]
    token: Mapped[str] = mapped_column(EncryptedText)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SpentStateRow(Base):
    """A login state that was used: the unique key is what makes a second use impossible."""

    __tablename__ = "spent_state"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PlatformLaneRow(Owned, Base):
    """How scores go to one platform: one worker at a time drains what waits for it, at the platform's own pace."""

    __tablename__ = "platform_lane"
    __table_args__ = (
        CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name="leased_whole"),
        CheckConstraint("troubles >= 0", name="troubles"),
    )

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"), unique=True)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_by: Mapped[UUID | None]
    """A word of the worker that holds it, made anew each time."""
    resting_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Nothing is sent before: the platform asked for it, or did not answer several times."""
    troubles: Mapped[int] = mapped_column(server_default=text("0"))
    """How often in a row it did not answer, or was troubled."""
    problem: Mapped[str | None]
    """Its last such answer, as a code of `lti.answers.Answer`."""
    problem_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clock_ahead: Mapped[int | None]
    """By how many seconds the platform's clock is ahead of ours, as its answers say; below 0: behind."""


class PeriodicTurnRow(Base):
    """Who does periodic work: the first that takes its turn, however many workers there are.

    Also when each nightly job was done or broke off (`services.operating.nights`), and the last backup
    (`services.operating.backups`).
    """

    __tablename__ = "periodic_turn"

    name: Mapped[str] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
