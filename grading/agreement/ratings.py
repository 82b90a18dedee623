"""Who rated what how: the one shape that every statistic takes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import isfinite
from typing import Protocol

Number = int | float | Decimal | Fraction
Value = str | Number


class Level(StrEnum):
    """What may be said of two values of a scale."""

    NOMINAL = "nominal"
    """the same, or not"""
    ORDINAL = "ordinal"
    """also which is more"""
    INTERVAL = "interval"
    """also by how much"""
    RATIO = "ratio"
    """also how many times: there is a zero"""


class Chance(Protocol):
    """Where chance comes from: `random.Random` with a seed. The core has none of its own."""

    def choices(self, population: Sequence[int], *, k: int) -> list[int]:
        """So many of them, each drawn from all."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that was rated. Values are written as their place in the scale, counted from 0."""

    cells: tuple[int | None, ...]
    """By observer; None where somebody did not rate it."""
    counts: tuple[tuple[int, int], ...]
    """How often each place was given, without those that were not."""
    ratings: int


@dataclass(frozen=True, slots=True)
class Ratings:
    """Units by observers. Make it with `ratings_of`."""

    units: tuple[tuple[Unit, int], ...]
    """Each unit, with how many there are that were rated just so."""
    scale: tuple[Value, ...]
    """Every level that could have been given, in order, whether or not anybody gave it."""
    level: Level

    @property
    def numbers(self) -> tuple[Fraction, ...]:
        """The scale as exact numbers. Only where `are_numbers`."""
        return tuple(Fraction(value) for value in self.scale)

    @property
    def are_numbers(self) -> bool:
        """Whether the scale holds numbers that one may calculate with."""
        return self.level is not Level.NOMINAL and not any(isinstance(value, str) for value in self.scale)

    @property
    def rated(self) -> int:
        """How many units anybody rated."""
        return sum(times for unit, times in self.units if unit.ratings)

    @property
    def raters(self) -> int:
        """How many observers rated anything."""
        return len({place for unit, _ in self.units for place, cell in enumerate(unit.cells) if cell is not None})

    @property
    def given(self) -> int:
        """How many ratings there are."""
        return sum(unit.ratings * times for unit, times in self.units)

    @property
    def used(self) -> tuple[Value, ...]:
        """The levels that anybody gave, in the order of the scale."""
        places = {place for unit, _ in self.units for place, _ in unit.counts}
        return tuple(value for place, value in enumerate(self.scale) if place in places)

    def drawn(self, chance: Chance) -> "Ratings":
        """As many units, each drawn from all of them anew, as the bootstrap asks for."""
        places = [place for place, (_, times) in enumerate(self.units) for _ in range(times)]
        counted = Counter(chance.choices(places, k=len(places)))
        return replace(self, units=tuple((self.units[place][0], times) for place, times in sorted(counted.items())))


def ratings_of(rows: Iterable[Sequence[Value | None]], level: Level, scale: Sequence[Value] | None = None) -> Ratings:
    """The ratings: a row for each unit, a cell for each observer, None where somebody did not rate.

    Without a `scale` it is what was used, in order. Raises ValueError for a value beyond the scale, a level that
    stands there twice, rows of different lengths, or numbers that are none.
    """
    table = [tuple(row) for row in rows]
    if len({len(row) for row in table}) > 1:
        raise ValueError("each unit has a cell for each observer")
    declared = tuple(scale) if scale is not None else _used(table)
    places = {value: place for place, value in enumerate(declared)}
    if len(places) != len(declared):
        raise ValueError("a level stands in the scale twice")
    if level in (Level.INTERVAL, Level.RATIO) and any(isinstance(value, str) for value in declared):
        raise ValueError(f"the level {level.value} needs numbers")
    if any(isinstance(value, float) and not isfinite(value) for value in declared):
        raise ValueError("every level is a finite number")
    counted = Counter(tuple(None if cell is None else _place(cell, places) for cell in row) for row in table)
    return Ratings(tuple((_unit(cells), times) for cells, times in counted.items()), declared, level)


def _used(table: Sequence[Sequence[Value | None]]) -> tuple[Value, ...]:
    found = {cell for row in table for cell in row if cell is not None}
    words = sorted(each for each in found if isinstance(each, str))
    return (*sorted(each for each in found if not isinstance(each, str)), *words)


def _place(cell: Value, places: dict[Value, int]) -> int:
    if cell not in places:
        raise ValueError(f"{cell!r} is not on the scale")
    return places[cell]


def _unit(cells: tuple[int | None, ...]) -> Unit:
    given = [cell for cell in cells if cell is not None]
    return Unit(cells, tuple(sorted(Counter(given).items())), len(given))
