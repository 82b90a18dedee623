"""Platforms take turns: a lane is drained for some seconds, and then waits behind whoever else asked."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.queue import Kind, Queue
from lti_tool.safe_http import SafeHttp
from lti_tool.services.scores import lanes, send_lane
from lti_tool.services.scores.send_lane import Clock, Drained

FORGETS_AFTER = 60.0
"""Seconds after which a turn that was asked for counts as lost: a sweep asks for each platform once a minute."""
LOOKS_AHEAD = timedelta(minutes=20)
"""Beyond this the sweep finds what is due."""


class Turns:
    """The turns of this process's threads."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        http: SafeHttp,
        queue: Queue,
        clock: Clock,
        *,
        stopping: Callable[[], bool],
    ) -> None:
        self._sessions = sessions
        self._http = http
        self._queue = queue
        self._clock = clock
        self._stopping = stopping
        self._asked_for: dict[UUID, float] = {}
        self._later: dict[UUID, float] = {}

    def look_at(self, delivery_id: UUID) -> None:
        """Drain the lane of a score that is due, unless that lane's next turn was asked for already.

        Thousands of scores may be told of at once; their platform has no more turns than others for it.
        """
        with self._sessions() as session:
            platform = lanes.platform_of(session, delivery_id, self._clock())
        if platform is not None and self._asked_for.get(platform, 0.0) < time.monotonic():
            self.drain(platform)

    def drain(self, registration_id: UUID) -> None:
        """One turn of a platform; it asks for the next one where something is left."""
        self._asked_for.pop(registration_id, None)
        drained = send_lane.drain(self._sessions, self._http, registration_id, self._clock, stopping=self._stopping)
        self._ask_again(registration_id, drained)

    def _ask_again(self, registration_id: UUID, drained: Drained) -> None:
        now = time.monotonic()
        if drained.more:
            self._asked_for[registration_id] = now + FORGETS_AFTER
            self._queue.look_at(Kind.PLATFORM, registration_id)
            return
        wait = drained.again_at - self._clock() if drained.again_at else LOOKS_AHEAD
        at = now + wait.total_seconds()
        known = self._later.get(registration_id, 0.0)
        if wait < LOOKS_AHEAD and not now < known <= at:
            self._later[registration_id] = at
            self._queue.later(Kind.PLATFORM, registration_id, wait)
