"""A person's data: what the platform or they themselves ask about it, and how long it is kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
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


class RetentionRule(StrEnum):
    """What an organization says how long to keep of."""

    SIGN_IN_LINKS = "sign_in_links"
    """invitations, after they ran out"""
    READINGS = "readings"
    """who opened whose record"""
    EXPORTS = "exports"
    """that a file was asked for, after the file is gone"""
    SCORE_ANSWERS = "score_answers"
    """what the LMS answered to a score, and showed when it was read, after nothing more came of it"""
    UNFINISHED = "unfinished"
    """words of observations that were called off, declined, not held or stopped"""
    OWN_WORDS = "own_words"
    """journal, self-care plan and check-ins of somebody who does not come any more"""
    RECORDS = "records"
    """all of somebody who does not come any more, once nothing stands that needs it"""


class RetentionChoiceRow(Owned, Base):
    """How long an organization keeps something, where it chose another time than Attune's."""

    __tablename__ = "retention_choice"
    __table_args__ = (UniqueConstraint("organization_id", "rule"), CheckConstraint("days >= 1", name="days"))

    rule: Mapped[RetentionRule] = mapped_column(one_of(RetentionRule, "rule"))
    days: Mapped[int]
    chosen_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


_ERASURE_OPEN = text("ended_at IS NULL")


class ErasureRow(Owned, Base):
    """That somebody's data is to be erased, or was. While it is under way the database lets words of theirs go."""

    __tablename__ = "erasure"
    __table_args__ = (
        Index(
            "uq_erasure_open",
            "person_id",
            unique=True,
            sqlite_where=_ERASURE_OPEN,
            postgresql_where=_ERASURE_OPEN,
        ),
        CheckConstraint("taken_back_at IS NULL OR (begun_at IS NULL AND ended_at IS NOT NULL)", name="taken_back"),
        CheckConstraint("counts IS NULL OR begun_at IS NOT NULL", name="counts_of_begun"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they asked; None: their time was over, by what the organization chose."""
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    """Until then they can take it back, and nobody carries it out."""
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The program lead who carried it out; None: time did."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was done or taken back."""
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How many rows went or were emptied, by table: all that stays of what was there."""
