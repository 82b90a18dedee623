"""One run: a course, a storm over it, and then the question whether the gradebook is as it should be."""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.queue import Kind, open_queue
from lti_tool.services.courses import places
from lti_tool.services.scores import gradebook
from lti_tool.settings import read_settings
from lti_tool.store.courses import ActivityRow
from lti_tool.store.engine import open_engine
from lti_tool.store.observations import ObservationRow
from lti_tool.store.sessions import open_both
from rubrics.observation import State
from tests.living import HOST, Living, fresh_environment, process, three_free_ports, wait_for
from tests.torture import checking, plan, weather
from tests.torture.building import build, launched, visitor
from tests.torture.keeping import Keeper

Found = TypeVar("Found")

SKEW = 4
"""Seconds by which the clocks of Attune's processes and of the LMS are wrong in a storm, at most."""
DATABASE = 0.2
"""The share of blows that hit the database."""
A_NIGHT = 7 * 3600
"""Seconds: longer than the longest wait between two attempts."""
PATIENCE = 120.0
"""Seconds without any progress before another night has to pass, or the run is given up."""
STUCK = 300.0
NIGHTS = 3
AFTER_THE_RELEASES = 20.0
"""Seconds for which a storm goes on over what still waits."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted of a run."""

    seed: int
    rows: int
    profile: str
    database_url: str
    restart: Callable[[], None] | None = None
    """Ends the database and starts it again; None where it has no server."""
    releasers: int = 2
    blows: int | None = None
    """How often something hard happens while acts are done, spread over them by the seed; None: by their number."""
    slow: bool = True

    @property
    def on_sqlite(self) -> bool:
        """Whether the worker is part of `attune serve`."""
        return self.database_url.startswith("sqlite")

    @property
    def database(self) -> str:
        """Its kind, as `make torture` takes it."""
        return "sqlite" if self.on_sqlite else "postgresql"


@dataclass
class Outcome:
    """What came of it."""

    order: Order
    sign_offs: int
    superseded: int
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    clocks: int = 0
    nights: int = 0
    accepted: int = 0
    after_the_storm: Counter[str] = field(default_factory=Counter)
    in_the_end: Counter[str] = field(default_factory=Counter)
    problems: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def run(order: Order, folder: Path, say: Callable[[str], None] = lambda sentence: None) -> Outcome:
    """Do it. Processes write what they say into `folder`."""
    with ExitStack() as stack:
        return _Run(order, folder, stack, say).go()


