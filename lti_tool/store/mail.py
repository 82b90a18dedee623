"""Mail that goes out, and how people want to be reached. No content is kept: a mail has none."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime, one_of


class MailKind(StrEnum):
    """What a mail is for. Its words say only who sends it, and where the link leads."""

    INVITATION = "invitation"
    CODE = "code"
    """a code for signing in, to the address that is known"""
    NEWS = "news"
    """something waits, or changed: at most one a day"""
    REMINDER = "reminder"
    COPY = "copy"
    """the link to what somebody signed"""
    ADDRESS = "address"
    """a code that shows that an address is the person's own"""
    SIGNING = "signing"
    """a code for signing, where an activity asks for one"""
    FORMER = "former"
    """a last word to an address from which a person's mail went away"""
    MERGE = "merge"
    """somebody who is signed in as them asked to make another account one with theirs"""


class MailState(StrEnum):
    """How far a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_WANTED = "not_wanted"
    """the person chose not to get it"""
    NEEDS_PERSON = "needs_person"
    """the mail server did not take it, often enough"""
    RETURNED = "returned"
    """a mail server says that nobody is reached at this address"""


class MailRow(Owned, Base):
    """One mail that should go out: the truth is this row, whatever a queue loses."""

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_of_sent"),
        Index("ix_mail_due", "state", "next_attempt_at"),
        Index("ix_mail_person", "person_id", "made_at"),
        Index("ix_mail_sender", "sender_id", "made_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[MailKind] = mapped_column(one_of(MailKind, "kind"))
    sender_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who sends it, by name; None: the organization."""
    path: Mapped[str | None] = mapped_column(EncryptedText)
    """Where the link leads; may hold a secret, so it is taken away once the mail has gone."""
    code: Mapped[str | None] = mapped_column(EncryptedText)
    """The code that it brings; taken away once the mail has gone."""
    address: Mapped[str | None] = mapped_column(EncryptedText)
    """Where it goes, if not to the address that the person gave: to one that is to be shown to be theirs."""
    state: Mapped[MailState] = mapped_column(one_of(MailState, "state"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Not before then: quiet hours, or the pause after an attempt."""
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None]
    """A code for what the mail server said."""


class Wanted(StrEnum):
    """How much mail somebody wants."""

    DAILY = "daily"
    """at most one a day"""
    NONE = "none"
    """none but what they ask for themselves: a code, an invitation"""


class ContactRow(Owned, Base):
    """How one person wants to be reached. Without a row: at the address they were invited at, once a day."""

    __tablename__ = "contact"
    __table_args__ = (CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23", name="hours"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    """None: the one they were invited at, or none."""
    new_email: Mapped[str | None] = mapped_column(EncryptedText)
    """One that is still to be shown to be theirs, by a code; mail goes to the old one until then."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when mail goes to the address: then a code showed it to be theirs, or it came with another account of
    theirs. None: since they were invited."""
    code_digest: Mapped[str | None]
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_attempts_left: Mapped[int] = mapped_column(server_default=text("0"))
    wanted: Mapped[Wanted] = mapped_column(one_of(Wanted, "wanted"))
    muted: Mapped[list[str]] = mapped_column(JSON, server_default=text("'[]'"))
    """Kinds of mail that they do not want, and kinds of messages that bring no mail and are not shown as new."""
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    quiet_from: Mapped[int] = mapped_column(server_default=text("20"))
    """The hour from which nothing is sent, in their time zone."""
    quiet_until: Mapped[int] = mapped_column(server_default=text("8"))
    safe_on: Mapped[date | None] = mapped_column(Date)
    """When they last said that this way is safe for them."""
    language: Mapped[str | None]
    """The language of mail; None: the one in which they were last here, or the usual one."""
    names_sender: Mapped[bool] = mapped_column(server_default=true())
    """Whether a mail may name the institution and the person it comes from."""
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a mail to the address came back: nothing goes there until the address was looked at."""
    stop_digest: Mapped[str | None] = mapped_column(unique=True)
    """Of the secret in each mail's link for stopping mail."""
