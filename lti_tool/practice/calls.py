"""What tools asked of the LMS, and mischief on request."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PLACES = (
    "configuration",
    "registration",
    "jwks",
    "token",
    "lineitems",
    "lineitem",
    "scores",
    "results",
    "memberships",
    "groups",
    "noticehandlers",
)
REMEMBERED = 5000
KINDS = ("slow", "html", "drop", "reset", "lost-answer", "rate-limit", "forget-tokens")
GONE_A_WHILE = "gone-a-while"
STORM_KINDS = (*KINDS, GONE_A_WHILE)
"""Of a storm: also that a column is not found for some calls."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a service. `status` is 0 where the connection was dropped instead of answered."""

    at: datetime
    place: str
    method: str
    path: str
    status: int
    note: str
    client_id: str
    body: Any
    """What the tool sent as JSON (None for everything else, so never an assertion or a token)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice that was sent to a tool, once; `problem` says why it was not taken."""

    notice_type: str
    address: str
    problem: str = ""


class CallLog:
    """The latest calls, oldest first. Not kept over a restart."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=REMEMBERED)

    def add(self, call: Call) -> None:
        """Write one down."""
        self._calls.append(call)

    def all(self, place: str | None = None) -> tuple[Call, ...]:
        """All calls, or those of one place."""
        return tuple(call for call in list(self._calls) if place in (None, call.place))

    def clear(self) -> None:
        """Forget them."""
        self._calls.clear()


@dataclass(slots=True)
class Mischief:
    """How the next `times` calls of a place are to be spoiled.

    kind: a status from 400 to 599 as text (answered instead of doing anything; `value` becomes
    Retry-After), `rate-limit` (Canvas's 403 with its words, nothing done), `slow` (waits `value`
    seconds, then works), `html` (200 with a page, nothing done), `drop` (connection closed, nothing
    done), `reset` (the same, without a goodbye), `lost-answer` (done, then closed without an answer),
    `forget-tokens` (every access token is unknown from now on).
    """

    place: str
    kind: str
    times: int = 1
    value: float = 0.0

    def problem(self) -> str | None:
        """What is wrong with this wish, if anything."""
        if self.place not in PLACES:
            return f"place should be one of: {', '.join(PLACES)}"
        if self.kind not in KINDS and self.status is None:
            return f"kind should be a status from 400 to 599, or one of: {', '.join(KINDS)}"
        if self.times < 1 or self.value < 0:
            return "times should be 1 or more, and value 0 or more"
        return None

    @property
    def status(self) -> int | None:
        """The status to answer, for the kinds that are one."""
        return status_of(self.kind)


def status_of(kind: str) -> int | None:
    """The status that a kind of mischief is, if it is one."""
    return int(kind) if len(kind) == 3 and kind.isdecimal() and kind[0] in "45" else None


class Misbehavior:
    """The wishes that still stand."""

    def __init__(self) -> None:
        self._wishes: list[Mischief] = []
        self._lock = threading.Lock()

    def wish(self, mischief: Mischief) -> None:
        """Add one. Raises ValueError with a sentence where it makes no sense."""
        if problem := mischief.problem():
            raise ValueError(problem)
        with self._lock:
            self._wishes.append(mischief)

    def take(self, place: str) -> Mischief | None:
        """What is to happen to this call; each wish is used up by its `times`."""
        with self._lock:
            for wish in self._wishes:
                if wish.place == place:
                    wish.times -= 1
                    if wish.times == 0:
                        self._wishes.remove(wish)
                    return wish
        return None

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._wishes.clear()
