"""What the gradebook should show for each person, and what the platform last accepted."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from grading.delivery import DeliveryState
from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class DeliveryRow(Owned, Base):
    """The truth about one score. A task only says "look at this row"."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("line_item_id", "person_id"),
        CheckConstraint("desired_score BETWEEN 0 AND 100", name="desired_score"),
        CheckConstraint("accepted_score BETWEEN 0 AND 100", name="accepted_score"),
        CheckConstraint("(state = 'waiting') = (next_attempt_at IS NOT NULL)", name="next_attempt_of_waiting"),
        CheckConstraint(
            "(accepted_score IS NULL) = (accepted_at IS NULL) AND "
            "(accepted_score IS NULL) = (accepted_maximum IS NULL)",
            name="accepted_whole",
        ),
        CheckConstraint("desired_score <= desired_maximum", name="desired_maximum"),
        CheckConstraint("(sent_score IS NULL) = (sent_maximum IS NULL)", name="sent_maximum"),
        CheckConstraint("(lms_score IS NULL) = (lms_maximum IS NULL)", name="lms_maximum"),
        Index("ix_delivery_due", "state", "next_attempt_at"),
        Index("ix_delivery_of_platform", "registration_id", "state", "next_attempt_at"),
        Index("ix_delivery_accepted", "registration_id", "accepted_at"),
    )

    line_item_id: Mapped[UUID] = mapped_column(ForeignKey("line_item.id"))
    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id"))
    """Of the line item: what waits is looked for platform by platform."""
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState, "state"))
    desired_score: Mapped[Decimal] = mapped_column(Numeric(9, 4))
    desired_maximum: Mapped[Decimal] = mapped_column(Numeric(9, 4), server_default=text("100"))
    desired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the desired score last changed; the timestamp that is sent with it."""
    accepted_score: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    accepted_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last timestamp that was sent; the next must be at least a whole second later."""
    sent_score: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    """The last score that was sent, accepted or not: what the LMS shows is ours where it is this or the accepted."""
    sent_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    lms_score: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    """What the LMS showed when it was last read; None with `lms_read_at`: it showed nothing."""
    lms_maximum: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    lms_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When that was given, by the LMS's clock, where it says so."""
    lms_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    let_stand_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Who said that the LMS's own score stands."""
    to_clear: Mapped[bool] = mapped_column(server_default=false())
    """Whether a person asked for the cell to be emptied, which is then what the next attempt does."""
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then one worker holds the row; after that any may take it up again."""
    answer: Mapped[str | None]
    """The last answer as a code of `lti.gradebook.Answer`; pages turn it into a sentence."""
