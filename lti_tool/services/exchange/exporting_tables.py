"""What a table is that people can take along, and the way through one: page by page, never all of it at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.access import Field
from lti_tool.documents.table_stream import Cell

AT_ONCE = 500
"""Rows that are asked of the database at a time."""


class Of(StrEnum):
    """Whose rows a table has, which says who may ask for it."""

    MINE = "mine"
    """the person's own"""
    PROGRAM = "program"
    """the people of a program: for program leads"""
    COURSE = "course"
    """the people of a course: for its instructors"""
    ORGANIZATION = "organization"
    """for program leads"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and of what."""

    organization_id: UUID
    person_id: UUID
    subject_id: UUID | None
    """The program or the course; None where there is neither."""
    now: datetime


Columns = Callable[[Session, Asked], Sequence[str]]
Lines = Callable[[Session, Asked, Sequence[Any]], Iterable[Sequence[Cell]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with the way to its rows. The first two columns of `rows` are its key, and whose record the row is."""

    name: str
    of: Of
    title: str
    """In the source language, for the catalog."""
    columns: Columns
    """Headings, in the source language; those that a program wrote are in its own."""
    rows: Callable[[Asked], Select[*tuple[Any, ...]]]
    key: InstrumentedAttribute[UUID]
    """Never changes, and grows: rows come in its order."""
    lines: Lines
    shows: frozenset[Field] = field(default_factory=frozenset)
    """What it holds of trainees: whose they are can see who took it along."""


def headings(*texts: str) -> Columns:
    """The same ones for everybody."""
    return lambda _session, _asked: texts


def count(session: Session, table: Table, asked: Asked) -> int:
    """How many rows there are now."""
    return session.scalars(select(func.count()).select_from(table.rows(asked).subquery())).one()


def page(
    session: Session, table: Table, asked: Asked, after: UUID | None, most: int = AT_ONCE
) -> tuple[Sequence[Any], Sequence[Sequence[Cell]]]:
    """So many rows from the one after `after` on: as the database has them, and as cells."""
    wanted = table.rows(asked).order_by(table.key).limit(most)
    rows = session.execute(wanted if after is None else wanted.where(table.key > after)).all()
    return rows, list(table.lines(session, asked, rows))


def pages(session: Session, table: Table, asked: Asked) -> Iterator[tuple[Sequence[Any], Sequence[Sequence[Cell]]]]:
    """All of it, page by page, in one session."""
    after: UUID | None = None
    while True:
        rows, lines = page(session, table, asked, after)
        if rows:
            yield rows, lines
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0]
