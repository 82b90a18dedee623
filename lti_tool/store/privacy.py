"""Requests about a person's data that reach us from the platform."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class PrivacyWish(StrEnum):
    """What was asked for."""

    EXPORT = "export"
    ERASE = "erase"


class PrivacyRequestRow(Owned, Base):
    """That an administrator of the platform asked for a person's data, or for its erasure."""

    __tablename__ = "privacy_request"
    __table_args__ = (CheckConstraint("(handled_at IS NULL) = (handled_by IS NULL)", name="handled_by_someone"),)

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    wish: Mapped[PrivacyWish] = mapped_column(one_of(PrivacyWish, "wish"))
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PrivacyLaunchRow(Owned, Base):
    """That an administrator came in for a person: for a while they, and nobody else, may ask about that person."""

    __tablename__ = "privacy_launch"
    __table_args__ = (Index("ix_privacy_launch_launched_by_person", "launched_by", "person_id"),)

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    launched_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    launched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
