"""What an organization asks people to agree to: its terms and its notice about data, edition by edition."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class TermsRow(Owned, Base):
    """One edition of an organization's terms. Its words never change once it is published."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_by_someone"),
    )

    number: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it says, by language; a language without words is absent."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was put out of use, or a newer edition was published."""
    by_name: Mapped[bool] = mapped_column(server_default=false())
    """Whether it says to whoever is asked that program leads see who agrees; those of before said that they do not."""


class TermsAnswer(StrEnum):
    """What somebody said to an edition."""

    AGREED = "agreed"
    NOT_NOW = "not_now"
    WITHDRAWN = "withdrawn"
    """they had agreed, and took it back"""


class TermsAnswerRow(Owned, Base):
    """What somebody said to an edition, and when; the newest of several holds."""

    __tablename__ = "terms_answer"
    __table_args__ = (Index("ix_terms_answer_terms_person", "terms_id", "person_id"),)

    terms_id: Mapped[UUID] = mapped_column(ForeignKey("terms.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[TermsAnswer] = mapped_column(one_of(TermsAnswer, "answer"))
    language: Mapped[str]
    """In which they read it."""
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
