"""Courses, the activities placed in them, and their gradebook columns."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grading.scores import ColumnShows
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class CourseRow(Owned, Base):
    """A context of a platform ("course" on screen)."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("deployment_id", "lti_context_id"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id"))
    lti_context_id: Mapped[str]
    title: Mapped[str]
    memberships_url: Mapped[str | None]
    """Where the platform lists the course's people (NRPS); None where it offers no list."""
    roster_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ActivityRow(Owned, Base):
    """An observed-practice activity, as an instructor placed it."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("required_observations BETWEEN 1 AND 50", name="required_observations"),
        CheckConstraint("response_days BETWEEN 1 AND 60", name="response_days"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), index=True)
    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"))
    title: Mapped[str]
    column_shows: Mapped[ColumnShows] = mapped_column(one_of(ColumnShows, "column_shows"))
    required_observations: Mapped[int]
    lanes: Mapped[list[str]] = mapped_column(JSON)
    """The lanes that must sign, by name; their order carries no rank."""
    response_days: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResourceLinkRow(Owned, Base):
    """A link in a course that launches us; `activity_id` is None until someone chooses one."""

    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("course_id", "lti_resource_link_id"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    lti_resource_link_id: Mapped[str]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"), index=True)
    title: Mapped[str]


class LineItemRow(Owned, Base):
    """An activity's gradebook column, as far as the platform told us about it."""

    __tablename__ = "line_item"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), unique=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    lti_resource_link_id: Mapped[str]
    url: Mapped[str | None]
    """None until the platform named it, or the worker found or made it."""
    line_items_url: Mapped[str | None]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    label: Mapped[str]
    score_maximum: Mapped[int]
    """Fixed before the first score: Moodle turns empty grades into 0 when it changes."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
