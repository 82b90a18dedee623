"""Records about the records: audit, who read what, acts done once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.access import Field
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class AuditHeadRow(Base):
    """The end of an organization's chain. Writing an entry locks this row, so the chain never forks."""

    __tablename__ = "audit_head"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    number: Mapped[int]
    digest: Mapped[str]


class AuditEntryRow(Owned, Base):
    """One act, linked to the one before. A trigger refuses any change, see the first migration."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("organization_id", "number"),)

    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[UUID | None]
    """Who acted; None where the command line or a worker did."""
    act: Mapped[str]
    subject: Mapped[str]
    """What it was done to, as kind:id."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Never narrative: only codes, numbers and ids."""
    previous_digest: Mapped[str]
    digest: Mapped[str]


class ReadLogRow(Owned, Base):
    """Someone opened a trainee's record."""

    __tablename__ = "read_log"
    __table_args__ = (Index("ix_read_log_trainee_at", "trainee_id", "at"),)

    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    field: Mapped[Field] = mapped_column(one_of(Field, "field"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActRow(Owned, Base):
    """An act that a form asked for, by the form's key: a second post is shown where the first one led."""

    __tablename__ = "act"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    location: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
