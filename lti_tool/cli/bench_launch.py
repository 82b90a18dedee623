"""The launch benchmark: a gunicorn with Attune and a bare Flask app in it, and a client that plays the LMS."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from lti_tool import migrations
from lti_tool.cli.bench_platform import BenchPlatform, running_platform
from lti_tool.cli.bench_run import (
    HOST,
    Answer,
    Place,
    Request,
    Serving,
    ask,
    environment,
    new_place,
    percentiles,
    server,
    timed,
)
from lti_tool.cli.opening import now
from lti_tool.processes import free_port
from lti_tool.services.authoring import author
from lti_tool.services.connecting import platforms
from lti_tool.services.entering.enter import enter
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.organizations import organization_named
from lti_tool.store.engine import open_engine, open_sessions

PEOPLE = 40


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds for the launches and for the floor, milliseconds of each step."""

    ours: float
    floor: float
    login: Sequence[float]
    launch: Sequence[float]
    page: Sequence[float]
    bare: Sequence[float]


def measure(
    *, runs: int, launches: int, people: int = PEOPLE, serving: Serving = server, place: Place = new_place
) -> dict[str, Any]:
    """Measure on a new SQLite database; the shape is that of every `attune bench ... --json`."""
    with place() as directory, running_platform() as platform:
        port = free_port(HOST)
        platform.launch_url = f"http://{HOST}:{port}/lti/launch"
        settings = environment(directory, port)
        seed(settings, platform)
        with serving(settings, port):
            for person in range(people):  # everyone's first launch, and every process's keys, are not counted
                launch_once(port, platform, person)
            measured = [_run(port, platform, [number % people for number in range(launches)]) for _ in range(runs)]
    return _result(measured, launches)


def _run(port: int, platform: BenchPlatform, people: Sequence[int]) -> Run:
    """Logins, launches and pages in turn; signing stands between, outside of what is timed."""
    logins = timed(port, [_login_request(platform, person) for person in people])
    forms = [_launch_request(platform, person, answer) for person, answer in zip(people, logins.answers, strict=True)]
    entered = timed(port, forms)
    pages = timed(port, [("GET", answer.location, None, answer.cookies) for answer in entered.answers])
    if any(answer.status != 200 for answer in pages.answers):
        raise RuntimeError(f"a page did not open: {pages.answers[0]}")
    floor = timed(port, [("GET", "/bare", None, {})] * (3 * len(people)))
    return Run(
        ours=logins.seconds + entered.seconds + pages.seconds,
        floor=floor.seconds,
        login=[answer.milliseconds for answer in logins.answers],
        launch=[answer.milliseconds for answer in entered.answers],
        page=[answer.milliseconds for answer in pages.answers],
        bare=[answer.milliseconds for answer in floor.answers],
    )


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


def launch_once(port: int, platform: BenchPlatform, person: int) -> Answer:
    """Let a trainee in; the answer leads to their first page, with their cookies."""
    login = ask(port, *_login_request(platform, person))
    entered = ask(port, *_launch_request(platform, person, login))
    if entered.status != 303:
        raise RuntimeError(f"a launch was not let in: {entered}")
    return entered


def seed(settings: Mapping[str, str], platform: BenchPlatform) -> None:
    """A course with one activity, as an instructor placed it."""
    engine = open_engine(settings["ATTUNE_DATABASE_URL"], (settings["ATTUNE_SECRET_KEY"],))
    migrations.upgrade(engine)
    with open_sessions(engine).begin() as session:
        organization_id = organization_named(session, "Benchmark", now())
        new = platforms.NewPlatform(**platform.registration())
        registration_id = platforms.add(session, organization_id, new, now())
        entered = enter(
            session,
            platform.instructor(registration_id),
            state_digest=f"seed {registration_id}",
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
        "login_ms": percentiles([value for run in runs for value in run.login]),
        "launch_ms": percentiles([value for run in runs for value in run.launch]),
        "page_ms": percentiles([value for run in runs for value in run.page]),
        "bare_ms": percentiles([value for run in runs for value in run.bare]),
    }
