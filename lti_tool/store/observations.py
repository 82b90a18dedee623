"""Observations with their consent, assessments, responses and signatures."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane, Meaning


class ObservationRow(Owned, Base):
    """One occasion: one trainee, one published rubric version, one or more observers (`ObserverRow`)."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("trainee_id <> observer_id", name="not_observing_oneself"),
        CheckConstraint(
            "(state <> 'released' OR released_at IS NOT NULL) AND "
            "(released_at IS NULL OR state IN ('released', 'superseded', 'reconsidered'))",
            name="released_at_of_released",
        ),
        CheckConstraint("(shared_at IS NULL) = (respond_until IS NULL)", name="window_of_shared"),
        CheckConstraint("extensions >= 0", name="extensions"),
        CheckConstraint("needed_observers BETWEEN 1 AND 10", name="needed_observers"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        CheckConstraint("starts_at IS NOT NULL OR proposed_by IS NULL", name="proposal_of_a_time"),
        Index("ix_observation_activity_trainee", "activity_id", "trainee_id"),
        Index("ix_observation_observer_state", "observer_id", "state"),
        Index("ix_observation_trainee", "trainee_id", "changed_at"),
        Index("ix_observation_activity_state", "activity_id", "state"),
        Index("ix_observation_released", "released_at"),
        Index("ix_observation_rubric_version", "rubric_version_id", "released_at"),
        Index("ix_observation_site", "site_id", "released_at"),
        Index("uq_observation_supersedes", "supersedes_id", unique=True),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    observer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The one who leads: the only one, or the first of several, see `ObserverRow`."""
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
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who asked for it; None: the trainee."""
    proposed_mode: Mapped[Mode | None] = mapped_column(one_of(Mode, "proposed_mode"))
    """How someone else would like to see it: nothing is agreed until the trainee's `ConsentRow` is there."""
    proposed_recorded: Mapped[bool | None]
    needed_observers: Mapped[int] = mapped_column(server_default=text("1"))
    """How many observers have to hand in before it can be shared."""
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The time that was proposed or agreed; None: the two find one by themselves."""
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whose proposal of a time waits for the other side; None: it is agreed, or there is none."""
    where: Mapped[str | None] = mapped_column("place", EncryptedText)
    """A place or a link, as somebody wrote it."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extensions: Mapped[int] = mapped_column(server_default=text("0"))
    """How often the trainee asked for more time to answer."""
    talk_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The trainee would like to talk before they answer."""
    talk_held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finalize_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """All lanes have signed, the last of them among several at once: until then that can be taken back."""
    shared_with_mentors: Mapped[bool | None]
    """What the trainee said later about their mentors; None: as in the `ConsentRow`."""
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    """The record in whose place this one stands."""
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    model: Mapped[PracticeModel | None] = mapped_column(one_of(PracticeModel, "model"))
    setting: Mapped[Setting | None] = mapped_column(one_of(Setting, "setting"))
    interpreter: Mapped[bool | None]
    """Whether an interpreter was present; None: nobody said."""


class ObserverState(StrEnum):
    """How far somebody is who was asked to observe."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    REPLACED = "replaced"
    """somebody else was asked in their place"""
    RECUSED = "recused"
    """a conflict was declared, by either side"""


class ObserverRow(Owned, Base):
    """Somebody who was asked to observe. Whoever is neither asked nor agreed has no part in it any more."""

    __tablename__ = "observer"
    __table_args__ = (
        UniqueConstraint("observation_id", "person_id"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_at_of_answered"),
        Index("ix_observer_person_state", "person_id", "state"),
    )

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ObserverState] = mapped_column(one_of(ObserverState, "state"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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
    audience: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """Who else may read it, by name of `rubrics.consent.Audience`."""


class AssessmentRow(Owned, Base):
    """One observer's words on one observation; or the trainee's own, who then is its observer."""

    __tablename__ = "assessment"
    __table_args__ = (UniqueConstraint("observation_id", "observer_id"),)

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    observer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    strength: Mapped[str | None] = mapped_column(EncryptedText)
    growth: Mapped[str | None] = mapped_column(EncryptedText)
    next_step: Mapped[str | None] = mapped_column(EncryptedText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    of_oneself: Mapped[bool] = mapped_column(server_default=false())
    """The trainee's self-assessment: shown beside the others, never counted."""
    reply: Mapped[str | None] = mapped_column(EncryptedText)
    """The observer's answer to the trainee's words."""
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role_drift: Mapped[bool | None]
    """Whether the trainee was asked to do what does not belong to the role; None: not said."""


class AssessmentRevisionRow(Owned, Base):
    """An assessment as it was shared before it was amended. Never changed."""

    __tablename__ = "assessment_revision"
    __table_args__ = (UniqueConstraint("assessment_id", "number"), CheckConstraint("number >= 1", name="number"))

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"))
    number: Mapped[int]
    document: Mapped[str] = mapped_column(EncryptedText)
    """JSON: strength, growth, next_step, ratings."""
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: it was handed in, and amended in a moderation before anything was shared."""
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


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
    """What was given; None where it was an answer without words, or none was given yet."""
    draft: Mapped[str | None] = mapped_column(EncryptedText)
    """What the trainee is writing, for nobody else's eyes. None: nothing that differs from what was given."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CriterionResponseRow(Base):
    """The trainee's words on one criterion, part of their response."""

    __tablename__ = "criterion_response"

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    draft: Mapped[str | None] = mapped_column(EncryptedText)


class SignOffRow(Owned, Base):
    """A signature. A trigger refuses any change, see the first migration; see `SignOffWithdrawalRow`."""

    __tablename__ = "sign_off"
    __table_args__ = (
        UniqueConstraint("observation_id", "lane", "attempt"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("(assurance = 'in_person') = (device_of IS NOT NULL)", name="device_of_in_person"),
    )

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"))
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    lane: Mapped[Lane] = mapped_column(one_of(Lane, "lane"))
    meaning: Mapped[Meaning] = mapped_column(one_of(Meaning, "meaning"))
    attestation: Mapped[str]
    assurance: Mapped[Assurance] = mapped_column(one_of(Assurance, "assurance"))
    digest: Mapped[str]
    """SHA-256 of the `SignedDocumentRow`, in hexadecimal: it stays when the words are taken away."""
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts up where an earlier signature of the lane was withdrawn: two at once meet at the unique key."""
    device_of: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """On whose device it was signed in person."""


class WithdrawalKind(StrEnum):
    """Why a signature does not stand any more."""

    TAKEN_BACK = "taken_back"
    """by its signer, with a reason"""
    UNDONE = "undone"
    """one of several signed at once, taken back before it was sent on"""
    NOT_ME = "not_me"
    """the person in whose name it was given says that it was not them"""
    RECUSED = "recused"
    """a conflict was declared before it was final"""


class SignOffWithdrawalRow(Owned, Base):
    """That a signature does not stand any more. Never changed, as little as the signature."""

    __tablename__ = "sign_off_withdrawal"

    sign_off_id: Mapped[UUID] = mapped_column(ForeignKey("sign_off.id"), unique=True)
    kind: Mapped[WithdrawalKind] = mapped_column(one_of(WithdrawalKind, "kind"))
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where a declared conflict did it: who declared it is not told."""
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignOffCopyRow(Owned, Base):
    """The link that the signer got: to their copy, and to say that it was not them."""

    __tablename__ = "sign_off_copy"

    sign_off_id: Mapped[UUID] = mapped_column(ForeignKey("sign_off.id"), unique=True)
    link_digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the signer said that it was them, of one that was given on another's device."""


class SupersessionRow(Owned, Base):
    """Why a final observation does not stand any more. Never changed."""

    __tablename__ = "supersession"

    observation_id: Mapped[UUID] = mapped_column(ForeignKey("observation.id"), unique=True)
    by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignedDocumentRow(Base):
    """The words under a signature. Never changed; deleted only with an observation that was taken back."""

    __tablename__ = "signed_document"

    sign_off_id: Mapped[UUID] = mapped_column(ForeignKey("sign_off.id"), primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organization.id"))
    document: Mapped[str] = mapped_column(EncryptedText)
    """Canonical JSON (RFC 8785) of exactly what was shown, its salt inside."""
