"""Somebody who has every release: works out all that can be worked out of them, with exact linear programs.

Written apart from `grading.gaps` on purpose: it sees only what was shown, joins all releases and all tables in one
system, and asks for each number that was held back, and for each change, the least and the greatest that fits.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grading.suppression import ShownTable

Name = tuple[object, ...]
Sum = dict[Name, int]
"""How often each number stands in a sum."""


@dataclass(slots=True)
class Attack:
    """All that was shown, as equations; every number is a count, so not below zero."""

    nobody_leaves: Collection[str] = ()
    """The outcomes of which the attacker knows that nobody ever leaves them; "all": the totals."""
    shown: dict[Name, int] = field(default_factory=dict)
    zero: list[Sum] = field(default_factory=list)
    """Sums that are zero."""
    hidden: list[tuple[str, Name]] = field(default_factory=list)
    changes: list[tuple[str, Name, Name]] = field(default_factory=list)
    program: "Program | None" = None

    def read(self, releases: Sequence[Sequence[ShownTable]]) -> None:
        """Take in releases about the same people, the oldest first. A table that tells nothing is not published."""
        seen: dict[Name, int] = {}
        for release, tables in enumerate(releases):
            for table in [one for one in tables if one.tells_something]:
                self._table(release, table)
                self._step(seen, release, table)
        self.program = Program(self.zero, self.shown)

    def recovered(self, minimum: int) -> Iterator[str]:
        """What was held back and is found out all the same: exactly, or that it is small."""
        for words, name in self.hidden:
            least, greatest = self.bounds({name: 1})
            if greatest is not None and (least == greatest or greatest < minimum):
                yield f"{words}: {least} to {greatest}"

    def small_changes(self, minimum: int) -> Iterator[str]:
        """Changes between two releases that are known, and concern few."""
        for words, earlier, later in self.changes:
            least, greatest = self.bounds({later: 1, earlier: -1})
            if least is not None and least == greatest and 0 < abs(least) < minimum:
                yield f"{words}: {least}"

    def bounds(self, goal: Sum) -> tuple[int | None, int | None]:
        """The least and the greatest whole number that this sum can be; None: it has no end."""
        assert self.program is not None
        greatest = self.program.maximum(goal)
        least = self.program.maximum({name: -times for name, times in goal.items()})
        return None if least is None else math.ceil(-least), None if greatest is None else math.floor(greatest)

    def _table(self, release: int, table: ShownTable) -> None:
        rows, columns = range(len(table.rows)), range(len(table.columns))
        for row, line in enumerate(table.entries):
            for column, number in enumerate(line):
                name = self._name(release, table, row, column)
                if number is None:
                    self.hidden.append((f"{table.name} {row} {column} of release {release}", name))
                else:
                    self.shown[name] = number
            parts = [self._name(release, table, row, column) for column in columns]
            self._adds_up(parts, self._name(release, table, row, len(table.columns)))
        for column in range(len(table.columns) + 1):
            parts = [self._name(release, table, row, column) for row in rows]
            self._adds_up(parts, self._name(release, table, len(table.rows), column))

    def _adds_up(self, parts: list[Name], total: Name) -> None:
        self.zero.append({**dict.fromkeys(parts, 1), total: -1})

    def _step(self, seen: dict[Name, int], later: int, table: ShownTable) -> None:
        """From where each number was last told or held back, in whichever table."""
        for row in range(len(table.rows) + 1):
            for column in range(len(table.columns) + 1):
                now = self._name(later, table, row, column)
                earlier = seen.get(now[1:], later)
                seen[now[1:]] = later
                if earlier == later:
                    continue
                was = (earlier, *now[1:])
                self.changes.append((f"{table.name} {row} {column} from {earlier} to {later}", was, now))
                if (*table.columns, "all")[column] in self.nobody_leaves:
                    self.zero.append({now: 1, was: -1, ("more", was, now): -1})

    def _name(self, release: int, table: ShownTable, row: int, column: int) -> Name:
        """Tables of one release share what they share: everybody, and the totals of the same rows."""
        if row == len(table.rows):
            return (release, "everybody", table.columns[column] if column < len(table.columns) else "all")
        if column == len(table.columns):
            return (release, "total", table.rows, row)
        return (release, "number", table.name, row, column)


class Program:
    """A linear program in fractions: the simplex method by Bland's rule, begun once and used for every goal."""

    def __init__(self, zero: list[Sum], shown: dict[Name, int]) -> None:
        self.shown = shown
        self.at = {
            name: at for at, name in enumerate(dict.fromkeys(n for sum_ in zero for n in sum_ if n not in shown))
        }
        self.lines = [self._line(sum_) for sum_ in zero]
        self.basis: list[int | None] = [None] * len(self.lines)
        wide = len(self.at) + 1
        _solve(self.lines, self.basis, [sum((line[at] for line in self.lines), Fraction(0)) for at in range(wide)])
        _out_of_the_way(self.lines, self.basis)
        kept = [at for at in range(len(self.lines)) if self.basis[at] is not None]
        self.lines, self.basis = [self.lines[at] for at in kept], [self.basis[at] for at in kept]

    def maximum(self, goal: Sum) -> Fraction | None:
        """The greatest that a sum can be; None: it has no end."""
        known = sum(times * self.shown[name] for name, times in goal.items() if name in self.shown)
        costs = [Fraction(goal.get(name, 0)) for name in self.at] + [Fraction(0)]
        for line, unknown in zip(self.lines, self.basis, strict=True):
            assert unknown is not None
            times = costs[unknown]
            if times:
                costs = [cost - times * number for cost, number in zip(costs, line, strict=True)]
        return known - costs[-1] if _solve(list(self.lines), list(self.basis), costs) else None

    def _line(self, sum_: Sum) -> list[Fraction]:
        right = -sum(times * self.shown[name] for name, times in sum_.items() if name in self.shown)
        sign = 1 if right >= 0 else -1
        return [Fraction(sign * sum_.get(name, 0)) for name in self.at] + [Fraction(abs(right))]


