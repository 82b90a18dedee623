"""Every score that was kept, in the order in which that happened: what a gradebook itself forgets."""

import threading
from dataclasses import dataclass
from datetime import datetime

from lti_tool.practice.records import Score


@dataclass(frozen=True, slots=True)
class Accepted:
    """One score that was kept."""

    given: float | None
    maximum: float | None
    timestamp: str
    """As it was sent."""
    received_at: datetime
    by_teacher: bool


class ScoreLog:
    """What was kept for each person in each column, oldest first. Not kept over a restart."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], list[Accepted]] = {}
        self._lock = threading.Lock()

    def add(self, score: Score, timestamp: str) -> None:
        """Write one down, with the timestamp that came with it."""
        one = Accepted(score.given, score.maximum, timestamp, score.received_at, score.by_teacher)
        with self._lock:
            self._kept.setdefault((score.line_item_id, score.person_id), []).append(one)

    def all(self) -> dict[tuple[str, str], tuple[Accepted, ...]]:
        """All of it, by the ids of column and person."""
        with self._lock:
            return {key: tuple(kept) for key, kept in self._kept.items()}
