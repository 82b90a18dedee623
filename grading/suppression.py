"""Holding small numbers back: what may be shown of a table of people, so that nobody can be found in it.

The way is the usual one for tables of people: primary and complementary suppression, as in "Statistical Methods for
Protecting Personally Identifiable Information in Aggregate Reporting" (SLDS Technical Brief 3, NCES 2011-603, National
Center for Education Statistics, December 2010), and as the CDC does for small cells:

* primary: a number below the minimum is held back, zero too, and a share below 5 or above 95 of 100;
* complementary: further numbers are held back until for each gap numbers fit that lie at least the minimum apart;
  what fits is computed exactly (`grading.gaps`), not guessed by "two in each row and column";
* between releases about the same people: what was held back once stays so, and a change that concerns fewer than
  the minimum is held back as well; with that each step between two releases is a table that is as safe by itself
  (`grading.steps`). What is known to be as it was told before is shown, not held back for the sake of others.

What it does not do: it knows nothing of what somebody has heard elsewhere, and nothing of tables made outside.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.gaps import Place
from grading.held_back import held_back
from rubrics.refusal import Refused

MINIMUM = 10
"""Below this many people nothing is shown, unless an organization says otherwise."""
LEAST = 5
"""An organization can say no less."""

Shared = tuple[str | tuple[str, ...] | None, int | None]
"""A number that stands in several tables of the same people: an outcome of everybody, or the total of a group."""


@dataclass(frozen=True, slots=True)
class Table:
    """Groups down, outcomes across, people counted. Each person is in exactly one place."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """A line for each row, a number for each column."""

    @property
    def entries(self) -> tuple[tuple[int, ...], ...]:
        """The counts with their totals: the last row is everybody, the last number of a row all of it."""
        lines = [(*line, sum(line)) for line in self.counts]
        everybody = tuple(sum(line[column] for line in lines) for column in range(len(self.columns) + 1))
        return (*lines, everybody)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """What may be shown of a table. None: held back; nobody is told whether because it or another one is small."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    entries: tuple[tuple[int | None, ...], ...]
    """As in `Table.entries`."""

    def count(self, row: str | None, column: str | None) -> int | None:
        """How many; None for the row: everybody, None for the column: all of the row."""
        line = self.entries[-1 if row is None else self.rows.index(row)]
        return line[-1 if column is None else self.columns.index(column)]

    def percent(self, row: str | None, column: str) -> int | None:
        """Of a hundred of the row, rounded to 5; None where either number is held back."""
        part, whole = self.count(row, column), self.count(row, None)
        return None if part is None or not whole else 5 * round(20 * part / whole)

    @property
    def held_back(self) -> int:
        """How many numbers are held back."""
        return sum(number is None for line in self.entries for number in line)

    @property
    def tells_something(self) -> bool:
        """Whether anything is shown at all."""
        return any(number is not None for line in self.entries for number in line)

    def document(self) -> dict[str, Any]:
        """As it is kept; `shown_table` reads it."""
        lines = [list(line) for line in self.entries]
        return {"name": self.name, "rows": list(self.rows), "columns": list(self.columns), "entries": lines}


def shown_table(document: Mapping[str, Any]) -> ShownTable:
    """The table that was kept."""
    lines = tuple(tuple(line) for line in document["entries"])
    return ShownTable(document["name"], tuple(document["rows"]), tuple(document["columns"]), lines)


def hold_back(table: Table, minimum: int = MINIMUM, before: ShownTable | None = None) -> ShownTable:
    """What may be shown of one table; `before` is what was shown last of the same people, perhaps with some more now.

    Raises `Refused` where since `before` so little changed that showing it anew would tell of few.
    """
    return hold_back_together([table], minimum, {} if before is None else {before.name: before})[0]


def hold_back_together(
    tables: Sequence[Table], minimum: int = MINIMUM, before: Mapping[str, ShownTable] | None = None
) -> list[ShownTable]:
    """What may be shown of several tables of the same people, shown beside each other.

    What stands in several of them is held back in all: the totals of the same rows, and each column of everybody. So
    none tells what another keeps to itself; only one that is held back wholly, and so told to nobody, has no say.
    `before` are by name those that were shown last, the latest of them last. Raises `Refused` as `hold_back`.
    """
    if minimum < LEAST:
        raise Refused("minimum_too_low", "Please choose at least %(least)s people.", least=LEAST)
    earlier = before or {}
    told: dict[Shared, int | None] = {}
    for each in earlier.values():
        told |= {name: None if told.get(name, 0) is None else number for name, number in _shared_numbers(each)}
    held = {name for name, number in told.items() if number is None}
    while True:
        hidden = [_hidden(table, minimum, earlier.get(table.name), told, held) for table in tables]
        now = {name for table, places in zip(tables, hidden, strict=True) for name in _shared_names(table, places)}
        if now <= held:
            return [_shown(table, places) for table, places in zip(tables, hidden, strict=True)]
        held |= now


def _hidden(
    table: Table,
    minimum: int,
    before: ShownTable | None,
    told: Mapping[Shared, int | None],
    held: Collection[Shared],
) -> frozenset[Place]:
    places = _places(table)
    already = [place for place in places if _shared(table, place) in held]
    if before is None or not before.tells_something:
        return held_back(table.entries, minimum, [_told_elsewhere(table, told)], already)
    if (before.rows, before.columns) != (table.rows, table.columns):
        return frozenset(places)  # what changed could not be said number by number
    already += [(row, column) for row, column in places if before.entries[row][column] is None]
    return held_back(table.entries, minimum, [before.entries, _told_elsewhere(table, told)], already)


def _told_elsewhere(table: Table, told: Mapping[Shared, int | None]) -> list[list[int | None]]:
    """What other tables of the same people told last of the numbers that stand in this one too."""
    places = _places(table)
    numbers = [None if (name := _shared(table, place)) is None else told.get(name) for place in places]
    wide = len(table.columns) + 1
    return [numbers[at : at + wide] for at in range(0, len(numbers), wide)]


def _shared_numbers(table: ShownTable) -> Iterator[tuple[Shared, int | None]]:
    if table.tells_something:
        for row, column in _places(table):
            if (name := _shared(table, (row, column))) is not None:
                yield name, table.entries[row][column]


def _shared_names(table: Table, hidden: Collection[Place]) -> set[Shared]:
    if len(hidden) == len(_places(table)):
        return set()
    return {name for place in hidden if (name := _shared(table, place)) is not None}


def _shared(table: Table | ShownTable, place: Place) -> Shared | None:
    row, column = place
    if row == len(table.rows):
        return (*table.columns, None)[column], None
    return (table.rows, row) if column == len(table.columns) else None


def _places(table: Table | ShownTable) -> list[Place]:
    return [(row, column) for row in range(len(table.rows) + 1) for column in range(len(table.columns) + 1)]


def _shown(table: Table, hidden: Collection[Place]) -> ShownTable:
    lines = tuple(
        tuple(None if (row, column) in hidden else number for column, number in enumerate(line))
        for row, line in enumerate(table.entries)
    )
    return ShownTable(table.name, table.rows, table.columns, lines)
