"""What anybody can work out of a table with gaps: for each gap the least and the greatest number that fits the rest.

A table with its totals is a network. Every row and every column is a place where as much goes in as comes out, and
every number flows between a row and a column. So the ranges are exact, and they are those of whole numbers.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

Entries = Sequence[Sequence[int | None]]
"""Rows of numbers. The last row holds the totals of the columns, the last number of a row its total; None: a gap."""
Place = tuple[int, int]
Room = dict[int, dict[int, int]]
"""From each node to its neighbors: how much more can flow there."""


def ranges(
    entries: Entries, up_to: int, below_zero: Mapping[Place, int | None] | None = None
) -> dict[Place, tuple[int, int]] | None:
    """For each gap the least and the greatest number that is possible.

    No number is below zero, but for places in `below_zero`: as far as it says there, None: without end. Each end
    is looked for only as far as `up_to` from one solution, so a range is exact where it is narrower than that.
    None: no numbers fit at all.
    """
    beyond = up_to + 1 + sum(abs(number or 0) for _place, number, _sign in _numbers(entries))
    below = {place: beyond if far is None else far for place, far in (below_zero or {}).items()}
    solved = _solved(entries, beyond, below)
    if solved is None:
        return None
    gaps = [(place, *_ends(entries, place)) for place, number, _sign in _numbers(entries) if number is None]
    return {place: _range(solved, begin, end, up_to, below.get(place, 0)) for place, begin, end in gaps}


def _range(solved: Room, begin: int, end: int, up_to: int, below: int) -> tuple[int, int]:
    back = solved[end][begin]
    without = {node: dict(room) for node, room in solved.items()}
    without[begin][end] = without[end][begin] = 0
    more = _push({node: dict(room) for node, room in without.items()}, end, begin, up_to)
    less = _push(without, begin, end, min(back, up_to))
    return back - below - less, back - below + more


def _solved(entries: Entries, beyond: int, below_zero: Mapping[Place, int]) -> Room | None:
    """The network once numbers flow that fit; None where none do. `beyond`: more than could be needed anywhere."""
    rows, columns = len(entries), len(entries[0])
    source, sink = rows + columns, rows + columns + 1
    wants = [0] * (rows + columns)
    room: Room = {node: {} for node in range(rows + columns + 2)}
    for place, number, sign in _numbers(entries):
        if number is None:
            begin, end = _ends(entries, place)
            room[begin][end], room[end][begin] = beyond, below_zero.get(place, 0)
            continue
        wants[place[0]] -= sign * number
        wants[rows + place[1]] += sign * number
    for node, wanted in enumerate(wants):
        begin, end = (source, node) if wanted > 0 else (node, sink)
        room[begin][end], room[end][begin] = abs(wanted), 0
    to_place = sum(wanted for wanted in wants if wanted > 0)
    if sum(wants) or _push(room, source, sink, to_place) < to_place:
        return None
    for node in (source, sink):
        for neighbor in room.pop(node):
            room[neighbor].pop(node, None)
    return room


def _push(room: Room, begin: int, end: int, at_most: int) -> int:
    """Let flow as much as possible, the shortest way first; `room` is changed by it."""
    pushed = 0
    while pushed < at_most and (way := _way(room, begin, end)):
        steps = list(pairwise(way))
        amount = min(at_most - pushed, *(room[here][there] for here, there in steps))
        for here, there in steps:
            room[here][there] -= amount
            room[there][here] += amount
        pushed += amount
    return pushed


def _way(room: Room, begin: int, end: int) -> list[int] | None:
    came_from = {begin: begin}
    waiting = deque([begin])
    while waiting:
        here = waiting.popleft()
        for there, left in room[here].items():
            if left > 0 and there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if end not in came_from:
        return None
    way = [end]
    while way[-1] != begin:
        way.append(came_from[way[-1]])
    return way[::-1]


def _numbers(entries: Entries) -> Iterator[tuple[Place, int | None, int]]:
    """Each number with its place, and whether it flows from its row to its column (1) or back (-1)."""
    last_row, last_column = len(entries) - 1, len(entries[0]) - 1
    for row, numbers in enumerate(entries):
        for column, number in enumerate(numbers):
            yield (row, column), number, -1 if (row == last_row) != (column == last_column) else 1


def _ends(entries: Entries, place: Place) -> tuple[int, int]:
    """From which node to which the number at this place flows."""
    row, column = place[0], len(entries) + place[1]
    a_total = (place[0] == len(entries) - 1) != (place[1] == len(entries[0]) - 1)
    return (column, row) if a_total else (row, column)
