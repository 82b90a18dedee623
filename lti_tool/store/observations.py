"""Observations with their consent, assessments, responses and signatures."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.sign_off import Assurance, Lane, Meaning


class ObservationRow(Owned, Base):
    """One occasion: one trainee, one published rubric version, one observer (for now)."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("trainee_id <> observer_id", name="not_observing_oneself"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_at_of_released"),
        CheckConstraint("(shared_at IS NULL) = (respond_until IS NULL)", name="window_of_shared"),
        Index("ix_observation_activity_trainee", "activity_id", "trainee_id"),
        Index("ix_observation_observer_state", "observer_id", "state"),
        Index("ix_observation_activity_state", "activity_id", "state"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    observer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[State] = mapped_column(one_of(State, "state"))
    salt: Mapped[str] = mapped_column(EncryptedText)
    """Goes into the signed document, so that its digest tells nothing once the salt is erased."""
    note: Mapped[str | None] = mapped_column(EncryptedText)
    """What the trainee wanted the observer to know beforehand."""
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    respond_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the trainee answered; None while they have not, or let the window pass."""
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentRow(Owned, Base):
    """What the trainee agreed to, and whether the person served did."""

    __tablename__ = "consent"

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), unique=True)
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "mode"))
    recorded: Mapped[bool]
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person_served: Mapped[PersonServed | None] = mapped_column(one_of(PersonServed, "person_served"))
    """None until the observer has asked."""


class AssessmentRow(Owned, Base):
    """One observer's words on one observation."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("observation_id", "observer_id"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    observer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    strength: Mapped[str | None] = mapped_column(EncryptedText)
    growth: Mapped[str | None] = mapped_column(EncryptedText)
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RatingRow(Base):
    """The level given for one criterion. No row: not rated yet. `not_observed` is not a level."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("NOT (not_observed AND level IS NOT NULL)", name="level_or_not_observed"),
        CheckConstraint("level >= 1", name="level"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[int | None]
    not_observed: Mapped[bool]
    evidence: Mapped[str | None] = mapped_column(EncryptedText)


class ResponseRow(Owned, Base):
    """The trainee's own words on an assessment, signed together with it."""

    __tablename__ = "response"

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), unique=True)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    """None where the trainee chose to answer without words."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignOffRow(Owned, Base):
    """A signature. A trigger refuses any change, see the first migration."""

    __tablename__ = "sign_off"
    __table_args__ = (UniqueConstraint("observation_id", "lane"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    lane: Mapped[Lane] = mapped_column(one_of(Lane, "lane"))
    meaning: Mapped[Meaning] = mapped_column(one_of(Meaning, "meaning"))
    attestation: Mapped[str]
    assurance: Mapped[Assurance] = mapped_column(one_of(Assurance, "assurance"))
    digest: Mapped[str]
    """SHA-256 of the `SignedDocumentRow`, in hexadecimal: it stays when the words are taken away."""
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignedDocumentRow(Base):
    """The words under a signature. Never changed; deleted only with an observation that was taken back."""

    __tablename__ = "signed_document"

    sign_off_id: Mapped[UUID] = mapped_column(ForeignKey("sign_off.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    document: Mapped[str] = mapped_column(EncryptedText)
    """Canonical JSON (RFC 8785) of exactly what was shown, its salt inside."""
