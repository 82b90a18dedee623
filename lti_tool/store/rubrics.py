"""Rubrics and their published versions, which never change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime


class RubricRow(Owned, Base):
    """A rubric under a stable key; its words are in its versions."""

    __tablename__ = "rubric"
    __table_args__ = (UniqueConstraint("organization_id", "key"),)

    key: Mapped[str]


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
