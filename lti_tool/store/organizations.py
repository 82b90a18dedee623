"""Organizations: the tenants that own everything else."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Keyed, UtcDateTime


class OrganizationRow(Keyed, Base):
    """An institution or program; nothing is ever shared between two of them."""

    __tablename__ = "organization"

    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leave_page_url: Mapped[str]
    """Where the "leave this page" control goes: a neutral site."""
    usual_language: Mapped[str] = mapped_column(server_default=text("'en'"))
    """Of mail to whoever chose none."""
    score_comment: Mapped[bool] = mapped_column(server_default=false())
    """Whether one fixed neutral line goes with each score, instead of nothing."""
    support_text: Mapped[str]
    """What the support panel says: plain text, one contact a line."""
    sample_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the sample program is in place; nothing else is kept of it."""


class RemovedOrganizationRow(Keyed, Base):
    """An organization that was here. Its id, numbers and digests: nothing that anybody wrote, and no name."""

    __tablename__ = "removed_organization"

    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None only inside the transaction that removes: there the database lets its final records go."""
    rows_before: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How many rows it had, by table."""
    files_before: Mapped[int]
    audit_number: Mapped[int]
    """Of the last entry of its audit; 0: it had none."""
    audit_digest: Mapped[str | None]
    export_digest: Mapped[str | None]
    """SHA-256 of the manifest of what it took along; None: it took nothing."""
