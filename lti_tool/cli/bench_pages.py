"""The benchmark of the trainee's path and the queue: how long pages take, and how often they ask the database."""

import statistics
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from lti_tool.app import create_app
from lti_tool.cli.bench_authoring import COOKIE, counted
from lti_tool.cli.bench_pages_filled import Filled, Size, fill
from lti_tool.cli.bench_run import HOST, Place, Request, Serving, environment, new_place, percentiles, server, timed
from lti_tool.processes import free_port
from lti_tool.settings import read_settings

LEAST = 10
"""So many requests are made of a slow page in each run."""
LONGEST_RUN = 5.0
"""Seconds, about."""


def sizes_of(numbers: Sequence[int]) -> tuple[Size, ...]:
    """So many people each, with the same history."""
    return tuple(Size(people=number, entries_each=40) for number in numbers)


SIZES = sizes_of((200, 2_000))
LONG = sizes_of((200, 2_000, 20_000))

Page = tuple[str, str, str, int]
"""Its name, its address, the secret of whoever asks for it, and how many statements it takes."""


def measure(
    *,
    runs: int,
    requests: int,
    sizes: Sequence[Size] = SIZES,
    only: Collection[str] = (),
    least: int = LEAST,
    serving: Serving = server,
    place: Place = new_place,
) -> dict[str, Any]:
    """Measure with each number of people, each in a new SQLite database; the shape is that of every bench.

    `only` names the pages that are asked for, empty: all; `least` says how often a slow one is, in each run.
    `growth` is the p95 of a page with the most people, over that with the fewest: the largest of all pages. Each page
    is asked for in all of them by turns, so that whatever else the machine does meets many people and few alike.
    """
    with ExitStack() as stack:
        places = [stack.enter_context(_filled(size, only, serving, place)) for size in sizes]
        names = [page[0] for page in places[0].pages]
        cases = [case for name in names for case in _cases(name, places, runs, requests, least)]
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


@dataclass(frozen=True, slots=True)
class Served:
    """A server on a filled database."""

    people: int
    port: int
    pages: list[Page]


@contextmanager
def _filled(size: Size, only: Collection[str], serving: Serving, place: Place) -> Iterator[Served]:
    with place() as directory:
        port = free_port(HOST)
        settings = environment(directory, port)
        pages = statements(settings, fill(settings, size), only)
        with serving(settings, port):
            yield Served(size.people, port, pages)


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


def statements(settings: Mapping[str, str], filled: Filled, only: Collection[str] = ()) -> list[Page]:
    """Those that there are, with the number of statements once all that is kept in memory is there; or `only` these."""
    app = create_app(read_settings(settings))
    routes = app.url_map.bind(HOST)
    engine = app.extensions["attune"].sessions.engine
    found = []
    for name, (address, token) in addresses(filled).items():
        if (only and name not in only) or not routes.test(address, method="GET"):
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


def _cases(name: str, places: Sequence[Served], runs: int, requests: int, least: int) -> list[dict[str, Any]]:
    """One page, asked for in each place by turns."""
    found = [_Case(name, place, requests, least) for place in places]
    for _ in range(runs):
        for case in found:
            case.run()
    return [case.result() for case in found]


class _Case:
    """One page of one place, and how long it took so far."""

    def __init__(self, name: str, place: Served, requests: int, least: int) -> None:
        self.name, self.place = name, place
        address, token, self.statements = next(page[1:] for page in place.pages if page[0] == name)
        self.asked: Request = ("GET", address, None, {COOKIE: token})
        timed(place.port, [self.asked])  # the first time is not counted
        once = timed(place.port, [self.asked]).seconds
        self.requests = max(least, min(requests, int(LONGEST_RUN / once)))
        self.ours: list[float] = []
        self.floors: list[float] = []
        self.took: list[float] = []

    def run(self) -> None:
        """Once more, beside as many bare requests."""
        found = timed(self.place.port, [self.asked] * self.requests)
        if any(answer.status != 200 for answer in found.answers):
            raise RuntimeError(f"{self.name} did not open")
        self.ours.append(self.requests / found.seconds)
        self.took += [answer.milliseconds for answer in found.answers]
        bare = timed(self.place.port, [("GET", "/bare", None, {})] * self.requests)
        self.floors.append(self.requests / bare.seconds)

    def result(self) -> dict[str, Any]:
        """What came of all runs."""
        pairs = zip(self.ours, self.floors, strict=True)
        return {
            "people": self.place.people,
            "name": self.name,
            "ours": round(statistics.median(self.ours), 1),
            "floor": round(statistics.median(self.floors), 1),
            "ratio": round(statistics.median(mine / floor for mine, floor in pairs), 4),
            "statements": self.statements,
            "requests": len(self.took),
            **percentiles(self.took),
        }
