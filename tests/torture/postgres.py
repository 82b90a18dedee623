"""A PostgreSQL that keeps what it said it kept, and that can be ended at once and started again."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy.engine import make_url

from tests.databases import pgserver, set_up

Restart = Callable[[], None]


@contextmanager
def own_postgres() -> Iterator[tuple[str, Restart]]:
    """The address of a database with all tables, and what restarts its server without a goodbye."""
    with TemporaryDirectory(prefix="attune-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        package = pgserver(folder / "run")
        server = package.get_server(folder / "data", cleanup_mode="delete")
        uri = server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting in ("fsync", "full_page_writes"):  # no power is cut here: only processes end
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE attune")
        url = make_url(uri).set(drivername="postgresql+psycopg", database="attune")
        address = url.render_as_string(hide_password=False)
        set_up(address)

        def control(*words: str) -> None:
            command = [server.bin_path / "pg_ctl", "-w", "-D", server.pgdata, *words]
            subprocess.run(command, check=True, user=server.system_user, stdout=DEVNULL, stderr=DEVNULL)

        try:
            yield address, lambda: control("-m", "immediate", "-l", str(server.log), "restart")
        finally:
            control("-m", "immediate", "stop")
            server.cleanup()
