"""Organizations: the tenants that own everything else."""

from datetime import datetime

from sqlalchemy import false, text
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
