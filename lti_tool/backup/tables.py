"""Reading all rows of a database, and loading them into an empty one."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)  # fmt: skip

from lti_tool.backup.rows import Digest, form_of, line

AT_A_TIME = 500
"""So many rows are in memory."""
_NOT_CONTENT = ("alembic_version", "huey_")
"""Which revision it has is said apart; the queue only says "look at this row", and is filled again by itself."""


def tables(connection: Connection) -> list[Table]:
    """Every table with content as the database has it, each after those that it refers to."""
    seen, found = inspect(connection), MetaData()
    columns = seen.get_multi_columns()
    names = [name for name, _keys in seen.get_sorted_table_and_fkc_names() if name is not None]
    # Keys and indexes are left out: reading the rows needs none, and asking for them takes most of the time.
    return [
        Table(name, found, *(Column(column["name"], column["type"]) for column in columns[None, name]))
        for name in names
        if not name.startswith(_NOT_CONTENT)
    ]


def in_order(table: Table) -> list[Column[Any]]:
    """Its columns by name: databases that grew by other ways may have them in another order."""
    return sorted(table.columns, key=lambda column: column.name)


def rows_in(connection: Connection, table: Table) -> int:
    """How many rows it has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Its rows, see `rows.line`, without holding all of them. Encrypted text stays encrypted."""
    columns = in_order(table)
    forms = [form_of(column.type) for column in columns]
    asked = select(*(_as_kept(column, connection) for column in columns)).execution_options(yield_per=AT_A_TIME)
    with connection.execute(asked) as result:
        for row in result:
            yield line([None if value is None else form.out(value) for form, value in zip(forms, row, strict=True)])


def digest(connection: Connection, table: Table) -> Digest:
    """Of what it holds now."""
    found = Digest()
    for each in lines(connection, table):
        found.add(each)
    return found


def load(connection: Connection, table: Table, content: Iterable[bytes]) -> None:
    """Put rows into an empty table, as `lines` gives them. Only inside `loading`."""
    columns, sqlite = in_order(table), connection.dialect.name == "sqlite"
    forms = [form_of(column.type) for column in columns]
    statement = insert(table).values({column: _value(column, sqlite=sqlite) for column in columns})
    waiting = iter(content)
    while some := list(islice(waiting, AT_A_TIME)):
        connection.execute(
            statement,
            [
                {
                    f"_{column.name}": None if value is None else form.back(value, sqlite)
                    for column, form, value in zip(columns, forms, json.loads(each), strict=True)
                }
                for each in some
            ],
        )


@contextmanager
def loading(connection: Connection) -> Iterator[None]:
    """Rows may come in any order, and no trigger acts on them; all is as before at the end, and checked then.

    Needs no more rights than the owner of the tables has. Raises `IntegrityError` where a row refers to none.
    """
    before = _take_down_sqlite(connection) if connection.dialect.name == "sqlite" else _take_down_server(connection)
    yield
    for statement in before:
        connection.exec_driver_sql(statement)


def _take_down_sqlite(connection: Connection) -> list[str]:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")  # until the end of the transaction
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")).all()
    for name, _sql in found:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [str(sql) for _name, sql in found]


def _take_down_server(connection: Connection) -> list[str]:
    keys = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
        )
    ).all()
    guarded = connection.scalars(
        text(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
            "WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _says in keys:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for table in guarded:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded] + [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {says}' for table, name, says in keys
    ]


def _as_kept(column: Column[Any], connection: Connection) -> ColumnElement[Any]:
    """JSON letter by letter: read as values, it would not say whether it is null or absent."""
    if not isinstance(column.type, JSON):
        return column
    return type_coerce(column, Text) if connection.dialect.name == "sqlite" else cast(column, Text)


def _value(column: Column[Any], *, sqlite: bool) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return bindparam(f"_{column.name}", type_=column.type)
    given = bindparam(f"_{column.name}", type_=Text())
    return type_coerce(given, Text) if sqlite else cast(given, column.type)
