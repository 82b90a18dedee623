"""What the LMS does in a storm, and what each of it is good for."""

from collections.abc import Mapping
from types import MappingProxyType

SLOW = 12.0
"""Seconds: longer than Attune waits for an answer, so that the LMS takes a score of which Attune hears nothing."""

PASSING: Mapping[str, float] = MappingProxyType(
    {
        "scores 500": 0.01,
        "scores 502": 0.01,
        "scores 503": 0.02,
        "scores 429": 0.01,
        "scores 401": 0.005,
        "scores 412": 0.002,
        "scores rate-limit": 0.01,
        "scores html": 0.01,
        "scores drop": 0.02,
        "scores reset": 0.02,
        "scores lost-answer": 0.03,
        "scores slow": 0.001,
        "scores forget-tokens": 0.003,
        "scores gone-a-while": 0.0005,
        "results 500": 0.02,
        "results 503": 0.02,
        "results html": 0.01,
        "results drop": 0.02,
        "results lost-answer": 0.02,
        "lineitems 503": 0.05,
        "lineitem 503": 0.05,
        "token 500": 0.05,
        "token 429": 0.05,
        "token html": 0.05,
        "token drop": 0.05,
        "token slow": 0.05,
    }
)
"""What passes: afterwards everything is as it should be, and nobody had to do anything. Shares of the calls."""
LASTING: Mapping[str, float] = MappingProxyType({"scores 409": 0.002, "scores 422": 0.002, "scores 403": 0.0002})
"""Refusals out of the blue, which a person has to look at."""
VALUES: Mapping[str, float] = MappingProxyType(
    {"scores slow": SLOW, "token slow": 2.0, "scores 429": 2.0, "token 429": 1.0, "scores 503": 1.0}
)
"""How long it is slow, or asks to be left alone."""


def forecast(seed: int, *, slow: bool) -> dict[str, object]:
    """As the practice LMS wants it said. Without `slow` nothing is slower than Attune waits: a short run."""
    rates = {name: rate for name, rate in (PASSING | LASTING).items() if slow or name != "scores slow"}
    return {"seed": seed, "rates": rates, "values": dict(VALUES)}
