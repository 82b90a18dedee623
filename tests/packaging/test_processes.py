"""What config/deploy starts, started here: several beside each other, stopped, and a database that restarts."""

import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from tests.living import PATIENCE, fresh_environment, run, wait_for
from tests.project import ROOT
from tests.torture.postgres import own_postgres

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
UNITS = ROOT / "config" / "deploy"
Process = subprocess.Popen[bytes]


def started_by(unit: str) -> list[str]:
    """The command of a unit, as this checkout has it."""
    line = next(
        line for line in (UNITS / unit).read_text(encoding="utf-8").splitlines() if line.startswith("ExecStart=")
    )
    program, *arguments = shlex.split(line.removeprefix("ExecStart="))
    assert program == "/opt/attune/bin/attune"
    return [sys.executable, "-m", "lti_tool", *arguments]


@contextmanager
def running(unit: str, environment: dict[str, str], log: IO[bytes]) -> Iterator[Process]:
    process = subprocess.Popen(started_by(unit), env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def status(address: str) -> int:
    """Of a page; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except OSError:
        return 0


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def worker_seen(url: str) -> bool:
    """Whether a worker did something by the clock."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text("SELECT count(*) FROM periodic_turn")).scalar_one())
    finally:
        engine.dispose()


class HalfSent:
    """A form whose second half is still to come."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
        head = f"POST /operator/addresses HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 10\r\n"
        self.socket.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\na=123".encode())

    def status(self) -> int:
        """Send the rest, and read the first line of the answer."""
        self.socket.sendall(b"45678")
        with self.socket, self.socket.makefile("rb") as answer:
            return int(answer.readline().split()[1])


def test_two_webs_and_two_workers_share_a_database_that_restarts_and_stop_when_asked(tmp_path: Path) -> None:
    with own_postgres() as server, ExitStack() as stack:
        url = server.address
        first = fresh_environment(url)
        second = first | {"ATTUNE_BIND": fresh_environment(url)["ATTUNE_BIND"]}
        webs = [f"http://{one['ATTUNE_BIND']}" for one in (first, second)]
        log = stack.enter_context((tmp_path / "log.txt").open("wb"))
        processes = [
            stack.enter_context(running(unit, environment, log))
            for unit in ("attune-web.service", "attune-worker@.service")
            for environment in (first, second)
        ]
        for web, process in zip(webs, processes, strict=False):
            wait_for(f"{web}/health/ready", process)
        until(lambda: worker_seen(url), "no worker was seen")
        # What one process keeps, the other reads: an operator's link is made here and opened there.
        said = run(first, "people", "invite", "--name", "Olu", "--email", "olu@school.example")
        path = urlsplit(next(word for word in said.split() if "/invitation/" in word)).path
        assert [status(web + path) for web in webs] == [200, 200]
        server.restart()
        until(lambda: [status(f"{web}/health/ready") for web in webs] == [200, 200], "the webs did not come back")
        assert [status(web + path) for web in webs] == [200, 200]
        assert [process.poll() for process in processes] == [None] * 4
        under_way = HalfSent(webs[0])
        time.sleep(1)  # it is being read
        for process in processes:
            process.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert under_way.status() in (400, 401)
        began = time.monotonic()
        assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
        assert time.monotonic() - began < 45
    assert '"event": "unexpected"' not in (tmp_path / "log.txt").read_text(encoding="utf-8")


def test_one_machine_with_sqlite_runs_the_worker_inside_and_stops_as_a_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'attune.db'}"
    environment = fresh_environment(url)
    run(environment, "db", "upgrade")
    with (tmp_path / "log.txt").open("wb") as log, running("attune-web.service", environment, log) as process:
        wait_for(f"{environment['ATTUNE_PUBLIC_URL']}/health/ready", process)
        until(lambda: worker_seen(url), "no worker was seen")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
