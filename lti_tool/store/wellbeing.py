"""What belongs to one person alone: journal, self-care plan, check-ins. No question here is asked for anyone else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime


class JournalEntryRow(Owned, Base):
    """One entry of somebody's private journal."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_person", "person_id", "written_at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was deleted: it can be brought back for a day, then its words are gone."""


class SelfCarePlanRow(Owned, Base):
    """What somebody does to stay well, and what helps when it gets hard."""

    __tablename__ = "self_care_plan"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    what_helps: Mapped[str | None] = mapped_column(EncryptedText)
    signs: Mapped[str | None] = mapped_column(EncryptedText)
    """What I notice when it gets to be too much."""
    people: Mapped[str | None] = mapped_column(EncryptedText)
    limits: Mapped[str | None] = mapped_column(EncryptedText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckInRow(Owned, Base):
    """How somebody says they are on one day: in their words, never as a number."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("person_id", "on_day"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    on_day: Mapped[date] = mapped_column(Date)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was deleted: it can be brought back for a day."""


class DebriefPromptRow(Owned, Base):
    """That somebody does not want to be asked any more how an observation was for them."""

    __tablename__ = "debrief_prompt"
    __table_args__ = (UniqueConstraint("observation_id", "person_id"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    put_away_at: Mapped[datetime] = mapped_column(UtcDateTime)
