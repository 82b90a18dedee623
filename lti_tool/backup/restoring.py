"""Into an empty database, from a backup or from another database; compared table by table before it counts."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import IntegrityError

from lti_tool import migrations
from lti_tool.backup import archive, tables
from lti_tool.backup.archive import Listed, NotABackup, TableIn
from lti_tool.file_store import FileStore

Say = Callable[[str], None]
Lines = Callable[[str], Iterable[bytes]]
"""The rows of a table by its name."""


class NotTheSame(Exception):
    """The place was not empty, or what came out is not what went in. No row was kept; the message says where."""


def restore(path: Path, engine: Engine, files: FileStore | None, say: Say) -> Listed:
    """Put a backup into an empty database, and its files into the store.

    The backup is read through and compared with its list first. Raises `NotABackup`, `NotTheSame`.
    """
    listed = archive.read_list(path)
    for trouble in archive.troubles(path):
        raise NotABackup(f"{trouble} Nothing was restored: use another backup.")
    say(f"The backup of {listed.made_at} is whole: {listed.rows} rows, revision {listed.revision}.")
    if listed.files and files is None:
        raise NotTheSame("The backup holds files: set ATTUNE_FILES or ATTUNE_FILES_URL, so that they have a place.")
    with archive.opened(path) as content:
        fill(engine, listed.revision, listed.tables, lambda name: archive.table_lines(content, name))
        say("All rows are in the database, which gives back exactly what the backup holds.")
        if files is not None:
            for name in listed.files or {}:
                with content.open(f"files/{name}") as one:
                    files.put(name, one)
    if listed.files:
        say(f"Files put back: {len(listed.files)}.")
    return listed


def move(source: Connection, engine: Engine) -> Mapping[str, TableIn]:
    """Fill an empty database with all rows that this connection sees; what each table holds. Raises `NotTheSame`."""
    revision = migrations.current(source)
    if revision is None or revision != migrations.newest():
        raise NotTheSame("The database to move is not up to date. Run: attune db upgrade")
    there = {table.name: table for table in tables.tables(source)}
    listed = {}
    for name, table in there.items():
        found = tables.digest(source, table)
        listed[name] = TableIn(tuple(column.name for column in tables.in_order(table)), found.rows, found.hex)
    fill(engine, revision, listed, lambda name: tables.lines(source, there[name]))
    return listed


def fill(engine: Engine, revision: str, listed: Mapping[str, TableIn], lines: Lines) -> None:
    """Make the tables of a revision, load every row in one transaction, and compare what the database gives back.

    Only then it is committed. Raises `NotTheSame`.
    """
    _refuse_unless_empty(engine, revision)
    try:
        migrations.upgrade(engine, revision)
    except CommandError:
        raise NotTheSame(
            f"This version of Attune does not know revision {revision}: install the version that made the backup, or "
            "a newer one."
        ) from None
    try:
        with engine.begin() as connection:
            there = {table.name: table for table in tables.tables(connection)}
            for name in sorted(there.keys() ^ listed.keys()):
                raise NotTheSame(f"The table {name} is only on one of the two sides.")
            with tables.loading(connection):
                for name, table in there.items():
                    if tuple(column.name for column in tables.in_order(table)) != listed[name].columns:
                        raise NotTheSame(f"The table {name} has other columns than it should have.")
                    connection.execute(table.delete())  # a migration may have begun with a row
                    tables.load(connection, table, lines(name))
            for name, table in there.items():
                found = tables.digest(connection, table)
                if (found.rows, found.hex) != (listed[name].rows, listed[name].digest):
                    raise NotTheSame(
                        f"The table {name} came out differently: {found.rows} of {listed[name].rows} rows."
                    )
    except IntegrityError as problem:
        raise NotTheSame(f"A row refers to one that is not there: {problem.orig}") from problem


def _refuse_unless_empty(engine: Engine, revision: str) -> None:
    with engine.connect() as connection:
        if not inspect(connection).get_table_names():
            return
        if any(tables.rows_in(connection, table) for table in tables.tables(connection)):
            raise NotTheSame("The database is not empty, and nothing is overwritten. Name a new one.")
        if migrations.current(connection) not in (None, revision):
            raise NotTheSame("The database was set up by another version than the backup. Name a quite new one.")
