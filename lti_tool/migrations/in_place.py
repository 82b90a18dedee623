"""Changing tables where they stand, on both databases.

SQLite changes a CHECK where it is written, as its documentation advises for changes that touch no row
(lang_altertable.html, section 7).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alembic import op
from sqlalchemy import text
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
    """Refuse an act on rows of a table: each guard is table, act (UPDATE, DELETE or INSERT), and of which rows."""
    for table, act, when in guards:
        name, says = f"{table}_no_{act.lower()}", f"{table}: this row never changes"
        if act == "INSERT":
            says = f"{table}: this row is not taken"
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


@contextmanager
def guards_aside(table: str) -> Iterator[None]:
    """Let rows of a table change that its guards keep, and put all of them back as they were."""
    if not on_sqlite():
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    connection = op.get_bind()
    triggers = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
    ).all()
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def let_go(guards: tuple[str, ...], unless: str) -> None:
    """Guards of `put_up` against deleting, by their names, let rows go of which `unless` holds.

    Raises `LookupError` for any other trigger.
    """
    for name in guards:
        _rewrite_guard(name, _kept_and_let_go(unless))


def hold_again(guards: tuple[str, ...], unless: str) -> None:
    """The reverse of `let_go`."""
    for name in guards:
        _rewrite_guard(name, [(let, kept) for kept, let in _kept_and_let_go(unless)])


_WHEN, _SAYS_NO, _RAISES = " FOR EACH ROW WHEN ", " BEGIN SELECT RAISE(", " THEN RAISE EXCEPTION "


def _kept_and_let_go(unless: str) -> list[tuple[str, str]]:
    """How a guard is written, and how where it lets go."""
    if on_sqlite():
        return [(_WHEN, f"{_WHEN}("), (_SAYS_NO, f") AND NOT ({unless}){_SAYS_NO}")]
    # Looked at apart: the same function guards against TRUNCATE, where there is no OLD.
    lets_go = f" THEN IF TG_OP = 'DELETE' THEN IF {unless} THEN RETURN OLD; END IF; END IF; RAISE EXCEPTION "
    return [(_RAISES, lets_go)]


def _rewrite_guard(name: str, changes: list[tuple[str, str]]) -> None:
    connection = op.get_bind()
    found = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name"
        if on_sqlite()
        else "SELECT prosrc FROM pg_proc WHERE proname = :name AND pronamespace = current_schema()::regnamespace"
    )
    says = connection.execute(text(found), {"name": name}).scalar_one()
    for written, wanted in changes:
        if says.count(written) != 1:
            raise LookupError(f"the trigger {name} does not say once: {written}")
        says = says.replace(written, wanted)
    if on_sqlite():
        op.execute(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(says)
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $attune${says}$attune$"
    )
