"""Files that somebody asked for and a worker makes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    READY = "ready"
    STOPPED = "stopped"
    """it could not be made; `problem` says why"""
    CALLED_OFF = "called_off"
    GONE = "gone"
    """it was kept for its time, and is not any more"""


class ExportForm(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"


class ExportRow(Owned, Base):
    """One file, for the person who asked for it and nobody else."""

    __tablename__ = "export"
    __table_args__ = (
        Index("ix_export_person", "person_id", "asked_at"),
        Index("ix_export_state", "state"),
        CheckConstraint("(state = 'ready') = (stored_key IS NOT NULL)", name="stored"),
        CheckConstraint("rows_done >= 0", name="rows"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    what: Mapped[str]
    """The table or package, as `services.exchange.exporting` calls it."""
    form: Mapped[ExportForm] = mapped_column(one_of(ExportForm, "form"))
    language: Mapped[str]
    asks: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it is of: ids and filters."""
    state: Mapped[ExportState] = mapped_column(one_of(ExportState, "state"))
    rows_done: Mapped[int] = mapped_column(server_default=text("0"))
    rows_total: Mapped[int | None]
    """None until it is known."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stored_key: Mapped[str | None]
    """Where its bytes are kept, encrypted."""
    filename: Mapped[str | None]
    size: Mapped[int | None]
    digest: Mapped[str | None]
    """SHA-256 of the file, in hexadecimal."""
    problem: Mapped[str | None]
    """A code."""
