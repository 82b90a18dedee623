"""Holding small numbers back: what may be shown of a table of people, so that nobody can be found in it.

The way is the usual one for tables of people: primary and complementary suppression, as in "Statistical Methods for
Protecting Personally Identifiable Information in Aggregate Reporting" (SLDS Technical Brief 3, NCES 2011-603, National
Center for Education Statistics, December 2010), and as the CDC does for small cells:

* primary: a number below the minimum is held back, zero too, and a share below 5 or above 95 of 100;
* complementary: further numbers are held back until for each gap numbers fit that lie at least the minimum apart;
  what fits is computed exactly (`grading.gaps`), not guessed by "two in each row and column";
* between releases about the same people: what was held back once stays so, and a change that concerns fewer than
  the minimum is held back as well; with that each step between two releases is a table that is as safe by itself.

What it does not do: it knows nothing of what somebody has heard elsewhere, and nothing of tables made outside.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.gaps import Entries, Place, ranges
from rubrics.refusal import Refused

MINIMUM = 10
"""Below this many people nothing is shown, unless an organization says otherwise."""
LEAST = 5
"""An organization can say no less."""
NEAR_NONE, NEAR_ALL = 5, 95
"""Of a hundred: a share beyond these would say it of nearly everybody."""


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

    Tables of the same rows hold back the same rows, so that none of them tells the total that another keeps to itself.
    `before` are by name those that were shown last. Raises `Refused` as `hold_back`.
    """
    if minimum < LEAST:
        raise Refused("minimum_too_low", "Please choose at least %(least)s people.", least=LEAST)
    rows_held: dict[tuple[str, ...], frozenset[int]] = {}
    while True:
        gaps = [
            _Gaps(table, minimum, (before or {}).get(table.name), rows_held.get(table.rows, frozenset())).found()
            for table in tables
        ]
        held_now = dict(rows_held)
        for table, hidden in zip(tables, gaps, strict=True):
            totals = {row for row, column in hidden if column == len(table.columns) and row < len(table.rows)}
            held_now[table.rows] = held_now.get(table.rows, frozenset()) | totals
        if all(held_now[rows] == rows_held.get(rows, frozenset()) for rows in held_now):
            return [_shown(table, hidden) for table, hidden in zip(tables, gaps, strict=True)]
        rows_held = held_now


def _shown(table: Table, hidden: set[Place]) -> ShownTable:
    lines = tuple(
        tuple(None if (row, column) in hidden else number for column, number in enumerate(line))
        for row, line in enumerate(table.entries)
    )
    return ShownTable(table.name, table.rows, table.columns, lines)


