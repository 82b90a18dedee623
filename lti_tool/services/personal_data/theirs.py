"""Which rows of a table are a person's, by what the data map says: about them, or written by them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, false, or_, select

from lti_tool.store import Base
from lti_tool.store.data_map import data_map

PERSON = "person"
WORKED_OUT = "worked_out"
"""What the data map says of rows that are only made of others: as leads see them, also before something is released."""


def table(name: str) -> Table:
    """A table by its name. Raises `KeyError`."""
    return Base.metadata.tables[name]


def about(name: str, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Rows that are about these people. Raises `LookupError` for a table that is about nobody."""
    way = data_map().tables[name].of
    if way is None:
        raise LookupError(f"{name} is about nobody")
    return _leads(table(name), way, ids, by=False)


def in_their_copy(name: str, ids: Collection[UUID], now: datetime) -> ColumnElement[bool]:
    """Rows that they may read by now: about them once it was shared with them, or written by them."""
    mapped = data_map().tables[name]
    if mapped.kept == WORKED_OUT:
        return false()
    theirs = about(name, ids)
    if name in _REWRITTEN:
        theirs = and_(theirs, table(name).c[_REWRITTEN[name]].not_in(_being_rewritten()))
    if mapped.once is not None:
        theirs = and_(theirs, _has_come(table(name), mapped.once, now))
    if mapped.by is None:
        return theirs
    return or_(theirs, _leads(table(name), mapped.by, ids, by=True))


_REWRITTEN = {"assessment": "id", "rating": "assessment_id"}
"""Where they lead to the assessment: while it is amended they read it as it was shared, which is a row of its own."""


def _being_rewritten() -> Any:
    kept, assessment, observation = table("assessment_revision"), table("assessment"), table("observation")
    return (
        select(kept.c.assessment_id)
        .join(assessment, assessment.c.id == kept.c.assessment_id)
        .join(observation, observation.c.id == assessment.c.observation_id)
        .where(kept.c.shared_at == observation.c.shared_at)
    )


def _leads(of: Table, way: str, ids: Collection[UUID], *, by: bool) -> ColumnElement[bool]:
    if of.name == PERSON:
        return or_(of.c.id.in_(ids), of.c.merged_into.in_(ids))
    if way not in of.c:
        return _through_a_part(of, table(way), ids)
    column = of.c[way]
    target = next((key.column for key in column.foreign_keys), None)
    if target is None or target.table.name == PERSON:
        return column.in_(ids)
    there = data_map().tables[target.table.name]
    on = (there.by if by else None) or there.of
    if on is None:
        raise LookupError(f"{of.name}.{way} leads to nobody")
    return column.in_(select(target).where(_leads(target.table, on, ids, by=by)))


def _through_a_part(of: Table, part: Table, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Of something that several had a part in: the rows of `part` name both."""
    points = next(column for column in part.c for key in column.foreign_keys if key.column.table is of)
    way = data_map().tables[part.name].of or ""
    return of.c.id.in_(select(points).where(_leads(part, way, ids, by=False)))


def _has_come(of: Table, way: str, now: datetime) -> ColumnElement[bool]:
    first, _dot, rest = way.partition(".")
    column: Any = of.c[first]
    if not rest:
        return and_(column.is_not(None), column <= now)
    target = next(iter(column.foreign_keys)).column
    return column.in_(select(target).where(_has_come(target.table, rest, now)))  # type: ignore[no-any-return]
