"""The authoring benchmark: a large framework and a long rubric are brought in, and their pages are asked for."""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from grading.competency import Competency, Framework, Kind
from lti_tool import migrations
from lti_tool.access import Capability
from lti_tool.app import create_app
from lti_tool.cli.bench_run import HOST, Place, Serving, environment, new_place, server, timed
from lti_tool.cli.opening import now
from lti_tool.documents import formats
from lti_tool.documents.brought import Brought
from lti_tool.documents.formats import Format
from lti_tool.documents.framework import identifier_of
from lti_tool.processes import free_port
from lti_tool.services.entering.visitors import Visitor, open_session, who_is_it
from lti_tool.services.exchange import bringing, file_work
from lti_tool.services.exchange.file_jobs import Choices
from lti_tool.services.organizations import organization_named
from lti_tool.settings import read_settings
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.files import FileState
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from rubrics.sign_off import Assurance

COMPETENCIES = 5_000
IN_AN_AREA = 25
CRITERIA = 60
FRAMEWORK_KEY = "bench"
COOKIE = "attune"


def measure(
    *,
    runs: int,
    requests: int,
    competencies: int = COMPETENCIES,
    criteria: int = CRITERIA,
    serving: Serving = server,
    place: Place = new_place,
) -> dict[str, Any]:
    """Measure on a new SQLite database; the shape is that of every `attune bench ... --json`."""
    with place() as directory:
        port = free_port(HOST)
        settings = environment(directory, port)
        engine = open_engine(settings["ATTUNE_DATABASE_URL"], (settings["ATTUNE_SECRET_KEY"],))
        migrations.upgrade(engine)
        sessions = open_sessions(engine)
        token, lead = _lead(sessions)
        imports, places = _imports(sessions, lead, framework(competencies), rubric(criteria))
        engine.dispose()
        pages = _statements(settings, token, places)
        with serving(settings, port):
            cases = [_case(port, name, page, statements, token, runs, requests) for name, page, statements in pages]
    return {
        "name": "authoring",
        "ours": round(statistics.median(case["ours"] for case in cases), 1),
        "floor": round(statistics.median(case["floor"] for case in cases), 1),
        "ratio": round(min(case["ratio"] for case in cases), 3),
        "unit": "pages per second (medians of the pages; the ratio is the slowest page's); floor: one bare request",
        "runs": runs,
        "cases": cases,
        "imports": imports,
        "competencies": competencies,
        "criteria": criteria,
    }


# ---- what is brought in ----


def framework(competencies: int) -> Framework:
    """Areas with competencies in them."""
    return Framework(
        identifier=identifier_of(FRAMEWORK_KEY),
        key=FRAMEWORK_KEY,
        title="A framework of many competencies",
        language="en-US",
        competencies=tuple(_competency(number) for number in range(competencies)),
    )


def _competency(number: int) -> Competency:
    area = number - number % IN_AN_AREA
    return Competency(
        identifier=identifier_of(FRAMEWORK_KEY, f"C{number}"),
        code=f"C{number}",
        statement=f"Shows in a session what competency {number} of this framework asks for, in words of a usual length",
        parent=None if number == area else identifier_of(FRAMEWORK_KEY, f"C{area}"),
        kind=Kind.SKILL,
    )


def rubric(criteria: int) -> Rubric:
    """Criteria of five levels, each of which shows two competencies."""
    return Rubric(
        key="bench",
        title="A rubric of many criteria",
        summary="For a benchmark.",
        language="en-US",
        license="CC0-1.0",
        provenance="Made for a benchmark.",
        criteria=tuple(_criterion(number) for number in range(criteria)),
    )


def _criterion(number: int) -> Criterion:
    labels = ("With steps shown", "With a prompt", "On their own", "In a harder moment", "Shows others how")
    return Criterion(
        key=f"criterion-{number}",
        statement=f"Asks an open question about what matters in moment {number}",
        levels=tuple(
            Level(at, label, f"Asked it {label.lower()}, in moment {number}, and waited for the answer.")
            for at, label in enumerate(labels, start=1)
        ),
        met_at=3,
        principles=frozenset({list(Principle)[number % len(Principle)]}),
        alignments=tuple(Alignment(f"{FRAMEWORK_KEY}:C{number * 50 + at}") for at in (1, 2)),
        watch_for=("Gives advice that was not asked for",),
        guide="Listen for the pause after the question.",
    )


# ---- bringing it in, as the worker does ----


def _lead(sessions: sessionmaker[Session]) -> tuple[str, Visitor]:
    with sessions.begin() as session:
        organization_id = organization_named(session, "Benchmark", now())
        person = PersonRow(id=new_id(), organization_id=organization_id, name="Lea", created_at=now())
        session.add(person)
        session.flush()
        session.add(
            GrantRow(
                id=new_id(),
                organization_id=organization_id,
                person_id=person.id,
                capability=Capability.PROGRAM_LEAD,
                granted_at=now(),
            )
        )
        session.flush()
        token = open_session(
            session,
            organization_id=organization_id,
            person_id=person.id,
            assurance=Assurance.LINK_WITH_CODE,
            now=now(),
        )
        visitor = who_is_it(session, token, now())
    if visitor is None:
        raise RuntimeError("the benchmark's program lead did not get in")
    return token, visitor


