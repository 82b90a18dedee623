"""What an instructor was asked to choose by a platform, and what they chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, EncryptedText, Owned, UtcDateTime


class DeepLinkRow(Owned, Base):
    """A deep linking request: it waits for the choice of the person who opened it, and is answered once."""

    __tablename__ = "deep_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    return_url: Mapped[str] = mapped_column(EncryptedText)
    """Where the answer goes; may hold a secret of the platform."""
    data: Mapped[str | None] = mapped_column(EncryptedText)
    """To be given back unaltered, or not at all if None."""
    accept_links: Mapped[bool]
    """Whether the platform takes links that launch us there."""
    accept_multiple: Mapped[bool]
    accept_line_item: Mapped[bool | None]
    """None where the platform did not say."""
    title: Mapped[str | None]
    text: Mapped[str | None]
    chosen: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The basket, see `services.linking.basket`; from `answered_at` on it is what was answered."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
