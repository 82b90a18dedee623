"""What a person is told inside Attune: that something is there, and where; never what it says."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class MessageKind(StrEnum):
    """What a message is about, in the plainest way."""

    OBSERVATION = "observation"
    SIGNATURE = "signature"
    SUPERVISION = "supervision"
    PLACEMENT = "placement"
    QUALIFICATION = "qualification"
    EVIDENCE = "evidence"
    RUBRIC = "rubric"
    HOURS = "hours"
    PROGRAM = "program"
    DECISION = "decision"
    APPEAL = "appeal"
    PLAN = "plan"
    GRADEBOOK = "gradebook"
    CREDENTIAL = "credential"
    CALIBRATION = "calibration"
    SURVEY = "survey"
    EXPORT = "export"
    AUDIT = "audit"
    OTHER = "other"


class MessageRow(Owned, Base):
    """Something that is there for somebody. Of the same kind and place one is unread at a time."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_person", "person_id", "made_at"),
        Index("ix_message_sender", "sender_id", "made_at"),
        Index(
            "uq_message_unread",
            "person_id",
            "kind",
            "path",
            unique=True,
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind, "kind"))
    path: Mapped[str]
    """Where it leads, inside Attune: no secret, no words."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_id: Mapped[UUID | None] = mapped_column(ForeignKey("mail.id"))
    """The mail that told of it, where one did."""
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Whose act it came from; they see whether it arrived, and not whether it was read."""
