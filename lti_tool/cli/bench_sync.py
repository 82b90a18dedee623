"""The benchmark of scores: what `attune worker` delivers, beside what the bare HTTP client reaches in the same run."""

import os
import platform as machine
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grading.delivery import DeliveryState
from grading.scores import DesiredScore
from lti_tool.cli import bench_sync_floor, bench_sync_platform
from lti_tool.cli.bench_run import Place, new_place, percentiles
from lti_tool.cli.bench_sync_filled import Filled, Fresh, Working, filled, own_postgresql, worker
from lti_tool.cli.bench_sync_platform import Running
from lti_tool.cli.opening import now
from lti_tool.lti.quirks import quirks_of
from lti_tool.queue import Kind, Queue, open_queue
from lti_tool.services.scores.deliver import note_desired
from lti_tool.settings import read_settings
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.engine import open_sessions

SLOW = 0.15
"""Seconds that the slow platform takes for each score."""
SEED = 9
LONGEST = 1_800.0
SCORES = bench_sync_platform.SCORE


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    scores: int
    slow_scores: int
    runs: int
    tries: int
    backlog: int
    cold: int = 5
    """Tries before it counts: everything is loaded by then."""
    pauses: tuple[float, float] = (0.3, 2.0)
    """Seconds between tries, at least and at most: the worker is idle again, and at no particular moment."""
    beside: int = 20
    """Scores of the small platform beside a large one."""


NORMAL = Sizes(scores=3_000, slow_scores=300, runs=3, tries=60, backlog=10_000)
LONG = Sizes(scores=20_000, slow_scores=2_000, runs=3, tries=100, backlog=100_000)


def measure(
    sizes: Sizes, *, postgresql: str | None, working: Working = worker, place: Place = new_place
) -> dict[str, Any]:
    """Measure on new databases: SQLite, and in the PostgreSQL server of this address ("own": one for this run)."""
    with ExitStack() as stack:
        platform = stack.enter_context(bench_sync_platform.running())
        databases: dict[str, Fresh] = {"sqlite": partial(filled, None, place=place)}
        if postgresql is not None:
            url = stack.enter_context(own_postgresql()) if postgresql == "own" else postgresql
            databases["postgresql"] = partial(filled, url, place=place)
        cases = [
            _throughput(name, fresh, platform, sizes, after, working)
            for name, fresh in databases.items()
            for after in (0.0, SLOW)
        ]
        latency = [_latency(name, fresh, platform, sizes, working) for name, fresh in databases.items()]
        beside = [_beside(name, fresh, platform, sizes, working) for name, fresh in databases.items()]
    return {
        "name": "sync",
        "ours": cases[0]["ours"],
        "floor": cases[0]["floor"],
        "ratio": min(case["ratio"] for case in cases),
        "unit": "scores per second that `attune worker` has accepted by the platform and written down; floor: posts "
        "per second of a bare requests.Session, as many at once, in the same run; the ratio is the lowest of the cases",
        "at_once": quirks_of("bench").at_once,
        "cases": cases,
        "latency": latency,
        "beside_a_backlog": beside,
        "seed": SEED,
        "cpus": os.cpu_count(),
        "versions": {
            "python": machine.python_version(),
            **{name: version(name) for name in ("requests", "urllib3", "sqlalchemy", "psycopg", "huey")},
        },
    }


# ---- how many a second ----


def _throughput(
    name: str, fresh: Fresh, platform: Running, sizes: Sizes, after: float, working: Working
) -> dict[str, Any]:
    """Ours between floors, several times, so that a busy moment of the machine meets both."""
    posts = sizes.slow_scores if after else sizes.scores
    floors, ours, ratios = [_floor(platform, posts, after)], [], []
    for _ in range(sizes.runs):
        ours.append(_drained(fresh, platform, posts, after, working))
        floors.append(_floor(platform, posts, after))
        ratios.append(ours[-1] / statistics.mean(floors[-2:]))
    return {
        "name": f"{name}, {f'answers after {after * 1000:.0f} ms' if after else 'answers at once'}",
        "ours": round(statistics.median(ours), 1),
        "floor": round(statistics.median(floors), 1),
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "scores": posts,
        "runs": sizes.runs,
    }


def _floor(platform: Running, posts: int, after: float) -> float:
    platform.forget(after)
    at_once = quirks_of("bench").at_once
    return posts / bench_sync_floor.seconds(f"{platform.url}{SCORES}", posts=posts, at_once=at_once)


