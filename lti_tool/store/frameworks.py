"""Competency frameworks, the competencies in them, and what links one competency to another."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grading.competency import Kind, Relation
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class FrameworkRow(Owned, Base):
    """A framework: a named set of competencies, with its rights and its source."""

    __tablename__ = "framework"
    __table_args__ = (UniqueConstraint("organization_id", "identifier"), UniqueConstraint("organization_id", "key"))

    identifier: Mapped[str]
    """A UUID that is the same wherever the framework goes (CASE)."""
    key: Mapped[str]
    """What rubrics name it by, such as `starter`."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The framework as `documents.framework` writes it, without its competencies and links."""
    bundled: Mapped[bool]
    """Came with Attune."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is not offered any more; rubrics that name it keep their alignments."""


class CompetencyRow(Owned, Base):
    """One competency of a framework."""

    __tablename__ = "competency"
    __table_args__ = (
        UniqueConstraint("framework_id", "identifier"),
        Index(None, "framework_id", "parent", "position"),
        Index(None, "framework_id", "code"),
        CheckConstraint("parent <> identifier", name="not_its_own_parent"),
    )

    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    identifier: Mapped[str]
    parent: Mapped[str | None]
    """The identifier of the one it belongs to; None at the top. It may name one that the framework does not have."""
    position: Mapped[int]
    """Among its siblings."""
    code: Mapped[str]
    statement: Mapped[str]
    kind: Mapped[Kind | None] = mapped_column(one_of(Kind, "kind"))
    """None where the source does not say."""
    observable: Mapped[bool]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole competency as `documents.framework` writes it."""
    deprecated_on: Mapped[date | None]
    """Since when the framework does not have it any more; kept because rubrics or evidence may name it."""


class CompetencyLinkRow(Owned, Base):
    """That a competency is the same as another, a part of it, or related to it: a crosswalk, line by line."""

    __tablename__ = "competency_link"
    __table_args__ = (UniqueConstraint("framework_id", "origin", "relation", "destination"),)

    framework_id: Mapped[UUID] = mapped_column(ForeignKey("framework.id"))
    """The framework whose document says so."""
    identifier: Mapped[str]
    origin: Mapped[str]
    relation: Mapped[Relation] = mapped_column(one_of(Relation, "relation"))
    destination: Mapped[str]
    """The identifier of a competency, of this framework or of any other."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
