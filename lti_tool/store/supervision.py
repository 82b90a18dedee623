"""Supervision: agreements and who signed them, sessions and who was there, asking for one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.sign_off import Assurance, Lane
from rubrics.supervision import Held, Part, SessionKind

_WAITS = text("ended_at IS NULL")


class SupervisionAgreementRow(Owned, Base):
    """One edition of what a trainee and a supervisor agreed to. In force once both have signed it, until it ended."""

    __tablename__ = "supervision_agreement"
    __table_args__ = (
        UniqueConstraint("course_id", "trainee_id", "supervisor_id", "lane", "number"),
        CheckConstraint("trainee_id <> supervisor_id", name="not_oneself"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("every_days BETWEEN 1 AND 366", name="every_days"),
        Index("ix_supervision_agreement_supervisor", "supervisor_id", "course_id"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    lane: Mapped[Lane] = mapped_column(one_of(Lane, "lane"))
    number: Mapped[int]
    """Which edition it is; a newer one takes its place once both have signed that."""
    every_days: Mapped[int]
    """A session at least every so many days."""
    expectations: Mapped[str | None] = mapped_column(EncryptedText)
    channels: Mapped[str | None] = mapped_column(EncryptedText)
    """How and when each can be reached."""
    confidentiality: Mapped[str | None] = mapped_column(EncryptedText)
    """What stays between the two, and what would have to be passed on to whom."""
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the second of the two signed."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a newer edition came into force, or one of the two ended it, or its proposer took it back."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When both were last told that no session was held for longer than agreed."""


class AgreementSignatureRow(Owned, Base):
    """That one of the two signed an edition. Never changed."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "person_id"),)

    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_agreement.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str]
    """SHA-256 of the canonical JSON of exactly what was shown, in hexadecimal."""
    assurance: Mapped[Assurance] = mapped_column(one_of(Assurance, "assurance"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupervisionSessionRow(Owned, Base):
    """A session that was held. Everybody who was there reads the same record of it."""

    __tablename__ = "supervision_session"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        Index("ix_supervision_session_course", "course_id", "held_on"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    kind: Mapped[SessionKind] = mapped_column(one_of(SessionKind, "kind"))
    held: Mapped[Held] = mapped_column(one_of(Held, "held"))
    held_on: Mapped[date] = mapped_column(Date)
    minutes: Mapped[int]
    agenda: Mapped[str | None] = mapped_column(EncryptedText)
    """What the trainee brought."""
    goals: Mapped[str | None] = mapped_column(EncryptedText)
    """What was agreed for the time until the next one."""
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When whoever recorded it said that it was not so."""


class SessionPartRow(Owned, Base):
    """Somebody who was in a session."""

    __tablename__ = "session_part"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), Index("ix_session_part_person", "person_id"))

    session_id: Mapped[UUID] = mapped_column(ForeignKey("supervision_session.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    part: Mapped[Part] = mapped_column(one_of(Part, "part"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they said that it was so; whoever recorded it did so by recording it."""
    differs: Mapped[str | None] = mapped_column(EncryptedText)
    """What they see differently: stands beside the record for everybody who was there."""


class SupervisionRequestRow(Owned, Base):
    """A trainee would like supervision. One waits at a time in a course."""

    __tablename__ = "supervision_request"
    __table_args__ = (
        Index(
            "uq_supervision_request_waiting",
            "course_id",
            "trainee_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
        CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken_by_someone"),
        Index("ix_supervision_request_answer_by", "answer_by"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    """After which observation it was asked for, where it was."""
    lane: Mapped[Lane | None] = mapped_column(one_of(Lane, "lane"))
    """None: whoever can."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    """Until when an answer was promised."""
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed: Mapped[str | None] = mapped_column(EncryptedText)
    """When and how the one who took it proposes to meet, in their words."""
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When nobody had answered in time, and the instructors were told."""
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_session.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was held, or the trainee did not need it any more."""
