"""The benchmark of the trainee's path and the queue: how long pages take, and how often they ask the database."""

import logging
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lti_tool.app import create_app
from lti_tool.cli.bench_authoring import COOKIE, counted
from lti_tool.cli.bench_pages_filled import Filled, Size, fill
from lti_tool.cli.bench_run import HOST, environment, percentiles, server, timed
from lti_tool.logs import set_up_logs
from lti_tool.processes import free_port
from lti_tool.settings import read_settings

LEAST = 10
"""So many requests are made of a slow page in each run."""
LONGEST_RUN = 5.0
"""Seconds, about."""

SIZES = (Size(people=200, entries_each=40), Size(people=2_000, entries_each=40))
LONG = (*SIZES, Size(people=20_000, entries_each=40))

Page = tuple[str, str, str, int]
"""Its name, its address, the secret of whoever asks for it, and how many statements it takes."""


def measure(*, runs: int, requests: int, sizes: Sequence[Size] = SIZES) -> dict[str, Any]:
    """Measure with each number of people, in a new SQLite database each time; the shape is that of every bench.

    `growth` is the p95 of a page with the most people, over that with the fewest: the largest of all pages.
    """
    set_up_logs(logging.WARNING)
    cases = [case for size in sizes for case in _of_size(size, runs, requests)]
    growth = growth_of(cases)
    return {
        "name": "pages",
        "ours": round(statistics.median(case["ours"] for case in cases), 1),
        "floor": round(statistics.median(case["floor"] for case in cases), 1),
        "ratio": round(min(case["ratio"] for case in cases), 4),
        "growth": max(growth.values()),
        "growth_of_pages": growth,
        "unit": "pages per second (medians of the pages; the ratio is the slowest page's); floor: one bare request",
        "runs": runs,
        "cases": cases,
        "people": [size.people for size in sizes],
        "entries": [size.people * size.entries_each for size in sizes],
        "observations": [size.people * size.observations_each for size in sizes],
    }


def growth_of(cases: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Of each page, the p95 with the most people over that with the fewest."""
    found = {}
    for name in dict.fromkeys(case["name"] for case in cases):
        of_it = sorted((case for case in cases if case["name"] == name), key=lambda case: case["people"])
        found[name] = round(of_it[-1]["p95"] / of_it[0]["p95"], 2)
    return found


def _of_size(size: Size, runs: int, requests: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="attune-bench-") as directory:
        port = free_port(HOST)
        settings = environment(Path(directory), port)
        pages = statements(settings, fill(settings, size))
        with server(settings, port):
            return [{"people": size.people, **_case(port, page, runs, requests)} for page in pages]


def addresses(filled: Filled) -> dict[str, tuple[str, str]]:
    """The pages that are asked for, each with who asks."""
    path, program = f"/path/{filled.enrollment_id}", f"/programs/{filled.program_id}"
    activity = f"/a/{filled.activity_id}"
    return {
        "my programs": ("/path", filled.trainee),
        "my path": (path, filled.trainee),
        "what if": (f"{path}/what-if", filled.trainee),
        "pause": (f"{path}/pause", filled.trainee),
        "renewal": (f"{path}/renewal", filled.trainee),
        "ledger": ("/ledger", filled.trainee),
        "queue": ("/waiting", filled.supervisor),
        "people of a program": (f"{program}/people", filled.lead),
        "one of them": (f"/people-of/{filled.enrollment_id}", filled.lead),
        "cohort of a program": (f"{program}/cohort", filled.lead),
        "the same by status": (f"{program}/cohort?status=in_progress&order=date", filled.lead),
        "the same by an answer": (f"{program}/cohort?order=answer&by=practice", filled.lead),
        "who needs a lead": (f"{program}/cohort/week", filled.lead),
        "proof of a cell": (f"/people-of/{filled.enrollment_id}/requirements/practice", filled.lead),
        "cohort of a course": (f"{activity}/cohort", filled.instructor),
        "competencies of a course": (f"{activity}/cohort?across=competencies", filled.instructor),
        "who needs an instructor": (f"{activity}/cohort/week", filled.instructor),
    }


def statements(settings: Mapping[str, str], filled: Filled) -> list[Page]:
    """Those that there are, with the number of statements once everything that is kept in memory is there."""
    app = create_app(read_settings(settings))
    routes = app.url_map.bind(HOST)
    engine = app.extensions["attune"].sessions.engine
    found = []
    for name, (address, token) in addresses(filled).items():
        if not routes.test(address, method="GET"):
            continue
        browser = app.test_client()
        browser.set_cookie(COOKIE, token, domain=HOST)
        first = browser.get(address, base_url=settings["ATTUNE_PUBLIC_URL"])
        if first.status_code == 303:
            continue  # it leads to another one, which is measured itself
        with counted(engine) as said:
            answer = browser.get(address, base_url=settings["ATTUNE_PUBLIC_URL"])
        if answer.status_code != 200:
            raise RuntimeError(f"{name} did not open: {answer.status_code}")
        found.append((name, address, token, len(said)))
    engine.dispose()
    return found


def _case(port: int, page: Page, runs: int, requests: int) -> dict[str, Any]:
    name, address, token, asked_for = page
    asked = ("GET", address, None, {COOKIE: token})
    timed(port, [asked])  # the first time is not counted
    requests = max(LEAST, min(requests, int(LONGEST_RUN / timed(port, [asked]).seconds)))
    ours, floors, took = [], [], []
    for _ in range(runs):
        found = timed(port, [asked] * requests)
        if any(answer.status != 200 for answer in found.answers):
            raise RuntimeError(f"{name} did not open")
        ours.append(requests / found.seconds)
        took += [answer.milliseconds for answer in found.answers]
        floors.append(requests / timed(port, [("GET", "/bare", None, {})] * requests).seconds)
    pairs: Sequence[tuple[float, float]] = list(zip(ours, floors, strict=True))
    return {
        "name": name,
        "ours": round(statistics.median(ours), 1),
        "floor": round(statistics.median(floors), 1),
        "ratio": round(statistics.median(mine / floor for mine, floor in pairs), 4),
        "statements": asked_for,
        "requests": requests * runs,
        **percentiles(took),
    }
