"""Rubrics and their published versions, which never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime


class RubricRow(Owned, Base):
    """A rubric under a stable key; its words are in its versions and in its draft."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)

    key: Mapped[str]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not offered for new activities; what was placed or rated with it goes on."""


class RubricVersionRow(Owned, Base):
    """A published version. A trigger refuses any change, see the first migration."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("rubric_id", "number"), UniqueConstraint("rubric_id", "digest"))

    rubric_id: Mapped[UUID] = mapped_column(ForeignKey("rubric.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rubric as `documents.rubric` writes it."""
    digest: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WordingRow(Owned, Base):
    """An organization's own wording rules for one language, on top of those that come with Attune."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("organization_id", "language"),)

    language: Mapped[str]
    document: Mapped[str]
    """TOML, as `documents.wording` reads it."""
    revision: Mapped[int]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ExampleRow(Owned, Base):
    """An example performance with its agreed master ratings, for calibrating observers."""

    __tablename__ = "example"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision"),)

    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"), index=True)
    """The words it was rated with."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The example as `documents.example` writes it."""
    revision: Mapped[int]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its master ratings were agreed; None while they are not, and it is not used."""
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
