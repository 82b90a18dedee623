"""Meetings about a difference, and what mentors write."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class MeetingKind(StrEnum):
    """Who meets."""

    MODERATION = "moderation"
    """the observers, before anything is shared"""
    RECONCILIATION = "reconciliation"
    """the lanes, before anyone else signs"""


class MeetingRow(Owned, Base):
    """A meeting about a difference. Nobody overrides anybody: its record stands beside the views."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("(held_at IS NULL) = (closed_by IS NULL)", name="held_and_recorded"),
        Index(
            "uq_meeting_open",
            "observation_id",
            unique=True,
            sqlite_where=text("held_at IS NULL"),
            postgresql_where=text("held_at IS NULL"),
        ),
        Index(None, "observation_id"),
    )

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    kind: Mapped[MeetingKind] = mapped_column(one_of(MeetingKind, "kind"))
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the views differed by more than the threshold."""
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    present: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """The ids of those who were there."""
    record: Mapped[str | None] = mapped_column(EncryptedText)
    """What they said to each other and agreed on, for the trainee to read too."""
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class CommentRow(Owned, Base):
    """What a mentor wrote to the trainee about one observation."""

    __tablename__ = "comment"
    __table_args__ = (Index(None, "observation_id"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since then nobody else reads it; a day later its words are gone."""
