"""Credentials: keys that issue them, what was issued, how it stands, who may see it, and how certificates look."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of

STATUSES = 131_072
"""Entries of a status list (Bitstring Status List 1.0: at least so many, so that nobody stands out)."""
_ISSUES = text("retired_at IS NULL")
_OPEN = text("ended_at IS NULL")


class KeyAlgorithm(StrEnum):
    """How an issuer signs."""

    RS256 = "RS256"
    """credentials as signed JWT (Open Badges 3.0, section 8.2)"""
    ED25519 = "Ed25519"
    """credentials with a Data Integrity proof (eddsa-rdfc-2022)"""


class IssuerKeyRow(Owned, Base):
    """A key that signs credentials. It is kept as long as there are credentials: its id is never used again."""

    __tablename__ = "issuer_key"
    __table_args__ = (
        UniqueConstraint("organization_id", "kid"),
        Index(
            "uq_issuer_key_issues",
            "organization_id",
            "algorithm",
            unique=True,
            sqlite_where=_ISSUES,
            postgresql_where=_ISSUES,
        ),
    )

    kid: Mapped[str]
    algorithm: Mapped[KeyAlgorithm] = mapped_column(one_of(KeyAlgorithm, "algorithm"))
    private: Mapped[str] = mapped_column(EncryptedText)
    """PEM (PKCS 8)."""
    public: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The public half as a JWK."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it signs nothing new; what it signed stays good."""


class StatusListRow(Owned, Base):
    """A list of how credentials stand; its entries are given out by chance, so that a number tells nothing."""

    __tablename__ = "status_list"
    __table_args__ = (UniqueConstraint("organization_id", "number"), CheckConstraint("number >= 1", name="number"))

    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CredentialRow(Owned, Base):
    """A credential as it was issued. It never changes: another one takes its place, and this one is withdrawn."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("status_list_id", "status_index"),
        CheckConstraint(f"status_index BETWEEN 0 AND {STATUSES - 1}", name="status_index"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days_in_order"),
        CheckConstraint("(withdrawn_at IS NULL) OR (why IS NOT NULL)", name="why_withdrawn"),
        CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name="not_itself"),
        Index("ix_credential_enrollment", "enrollment_id"),
        Index("ix_credential_person", "person_id"),
        Index("ix_credential_decision", "decision_id"),
    )

    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    """The decision that it is about."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    """The holder."""
    key_id: Mapped[UUID] = mapped_column(ForeignKey("issuer_key.id"), index=True)
    status_list_id: Mapped[UUID] = mapped_column(ForeignKey("status_list.id"))
    status_index: Mapped[int]
    name: Mapped[str] = mapped_column(EncryptedText)
    """The holder's name as they wished it on the credential."""
    language: Mapped[str]
    document: Mapped[str] = mapped_column(EncryptedText)
    """The signed JWT, exactly as it was issued."""
    integrity: Mapped[str | None] = mapped_column(EncryptedText)
    """The same with a Data Integrity proof, as JSON, where the issuer has such a key."""
    digest: Mapped[str]
    """SHA-256 of `document`, in hexadecimal."""
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """The last day, as the decision or the program says; None: without an end."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("credential.id"), unique=True)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who did it; None: it followed from a decision or a new issue."""
    why: Mapped[str | None] = mapped_column(EncryptedText)


class CredentialShareRow(Owned, Base):
    """A page that anybody who has its address may read. The holder opens it, and closes it again."""

    __tablename__ = "credential_share"
    __table_args__ = (
        Index("uq_credential_share_open", "credential_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id"))
    link: Mapped[str] = mapped_column(EncryptedText)
    """The end of the address, for the holder to copy again."""
    link_digest: Mapped[str] = mapped_column(unique=True)
    shows_name: Mapped[bool]
    shows_endorsements: Mapped[bool]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EndorsementRow(Owned, Base):
    """What somebody says for a holder. It is shown only once the holder agreed, and as long as they do."""

    __tablename__ = "endorsement"
    __table_args__ = (
        UniqueConstraint("credential_id", "by_person_id"),
        CheckConstraint("agreed_at IS NULL OR declined_at IS NULL", name="one_answer"),
        Index("ix_endorsement_by_person", "by_person_id"),
    )

    credential_id: Mapped[UUID] = mapped_column(ForeignKey("credential.id"))
    by_person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    by_name: Mapped[str] = mapped_column(EncryptedText)
    """Who says it, as they wish to be called."""
    words: Mapped[str] = mapped_column(EncryptedText)
    document: Mapped[str | None] = mapped_column(EncryptedText)
    """The signed endorsement, made when the holder agreed."""
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CertificateLook(StrEnum):
    """How the certificate of a program looks."""

    PLAIN = "plain"
    FRAMED = "framed"
    WIDE = "wide"


class CertificateRow(Owned, Base):
    """What stands on the certificates of a program, in one language."""

    __tablename__ = "certificate"
    __table_args__ = (UniqueConstraint("program_id", "language"),)

    program_id: Mapped[UUID] = mapped_column(ForeignKey("program.id"))
    language: Mapped[str]
    look: Mapped[CertificateLook] = mapped_column(one_of(CertificateLook, "look"))
    title: Mapped[str]
    words: Mapped[str]
    """What is certified, in the program's own words."""
    signed_by: Mapped[str]
    """Who stands for it, such as the name and office of a director; may be empty."""
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
