"""The short form of `make torture`: some hundred sign-offs in a storm, and one process that ends in the middle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture.run import Order, Outcome, run

ROWS = 150


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database for processes of their own."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with request.getfixturevalue("postgres").fresh() as url:
        yield url


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fresh", "profile", "seed"),
    [
        pytest.param("sqlite", "moodle", 20, marks=pytest.mark.full),
        pytest.param("postgres", "canvas", 21, marks=pytest.mark.postgres),
    ],
    indirect=["fresh"],
)
def test_lti_a22_a23_a36_after_a_storm_the_gradebook_is_as_it_should_be(
    fresh: str, profile: str, seed: int, tmp_path: Path
) -> None:
    order = Order(seed, ROWS, profile, fresh, releasers=1, blows=1, slow=False)
    outcome: Outcome = run(order, tmp_path)
    assert not outcome.problems
    assert outcome.in_the_end == {"accepted": ROWS}
    assert outcome.kills.total() == 1
    assert sum(number for name, number in outcome.faults.items() if " " in name) > 0
