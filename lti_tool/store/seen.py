"""What is kept ready so that many people can be looked at at once, and the ways in which somebody likes to look."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Numeric, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.proof import Answer
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of

_STALE = text("stale_at IS NOT NULL")


class KeptStandingRow(Base):
    """Where somebody stood in a program when it was last worked out: to look at many; proofs are worked out anew."""

    __tablename__ = "kept_standing"
    __table_args__ = (
        Index("ix_kept_standing_status", "program_id", "over", "status"),
        Index(
            "ix_kept_standing_week",
            "program_id",
            "over",
            "for_program",
            "still_since",
            "enrollment_id",
            "paused",
            "status",
            "due_on",
        ),
        Index("ix_kept_standing_stale", "program_id", "stale_at", sqlite_where=_STALE, postgresql_where=_STALE),
        Index("ix_kept_standing_next_on", "program_id", "next_on"),
        Index("ix_kept_standing_due_on", "program_id", "due_on"),
        CheckConstraint("met >= 0 AND waiting >= 0 AND asked >= met", name="counts"),
        CheckConstraint("(due_on IS NULL) = (due IS NULL)", name="due_of_a_day"),
    )

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("program_version.id"))
    """The edition by which it was worked out."""
    day: Mapped[date] = mapped_column(Date)
    """Of which day it is, in the program's time zone."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stale_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it waits to be worked out for the first time; what changed since then, `KeptMarkRow` says."""
    status: Mapped[Status] = mapped_column(one_of(Status, "status"))
    stage: Mapped[str | None]
    paused: Mapped[bool]
    met: Mapped[int]
    """Requirements that are met, of those of the stages of certification."""
    waiting: Mapped[int]
    """Requirements that wait for somebody."""
    asked: Mapped[int]
    waits_for: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """Who can do something next, as `grading.telling` calls them."""
    next_on: Mapped[date | None] = mapped_column(Date)
    """The next day on which time alone may change something."""
    due_on: Mapped[date | None] = mapped_column(Date)
    """The next date that follows from decisions and applications."""
    due: Mapped[Name | None] = mapped_column(one_of(Name, "due"))
    """What date that is."""
    new_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which something was recorded, signed or decided."""
    still_since: Mapped[date | None] = mapped_column(Date)
    """Since when nothing new is there: that day, or the one on which they entered. None: it is not known yet."""
    for_program: Mapped[bool] = mapped_column(server_default=false())
    """Whether somebody of the program can do something next."""
    over: Mapped[bool] = mapped_column(server_default=false())
    """Whether they are not on the way any more: the database itself keeps it as the enrollment has it."""


class KeptMarkRow(Base):
    """That something changed which a kept standing does not have: the database puts it there with the change.

    Rows of their own, so that two who change evidence of the same people never wait for each other.
    """

    __tablename__ = "kept_mark"
    __table_args__ = (Index("ix_kept_mark_enrollment", "enrollment_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("kept_standing.enrollment_id"))


class KeptAnswerRow(Base):
    """The answer for one requirement, of one kept standing."""

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_answer", "program_id", "requirement", "answer"),)

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("kept_standing.enrollment_id"), primary_key=True)
    requirement: Mapped[str] = mapped_column(primary_key=True)
    """The key of the requirement in the edition of the person."""
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    answer: Mapped[Answer] = mapped_column(one_of(Answer, "answer"))
    sure: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """What counts; None where the requirement has no amount."""
    with_waiting: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """What would count once everything that waits is signed."""
    asked_for: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """What is asked for."""


class SavedViewRow(Owned, Base):
    """A way of looking at a matrix that somebody gave a name, for themselves."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("person_id", "program_id", "name"),
        UniqueConstraint("person_id", "course_id", "name"),
        CheckConstraint("(program_id IS NULL) <> (course_id IS NULL)", name="of_one_matrix"),
        CheckConstraint("name <> ''", name="named"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("program.id"))
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str]
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The filters, the order and the columns, as the address of the page has them; never the name of anybody."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
