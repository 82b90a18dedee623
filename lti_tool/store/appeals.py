"""Appeals: the terms that were published, each appeal with its steps, and who is on its panel."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.appeals import AppealOutcome, AppealState, AppealStepKind, Turn
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of

_RUNS = text("state IN ('draft', 'late', 'open', 'with_panel')")


class AppealTermsRow(Owned, Base):
    """On which grounds one may appeal, and what is promised. Each edition stays as it was published."""

    __tablename__ = "appeal_terms"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("file_days BETWEEN 1 AND 366", name="file_days"),
        CheckConstraint("acknowledge_days BETWEEN 1 AND 90", name="acknowledge_days"),
        CheckConstraint("answer_days BETWEEN 1 AND 90", name="answer_days"),
        CheckConstraint("decide_days BETWEEN 1 AND 366", name="decide_days"),
        CheckConstraint("panel_size BETWEEN 1 AND 9", name="panel_size"),
    )

    number: Mapped[int]
    grounds: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each with a `key` and `words`."""
    file_days: Mapped[int]
    """So many days after a decision one may appeal; later a person decides."""
    acknowledge_days: Mapped[int]
    answer_days: Mapped[int]
    """So many days the trainee has for each question of the panel; more are given for the asking."""
    decide_days: Mapped[int]
    """So many days after it was sent the outcome is promised."""
    panel_size: Mapped[int]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None for those that come with Attune."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppealRow(Owned, Base):
    """An appeal against a decision, or about one criterion or the whole of an observation."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(decision_id IS NULL) <> (observation_id IS NULL)", name="about_one_thing"),
        CheckConstraint("criterion IS NULL OR observation_id IS NOT NULL", name="criterion_of_observation"),
        CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name="sent_unless_draft"),
        CheckConstraint("state <> 'decided' OR outcome IS NOT NULL", name="outcome_of_decided"),
        CheckConstraint("outcome IS NULL OR state IN ('with_panel', 'decided')", name="outcome_of_panel"),
        CheckConstraint("(outcome IS NULL) = (reasons IS NULL)", name="reasons_of_outcome"),
        CheckConstraint("(turn IS NULL) = (turn_until IS NULL)", name="turn_until"),
        Index("uq_appeal_decision_running", "decision_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
        Index("ix_appeal_trainee", "trainee_id"),
        Index("ix_appeal_observation", "observation_id", "criterion"),
        Index("ix_appeal_state", "organization_id", "state", "turn_until"),
    )

    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    criterion: Mapped[str | None]
    """The key of one criterion; None: the whole."""
    terms_id: Mapped[UUID] = mapped_column(ForeignKey("appeal_terms.id"))
    state: Mapped[AppealState] = mapped_column(one_of(AppealState, "state"))
    ground: Mapped[str | None]
    """The key of one of the published grounds."""
    words: Mapped[str | None] = mapped_column(EncryptedText)
    wish: Mapped[str | None] = mapped_column(EncryptedText)
    """What the trainee would like to come of it."""
    why_late: Mapped[str | None] = mapped_column(EncryptedText)
    begun_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The trainee, or whoever helps them."""
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_by: Mapped[date] = mapped_column(Date)
    """The last day for sending it, as it was promised."""
    turn: Mapped[Turn | None] = mapped_column(one_of(Turn, "turn"))
    turn_until: Mapped[date | None] = mapped_column(Date)
    """Until when whoever's turn it is has promised, or has been given, to act."""
    decide_by: Mapped[date | None] = mapped_column(Date)
    told_late_on: Mapped[date | None] = mapped_column(Date)
    """When the trainee was told that a promised day went by."""
    outcome: Mapped[AppealOutcome | None] = mapped_column(one_of(AppealOutcome, "outcome"))
    """Until it is decided, what the panel has written so far: nobody else reads it."""
    reasons: Mapped[str | None] = mapped_column(EncryptedText)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who of the panel wrote down the outcome."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AppealStepRow(Owned, Base):
    """What happened in an appeal, for both sides to read. Never changed."""

    __tablename__ = "appeal_step"
    __table_args__ = (UniqueConstraint("appeal_id", "number"),)

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    number: Mapped[int]
    kind: Mapped[AppealStepKind] = mapped_column(one_of(AppealStepKind, "kind"))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where only time did it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    due_on: Mapped[date | None] = mapped_column(Date)
    """Until when the next act was promised, or asked for."""


class AppealMemberRow(Owned, Base):
    """Somebody who was invited to an appeal's panel."""

    __tablename__ = "appeal_member"
    __table_args__ = (
        UniqueConstraint("appeal_id", "person_id"),
        CheckConstraint("accepted_at IS NULL OR ended_at IS NULL OR ended_at >= accepted_at", name="days_in_order"),
        CheckConstraint("agrees_at IS NULL OR accepted_at IS NOT NULL", name="accepted_before_agreeing"),
        Index("ix_appeal_member_person", "person_id"),
    )

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they said yes, and that they have no conflict."""
    agrees_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they agreed to the outcome as it is written."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they stepped aside, without a reason, or were taken off the list."""
