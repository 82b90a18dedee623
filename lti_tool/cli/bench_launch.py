"""The launch benchmark: a gunicorn with Attune and a bare Flask app in it, and a client that plays the LMS."""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from lti_tool import migrations
from lti_tool.cli.bench_platform import BenchPlatform, running_platform
from lti_tool.cli.opening import now
from lti_tool.processes import free_port
from lti_tool.services import author, platforms
from lti_tool.services.enter import enter
from lti_tool.services.organizations import organization_named
from lti_tool.services.visitors import who_is_it
from lti_tool.store.engine import open_engine, open_sessions

HOST = "127.0.0.1"
AT_ONCE = 2
PEOPLE = 40
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds for the launches and for the floor, milliseconds of each step."""

    ours: float
    floor: float
    login: Sequence[float]
    launch: Sequence[float]
    page: Sequence[float]
    bare: Sequence[float]


def measure(*, runs: int, launches: int) -> dict[str, Any]:
    """Measure on a new SQLite database; the shape is that of every `attune bench ... --json`."""
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as directory, running_platform() as platform:
        port = free_port(HOST)
        platform.launch_url = f"http://{HOST}:{port}/lti/launch"
        environment = _environment(Path(directory), port)
        _seed(environment, platform)
        with _server(environment, port):
            for person in range(PEOPLE):  # everyone's first launch, and every process's keys, are not counted
                _launch_once(port, platform, person)
            measured = [_run(port, platform, launches) for _ in range(runs)]
    return _result(measured, launches)


def _run(port: int, platform: BenchPlatform, launches: int) -> Run:
    """Logins, launches and pages in turn; signing stands between, outside of what is timed."""
    people = [number % PEOPLE for number in range(launches)]
    logins = _timed(port, [_login_request(platform, person) for person in people])
    forms = [_launch_request(platform, person, answer) for person, answer in zip(people, logins.answers, strict=True)]
    entered = _timed(port, forms)
    pages = _timed(port, [("GET", answer.location, None, answer.cookies) for answer in entered.answers])
    if any(answer.status != 200 for answer in pages.answers):
        raise RuntimeError(f"a page did not open: {pages.answers[0]}")
    floor = _timed(port, [("GET", "/bare", None, {})] * (3 * launches))
    return Run(
        ours=logins.seconds + entered.seconds + pages.seconds,
        floor=floor.seconds,
        login=[answer.milliseconds for answer in logins.answers],
        launch=[answer.milliseconds for answer in entered.answers],
        page=[answer.milliseconds for answer in pages.answers],
        bare=[answer.milliseconds for answer in floor.answers],
    )


Request = tuple[str, str, bytes | None, Mapping[str, str]]


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


_kept = threading.local()


def _timed(port: int, requests: Sequence[Request]) -> Timed:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.perf_counter()
        answers = list(pool.map(lambda request: _ask(port, *request), requests))
        return Timed(time.perf_counter() - started, answers)


def _ask(port: int, method: str, path: str, body: bytes | None, cookies: Mapping[str, str]) -> Answer:
    if not hasattr(_kept, "connection"):
        _kept.connection = HTTPConnection(HOST, port, timeout=20)
    headers = {"Sec-Fetch-Dest": "iframe", **(FORM if body is not None else {})}  # as in an LMS's page
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    started = time.perf_counter()
    _kept.connection.request(method, path, body, headers)
    response = _kept.connection.getresponse()
    response.read()
    milliseconds = (time.perf_counter() - started) * 1000
    new = dict(_pair(line) for line in response.headers.get_all("Set-Cookie", ()))
    return Answer(response.status, response.headers.get("Location", ""), {**cookies, **new}, milliseconds)


def _pair(cookie: str) -> tuple[str, str]:
    name, _, value = cookie.split(";", 1)[0].partition("=")
    return name, value


def _login_request(platform: BenchPlatform, person: int) -> Request:
    """From a browser that was here before: the first time, a page in between sees whether cookies are kept."""
    known = {"attune-browser": f"the-browser-of-person-{person}"}
    return "POST", "/lti/login", urlencode(platform.login(person, platform.launch_url)).encode(), known


def _launch_request(platform: BenchPlatform, person: int, login: Answer) -> Request:
    asked = {name: values[0] for name, values in parse_qs(urlsplit(login.location).query).items()}
    if "nonce" not in asked:
        raise RuntimeError(f"the login led elsewhere: {login}")
    form = {"state": asked["state"], "id_token": platform.id_token(person, asked["nonce"], platform.launch_url)}
    return "POST", "/lti/launch", urlencode(form).encode(), login.cookies


def _launch_once(port: int, platform: BenchPlatform, person: int) -> None:
    login = _ask(port, *_login_request(platform, person))
    entered = _ask(port, *_launch_request(platform, person, login))
    if entered.status != 303:
        raise RuntimeError(f"a launch was not let in: {entered}")


def _environment(directory: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "ATTUNE_DATABASE_URL": f"sqlite:///{directory / 'bench.db'}",
        "ATTUNE_PUBLIC_URL": f"http://{HOST}:{port}",
        "ATTUNE_SECRET_KEY": "only-for-a-benchmark-on-this-machine-alone",
        "ATTUNE_LAB": "1",
    }


def _seed(environment: Mapping[str, str], platform: BenchPlatform) -> None:
    """A course with one activity, as an instructor placed it."""
    engine = open_engine(environment["ATTUNE_DATABASE_URL"], (environment["ATTUNE_SECRET_KEY"],))
    migrations.upgrade(engine)
    with open_sessions(engine).begin() as session:
        organization_id = organization_named(session, "Benchmark", now())
        new = platforms.NewPlatform(**platform.registration())
        registration_id = platforms.add(session, organization_id, new, now())
        entered = enter(
            session,
            platform.instructor(registration_id),
            state_digest="seed",
            state_expires_at=now(),
            now=now(),
        )
        visitor = who_is_it(session, entered.token, now())
        if visitor is None:
            raise RuntimeError("the benchmark's instructor did not get in")
        rubric = author.choices(session, organization_id)[0]
        choice = author.ActivityChoice(version_id=rubric.version_id, title="Observed practice")
        link_id = UUID(entered.path.split("/")[2])
        author.choose_for_link(session, visitor, link_id, choice, now=now())
    engine.dispose()


@contextmanager
def _server(environment: Mapping[str, str], port: int) -> Iterator[None]:
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4",
        "--worker-class", "gthread", "--log-level", "warning", "lti_tool.cli.bench_server:application()",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _wait_until(lambda: _ask(port, "GET", "/bare", None, {}).status == 200)
        yield
    finally:
        server.terminate()
        server.wait(10)


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            _kept.__dict__.clear()
            time.sleep(0.1)
    raise RuntimeError("the server under test did not start")


def _result(runs: Sequence[Run], launches: int) -> dict[str, Any]:
    ours = statistics.median(launches / run.ours for run in runs)
    floor = statistics.median(launches / run.floor for run in runs)
    ratio = statistics.median(run.floor / run.ours for run in runs)
    case = {"name": "sqlite, everyone known", "ours": ours, "floor": floor, "ratio": ratio}
    return {
        "name": "launch",
        "ours": round(ours, 1),
        "floor": round(floor, 1),
        "ratio": round(ratio, 3),
        "unit": "complete launches per second (login, launch, page); floor: three bare requests",
        "runs": len(runs),
        "cases": [case],
        "login_ms": _percentiles([value for run in runs for value in run.login]),
        "launch_ms": _percentiles([value for run in runs for value in run.launch]),
        "page_ms": _percentiles([value for run in runs for value in run.page]),
        "bare_ms": _percentiles([value for run in runs for value in run.bare]),
    }


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(statistics.median(values), 2), "p95": round(cuts[18], 2)}
