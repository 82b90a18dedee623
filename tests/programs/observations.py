"""Observations with their ratings, as evidence documents have them."""

from collections.abc import Mapping

from tests.programs.entries import Has, entry


def observation(
    id_: str, on: str, ratings: Mapping[str, int | None] | None = None, amount: str = "", **has: Has
) -> str:
    """One observation, signed on its day; a criterion without a level was not observed."""
    rated = (_rating(criterion, level) for criterion, level in (ratings or {}).items())
    return entry("observations", id_, on, amount, **has) + "".join(rated)


def _rating(criterion: str, level: int | None) -> str:
    of_level = "" if level is None else f"level = {level}\n"
    return f'[[observations.ratings]]\ncriterion = "{criterion}"\n{of_level}\n'


def items(count: int, level: int) -> dict[str, int | None]:
    """So many items with the same level."""
    return {f"item_{number}": level for number in range(1, count + 1)}
