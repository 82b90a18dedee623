"""A rate limit as Canvas has it: a bucket for each tool, into which a call under way puts a large drop at once."""

import threading
import time

HIGH_WATER = 600.0
LEAK = 10.0
"""What runs out each second."""
UP_FRONT = 50.0
"""What a call puts in while it is under way; afterwards only its cost stays."""


class Throttle:
    """The buckets of all tools. Time is the machine's own, not a test's: it measures work."""

    def __init__(self) -> None:
        self._levels: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def enter(self, client_id: str) -> bool:
        """Begin a call; False where there were too many."""
        now = time.monotonic()
        with self._lock:
            level = self._level(client_id, now)
            if level > HIGH_WATER:
                return False
            self._levels[client_id] = (level + UP_FRONT, now)
        return True

    def leave(self, client_id: str, cost: float) -> float:
        """End a call that was let in; what is left before the limit."""
        now = time.monotonic()
        with self._lock:
            level = max(0.0, self._level(client_id, now) + cost - UP_FRONT)
            self._levels[client_id] = (level, now)
        return HIGH_WATER - level

    def _level(self, client_id: str, now: float) -> float:
        level, since = self._levels.get(client_id, (0.0, now))
        return max(0.0, level - (now - since) * LEAK)
