"""Handing over: notes for a new supervisor that the trainee read first."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class NoteState(StrEnum):
    """How far a hand-over note is."""

    DRAFT = "draft"
    """being written; the trainee does not see it yet"""
    WITH_TRAINEE = "with_trainee"
    """the trainee reads it, changes it, or says that there is none"""
    AGREED = "agreed"
    """supervisors of the trainee can read it"""
    TAKEN_BACK = "taken_back"


class HandOverNoteRow(Owned, Base):
    """What a new supervisor should know, so that nothing is told twice: the trainee's as much as its writer's."""

    __tablename__ = "hand_over_note"
    __table_args__ = (
        Index("ix_hand_over_note_trainee", "trainee_id", "course_id"),
        CheckConstraint("(state = 'agreed') = (agreed_at IS NOT NULL)", name="agreed_at_of_agreed"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Also the trainee themselves."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    state: Mapped[NoteState] = mapped_column(one_of(NoteState, "state"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the trainee was first asked to read it."""
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
