"""Words in somebody's evidence that a program does not list: they meet no rule of it, and nobody would know why."""

from collections.abc import Iterator

from grading.checking.names import STANDARD_EVENTS
from grading.evidence import Evidence, Item
from grading.program import Program

MOST_NAMED = 6
"""So many are named; the others are counted."""


def words_not_known(program: Program, evidence: Evidence) -> Iterator[str]:
    """One line, where there are such words: each with its name, and the first thing that says it."""
    first: dict[tuple[str, str], str] = {}
    for item in sorted(evidence.items, key=lambda each: (each.on, each.id)):
        for found in _not_listed(program, item):
            first.setdefault(found, item.id)
    named = [f"{name} “{value}” ({id_})" for (name, value), id_ in list(first.items())[:MOST_NAMED]]
    more = f" and {len(first) - len(named)} more" if len(first) > len(named) else ""
    if named:
        yield f"Words that this program does not list, so that they meet nothing in it: {', '.join(named)}{more}."


def _not_listed(program: Program, item: Item) -> Iterator[tuple[str, str]]:
    for name, value in item.has.items():
        listed = program.names.get(name, ())
        if not listed or not isinstance(value, frozenset):
            continue
        known = {*listed, *program.names.get("event", ()), *STANDARD_EVENTS} if name == "name" else set(listed)
        yield from ((name, each) for each in sorted(value - known))
