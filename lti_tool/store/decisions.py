"""Decisions on certification, as persons made them, and what was told of dates that come."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.evidence import Outcome
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of

_UNTOLD = text("told_at IS NULL")


class DecisionRow(Owned, Base):
    """One decision. It never changes: another one takes its place. Two people cannot decide at once (`number`)."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("until IS NULL OR until >= on_day", name="days_in_order"),
        CheckConstraint("outcome <> 'suspended' OR review_on IS NOT NULL", name="review_of_suspended"),
        CheckConstraint("outcome NOT IN ('certified', 'extended') OR stage <> ''", name="stage_of_certified"),
        CheckConstraint("supersedes_id IS NULL OR supersedes_id <> id", name="not_itself"),
        Index("ix_decision_decided_by", "decided_by", "decided_at"),
        CheckConstraint("taken_back_at IS NULL OR outcome = 'surrendered'", name="taken_back_of_surrendered"),
        Index("ix_decision_to_tell", "released_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("program_version.id"))
    """The edition that it was decided by."""
    number: Mapped[int]
    """Of the enrollment, from 1 on."""
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome, "outcome"))
    stage: Mapped[str]
    on_day: Mapped[date] = mapped_column(Date)
    """From which day it holds, in the program's time zone."""
    until: Mapped[date | None] = mapped_column(Date)
    """The last day of the validity, where the program leaves it to choose."""
    review_on: Mapped[date | None] = mapped_column(Date)
    """When a suspension is looked at again."""
    appeal_until: Mapped[date | None] = mapped_column(Date)
    """The last day for an appeal; None: there is none against it."""
    notice: Mapped[str] = mapped_column(EncryptedText)
    """Exactly what the person reads, as canonical JSON: the decision, the reasons, what was looked at, what next."""
    digest: Mapped[str]
    """SHA-256 of the notice, in hexadecimal."""
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """From when on the person reads it: never late on a Friday unless they chose so."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person was told that there is something to read."""
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a holder who had given the certificate back took that back."""
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    """The decision whose place it takes."""


class DateNoticeRow(Owned, Base):
    """Somebody was told of a date that comes. Once for each, however often the daily job runs."""

    __tablename__ = "date_notice"
    __table_args__ = (UniqueConstraint("enrollment_id", "about", "about_on", "ahead"),)

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    about: Mapped[str]
    """Which date, as `grading.lifecycle.dates` calls it."""
    about_on: Mapped[date] = mapped_column(Date)
    ahead: Mapped[int]
    """How many days before it is told, as the program says; 0: on the day itself or after it."""
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
