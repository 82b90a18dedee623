"""Things that live a short while and only in memory: hints, tokens, nonces."""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

Clock = Callable[[], datetime]
Held = TypeVar("Held")


def utc_now() -> datetime:
    """The clock on the wall, in UTC."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that a test may put forward or back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset = timedelta()

    def __call__(self) -> datetime:
        """The time as this clock has it."""
        return self._clock() + self.offset


class Tickets(Generic[Held]):
    """Unguessable handles, each for one value, each good until its lifetime is over."""

    def __init__(self, lifetime: timedelta, clock: Clock) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._held: dict[str, tuple[datetime, Held]] = {}
        self._lock = threading.Lock()

    def issue(self, value: Held) -> str:
        """A new handle for the value."""
        ticket = secrets.token_urlsafe(24)
        now = self._clock()
        with self._lock:
            self._held = {key: held for key, held in self._held.items() if held[0] > now}
            self._held[ticket] = (now + self._lifetime, value)
        return ticket

    def value(self, ticket: str) -> Held | None:
        """The value behind the handle, while it lasts."""
        with self._lock:
            return self._alive(self._held.get(ticket))

    def spend(self, ticket: str) -> Held | None:
        """The value, for the last time: only one caller gets it."""
        with self._lock:
            return self._alive(self._held.pop(ticket, None))

    def clear(self) -> None:
        """Forget every handle."""
        with self._lock:
            self._held.clear()

    def _alive(self, held: tuple[datetime, Held] | None) -> Held | None:
        return held[1] if held and held[0] > self._clock() else None


class SpentWords:
    """Words that may be used once: nonces and the ids of assertions."""

    def __init__(self, remember: timedelta, clock: Clock) -> None:
        self._remember = remember
        self._clock = clock
        self._spent: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def spend(self, word: str) -> bool:
        """True for the first use within the time we remember, else False."""
        now = self._clock()
        with self._lock:
            self._spent = {key: until for key, until in self._spent.items() if until > now}
            if word in self._spent:
                return False
            self._spent[word] = now + self._remember
        return True
