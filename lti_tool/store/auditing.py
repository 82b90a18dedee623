"""What auditors look at: samples, what they opened and why, what they found."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class SampleOf(StrEnum):
    """What records a sample is drawn from."""

    OBSERVATIONS = "observations"
    LEDGER_ENTRIES = "ledger_entries"
    DECISIONS = "decisions"


class AuditSampleRow(Owned, Base):
    """A sample of records, drawn by chance from a seed, so that anybody can draw it again."""

    __tablename__ = "audit_sample"
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 500", name="size"),
        CheckConstraint("population >= size", name="population"),
        CheckConstraint("until >= since", name="days_in_order"),
        Index("ix_audit_sample_made", "organization_id", "made_at"),
    )

    drawn_from: Mapped[SampleOf] = mapped_column(one_of(SampleOf, "drawn_from"))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("program.id"))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    plan: Mapped[str] = mapped_column(EncryptedText)
    """What the auditor wants to find out with it."""
    seed: Mapped[str]
    size: Mapped[int]
    population: Mapped[int]
    """How many records there were to draw from."""
    drawn_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditItemRow(Owned, Base):
    """One record of a sample."""

    __tablename__ = "audit_item"
    __table_args__ = (UniqueConstraint("sample_id", "position"), UniqueConstraint("sample_id", "subject_id"))

    sample_id: Mapped[UUID] = mapped_column(ForeignKey("audit_sample.id"))
    position: Mapped[int]
    subject_id: Mapped[UUID]
    """The observation, ledger entry or decision."""
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditUnlockRow(Owned, Base):
    """Why an auditor opened a record with its names and words. Whose record it is can read that."""

    __tablename__ = "audit_unlock"
    __table_args__ = (
        Index("ix_audit_unlock_item", "item_id"),
        Index("ix_audit_unlock_trainee", "trainee_id"),
        CheckConstraint("until >= at", name="times_in_order"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey("audit_item.id"))
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class FindingKind(StrEnum):
    """What an auditor says of a record, or of the whole sample."""

    IN_ORDER = "in_order"
    QUESTION = "question"
    CONCERN = "concern"


class AuditFindingRow(Owned, Base):
    """What an auditor found, and what a program lead answered."""

    __tablename__ = "audit_finding"
    __table_args__ = (
        Index("ix_audit_finding_sample", "sample_id"),
        UniqueConstraint("sample_id", "item_id"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_someone"),
    )

    sample_id: Mapped[UUID] = mapped_column(ForeignKey("audit_sample.id"))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("audit_item.id"))
    """None: it is about the sample as a whole."""
    kind: Mapped[FindingKind] = mapped_column(one_of(FindingKind, "kind"))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the auditor said that nothing is open any more."""
