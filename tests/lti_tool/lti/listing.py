"""A platform's lists as values: a service whose answers are given, and a time in which nobody waits."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lti_tool.lti.answers import Posted
from lti_tool.lti.pages import Patience
from lti_tool.safe_http import HttpAnswer


class Answers:
    """A service whose answers are given, and which notes what it was asked."""

    def __init__(self, *answers: HttpAnswer | Posted) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def call(self, method: str, url: str, scope: str, headers: Any, **_limits: Any) -> HttpAnswer | Posted:
        self.asked.append((url, scope, dict(headers)))
        return self.answers.pop(0)


@dataclass
class Pauses:
    """Notes how long somebody would have waited."""

    seconds: list[float] = field(default_factory=list)

    @property
    def patience(self) -> Patience:
        return Patience(lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC), self.seconds.append)
