"""Draining a platform's lane: sending what waits for it, several scores at once, for some seconds.

One thread claims and writes down; the others only speak with the LMS. What was not tried is given back as it was.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from grading.pacing import PATIENT_WITH
from lti_tool.lti.answers import Answer, Posted, Whose
from lti_tool.lti.quirks import quirks_of
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.scores import lanes
from lti_tool.services.scores.lanes import Lane
from lti_tool.services.scores.send import Attempt, Sender, ToSend
from lti_tool.services.scores.send_claims import claim, give_back
from lti_tool.services.scores.send_results import Tried, settle

log = structlog.get_logger("attune.worker")

LASTS = 5.0
"""Seconds for which a lane is drained before the others have their turn."""
MOST_AT_ONCE = 300
"""Scores that are taken in one go, at most."""
TOGETHER = 0.1
"""Seconds for which results are collected before they are written down together."""
TRIES_TO_SETTLE = 5

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Drained:
    """What is left after a drain."""

    more: bool = False
    """Whether something is due now: the lane asks for another turn."""
    again_at: datetime | None = None
    """Else when something is due next, or the platform has rested."""


def drain(
    sessions: sessionmaker[Session],
    http: SafeHttp,
    registration_id: UUID,
    clock: Clock,
    *,
    lasting: float = LASTS,
    stopping: Callable[[], bool] = lambda: False,
) -> Drained:
    """Send what is due for a platform, unless another worker does or it rests. Ends after some seconds."""
    with sessions.begin() as session:
        now = clock()
        lane = lanes.take(session, registration_id, now)
        if lane is None:
            return Drained()
        first = claim(session, lane.registration.id, now, most=1)
        key = signing_key(session, now)
    known = lane.registration
    tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
    draining = _Draining(sessions, lane, Sender(tokens, http, known, key, clock), clock)
    try:
        if first:
            draining.run(first, until=time.monotonic() + lasting, stopping=stopping)
    finally:
        draining.close()
    return draining.left()


class _Draining:
    def __init__(self, sessions: sessionmaker[Session], lane: Lane, sender: Sender, clock: Clock) -> None:
        self._sessions = sessions
        self._lane = lane
        self._sender = sender
        self._clock = clock
        self._at_once = at_once(lane.registration.family)
        self._pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="lane")
        self._waiting: SimpleQueue[ToSend | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[ToSend, Attempt | None]] = SimpleQueue()
        self._under_way = 0
        """Handed out, and not heard of yet."""
        self._troubles = lane.troubles
        self._accepted_at = lane.accepted_at
        self._resting_until: datetime | None = None
        self._ended = False
        self._problem: Posted | None = None
        self._judging = threading.Lock()
        self._called_off = threading.Event()
        self._answers: Counter[str] = Counter()
        self._clock_ahead: timedelta | None = None

    def run(self, first: Sequence[ToSend], *, until: float, stopping: Callable[[], bool]) -> None:
        """The first one alone: it finds out whether the platform is well."""
        started = time.monotonic()
        for _ in range(self._at_once):
            self._pool.submit(self._work)
        self._hand_out(first)
        self._take_in(self._collected())
        exhausted = False
        while not self._ended and not stopping() and time.monotonic() < until:
            most = self._next_batch(time.monotonic() - started)
            if not exhausted and self._waiting.qsize() < most / 2:  # claimed while the others are on their way
                claimed = self._claimed(most)
                self._hand_out(claimed)
                exhausted = len(claimed) < most
            if not self._under_way:
                break
            self._take_in(self._collected())

    def close(self) -> None:
        """Wait for what is under way, give back the rest, and let the lane go."""
        self._called_off.set()
        untried = self._called_back()
        for _ in range(self._at_once):
            self._waiting.put(None)
        while self._under_way:
            self._take_in(self._collected())
        self._pool.shutdown()
        with self._sessions.begin() as session:
            give_back(session, untried)
            if self._clock_ahead is not None:
                lanes.clock_seen(session, self._lane, self._clock_ahead)
            lanes.let_go(session, self._lane)
        if self._answers:
            log.info("lane drained", platform=str(self._lane.registration.id), **self._answers)

    def left(self) -> Drained:
        """One more look, now that somebody else may have been told that this worker holds the lane."""
        with self._sessions() as session:
            now = self._clock()
            next_at = lanes.next_due(session, self._lane.registration.id, now)
        if next_at is None:
            return Drained()
        again_at = max(one for one in (next_at, self._resting_until) if one is not None)
        return Drained(more=True) if again_at <= now else Drained(again_at=again_at)

    def _work(self) -> None:
        while (to_send := self._waiting.get()) is not None:
            attempt = None if self._ended else self._sender.attempt(to_send)
            if attempt is not None:
                with self._judging:
                    self._judge(Tried(to_send, attempt))
            self._results.put((to_send, attempt))
            if attempt is not None and attempt.posted is not None and attempt.posted.slow_down is not None:
                self._called_off.wait(min(attempt.posted.slow_down.total_seconds(), LASTS))

    def _next_batch(self, seconds: float) -> int:
        """As much as goes out in a second."""
        pace = int(self._answers.total() / max(seconds, 0.001))
        return min(max(pace, self._at_once * 4), MOST_AT_ONCE)

    def _claimed(self, most: int) -> Sequence[ToSend]:
        with self._sessions.begin() as session:
            now = self._clock()
            if lanes.keep(session, self._lane, now):
                return claim(session, self._lane.registration.id, now, most=most)
        self._ended = True  # another worker has the lane by now, or its connection was switched off
        return ()

    def _hand_out(self, claimed: Sequence[ToSend]) -> None:
        self._under_way += len(claimed)
        for one in claimed:
            self._waiting.put(one)

    def _called_back(self) -> list[ToSend]:
        back: list[ToSend] = []
        while True:
            try:
                one = self._waiting.get_nowait()
            except Empty:
                self._under_way -= len(back)
                return back
            if one is not None:
                back.append(one)

    def _collected(self) -> list[tuple[ToSend, Attempt | None]]:
        """The next results: as soon as there is one, and what comes shortly after."""
        found = [self._results.get()]
        until = time.monotonic() + TOGETHER
        while len(found) < self._under_way and (wait := until - time.monotonic()) > 0:
            try:
                found.append(self._results.get(timeout=wait))
            except Empty:
                break
        return found

    def _take_in(self, results: Sequence[tuple[ToSend, Attempt | None]]) -> None:
        self._under_way -= len(results)
        tried = [Tried(to_send, attempt) for to_send, attempt in results if attempt is not None]
        untried = [to_send for to_send, attempt in results if attempt is None]
        now = self._clock()
        for attempt in range(TRIES_TO_SETTLE):
            try:
                with self._sessions.begin() as session:
                    self._write(session, tried, untried, now)
                return
            except OperationalError:  # the database went away for a moment: what is known is not given up at once
                if attempt == TRIES_TO_SETTLE - 1:
                    raise
                time.sleep(2**attempt)

    def _write(self, session: Session, tried: Sequence[Tried], untried: Sequence[ToSend], now: datetime) -> None:
        with self._judging:
            problem, troubles, accepted_at = self._problem, self._troubles, self._accepted_at
        if tried:
            settle(session, self._lane.registration.id, tried, now, others_at=accepted_at)
        give_back(session, untried)
        if problem is not None:
            self._resting_until = lanes.troubled(
                session, self._lane, problem.answer, now, troubles=troubles, asked=problem.retry_after
            )
        elif tried:
            lanes.went_well(session, self._lane, accepted_at)

    def _judge(self, tried: Tried) -> None:
        """Whether the platform is well: where it is not, nothing more is sent."""
        self._answers[tried.answer.value if tried.answer else tried.attempt.step.value] += 1
        posted = tried.attempt.posted
        if posted is not None and posted.clock_ahead is not None:
            self._clock_ahead = posted.clock_ahead
        if posted is None or tried.whose is not Whose.PLATFORM:
            self._troubles, self._problem = 0, None
            if tried.answer is Answer.ACCEPTED:
                self._accepted_at = self._clock()
            return
        self._troubles, self._problem = self._troubled(posted), posted
        self._ended = self._ended or posted.answer in _AT_ONCE or self._troubles >= PATIENT_WITH

    def _troubled(self, posted: Posted) -> int:
        """Several that were under way together met one trouble, however many they are."""
        once_more = max(self._lane.troubles + 1, PATIENT_WITH)
        if posted.answer in _AT_ONCE and posted.retry_after is None:
            return once_more
        return min(self._troubles + 1, once_more)


_AT_ONCE = frozenset({Answer.BUSY, Answer.SWITCHED_OFF, Answer.TOKEN_REFUSED, Answer.SCOPE_NOT_GRANTED})
"""Troubles that no score can be to blame for."""


def at_once(family: str) -> int:
    """How many scores a platform gets at the same time."""
    return quirks_of(family).at_once
