"""Whom to turn to, what to do when harm is disclosed, and what somebody needs to take part."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime


class SupportContactRow(Owned, Base):
    """Somebody or some place to turn to, as the program lists it for everybody."""

    __tablename__ = "support_contact"
    __table_args__ = (Index("ix_support_contact_organization", "organization_id", "position"),)

    name: Mapped[str]
    what_for: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    """A web address."""
    hours: Mapped[str | None]
    language: Mapped[str | None]
    """None: for every reader; otherwise for readers of that language first."""
    position: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GuidanceRow(Owned, Base):
    """What to do where when harm or danger is disclosed: the program's own words, for one jurisdiction."""

    __tablename__ = "guidance"
    __table_args__ = (
        Index(
            "uq_guidance_jurisdiction",
            "organization_id",
            "jurisdiction",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    jurisdiction: Mapped[str]
    words: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HandledOutsideRow(Owned, Base):
    """That something is handled outside of Attune. What it is about is nowhere: there is no column for it."""

    __tablename__ = "handled_outside"
    __table_args__ = (
        CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="acknowledged_by_someone"),
        Index("ix_handled_outside_organization", "organization_id", "raised_at"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"), index=True)
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Adjustment(StrEnum):
    """What is different for somebody. Why is kept nowhere: there is no column for it."""

    MORE_TIME = "more_time"
    INTERPRETER = "interpreter"
    AUDIO_ANSWER = "audio_answer"
    """answers by speaking"""
    TALK_INSTEAD = "talk_instead"
    """answers in a talk that is noted as held"""
    LARGE_PRINT = "large_print"
    SHORTER_SESSIONS = "shorter_sessions"


class AccommodationRow(Owned, Base):
    """What is different for one person in one course, so that they can take part as well as everybody else."""

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("more_days BETWEEN 0 AND 60", name="more_days"),
        Index(
            "uq_accommodation_standing",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    adjustments: Mapped[list[str]] = mapped_column(JSON)
    """By name of `Adjustment`."""
    more_days: Mapped[int] = mapped_column(server_default=text("0"))
    """So many days are added to each time for answering."""
    arranged_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    arranged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
