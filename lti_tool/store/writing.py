"""Writing that both databases understand: insert once, whoever comes first."""

from typing import Any

from sqlalchemy import literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lti_tool.store.base import Base


def insert_once(session: Session, row: type[Base], **values: Any) -> bool:
    """Insert unless a unique key stands in the way; False when it was there already.

    Waits for a concurrent transaction that inserts the same key, and sees what it did.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(row.__table__).values(**values).on_conflict_do_nothing().returning(literal(1))  # type: ignore[arg-type]  # declared as FromClause, is a Table
    return session.execute(statement).first() is not None
