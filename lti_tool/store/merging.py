"""That somebody asked to make two accounts one, until it is done, called off or over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime


class MergeRequestRow(Owned, Base):
    """It waits for a second look of whoever asked. Deleted with whatever ends it."""

    __tablename__ = "merge_request"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    """Who asked, signed in as this one."""
    other_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    """The account of which they showed that it is theirs, too."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stop_digest: Mapped[str] = mapped_column(unique=True)
    """Of the secret in the mail, by which it is called off."""