class _Run:
    def __init__(self, order: Order, folder: Path, stack: ExitStack, say: Callable[[str], None]) -> None:
        self.order, self.folder, self.say = order, folder, say
        self.chance = random.Random(f"{order.seed} blows")
        self.trainees = list(plan.planned(order.seed, order.rows))
        acts = Counter(act.kind for trainee in self.trainees for act in trainee.acts)
        self.outcome = Outcome(order, acts[plan.SIGN], acts[plan.SUPERSEDE])
        self.ahead = 0
        environment = fresh_environment(order.database_url)
        port = three_free_ports()
        self.place = Living(environment["ATTUNE_PUBLIC_URL"], f"http://{HOST}:{port}", environment, folder / "log.txt")
        log = stack.enter_context(self.place.log.open("wb"))
        options = ("--port", str(port), "--data", str(folder / "lms"), "--profile", order.profile)
        lms = process(environment, log, "lti_tool.practice", *options, "--save-every", "900")
        wait_for(self.place.lms, stack.enter_context(lms))
        self.keeper = Keeper(environment, log)
        stack.callback(self.keeper.close)
        engine = open_engine(order.database_url, (environment["ATTUNE_SECRET_KEY"],))
        stack.callback(engine.dispose)
        self.sessions = open_both(engine)

    def go(self) -> Outcome:
        """All of it."""
        for step in (self._build, self._storm, self._calm, self._as_people_do):
            began = time.monotonic()
            step()
            seconds = time.monotonic() - began
            self.outcome.seconds[step.__name__.strip("_")] = seconds
            self.say(f"{step.__name__.strip('_')}: {seconds:.0f} seconds")
        self.outcome.kills, self.outcome.ends = self.keeper.kills, self.keeper.ends
        return self.outcome

    def _build(self) -> None:
        self.keeper.keep("web", "lti_tool", "serve", "--workers", "1" if self.order.on_sqlite else "2")
        for number in () if self.order.on_sqlite else (1, 2):
            self.keeper.keep(f"worker-{number}", "lti_tool", "worker")
        wait_for(f"{self.place.attune}/health")
        self.place.control("register-tool", address=self.place.attune_says("platforms", "invite"))
        self.trainees, observer = build(self.place, self.sessions.writing, self.trainees)
        plan.write(self.folder / "plan.json", self.trainees)
        (self.folder / "observer").write_text(str(observer))

    def _storm(self) -> None:
        """Releases, with faults, kills, restarts and wrong clocks; it goes on a while over what waits then."""
        self.place.control("storm", **weather.forecast(self.order.seed, slow=self.order.slow))
        for share in range(self.order.releasers):
            words = (str(self.folder), str(self.order.seed), str(share), str(self.order.releasers))
            self.keeper.keep(f"releases-{share}", "tests.torture.releasing", *words, once=True)
        all_acts = self.outcome.sign_offs + self.outcome.superseded
        blows = max(3, self.order.rows // 150) if self.order.blows is None else self.order.blows
        for share in sorted(self.chance.uniform(0.05, 0.95) for _ in range(blows)):
            self._until(lambda at=share * all_acts: self._acts_done() >= at)  # type: ignore[misc]
            self._blow()
        self._until(lambda: self.keeper.finished("releases-"))
        self.say(f"all is released: {dict(self._standing())}")
        time.sleep(min(AFTER_THE_RELEASES, self.order.rows / 100))
        self._until(self._has_stormed)

    def _has_stormed(self) -> bool:
        """Whether faults met what was sent: whoever sends may have rested for as long as acts were done."""
        faults = self.place.control("storm", "GET")
        return sum(number for name, number in faults.items() if " " in name) > 0

    def _until(self, true: Callable[[], bool]) -> None:
        """Wait, as long as acts are done."""
        before, since = self._acts_done(), time.monotonic()
        while not true():
            time.sleep(0.3)
            now = self._acts_done()
            if now != before:
                before, since = now, time.monotonic()
            assert time.monotonic() - since < STUCK, f"no act was done for {STUCK} seconds; {before} were before"

    def _acts_done(self) -> int:
        """What was signed, and what was superseded after that."""
        found = select(ObservationRow.state, func.count()).group_by(ObservationRow.state)
        counts = self._asked(lambda session: {row[0]: row[1] for row in session.execute(found)})
        return counts.get(State.RELEASED, 0) + 2 * counts.get(State.SUPERSEDED, 0)

    def _blow(self) -> None:
        """One hard thing; the first is that a process ends which sends scores."""
        names = self.keeper.names()
        for name in names:
            self.keeper.clock[name] = self.chance.randint(-SKEW, SKEW)
        self.place.control("clock", seconds=self.chance.randint(-SKEW, SKEW))
        self.outcome.clocks += 1
        first = self.outcome.clocks == 1
        if self.order.restart is not None and self.chance.random() < DATABASE and not first:
            self.order.restart()
            self.outcome.restarts += 1
            return
        senders = [name for name in names if name.startswith("web" if self.order.on_sqlite else "worker")]
        self.keeper.kill(self.chance.choice(senders if first else names), self.chance)

    def _calm(self) -> None:
        """The storm is over: what passes by itself has passed, when some time has."""
        self.outcome.faults = Counter(self.place.control("storm", "DELETE"))
        self.outcome.nights = self._until_nothing_waits()
        self._look()
        self.outcome.after_the_storm = self.outcome.in_the_end

    def _until_nothing_waits(self) -> int:
        for nights in range(1, NIGHTS + 1):
            self._let_a_night_pass()
            if self._nothing_waits():
                return nights
        self.outcome.problems += (f"still waiting: {dict(self._standing())}",)
        return NIGHTS

    def _let_a_night_pass(self) -> None:
        """For everybody, by putting all clocks forward."""
        self.ahead += A_NIGHT
        names = [name for name in self.keeper.names() if not name.startswith("releases-")]
        self.keeper.clock = dict.fromkeys(names, self.ahead)
        self.place.control("clock", seconds=self.ahead)
        self.keeper.restart(*names)

    def _nothing_waits(self) -> bool:
        """Whether it comes to that; False when nothing moved for long."""
        before, since = self._standing(), time.monotonic()
        while before[DeliveryState.WAITING] or before.total() < self.order.rows:
            time.sleep(0.5)
            now = self._standing()
            if now != before:
                before, since = now, time.monotonic()
            if time.monotonic() - since > PATIENCE:
                self.say(f"nothing moves: {dict(before)}")
                return False
        return True

    def _standing(self) -> Counter[str]:
        return self._asked(checking.standing)

    def _asked(self, question: Callable[[Session], Found]) -> Found:
        while True:
            try:
                with self.sessions.reading() as session:
                    return question(session)
            except OperationalError:  # the database was restarted
                time.sleep(0.2)

    def _look(self) -> None:
        with self.sessions.reading() as session:
            found = checking.look(session, self.trainees, self.place.control("scores", "GET"))
        self.outcome.problems = tuple(dict.fromkeys((*self.outcome.problems, *found.problems)))
        self.outcome.accepted, self.outcome.in_the_end = found.accepted, found.stand

    def _as_people_do(self) -> None:
        """An instructor sends again what waits for a person; then every cell is as it should be."""
        if set(self.outcome.in_the_end) == {DeliveryState.ACCEPTED}:
            return
        now = datetime.now(UTC) + timedelta(seconds=self.ahead)
        with self.sessions.writing.begin() as session:
            ines = visitor(session, launched(session, "Ines"), now)
            place = places.place(session, ines, session.scalars(select(ActivityRow.id)).one())
            to_look_at = gradebook.resend_all(session, ines, place, now)
        queue = open_queue(read_settings(self.place.environment))
        for delivery_id in to_look_at:
            queue.look_at(Kind.DELIVERY, delivery_id)
        if not self._nothing_waits():
            self._until_nothing_waits()
        self._look()
        if set(self.outcome.in_the_end) != {DeliveryState.ACCEPTED}:
            self.outcome.problems += (f"not accepted: {dict(self.outcome.in_the_end)}",)
