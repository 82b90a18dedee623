"""A whole Attune beside a practice LMS, as processes, the way that an operator starts them."""

import json
import os
import random
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import IO, Any

from click.testing import CliRunner

from lti_tool.cli import attune

HOST = "127.0.0.1"
PATIENCE = 180.0  # a busy machine is no reason to be red


@dataclass(frozen=True, slots=True)
class Living:
    """Where the two are."""

    attune: str
    lms: str
    environment: dict[str, str]
    log: Path
    """What all processes said."""

    def control(self, name: str, /, method: str = "POST", **content: object) -> Any:
        """Ask the practice LMS for something that only tests may ask."""
        request = urllib.request.Request(
            f"{self.lms}/_control/{name}",
            data=json.dumps(content).encode() if content else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def attune_says(self, *arguments: str) -> str:
        """What a command of `attune` prints for this installation."""
        return run(self.environment, *arguments)


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
_PORTS = iter(random.Random().sample(range(12_000 + 2_500 * _WORKER, 14_500 + 2_500 * _WORKER, 3), 833) * 12)
"""Each worker has a range of its own, below those that the system gives away: two that ask at once get two.

The two ports after each are nobody else's: a Canvas takes them."""


def free_port() -> int:
    """A port on which nobody listens now, and which no other worker of this run is given."""
    for port in _PORTS:
        with socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise AssertionError("no port is left")


def three_free_ports() -> int:
    """The first of three ports in a row on which nobody listens now: a Canvas has three origins."""
    while True:
        first = free_port()
        with ExitStack() as stack, suppress(OSError, OverflowError):
            for port in range(first, first + 3):
                stack.enter_context(socket()).bind((HOST, port))
            return first


def fresh_environment(database_url: str) -> dict[str, str]:
    """What an operator of the lab sets, on a free port; nothing of ATTUNE_ is taken from outside."""
    port = free_port()
    return {name: value for name, value in os.environ.items() if not name.startswith("ATTUNE_")} | {
        "ATTUNE_DATABASE_URL": database_url,
        "ATTUNE_PUBLIC_URL": f"http://{HOST}:{port}",
        "ATTUNE_SECRET_KEY": secrets.token_urlsafe(48),
        "ATTUNE_BIND": f"{HOST}:{port}",
        "ATTUNE_LAB": "1",
    }


def run(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of `attune` to its end; in this process, since most of its time is the imports."""
    done = CliRunner().invoke(attune, arguments, env=environment)
    assert done.exit_code == 0, f"attune {' '.join(arguments)}: {done.output}{done.exception!r}"
    return done.stdout.strip()


def wait_for(address: str, process: subprocess.Popen[Any] | None = None) -> None:
    """Until something answers there below status 500."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process is None or process.poll() is None, f"the process behind {address} ended"
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except urllib.error.HTTPError as answer:
            with answer:
                if answer.code < 500:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within {PATIENCE:.0f} seconds")


@contextmanager
def process(environment: dict[str, str], log: IO[bytes], *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process for as long as the block lasts."""
    started = subprocess.Popen([sys.executable, "-m", *arguments], env=environment, stdout=log, stderr=log)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


@contextmanager
def living(folder: Path, database_url: str, profile: str = "strict", **settings: str) -> Iterator[Living]:
    """Start both on a database that is set up, and connect them by Dynamic Registration as this profile's LMS does.

    One web process is enough beside SQLite, where its threads queue to write anyway; PostgreSQL has two.
    """
    environment = fresh_environment(database_url) | settings
    on_sqlite = database_url.startswith("sqlite")
    lms_port = three_free_ports()
    place = Living(environment["ATTUNE_PUBLIC_URL"], f"http://{HOST}:{lms_port}", environment, folder / "log.txt")
    with ExitStack() as stack:
        log = stack.enter_context(place.log.open("wb"))
        web = stack.enter_context(
            process(environment, log, "lti_tool", "serve", "--workers", "1" if on_sqlite else "2")
        )
        if not on_sqlite:
            stack.enter_context(process(environment, log, "lti_tool", "worker"))
        options = ("--port", str(lms_port), "--data", str(folder / "lms"), "--profile", profile)
        lms = stack.enter_context(process(environment, log, "lti_tool.practice", *options))
        wait_for(f"{place.attune}/health", web)
        wait_for(place.lms, lms)
        place.control("register-tool", address=place.attune_says("platforms", "invite"))
        yield place
