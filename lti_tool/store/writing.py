"""Writing that both databases understand: insert once, whoever comes first."""

import functools
from typing import Any

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


@functools.cache
def _insert(dialect: str, row: type[Base]) -> Executable:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = inspect(row).local_table
    return insert(table).on_conflict_do_nothing().returning(literal(1))  # type: ignore[arg-type]  # a Table
