"""Changing tables where they stand, on both databases.

SQLite changes a CHECK where it is written, as its documentation advises for changes that touch no row
(lang_altertable.html, section 7).
"""

from dataclasses import dataclass
from typing import Any

from alembic import op
from sqlalchemy.types import TypeEngine


@dataclass(frozen=True, slots=True)
class New:
    """A new column, with what goes with it in SQL that both databases know."""

    table: str
    name: str
    type: TypeEngine[Any]
    more: str = ""


def one_of_words(column: str, words: tuple[str, ...]) -> str:
    """The rule that the column holds one of these words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def on_sqlite() -> bool:
    """Whether the database that is being changed is SQLite."""
    return op.get_bind().dialect.name == "sqlite"


def add_column(column: New) -> None:
    """Add a column to a table that has rows."""
    type_ = column.type.compile(op.get_bind().dialect)
    more = (
        column.more.replace("DEFAULT false", "DEFAULT 0").replace("DEFAULT true", "DEFAULT 1")
        if on_sqlite()
        else column.more
    )
    op.execute(f"ALTER TABLE {column.table} ADD COLUMN {column.name} {type_} {more}")


def change_check(table: str, name: str, before: str, after: str) -> None:
    """Put another rule in the place of a CHECK. Raises `LookupError` where the table had not the one before."""
    rule = f"ck_{table}_{name}"
    if not on_sqlite():
        op.drop_constraint(op.f(rule), table, type_="check")
        op.create_check_constraint(op.f(rule), table, after)
        return
    _rewrite(table, f"CONSTRAINT {rule} CHECK ({before})", f"CONSTRAINT {rule} CHECK ({after})")


def _rewrite(table: str, written: str, wanted: str) -> None:
    connection = op.get_bind()
    shape = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar_one()
    if shape.count(written) != 1:
        raise LookupError(f"the table {table} does not have once: {written}")
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (shape.replace(written, wanted), table)
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")


def change_emptiness(table: str, column: str, type_: TypeEngine[Any], *, may_be_empty: bool) -> None:
    """Let a column be empty, or no longer. Raises `LookupError` where SQLite's table is not written as expected."""
    if not on_sqlite():
        op.alter_column(table, column, existing_type=type_, nullable=may_be_empty)
        return
    name = f"{column} {type_.compile(op.get_bind().dialect)}"
    written, wanted = (f"{name} NOT NULL", name) if may_be_empty else (name, f"{name} NOT NULL")
    _rewrite(table, written, wanted)


def put_up(guards: tuple[tuple[str, str, str], ...]) -> None:
    """Refuse an act on rows of a table: each guard is table, act ("UPDATE" or "DELETE"), and of which rows."""
    for table, act, when in guards:
        name, says = f"{table}_no_{act.lower()}", f"{table}: this row never changes"
        if on_sqlite():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def take_down(guards: tuple[tuple[str, str, str], ...]) -> None:
    """Take guards away that `put_up` put up."""
    for table, act, _when in guards:
        name = f"{table}_no_{act.lower()}"
        op.execute(f"DROP TRIGGER {name}" if on_sqlite() else f"DROP TRIGGER {name} ON {table}")
        if not on_sqlite():
            op.execute(f"DROP FUNCTION {name}()")
