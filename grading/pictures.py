"""Pictures of numbers: where lines, bars, dots and cells stand, as shares of the room that there is.

Every scale begins at zero. What is not known has no place on it: it is drawn apart, and never as zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import ceil

MOST_TICKS = 5
MOST_DOTS = 6
"""Of one column of a dot strip, one above the other."""
SHADES = 4
_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """From zero to a round number that nothing which is shown is above."""

    top: Decimal
    ticks: tuple[Decimal, ...]
    """Zero, and round numbers up to the top."""

    def share(self, value: Decimal | int) -> float:
        """Where it stands, from 0 to 1."""
        return float(min(max(Decimal(value) / self.top, Decimal(0)), Decimal(1)))


def scale(values: Iterable[Decimal | int | None]) -> Scale:
    """The scale of a picture that shows these; values that are not known say nothing of it."""
    known = [Decimal(each) for each in values if each is not None]
    highest = max([*known, Decimal(1)])
    step = next(each for each in _steps() if each * (MOST_TICKS - 1) >= highest)
    count = ceil(highest / step)
    return Scale(step * count, tuple(step * number for number in range(count + 1)))


def exact(values: Iterable[Decimal | int | None]) -> Scale:
    """The same where no ticks are drawn: it ends at the highest of them."""
    top = max((Decimal(each) for each in values if each is not None), default=Decimal(0))
    return Scale(top if top > 0 else Decimal(1), ())


def _steps() -> Iterable[Decimal]:
    power = Decimal(1)
    while True:
        yield from (power * each for each in _ROUND)
        power *= 10


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line between two places; `y` counts from the bottom."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A day with what was known on it."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class StepLine:
    """Something that stays as it is until it changes."""

    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[float, ...]
    """Where the days stand of which nothing is known."""


def step_line(points: Sequence[tuple[date, Decimal | int | None]], of: Scale) -> StepLine:
    """A line over days, which come in their order. It does not lead over a day of which nothing is known."""
    if not points:
        return StepLine((), (), ())
    first, last = points[0][0], points[-1][0]
    length = max((last - first).days, 1)
    places = [((day - first).days / length, value) for day, value in points]
    strokes: list[Stroke] = []
    for (x1, before), (x2, after) in pairwise(places):
        if before is None:
            continue
        y1 = of.share(before)
        strokes.append(Stroke(x1, y1, x2, y1))
        if after is not None and after != before:
            strokes.append(Stroke(x2, y1, x2, of.share(after)))
    return StepLine(
        tuple(strokes),
        tuple(Mark(x, of.share(value)) for x, value in places if value is not None),
        tuple(x for x, value in places if value is None),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar."""

    number: int
    """Which of the values it is, counted from 0: it says how the part is drawn."""
    begins: float
    width: float


def stacked(values: Sequence[Decimal | int | None], of: Scale) -> tuple[Part, ...]:
    """The parts of one bar, one after the other. What is zero, and what is not known, takes no room."""
    parts: list[Part] = []
    so_far = Decimal(0)
    for number, value in enumerate(values):
        if value is None or value <= 0:
            continue
        begins = of.share(so_far)
        so_far += value
        parts.append(Part(number, begins, of.share(so_far) - begins))
    return tuple(parts)


def stands_for(counts: Iterable[int]) -> int:
    """For how many one dot stands, so that no column of a picture is higher than there is room for."""
    return max(1, -(-max(counts, default=0) // MOST_DOTS))


def dots(count: int, each: int) -> int:
    """How many dots are drawn: none for none, and at least one for anything."""
    return -(-count // each)


def shade(count: int, most: int) -> int:
    """How dark a cell is, from 0 (only for none) to `SHADES` (for the most)."""
    if count <= 0:
        return 0
    return min(SHADES, -(-count * SHADES // max(most, 1)))
