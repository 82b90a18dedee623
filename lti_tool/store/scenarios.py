"""Scenarios for role plays and case discussions, and which an observation uses."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class ScenarioState(StrEnum):
    """How far a scenario is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    """reviewed with lived experience, and offered"""
    PUT_AWAY = "put_away"


class ScenarioRow(Owned, Base):
    """A made-up situation to practice with: curriculum, nobody's own story."""

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("(state <> 'published') OR (published_at IS NOT NULL)", name="published_at_of_published"),
        Index("ix_scenario_group", "organization_id", "equivalence_group"),
    )

    title: Mapped[str]
    about: Mapped[str]
    """One plain line on what it is about, read before anybody opens it."""
    words: Mapped[str]
    roles: Mapped[str | None]
    """Who plays whom, and what each knows."""
    language: Mapped[str]
    content_notes: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """In plain words, shown before it opens."""
    tags: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    models: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    settings: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    equivalence_group: Mapped[str | None]
    """Scenarios of one group are as good as one another; None: nothing is as good as this one."""
    license: Mapped[str | None]
    credits: Mapped[str | None]
    state: Mapped[ScenarioState] = mapped_column(one_of(ScenarioState, "state"))
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None: it came with Attune."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScenarioWriterRow(Owned, Base):
    """Somebody took part in writing a scenario, and so does not review it. One row a person, or several."""

    __tablename__ = "scenario_writer"

    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenario.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScenarioReviewRow(Owned, Base):
    """Somebody with lived experience read a scenario as it stood then. Never changed."""

    __tablename__ = "scenario_review"

    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenario.id"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    agrees: Mapped[bool]
    words: Mapped[str | None]
    of_digest: Mapped[str]
    """SHA-256 of what was read: a scenario that was changed afterwards is to be read again."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ScenarioOfferRow(Owned, Base):
    """A scenario that an observation uses, or used before its trainee took another. No reason is kept anywhere."""

    __tablename__ = "scenario_offer"
    __table_args__ = (
        UniqueConstraint("observation_id", "scenario_id"),
        Index(
            "uq_scenario_offer_standing",
            "observation_id",
            unique=True,
            sqlite_where=text("swapped_at IS NULL"),
            postgresql_where=text("swapped_at IS NULL"),
        ),
    )

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    scenario_id: Mapped[UUID] = mapped_column(ForeignKey("scenario.id"), index=True)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its trainee opened it, after the content notes."""
    swapped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
