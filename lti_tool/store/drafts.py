"""Rubrics that are being written: the draft, its criteria, each step that was taken, and what reviewers said.

A criterion is a row of its own, so that saving a field costs the same however long the rubric is.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class DraftEnd(StrEnum):
    """What became of a draft."""

    PUBLISHED = "published"
    PUT_AWAY = "put_away"


class DraftRow(Owned, Base):
    """A rubric that is being written. Each rubric has at most one open draft."""

    __tablename__ = "draft"
    __table_args__ = (
        Index(
            "uq_draft_open",
            "rubric_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        CheckConstraint("(ended_as = 'published') = (version_id IS NOT NULL)", name="version_of_published"),
        CheckConstraint("steps >= 0", name="steps"),
        Index("ix_draft_organization_id_ended_at", "organization_id", "ended_at"),
    )

    rubric_id: Mapped[UUID] = mapped_column(ForeignKey("rubric.id"), index=True)
    head: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The rubric as `documents.rubric` writes it, its criteria left out (they are rows) and its translations kept."""
    steps: Mapped[int]
    """How many steps were taken; the last one's number."""
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubric_version.id"))
    """The version that it began from; None for a new rubric."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the command line made it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    review_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when reviewers are asked to read it; None while it is the authors' only."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_as: Mapped[DraftEnd | None] = mapped_column(one_of(DraftEnd, "ended_as"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubric_version.id"))
    """What it became when it was published."""


class DraftCriterionRow(Owned, Base):
    """One criterion of a draft. Positions say the order, and may leave gaps."""

    __tablename__ = "draft_criterion"
    __table_args__ = (UniqueConstraint("draft_id", "key"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"))
    key: Mapped[str]
    position: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The criterion as it stands in the rubric's document."""


class DraftStepRow(Owned, Base):
    """One step in the writing of a draft: what stood there before, what stands there after, who did it, and when."""

    __tablename__ = "draft_step"
    __table_args__ = (
        UniqueConstraint("draft_id", "number"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_someone"),
    )

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"))
    number: Mapped[int]
    place: Mapped[str]
    """Where in the draft, such as `title` or `criteria.listens.levels.2.anchor`."""
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was done, with what stood there before and what after: enough to take it back."""
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the command line did it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReviewRow(Owned, Base):
    """What a reviewer with lived experience said of a draft as it stood."""

    __tablename__ = "rubric_review"
    __table_args__ = (Index(None, "draft_id", "reviewed_at"),)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str]
    """Of the words that were reviewed: a draft that was changed since has another."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The words that were reviewed, to show what changed since."""
    ready: Mapped[bool]
    """Whether it may be published as far as the reviewer is concerned."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    named: Mapped[str | None]
    """The name that the reviewer wants to be credited by; None where they want none."""
    demo: Mapped[bool] = mapped_column(server_default=false())
    """Made in a demo or a lab: it is shown as such wherever the rubric is."""
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