def _solve(lines: list[list[Fraction]], basis: list[int | None], costs: list[Fraction]) -> bool:
    """Pivot until nothing improves; False: it improves without end."""
    while (enters := next((at for at, cost in enumerate(costs[:-1]) if cost > 0), None)) is not None:
        steps = [
            (line[-1] / line[enters], -1 if (inside := basis[at]) is None else inside, at)
            for at, line in enumerate(lines)
            if line[enters] > 0
        ]
        if not steps:
            return False
        leaves = min(steps)[2]
        _pivot(lines, leaves, enters)
        basis[leaves] = enters
        times = costs[enters]
        costs[:] = [cost - times * number for cost, number in zip(costs, lines[leaves], strict=True)]
    return True


def _out_of_the_way(lines: list[list[Fraction]], basis: list[int | None]) -> None:
    """Lines that say 0 = 0 stay without an unknown; the others get one."""
    assert all(line[-1] == 0 for line, unknown in zip(lines, basis, strict=True) if unknown is None), "contradiction"
    for at, line in enumerate(lines):
        if basis[at] is None:
            enters = next((unknown for unknown, number in enumerate(line[:-1]) if number), None)
            if enters is not None:
                _pivot(lines, at, enters)
                basis[at] = enters


def _pivot(lines: list[list[Fraction]], leaves: int, enters: int) -> None:
    by = lines[leaves][enters]
    pivot = lines[leaves] = [number / by if number else number for number in lines[leaves]]
    at_all = [place for place, number in enumerate(pivot) if number]
    for at, line in enumerate(lines):
        if at != leaves and line[enters]:
            times, changed = line[enters], list(line)
            for place in at_all:
                changed[place] -= times * pivot[place]
            lines[at] = changed
