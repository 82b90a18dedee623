"""The ledger: entries, their signatures and returns; what else became known of a person; files of entries."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.evidence import Kind
from grading.ledger import EntryKind, EntryState, Source
from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane

_STANDS = text("withdrawn_at IS NULL")
_FROM_RULE = text("rule_id IS NOT NULL AND taken_back_at IS NULL")


class LedgerEntryRow(Owned, Base):
    """So much of something, on one day. Once signed it never changes: it is reversed, and a new one is written."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL)", name="reversed_at_of_reversed"),
        CheckConstraint("(reversed_at IS NULL) = (reversed_by IS NULL)", name="reversed_by_someone"),
        CheckConstraint("state <> 'waiting' OR (asked_id IS NOT NULL AND asked_at IS NOT NULL)", name="waiting_for"),
        CheckConstraint("asked_id IS NULL OR asked_id <> person_id", name="not_oneself"),
        Index("ix_ledger_entry_person", "person_id", "on_day"),
        Index("ix_ledger_entry_asked", "asked_id", "state", "asked_at"),
        Index("ix_ledger_entry_day", "organization_id", "on_day"),
        Index("ix_ledger_entry_in_order", "person_id", "id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "kind"))
    on_day: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    unit: Mapped[str] = mapped_column(server_default=text("'hours'"))
    title: Mapped[str | None] = mapped_column(EncryptedText)
    """What it was, such as the name of a training."""
    provider: Mapped[str | None] = mapped_column(EncryptedText)
    note: Mapped[str | None] = mapped_column(EncryptedText)
    """For whoever signs."""
    said: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    """What it is like, in names of programs: lists of words, or a number as text."""
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    model: Mapped[PracticeModel | None] = mapped_column(one_of(PracticeModel, "model"))
    setting: Mapped[Setting | None] = mapped_column(one_of(Setting, "setting"))
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    """In whose course whoever is asked may sign; None: nobody was asked yet."""
    asked_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who is asked to sign it."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[EntryState] = mapped_column(one_of(EntryState, "state"))
    series_id: Mapped[UUID | None]
    """The same for entries that were made as one repeating entry."""
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_import.id"), index=True)
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    """The reversed entry whose place it takes."""
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    why_reversed: Mapped[str | None] = mapped_column(EncryptedText)


class LedgerSignatureRow(Owned, Base):
    """Somebody signed an entry. Never changed but for its withdrawal."""

    __tablename__ = "ledger_signature"
    __table_args__ = (
        Index("uq_ledger_signature_standing", "entry_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_someone"),
        Index("ix_ledger_signature_signer", "signer_id", "signed_at"),
    )

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    signer_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    lane: Mapped[Lane] = mapped_column(one_of(Lane, "lane"))
    salt: Mapped[str]
    digest: Mapped[str]
    """SHA-256 of the canonical JSON of exactly what was shown, with the salt in it, in hexadecimal."""
    document: Mapped[str | None] = mapped_column(EncryptedText)
    """That JSON: the signer's copy. None once its words went."""
    link_digest: Mapped[str | None] = mapped_column(unique=True)
    """SHA-256 of the link of the copy that the signer got by mail."""
    assurance: Mapped[Assurance] = mapped_column(one_of(Assurance, "assurance"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    why_withdrawn: Mapped[str | None] = mapped_column(EncryptedText)


class LedgerReturnRow(Owned, Base):
    """Somebody handed an entry back, with a reason."""

    __tablename__ = "ledger_return"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    returned_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(EncryptedText)
    returned_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LedgerImportRow(Owned, Base):
    """A file of entries: read, shown, and written only when somebody says so."""

    __tablename__ = "ledger_import"
    __table_args__ = (
        CheckConstraint("(taken_at IS NULL) OR (put_away_at IS NULL)", name="taken_or_put_away"),
        Index("ix_ledger_import_person", "person_id", "brought_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """Whose entries they are."""
    brought_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str] = mapped_column(EncryptedText)
    rows: Mapped[str | None] = mapped_column(EncryptedText)
    """What was read, as JSON: each row with what is to be looked at. None once it was taken in or put away."""
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AttestationRow(Owned, Base):
    """Something else that is known of a person, in the words of programs: never a story, a diagnosis or a document."""

    __tablename__ = "attestation"
    __table_args__ = (
        CheckConstraint("(kind = 'statement') = (source = 'own_word')", name="own_word_of_statement"),
        CheckConstraint(
            "kind NOT IN ('practice', 'supervision', 'observation', 'rating')", name="not_of_other_places"
        ),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("until IS NULL OR until >= on_day", name="days_in_order"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_someone"),
        Index("ix_attestation_person", "person_id"),
        Index(
            "uq_attestation_of_rule",
            "rule_id",
            "person_id",
            unique=True,
            sqlite_where=_FROM_RULE,
            postgresql_where=_FROM_RULE,
        ),
    )  # fmt: skip

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[UUID | None] = mapped_column(ForeignKey("program.id"))
    """The program alone that it is for; None: any."""
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    on_day: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    unit: Mapped[str] = mapped_column(server_default=text("''"))
    said: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    """What it is like, in names of programs: lists of words, or a number as text."""
    until: Mapped[date | None] = mapped_column(Date)
    source: Mapped[Source] = mapped_column(one_of(Source, "source"))
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey("lms_result_rule.id"))
    said_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """None where the LMS did."""
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class LmsResultRuleRow(Owned, Base):
    """A column of the LMS whose results say that something was done, such as a training."""

    __tablename__ = "lms_result_rule"
    __table_args__ = (
        CheckConstraint("at_least BETWEEN 0 AND 1", name="at_least"),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("course_id", "program_id", "url", "number"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"), index=True)
    url: Mapped[str]
    """The column, as the platform names it."""
    number: Mapped[int]
    label: Mapped[str]
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    said: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=text("'{}'"))
    at_least: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    """From this share of the column's maximum on."""
    amount: Mapped[Decimal | None] = mapped_column(Numeric(9, 2))
    unit: Mapped[str] = mapped_column(server_default=text("''"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its results were last read."""
    problem: Mapped[str | None]
    """A code of `lti.errors.PlatformProblem` where they could not be read."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
