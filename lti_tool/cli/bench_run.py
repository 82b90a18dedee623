"""What every benchmark stands on: a gunicorn with Attune and a bare Flask app in it, and a client that counts time."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

HOST = "127.0.0.1"
DATABASE = "bench.db"
APPLICATION = "lti_tool.cli.bench_server:application()"
SECRET = "only-for-a-benchmark-on-this-machine-alone"  # noqa: S105 - guards nothing
AT_ONCE = 2
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

Request = tuple[str, str, bytes | None, Mapping[str, str]]
Serving = Callable[[Mapping[str, str], int], AbstractContextManager[int]]
"""With these settings, at this port: a server that runs meanwhile, by the id of the process that answers."""
Place = Callable[[], AbstractContextManager[Path]]
"""A folder for a database, of which nothing is left at the end."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    cookies: Mapping[str, str]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Timed:
    """Many requests, some at once."""

    seconds: float
    answers: Sequence[Answer]


class _Kept(threading.local):
    """The connections of one thread, by port."""

    def __init__(self) -> None:
        self.by_port: dict[int, HTTPConnection] = {}


_kept = _Kept()


def timed(port: int, requests: Sequence[Request]) -> Timed:
    """Ask for all of these, `AT_ONCE` at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.perf_counter()
        answers = list(pool.map(lambda request: ask(port, *request), requests))
        return Timed(time.perf_counter() - started, answers)


def ask(port: int, method: str, path: str, body: bytes | None, cookies: Mapping[str, str]) -> Answer:
    """One request over this thread's connection, as a page in an LMS's frame makes it."""
    connection = _kept.by_port.setdefault(port, HTTPConnection(HOST, port, timeout=60))
    headers = {"Sec-Fetch-Dest": "iframe", **(FORM if body is not None else {})}  # as in an LMS's page
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    started = time.perf_counter()
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    response.read()
    milliseconds = (time.perf_counter() - started) * 1000
    new = dict(_pair(line) for line in response.headers.get_all("Set-Cookie", ()))
    return Answer(response.status, response.headers.get("Location", ""), {**cookies, **new}, milliseconds)


def hang_up(port: int) -> None:
    """Close this thread's connection to who listened there."""
    if port in _kept.by_port:
        _kept.by_port.pop(port).close()


def _pair(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.split(";", 1)[0].partition("=")
    return name, value


@contextmanager
def new_place() -> Iterator[Path]:
    """Where benchmarks keep their databases unless they are told another: among temporary files, and empty."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as directory:
        yield Path(directory)


def environment(directory: Path, port: int) -> dict[str, str]:
    """The settings of the server under test."""
    return {
        **os.environ,
        "ATTUNE_DATABASE_URL": f"sqlite:///{directory / DATABASE}",
        "ATTUNE_PUBLIC_URL": f"http://{HOST}:{port}",
        "ATTUNE_SECRET_KEY": SECRET,
        "ATTUNE_LAB": "1",
    }


@contextmanager
def server(environment: Mapping[str, str], port: int, application: str = APPLICATION) -> Iterator[int]:
    """What a benchmark measures unless it is told another: gunicorn, as an operator runs it, with one process."""
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4",
        "--worker-class", "gthread", "--log-level", "warning", application,
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _wait_until(lambda: ask(port, "GET", "/bare", None, {}).status == 200)
        yield _worker_of(server.pid)
    finally:
        hang_up(port)
        server.terminate()
        server.wait(60)


def _worker_of(pid: int) -> int:
    """The process that answers: the child of gunicorn's first one."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            _kept.by_port.clear()
            time.sleep(0.1)
    raise RuntimeError("the server under test did not start")


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """The middle and the slow end."""
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[18], 2)}
