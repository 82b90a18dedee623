"""Writing that both databases understand: insert once, whoever comes first."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, inspect, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.store.base import Base


def insert_once(session: Session, row: type[Base], **values: Any) -> bool:
    """Insert unless a unique key stands in the way; False when it was there already.

    Waits for a concurrent transaction that inserts the same key, and sees what it did.
    """
    statement = _insert(session.get_bind().dialect.name, row)
    return session.connection().execute(statement, values).first() is not None


def insert_new(session: Session, row: type[Base], values: Sequence[Mapping[str, Any]]) -> frozenset[UUID]:
    """Insert, in one statement, those in whose way no unique key stands; the answer are the ids of these.

    All `values` name the same columns, the id among them. They should come in an order that is the same for
    all writers, so that two of them never wait for each other.
    """
    if not values:
        return frozenset()
    statement = _insert(session.get_bind().dialect.name, row, "id")
    return frozenset(session.connection().execute(statement, values).scalars())


@functools.cache
def _insert(dialect: str, row: type[Any], returning: str | None = None) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table: Any = inspect(row).local_table
    return insert(table).on_conflict_do_nothing().returning(table.c[returning] if returning else literal(1))