def _imports(
    sessions: sessionmaker[Session], lead: Visitor, many: Framework, long: Rubric
) -> tuple[dict[str, Any], dict[str, str]]:
    """How long each took, in seconds; and what addresses name afterwards."""
    competencies = formats.write(Brought(frameworks=(many,)), Format.CASE)
    criteria = formats.write(Brought(rubrics=(long,)), Format.JSON)
    first, taken = _bring(sessions, lead, "framework.json", competencies)
    again, _ = _bring(sessions, lead, "again.json", competencies)
    of_rubric, drafted = _bring(sessions, lead, "rubric.json", criteria)
    places = {
        "framework": taken["result"]["frameworks"][0]["framework"],
        "draft": drafted["result"]["rubrics"][0]["draft"],
        "file": taken["file"],
        "criterion": long.criteria[len(long.criteria) // 2].key,
    }
    return {"framework": first, "framework_again": again, "rubric": of_rubric}, places


def _bring(
    sessions: sessionmaker[Session], lead: Visitor, name: str, content: bytes
) -> tuple[dict[str, float], dict[str, Any]]:
    with sessions.begin() as session:
        file_id = bringing.bring(session, lead, name, content, Choices(), now())
    read = _seconds(sessions, file_id, FileState.READ)
    with sessions.begin() as session:
        plan = bringing.plan_of(session, lead, file_id)
        if plan is None:
            raise RuntimeError("the file was not read")
        bringing.want(session, lead, file_id, shown=plan["digest"], rewrite=None, now=now())
    taken_in = _seconds(sessions, file_id, FileState.TAKEN_IN)
    with sessions.begin() as session:
        done = bringing.plan_of(session, lead, file_id)
    return {"read_seconds": read, "take_in_seconds": taken_in}, {**(done or {}), "file": str(file_id)}


def _seconds(sessions: sessionmaker[Session], file_id: UUID, expected: FileState) -> float:
    started = time.perf_counter()
    found = file_work.work(sessions, file_id, now)
    seconds = time.perf_counter() - started
    if found is not expected:
        raise RuntimeError(f"the file is {found}, not {expected}")
    return round(seconds, 2)


# ---- pages ----


def _addresses(places: Mapping[str, str]) -> dict[str, str]:
    draft = f"/drafts/{places['draft']}"
    return {
        "library": "/rubrics",
        "outline of the draft": draft,
        "criterion of the draft": f"{draft}/criteria/{places['criterion']}",
        "history of the draft": f"{draft}/history",
        "checklist": f"{draft}/publish",
        "coverage": f"{draft}/coverage",
        "frameworks": "/frameworks",
        "framework": f"/frameworks/{places['framework']}",
        "files": "/files",
        "what a file of 5,000 rows changed": f"/files/{places['file']}",
    }


def _statements(settings: Mapping[str, str], token: str, places: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """The pages that there are: name, address, and how many statements the database is asked."""
    app = create_app(read_settings(settings))
    routes = app.url_map.bind(HOST)
    browser = app.test_client()
    browser.set_cookie(COOKIE, token, domain=HOST)
    found = []
    for name, address in _addresses(places).items():
        if not routes.test(address, method="GET"):
            continue
        browser.get(address, base_url=settings["ATTUNE_PUBLIC_URL"])
        with counted(app.extensions["attune"].sessions.engine) as said:
            answer = browser.get(address, base_url=settings["ATTUNE_PUBLIC_URL"])
        if answer.status_code != 200:
            raise RuntimeError(f"{name} did not open: {answer.status_code}")
        found.append((name, address, len(said)))
    app.extensions["attune"].sessions.engine.dispose()
    return found


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile, but for the beginning of transactions."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def _case(port: int, name: str, address: str, statements: int, token: str, runs: int, requests: int) -> dict[str, Any]:
    cookies = {COOKIE: token}
    timed(port, [("GET", address, None, cookies)])  # the first time is not counted
    ours, floors = [], []
    for _ in range(runs):
        page = timed(port, [("GET", address, None, cookies)] * requests)
        if any(answer.status != 200 for answer in page.answers):
            raise RuntimeError(f"{name} did not open")
        ours.append(requests / page.seconds)
        bare = timed(port, [("GET", "/bare", None, {})] * requests)
        floors.append(requests / bare.seconds)
    pairs: Sequence[tuple[float, float]] = list(zip(ours, floors, strict=True))
    return {
        "name": name,
        "ours": round(statistics.median(ours), 1),
        "floor": round(statistics.median(floors), 1),
        "ratio": round(statistics.median(mine / floor for mine, floor in pairs), 4),
        "statements": statements,
    }
