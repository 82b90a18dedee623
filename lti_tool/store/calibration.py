"""Observers who rate the same thing, each alone, then look at it together; and observations that two observe."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.calibration import CalibrationState as CalibrationState

_OPEN = text("ended_at IS NULL")


class CalibrationRow(Owned, Base):
    """One calibration of a rubric's observers."""

    __tablename__ = "calibration"
    __table_args__ = (
        Index("ix_calibration_made", "organization_id", "made_at"),
        CheckConstraint("(state = 'rating') = (revealed_at IS NULL)", name="revealed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("title <> ''", name="titled"),
    )

    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"), index=True)
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"), index=True)
    """The course whose instructors it belongs to; None: a program lead's, of the organization."""
    title: Mapped[str]
    led_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[CalibrationState] = mapped_column(one_of(CalibrationState, "state"))
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Put away before it came to an end: nothing of it is shown or counted."""
    record: Mapped[str | None] = mapped_column(EncryptedText)
    """What was talked about, for whoever took part."""


class CalibrationItemRow(Owned, Base):
    """One example that is rated, exactly as it was when the calibration began."""

    __tablename__ = "calibration_item"
    __table_args__ = (UniqueConstraint("calibration_id", "position"), UniqueConstraint("calibration_id", "example_id"))

    calibration_id: Mapped[UUID] = mapped_column(ForeignKey("calibration.id"))
    example_id: Mapped[UUID] = mapped_column(ForeignKey("example.id"))
    position: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The example with the levels that were agreed for it, frozen."""


class CalibrationPartRow(Owned, Base):
    """Somebody who was asked to take part."""

    __tablename__ = "calibration_part"
    __table_args__ = (UniqueConstraint("calibration_id", "person_id"), Index("ix_calibration_part_person", "person_id"))

    calibration_id: Mapped[UUID] = mapped_column(ForeignKey("calibration.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they had rated everything they wanted to; only what was handed in is revealed or counted."""
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalibrationRatingRow(Base):
    """How one person rated one criterion of one example; with neither a level nor not observed: only the why so far."""

    __tablename__ = "calibration_rating"
    __table_args__ = (CheckConstraint("NOT (not_observed AND level IS NOT NULL)", name="level_or_not_observed"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_item.id"), primary_key=True)
    part_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_part.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[int | None]
    not_observed: Mapped[bool]
    why: Mapped[str | None] = mapped_column(EncryptedText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalibrationOutcomeRow(Base):
    """What those who took part agreed on for one criterion of one example; that they did not agree is one too."""

    __tablename__ = "calibration_outcome"
    __table_args__ = (CheckConstraint("level IS NULL OR NOT not_observed", name="one_answer"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_item.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[int | None]
    not_observed: Mapped[bool]
    """With neither a level nor this: they left it open."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DoublePlanRow(Owned, Base):
    """Of so many observations of an activity one in so many is observed by two."""

    __tablename__ = "double_plan"
    __table_args__ = (
        Index("uq_double_plan_open", "activity_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        CheckConstraint("share BETWEEN 1 AND 100", name="share"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    share: Mapped[int]
    """Percent of the observations."""
    set_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DoubleObservationRow(Owned, Base):
    """An observation that was chosen to have a second observer."""

    __tablename__ = "double_observation"
    __table_args__ = (Index("ix_double_observation_person", "person_id"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), unique=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("double_plan.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who is to be the second; None: still to be found."""
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(server_default=text("0"))
    """How many the second observer has had; whoever is chosen in their place begins at none."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It stays with one observer after all."""
