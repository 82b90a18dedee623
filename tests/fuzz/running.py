"""Runs the properties for as many examples as are wanted."""

from collections.abc import Callable
from typing import Any

import hypothesis
import structlog
from hypothesis import HealthCheck, given, settings

from tests.fuzz.lab import Lab
from tests.fuzz.properties import PROPERTIES

CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)


def run(name: str, lab: Lab, *, examples: int, seed: int | None = None) -> None:
    """Try one property; what breaks it is shown as small as it can be made."""
    values, holds = PROPERTIES[name]

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=CHECKS)
    @given(values)
    def check(value: Any) -> None:
        holds(lab, value)

    seeded: Callable[[], None] = hypothesis.seed(seed)(check) if seed is not None else check
    with structlog.testing.capture_logs():  # thousands of lines that nobody reads
        seeded()