def _drained(fresh: Fresh, platform: Running, posts: int, after: float, working: Working) -> float:
    """Scores a second from the first one that arrives to the last one that is written down."""
    platform.forget(after)
    with fresh(platform.url) as database:
        database.wait(platform.url, posts, now())
        with working(database):
            _wait_until(lambda: _waiting(database, platform.url) == 0)
            ended = time.time()
        seen = platform.seen()
        if (seen["posts"], seen["people"]) != (posts, posts):
            raise RuntimeError(f"not every score came once: {seen}")
        return float(posts / (ended - seen["first"]))


def _waiting(database: Filled, platform: str) -> int:
    registration_id = database.registrations[platform]
    with database.engine.connect().execution_options(attune_writes=False) as connection:
        return connection.execute(
            select(func.count()).where(
                DeliveryRow.registration_id == registration_id, DeliveryRow.state == DeliveryState.WAITING
            )
        ).scalar_one()


def _wait_until(true: Callable[[], bool], *, every: float = 0.05) -> None:
    deadline = time.monotonic() + LONGEST
    while not true():
        if time.monotonic() > deadline:
            raise RuntimeError("the scores were not delivered in time")
        time.sleep(every)


# ---- how soon ----


def _latency(name: str, fresh: Fresh, platform: Running, sizes: Sizes, working: Working) -> dict[str, Any]:
    """From the release of one score to its acceptance, as anybody can read it, while nothing else waits."""
    platform.forget(0.0)
    chance = random.Random(SEED)  # noqa: S311 - makes pauses, guards nothing
    with fresh(platform.url) as database, working(database):
        people = database.people(platform.url, sizes.cold + sizes.tries)
        queue = open_queue(read_settings(database.settings))
        took = []
        for person in people:
            took.append(_released(database, queue, database.columns[platform.url], person))
            time.sleep(chance.uniform(*sizes.pauses))
    milliseconds = [1000 * seconds for seconds in took[sizes.cold :]]
    return {"name": name, **percentiles(milliseconds), "longest": round(max(milliseconds), 2), "tries": sizes.tries}


def _released(database: Filled, queue: Queue, column: UUID, person: UUID) -> float:
    started = time.perf_counter()
    with open_sessions(database.engine).begin() as session:
        line_item = session.get_one(LineItemRow, column)
        due = note_desired(session, line_item, person, DesiredScore(Decimal(80), Decimal(100)), now())
    for delivery_id in due:
        queue.look_at(Kind.DELIVERY, delivery_id)
    _wait_until(lambda: _accepted(database, due), every=0.003)
    return time.perf_counter() - started


def _accepted(database: Filled, due: Sequence[UUID]) -> bool:
    with database.engine.connect().execution_options(attune_writes=False) as connection:
        states = connection.scalars(select(DeliveryRow.state).where(DeliveryRow.id.in_(due)))
        return all(state is DeliveryState.ACCEPTED for state in states)


# ---- beside a backlog ----


def _beside(name: str, fresh: Fresh, platform: Running, sizes: Sizes, working: Working) -> dict[str, Any]:
    """How long scores of a small platform wait, which come one by one while a large and slow one has many waiting."""
    platform.forget(SLOW)
    large, small = f"{platform.url}/large", f"{platform.url}/small"
    with fresh(large, small) as database:
        database.wait(large, sizes.backlog, now())
        with working(database):
            _wait_until(lambda: _waiting(database, large) < sizes.backlog)
            people = database.people(small, sizes.beside)
            queue = open_queue(read_settings(database.settings))
            took = [_released(database, queue, database.columns[small], person) for person in people]
            left = _waiting(database, large)
    return {
        "name": name,
        "backlog": sizes.backlog,
        "left_of_it_afterwards": left,
        "seconds": {"median": round(statistics.median(took), 2), "longest": round(max(took), 2)},
        "scores": sizes.beside,
    }


# ---- in words ----


def in_words(result: Mapping[str, Any]) -> Iterator[str]:
    """The same for people; ratios first."""
    for case in result["cases"]:
        yield (
            f"{case['name']}: ratio {case['ratio']} ({case['ours']:.0f} scores a second; the bare client "
            f"{case['floor']:.0f}; {result['at_once']} at once; {case['scores']} scores, median of {case['runs']} runs)"
        )
    for case in result["latency"]:
        yield (
            f"{case['name']}: from release to acceptance {case['p50']:.0f} ms, p95 {case['p95']:.0f} ms, longest "
            f"{case['longest']:.0f} ms, beyond the platform's own answer ({case['tries']} tries)"
        )
    for case in result["beside_a_backlog"]:
        yield (
            f"{case['name']}: beside {case['backlog']} scores that wait for one platform, a score of another is "
            f"accepted after {case['seconds']['median']} s, at the longest {case['seconds']['longest']} s; "
            f"{SLOW} s of it are the platform's own"
        )
