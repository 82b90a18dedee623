"""What changed between two releases about the same people: what anybody can work out of it.

The change is a table too, of those who came and went in between. There are outcomes that nobody leaves, such as a
certificate or an appeal, and whoever reads may know which. So an outcome in which nothing became less is taken as one
that only grows: where it did not grow at all, each number that was told of it before is known to be what it was.
"""

from collections.abc import Collection, Iterator

from grading.gaps import Entries, Place, ranges


def change(now: Entries, before: Entries, hidden: Collection[Place] = ()) -> list[list[int | None]]:
    """How much more each number is; None where it was held back before, or is now (`hidden`)."""
    return [
        [
            None if was is None or number is None or (row, column) in hidden else number - was
            for column, (number, was) in enumerate(zip(line, line_before, strict=True))
        ]
        for row, (line, line_before) in enumerate(zip(now, before, strict=True))
    ]


def possible_change(
    now: Entries, before: Entries, hidden: Collection[Place], up_to: int
) -> dict[Place, tuple[int, int]]:
    """For each gap the least and the greatest change that fits; exact where that is narrower than `up_to`."""
    known = change(now, before, hidden)
    of_all, of_known = (list(zip(*table, strict=True)) for table in (change(now, before), known))
    falls = [
        column for column in range(len(known[0])) if not _may_only_grow(of_all[column]) or not _fits(of_known[column])
    ]
    possible = ranges(known, up_to, _room_below(before, falls))
    if possible is None:  # somewhere some went, where it cannot be told
        possible = ranges(known, up_to, _room_below(before, range(len(known[0]))))
    return possible or {}


def small_changes(known: Entries, minimum: int) -> Iterator[Place]:
    """A gap of each line whose gaps are known to have changed for few all together."""
    rows = [[(row, column) for column in range(len(line))] for row, line in enumerate(known)]
    for line in (*rows, *zip(*rows, strict=True)):
        total = known[line[-1][0]][line[-1][1]]
        parts = [known[row][column] for row, column in line[:-1]]
        if total is None or None not in parts:
            continue
        if 0 < abs(total - sum(part for part in parts if part is not None)) < minimum:
            yield next(place for place, part in zip(line, parts, strict=False) if part is None)


def _may_only_grow(column: Collection[int | None]) -> bool:
    return all(number is None or number >= 0 for number in column)


def _fits(column: Collection[int | None]) -> bool:
    """Whether a column that only grows can have these changes."""
    *parts, total = column
    return total is None or total >= sum(part for part in parts if part is not None)


def _room_below(before: Entries, columns: Collection[int]) -> dict[Place, int | None]:
    """How far each number of these columns can have gone down: to nobody; None: as far as it was is not known."""
    return {(row, column): line[column] for row, line in enumerate(before) for column in columns}