class _Gaps:
    """Which numbers of one table are held back; they only ever become more."""

    def __init__(self, table: Table, minimum: int, before: ShownTable | None, rows_held: frozenset[int]) -> None:
        self.entries, self.minimum = table.entries, minimum
        self.last_row, self.last_column = len(table.rows), len(table.columns)
        self.before = before.entries if before and before.tells_something else None
        self.hidden: set[Place] = {(row, self.last_column) for row in rows_held}
        # Other groups or outcomes than the last time: what changed could not be said number by number.
        self.other = before is not None and (before.rows, before.columns) != (table.rows, table.columns)

    def found(self) -> set[Place]:
        if self.other or self.entries[-1][-1] < self.minimum:
            return set(self._all())
        self.hidden |= set(self._small()) | set(self._held_before())
        self._everybody()
        self._whole_lines()
        while (place := self._told()) is not None:
            further = self._beside(place)
            if further is None:
                return set(self._all())
            self.hidden.add(further)
            self._whole_lines()
        return self.hidden

    def _all(self) -> Iterator[Place]:
        return ((row, column) for row in range(self.last_row + 1) for column in range(self.last_column + 1))

    def _small(self) -> Iterator[Place]:
        for row, column in self._all():
            number, whole = self.entries[row][column], self.entries[row][-1]
            of_a_share = column < self.last_column and self.last_column > 1
            if number < self.minimum or (of_a_share and not NEAR_NONE * whole <= 100 * number <= NEAR_ALL * whole):
                yield row, column

    def _held_before(self) -> Iterator[Place]:
        if self.before is not None:
            yield from (place for place in self._all() if self.before[place[0]][place[1]] is None)

    def _everybody(self) -> None:
        """The last row by itself: it stands in every table of these people, so it is settled first."""
        line = self.entries[-1]
        gaps = [column for column in range(self.last_column) if (self.last_row, column) in self.hidden]
        while gaps and (len(gaps) < 2 or sum(line[column] for column in gaps) < self.minimum):
            shown = [column for column in range(self.last_column) if column not in gaps]
            if not shown:
                break
            gaps.append(min(shown, key=lambda column: line[column]))
        self.hidden |= {(self.last_row, column) for column in gaps}
        if len(gaps) == 1:  # the only outcome is the total
            self.hidden.add((self.last_row, self.last_column))
        if self.before is not None:
            self._check_everybody(self.before[-1], gaps)

    def _check_everybody(self, before: Sequence[int | None], gaps: list[int]) -> None:
        changes = {
            column: number - was
            for column, number in enumerate(self.entries[-1])
            if column not in gaps and (was := before[column]) is not None
        }
        within = changes.get(self.last_column, 0) - sum(
            change for column, change in changes.items() if column < self.last_column
        )
        if any(0 < abs(change) < self.minimum for change in (*changes.values(), within)):
            raise Refused(
                "too_little_changed",
                "Since the last report about the same people something changed for fewer than %(minimum)s of them. "
                "Shown anew, it would tell of them. Please wait until there are more.",
                minimum=self.minimum,
            )

    def _whole_lines(self) -> None:
        """An outcome that is held back of everybody is so of each group, and a group without its total wholly."""
        columns = {column for row, column in self.hidden if row == self.last_row}
        rows = {row for row, column in self.hidden if column == self.last_column}
        self.hidden |= {(row, column) for row in range(self.last_row) for column in columns}
        self.hidden |= {(row, column) for row in rows for column in range(self.last_column + 1)}

    def _told(self) -> Place | None:
        """A place of which somebody could work out too much."""
        possible = ranges(self._with_gaps(self.entries), self.minimum) or {}
        for place, (least, greatest) in possible.items():
            if greatest - least < self.minimum:
                return place
        return None if self.before is None else self._told_by_the_change(self.before)

    def _told_by_the_change(self, before: Entries) -> Place | None:
        """The step from the last release to this one is a table too: of those who came or went in between."""
        steps = [
            [None if was is None else number - was for number, was in zip(line, line_before, strict=True)]
            for line, line_before in zip(self.entries, before, strict=True)
        ]
        known = self._with_gaps(steps)
        for row, column in self._all():
            if 0 < abs(known[row][column] or 0) < self.minimum:
                return row, column
        possible = ranges(known, self.minimum)
        if possible is None:  # some went: only what a line as a whole says can be worked out
            return next(self._small_sums(known), None)
        for place, (least, greatest) in possible.items():
            if greatest - least < self.minimum and not least == greatest == 0 and least < self.minimum:
                return place
        return None

    def _small_sums(self, known: Entries) -> Iterator[Place]:
        rows = [[(row, column) for column in range(self.last_column + 1)] for row in range(self.last_row + 1)]
        for line in (*rows, *zip(*rows, strict=True)):
            total = known[line[-1][0]][line[-1][1]]
            parts = [known[row][column] for row, column in line[:-1]]
            if total is None or None not in parts:
                continue
            if 0 < abs(total - sum(part for part in parts if part is not None)) < self.minimum:
                yield next(place for place, part in zip(line, parts, strict=False) if part is None)

    def _beside(self, place: Place) -> Place | None:
        """What is held back next, so that this cannot be worked out: the smallest in its lines, then anywhere."""
        open_ones = [one for one in self._all() if one not in self.hidden and one[0] < self.last_row]
        if place in open_ones:
            return place
        near = [one for one in open_ones if one[0] == place[0] or one[1] == place[1]]
        inside = [one for one in near if one[1] < self.last_column]
        return min(inside or near or open_ones, key=lambda one: (self.entries[one[0]][one[1]], one), default=None)

    def _with_gaps(self, entries: Entries) -> list[list[int | None]]:
        return [
            [None if (row, column) in self.hidden else number for column, number in enumerate(line)]
            for row, line in enumerate(entries)
        ]
