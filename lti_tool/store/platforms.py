"""Platforms: registrations, deployments, our keys, and the tokens they gave us."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    uses_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformTokenRow(Owned, Base):
    """An access token that a platform gave us for one set of scopes."""

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
