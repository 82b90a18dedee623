"""Files that someone brought, until what would change has been shown and decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.base import Base, Owned, UtcDateTime, one_of


class FileHolds(StrEnum):
    """What a file is about."""

    RUBRICS = "rubrics"
    FRAMEWORK = "framework"


class FileState(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    """to be read by the worker"""
    READING = "reading"
    READ = "read"
    """what would change is known, and waits for a person"""
    WANTED = "wanted"
    """a person said yes; to be taken in by the worker"""
    TAKING_IN = "taking_in"
    TAKEN_IN = "taken_in"
    NOT_TAKEN = "not_taken"
    """it cannot be used as it is, and nothing of it was taken in"""


class FileRow(Owned, Base):
    """A file that someone brought. Its content is taken away a day after."""

    __tablename__ = "brought_file"
    __table_args__ = (CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="done"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    holds: Mapped[FileHolds] = mapped_column(one_of(FileHolds, "holds"))
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the person chose: format, separator, encoding; empty where Attune is to recognize them."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[FileState] = mapped_column(one_of(FileState, "state"), index=True)
    total: Mapped[int | None]
    """How many rows there are to go through; None until that is known."""
    done: Mapped[int]
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What would change, row by row; None until it was read."""
    problems: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What is to be mended, each with its place; None where there is nothing."""
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it last went on; long ago means that its worker is gone."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
