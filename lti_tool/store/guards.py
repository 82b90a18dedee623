"""Lifting what the database itself refuses and notes, for a change that changes nothing anybody can read."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def lifted(connection: Connection, table: str) -> Iterator[None]:
    """No trigger of this table acts until the end; then all are as before. Inside one transaction only.

    With PostgreSQL others wait meanwhile who want to write into the table; whoever reads does not.
    """
    if connection.dialect.name == "sqlite":
        asked = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name")
        found = connection.execute(asked, {"table": table}).all()
        for name, _sql in found:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in found:
            connection.exec_driver_sql(str(sql))
        return
    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
