"""Growth plans and their goals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from grading.growth import GoalState, PlanState
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class GrowthPlanRow(Owned, Base):
    """A plan of a trainee and the person who helps with it. It is active only once the trainee has answered."""

    __tablename__ = "growth_plan"
    __table_args__ = (
        CheckConstraint("trainee_id <> owner_id", name="not_oneself"),
        CheckConstraint("state <> 'active' OR answered_at IS NOT NULL", name="answered_before_active"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at_of_ended"),
        Index("ix_growth_plan_trainee", "trainee_id"),
        Index("ix_growth_plan_owner", "owner_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Who sees to the supports, with the trainee."""
    state: Mapped[PlanState] = mapped_column(one_of(PlanState, "state"))
    begins_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    """The trainee's own words, if they gave any."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    """From what it came, where it came from one observation."""


class GrowthGoalRow(Owned, Base):
    """One small step: what would show it, what helps, until when."""

    __tablename__ = "growth_goal"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("growth_plan.id"))
    number: Mapped[int]
    rubric_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("rubric_version.id"))
    criterion: Mapped[str | None]
    """The key of the criterion that it is tied to."""
    goal: Mapped[str] = mapped_column(EncryptedText)
    support: Mapped[str] = mapped_column(EncryptedText)
    """What others do so that it works."""
    due_on: Mapped[date] = mapped_column(Date)
    state: Mapped[GoalState] = mapped_column(one_of(GoalState, "state"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
