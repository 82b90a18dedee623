"""A PostgreSQL that keeps what it said it kept, and that can be ended at once and started again."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy.engine import make_url

from tests.databases import pgserver, set_up


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs for us alone."""

    address: str
    """Of a database with all tables."""
    restart: Callable[[], None]
    """Without a goodbye."""
    stop: Callable[[], None]
    """Without a goodbye, too."""
    start: Callable[[], None]
    pid: Callable[[], int]
    """Of its first process, also when it is gone."""
    runs: Callable[[], bool]


@contextmanager
def own_postgres(within: Path | None = None, **settings: str) -> Iterator[Server]:
    """A server with further settings of its own; its data lie in a new folder in `within`, if that is named."""
    with TemporaryDirectory(prefix="attune-pg-", dir=within, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        package = pgserver(folder / "run")
        server = package.get_server(folder / "data", cleanup_mode="delete")
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes"):  # no power is cut here: only processes end
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            for setting, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {setting} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE attune")
        url = make_url(uri).set(drivername="postgresql+psycopg", database="attune")
        address = url.render_as_string(hide_password=False)
        set_up(address)
        first = [int(server.get_pid())]

        def control(*words: str, check: bool = True) -> bool:
            command = [server.bin_path / "pg_ctl", "-w", "-D", server.pgdata, *words]
            done = subprocess.run(command, check=check, user=server.system_user, stdout=DEVNULL, stderr=DEVNULL)
            return done.returncode == 0

        def begin(*words: str) -> None:
            control("-l", str(server.log), *words)
            first[0] = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])

        def stop() -> None:
            control("-m", "immediate", "stop")

        try:
            yield Server(
                address,
                restart=lambda: begin("-m", "immediate", "restart"),
                stop=stop,
                start=lambda: begin("restart"),  # which also takes the options of before
                pid=lambda: first[0],
                runs=lambda: control("status", check=False),
            )
        finally:
            control("-m", "immediate", "stop", check=False)
            server.cleanup()
