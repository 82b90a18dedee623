"""Copied courses: what came from where, and what an instructor decided. Learner records never travel."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class CopySource(StrEnum):
    """How we learned that a course is a copy."""

    NOTICE = "notice"
    """the platform's context copy notice"""
    HISTORY = "history"
    """Context.id.history in a launch"""
    LINK = "link"
    """a link that names an activity of the other course"""


class CourseCopyRow(Owned, Base):
    """A course that was made as a copy of another one of the same deployment's platform."""

    __tablename__ = "course_copy"
    __table_args__ = (
        UniqueConstraint("course_id", "origin_course_id"),
        CheckConstraint("course_id <> origin_course_id", name="another_course"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    origin_course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    source: Mapped[CopySource] = mapped_column(one_of(CopySource, "source"))
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActivityCopyRow(Owned, Base):
    """What became of an activity in a copied course; `activity_id` is None where it was left behind."""

    __tablename__ = "activity_copy"
    __table_args__ = (UniqueConstraint("course_id", "origin_activity_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    origin_activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), index=True)
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"), index=True)
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkOriginRow(Owned, Base):
    """The activity of another course that a copied link names in its custom parameters or address."""

    __tablename__ = "link_origin"

    resource_link_id: Mapped[UUID] = mapped_column(ForeignKey("resource_link.id"), unique=True)
    origin_activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), index=True)
