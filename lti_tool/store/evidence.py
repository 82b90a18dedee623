"""Evidence: what it is, who may see it, and under which name its content lies in the store of files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing


class EvidenceRow(Owned, Base):
    """A file, a link or a note of one person. Contents of files are in the store of files, never here."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("state = 'withdrawn' OR (kind = 'link') = (address IS NOT NULL)", name="address_of_link"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_of_withdrawn"),
        CheckConstraint(
            "NOT required_viewing OR kind <> 'video' OR captions_name IS NOT NULL", name="captions_before_required"
        ),
        Index("ix_evidence_owner", "owner_id", "made_at"),
        Index("ix_evidence_observation", "observation_id"),
        Index("ix_evidence_state", "state", "moved_at"),
    )

    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID | None] = mapped_column(ForeignKey("course.id"))
    """The course in which it is shared; None: it belongs to the person alone."""
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    kind: Mapped[EvidenceKind] = mapped_column(one_of(EvidenceKind, "kind"))
    state: Mapped[EvidenceState] = mapped_column(one_of(EvidenceState, "state"))
    sharing: Mapped[Sharing] = mapped_column(one_of(Sharing, "sharing"))
    title: Mapped[str | None] = mapped_column(EncryptedText)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    """A note's words, or what its owner says about a file or link."""
    address: Mapped[str | None] = mapped_column(EncryptedText)
    from_journal: Mapped[bool] = mapped_column(server_default=false())
    """An excerpt that its owner shared from their journal."""
    stored_name: Mapped[str | None] = mapped_column(unique=True)
    """In the store of files; None: there is no content."""
    media_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    """In bytes, as it is kept."""
    digest: Mapped[str | None]
    """SHA-256 of the content as it is kept, in hexadecimal."""
    captions_name: Mapped[str | None] = mapped_column(unique=True)
    captions_language: Mapped[str | None]
    required_viewing: Mapped[bool] = mapped_column(server_default=false())
    """Whoever observes or signs has to have seen it."""
    problem: Mapped[str | None]
    """A code for why it cannot be used as it is."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it last went on; long ago means that an upload was cut off, or a worker is gone."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvidenceSeenRow(Owned, Base):
    """Somebody else opened it: its owner sees who did."""

    __tablename__ = "evidence_seen"
    __table_args__ = (Index("uq_evidence_seen_person", "evidence_id", "person_id", unique=True),)

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
