"""What the gradebook should show for each person, and what the platform last accepted."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
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
        CheckConstraint("(accepted_score IS NULL) = (accepted_at IS NULL)", name="accepted_whole"),
        Index("ix_delivery_due", "state", "next_attempt_at"),
    )

    line_item_id: Mapped[UUID] = mapped_column(ForeignKey("line_item.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState, "state"))
    desired_score: Mapped[Decimal] = mapped_column(Numeric(9, 4))
    desired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the desired score last changed; the timestamp that is sent with it."""
    accepted_score: Mapped[Decimal | None] = mapped_column(Numeric(9, 4))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last timestamp that was sent; the next must be at least a whole second later."""
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until then one worker holds the row; after that any may take it up again."""
    answer: Mapped[str | None]
    """The last answer as a code of `lti.gradebook.Answer`; pages turn it into a sentence."""
