"""Which numbers of one table are held back, so that nobody can work out too much of it or of what changed in it."""

from collections.abc import Collection, Iterator, Sequence

from grading.gaps import Entries, Place, ranges
from grading.steps import change, possible_change, small_changes
from rubrics.refusal import Refused

NEAR_NONE, NEAR_ALL = 5, 95
"""Of a hundred: a share beyond these would say it of nearly everybody."""

Counts = Sequence[Sequence[int]]
"""Every number of a table with its totals, as `grading.gaps.Entries` without gaps."""


def held_back(
    entries: Counts, minimum: int, before: Sequence[Entries] = (), already: Collection[Place] = ()
) -> frozenset[Place]:
    """The places of the numbers that are held back; all of them where fewer do not do.

    `before`: what was told of the same places before, at one moment each; None: it was not told. `already`: what has to
    be held back. Raises `Refused` where since one of `before` something changed for fewer than `minimum` of everybody.
    """
    gaps = _Gaps(entries, minimum, before, already)
    return frozenset(gaps.every if entries[-1][-1] < minimum or not gaps.close() else gaps.hidden - gaps.as_before())


class _Gaps:
    """Numbers that are held back; they only ever become more."""

    def __init__(self, entries: Counts, minimum: int, before: Sequence[Entries], already: Collection[Place]) -> None:
        self.entries, self.minimum, self.before = entries, minimum, before
        self.last_row, self.last_column = len(entries) - 1, len(entries[0]) - 1
        self.every = [(row, column) for row in range(len(entries)) for column in range(len(entries[0]))]
        self.small = set(self._small())
        self.hidden = {*already, *self.small}

    def close(self) -> bool:
        """Hold back further numbers until nothing can be worked out; False: that cannot be reached."""
        self._everybody()
        self._whole_lines()
        while told := self._told():
            further = self._beside(told)
            if further is None:
                return False
            self.hidden.add(further)
            self._whole_lines()
        return True

    def as_before(self) -> set[Place]:
        """Those of which everybody knows that they are what they were: nothing is gained by holding them back."""
        return {place for before in self.before for place in self._as_before(before) if self._inside(place)}

    def _as_before(self, before: Entries) -> Iterator[Place]:
        steps = change(self.entries, before)
        possible = possible_change(self.entries, before, self.hidden, self.minimum)
        still = {place for place, least_and_greatest in possible.items() if least_and_greatest == (0, 0)}
        # Where some moved within an outcome, it only looks as if nothing had changed.
        moved = {column for row, column in still if steps[row][column]}
        return ((row, column) for row, column in still if steps[row][column] == 0 and column not in moved)

    def _small(self) -> Iterator[Place]:
        for row, column in self.every:
            number, whole = self.entries[row][column], self.entries[row][-1]
            of_a_share = column < self.last_column and self.last_column > 1
            if number < self.minimum or (of_a_share and not NEAR_NONE * whole <= 100 * number <= NEAR_ALL * whole):
                yield row, column

    def _everybody(self) -> None:
        """The last row by itself: it stands in every table of these people, so it is settled first."""
        line = self.entries[-1]
        gaps = [column for column in range(self.last_column) if (self.last_row, column) in self.hidden]
        rest = sorted(set(range(self.last_column)).difference(gaps), key=lambda column: (line[column], column))
        while rest and gaps and (len(gaps) < 2 or sum(line[column] for column in gaps) < self.minimum):
            gaps.append(rest.pop(0))
        self._check_everybody(gaps)
        while rest and gaps and self._told_of_everybody(gaps):
            gaps.append(rest.pop(0))
        self._check_everybody(gaps)
        self.hidden |= {(self.last_row, column) for column in gaps}
        if len(gaps) == 1:  # the only outcome is the total
            self.hidden.add((self.last_row, self.last_column))

    def _told_of_everybody(self, gaps: Sequence[int]) -> bool:
        """Whether the change would tell too much if only these outcomes were held back."""
        line, hidden = self.entries[-1], {(row, column) for row in (0, 1) for column in gaps}
        return any(
            not self._may_be_known((self.last_row, column), before[-1][column], *least_and_greatest)
            for before in self.before
            for (_row, column), least_and_greatest in possible_change(
                (line, line), (before[-1], before[-1]), hidden, self.minimum
            ).items()
        )

    def _check_everybody(self, gaps: Sequence[int]) -> None:
        for before in self.before:
            changes = {
                column: number - was
                for column, number in enumerate(self.entries[-1])
                if column not in gaps and (was := before[-1][column]) is not None
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
        self.hidden |= {(row, column) for row, column in self.every if row in rows or column in columns}

    def _told(self) -> list[Place]:
        """Places of which somebody could work out too much."""
        possible = ranges(self._with_gaps(), self.minimum) or {}
        told = [place for place, (least, greatest) in possible.items() if greatest - least < self.minimum]
        return told or [place for before in self.before for place in self._told_by_the_change(before)]

    def _told_by_the_change(self, before: Entries) -> Iterator[Place]:
        """The step from then to now is a table too: of those who came or went in between."""
        known = change(self.entries, before, self.hidden)
        yield from ((row, column) for row, column in self.every if 0 < abs(known[row][column] or 0) < self.minimum)
        possible = possible_change(self.entries, before, self.hidden, self.minimum)
        for (row, column), (least, greatest) in possible.items():
            if not self._may_be_known((row, column), before[row][column], least, greatest):
                yield row, column
        yield from small_changes(known, self.minimum)

    def _may_be_known(self, place: Place, was: int | None, least: int, greatest: int) -> bool:
        """Whether it tells of nobody that a number which is held back changed by `least` to `greatest`."""
        if greatest - least >= self.minimum:
            return True
        if was is None:
            return least == greatest == 0 or least >= self.minimum or greatest <= -self.minimum
        # With what it was the number itself is known. It may be only where it can be shown again, or is another one.
        number = self.entries[place[0]][place[1]]
        return least == greatest == 0 and (number != was or (self._inside(place) and place not in self.small))

    def _beside(self, told: Collection[Place]) -> Place | None:
        """What is held back next, so that these cannot be worked out: the smallest in their lines, then anywhere."""
        open_ones = [one for one in self.every if one not in self.hidden and one[0] < self.last_row]
        themselves = [one for one in told if one in open_ones]
        rows, columns = {row for row, _column in told}, {column for _row, column in told}
        near = [one for one in open_ones if one[0] in rows or one[1] in columns]
        inside = [one for one in near if self._inside(one)]
        of_these = themselves or inside or near or open_ones
        return min(of_these, key=lambda one: (self.entries[one[0]][one[1]], one), default=None)

    def _inside(self, place: Place) -> bool:
        return place[0] < self.last_row and place[1] < self.last_column

    def _with_gaps(self) -> list[list[int | None]]:
        return [
            [None if (row, column) in self.hidden else number for column, number in enumerate(line)]
            for row, line in enumerate(self.entries)
        ]
