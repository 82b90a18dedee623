"""Printed forms: the code on each leads back to its observation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime


class PaperFormRow(Owned, Base):
    """One printed form. It belongs to an observation, or will when its code is typed in."""

    __tablename__ = "paper_form"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        Index(
            "uq_paper_form_observation",
            "observation_id",
            unique=True,
            sqlite_where=text("observation_id IS NOT NULL"),
            postgresql_where=text("observation_id IS NOT NULL"),
        ),
    )

    code: Mapped[str]
    rubric_version_id: Mapped[UUID] = mapped_column(ForeignKey("rubric_version.id"))
    observation_id: Mapped[UUID | None] = mapped_column(ForeignKey("observation.id"))
    """None for a blank form whose code nobody typed in yet."""
    printed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
