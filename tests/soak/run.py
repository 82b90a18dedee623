"""One day: people at work, faults one after the other, and then the question whether anything was lost."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import func, select

from grading.delivery import DeliveryState
from lti_tool.store.engine import open_engine
from lti_tool.store.people import SessionRow
from lti_tool.store.sessions import open_both
from tests.living import HOST, Living, fresh_environment, three_free_ports, wait_for
from tests.soak import checking
from tests.soak.disk import Disk
from tests.soak.faults import LMS, Fault, Ground, faults
from tests.soak.people import Day, everybody
from tests.soak.scene import build
from tests.soak.watch import Span, Watch
from tests.torture.keeping import Keeper
from tests.torture.postgres import Server

QUIET, EACH = 0.15, 0.14
"""Shares of the time: what begins it without a fault, and each fault with what follows it. The rest is quiet again."""
LASTS = 0.35
"""Of that share: how long a fault lasts."""
LONGEST_UNTIL_READY = 180.0
AFTER_THE_DAY = 240.0
"""Seconds in which what was begun is ended."""
LANE_RESTS_AT_MOST = 300.0
ACTS_A_SECOND = 12
"""What two cores can carry together with the LMS and all browsers: 200 people do something every 17 seconds each."""
SHORTEST_THOUGHT = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted."""

    people: int
    minutes: float
    database_url: str
    disk: Disk
    server: Server | None = None
    seed: int = 11

    @property
    def think(self) -> float:
        """Seconds between two things that a person does, in the middle: all together do so many each second."""
        return max(SHORTEST_THOUGHT, self.people / ACTS_A_SECOND)

    @property
    def database(self) -> str:
        """Its kind, as `make soak` takes it."""
        return "sqlite" if self.server is None else "postgresql"


@dataclass
class Outcome:
    """What came of it."""

    order: Order
    watch: Watch
    faults: tuple[Fault, ...] = ()
    problems: list[str] = field(default_factory=list)
    observations: int = 0
    signed: int = 0
    fields: int = 0
    launches: int = 0
    lms_shows: int = 0
    deliveries: Counter[DeliveryState] = field(default_factory=Counter)
    until_nothing_waited: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    """How often processes ended by themselves."""


def run(order: Order, folder: Path, say: Callable[[str], None] = lambda sentence: None) -> Outcome:
    """Do it. Processes write what they say into `folder`."""
    with ExitStack() as stack:
        environment = fresh_environment(order.database_url)
        port = three_free_ports()
        place = Living(environment["ATTUNE_PUBLIC_URL"], f"http://{HOST}:{port}", environment, folder / "log.txt")
        keeper = Keeper(environment, stack.enter_context(_log(place.log)))
        stack.callback(keeper.close)
        keeper.keep(LMS, "lti_tool.practice", "--port", str(port), "--data", str(folder / "lms"))
        workers = "1" if order.server is None else "2"
        keeper.keep("web", "lti_tool", "serve", "--workers", workers, "--threads", "8")
        for number in () if order.server is None else (1, 2):
            keeper.keep(f"worker-{number}", "lti_tool", "worker")
        wait_for(place.lms)
        wait_for(f"{place.attune}/health")
        place.control("register-tool", address=place.attune_says("platforms", "invite"))
        engine = open_engine(order.database_url, (environment["ATTUNE_SECRET_KEY"],))
        stack.callback(engine.dispose)
        sessions = open_both(engine)
        link, pairs = build(place, sessions.writing, order.people // 2)
        engine.dispose()
        say(f"{order.people} people are ready")
        ground = Ground(place, keeper, order.disk, order.database_url, order.server)
        day = Day(place.attune, place.lms, link, Watch(), order.seed, order.think)
        outcome = Outcome(order, day.watch, faults(ground))
        _live_through(day, outcome, [*everybody(day, pairs)], say)
        _until_nothing_waits(outcome, lambda: _asked(sessions, checking.standing))
        with sessions.reading() as session:
            for look in (checking.lost, checking.unsigned_words):
                outcome.problems += look(session, day)
            outcome.problems += checking.chain(session)
            outcome.launches = session.scalars(select(func.count()).select_from(SessionRow)).one()
        shown = place.control("scores", "GET")
        outcome.lms_shows = len(shown)
        outcome.problems = [*day.watch.problems, *day.given_up, *outcome.problems]
        outcome.observations, outcome.signed = len(day.fields), len(day.signed)
        outcome.fields = sum(len(fields) for fields in day.fields.values())
        outcome.ends = keeper.ends
        return outcome


@contextmanager
def _log(path: Path) -> Iterator[IO[bytes]]:
    """By a pipe: where no file may grow, as when the disk is full, what processes say is no file of theirs."""
    with path.open("wb") as file, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as cat:
        assert cat.stdin is not None
        yield cat.stdin


def _live_through(day: Day, outcome: Outcome, threads: list, say: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    seconds = outcome.order.minutes * 60
    began = time.monotonic()
    day.come_within = seconds * QUIET / 2
    day.ends, day.gives_up = began + seconds, began + seconds + AFTER_THE_DAY
    for thread in threads:
        thread.start()
    for number, fault in enumerate(outcome.faults):
        _sleep_until(began + seconds * (QUIET + EACH * number))
        say(f"{fault.name}: {fault.what}")
        span = day.watch.begins(fault.name)
        fault.begin()
        if fault.is_lived_with:
            _until(lambda: _answers(f"{day.attune}/health/ready"), time.monotonic() + LONGEST_UNTIL_READY)
        _sleep_until(time.monotonic() + seconds * EACH * LASTS)
        fault.mend()
        span.ended = time.monotonic()
        _until_ready(day, span)
        say(f"  well again after {span.well_again - span.ended:.0f} seconds")
    for thread in threads:
        thread.join(max(0.1, day.gives_up + 60 - time.monotonic()))
        if thread.is_alive():
            day.watch.problem(f"{thread.name} is still at it")


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


def _until_ready(day: Day, span: Span) -> None:
    """As a load balancer asks."""
    for address in (f"{day.attune}/health/ready", day.lms):
        if not _until(lambda address=address: _answers(address), span.ended + LONGEST_UNTIL_READY):  # type: ignore[misc]
            day.watch.problem(f"{span.name}: {address} is not ready {LONGEST_UNTIL_READY:.0f} seconds after it")
    span.well_again = time.monotonic()


def _until(true: Callable[[], bool], deadline: float) -> bool:
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.3)
    return True


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.status == 200
    except HTTPError as problem:
        problem.close()
        return False
    except OSError:
        return False


def _until_nothing_waits(outcome: Outcome, ask: Callable[[], Counter[DeliveryState]]) -> None:
    """Scores are with the LMS, without anybody pressing anything."""
    began = time.monotonic()
    while True:
        with suppress(OSError):
            outcome.deliveries = ask()
        if set(outcome.deliveries) <= {DeliveryState.ACCEPTED}:
            break
        if time.monotonic() > began + LANE_RESTS_AT_MOST:
            outcome.problems.append(f"scores wait: {dict(outcome.deliveries)}")
            break
        time.sleep(1)
    outcome.until_nothing_waited = time.monotonic() - began


def _asked(sessions, question):  # type: ignore[no-untyped-def]
    with sessions.reading() as session:
        return question(session)
