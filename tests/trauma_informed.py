"""The requirements of trauma_informed.toml and the tests that show them; writes docs/trauma-informed.md.

`make trauma-informed`, or `python -m tests.trauma_informed`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.certification.cases import functions
from tests.project import ROOT

LIST = ROOT / "tests" / "trauma_informed.toml"
DOCUMENT = ROOT / "docs" / "trauma-informed.md"
NAMED = re.compile(r"ux_([a-z][0-9]{1,2})_")

HEAD = """\
# Trauma-informed by design

What Attune does for people who may have lived through trauma, and for those who work with them, line by line. \
This file is made from `tests/trauma_informed.toml` and the names of the tests by `make trauma-informed`, and a test \
keeps it up to date.

*shown* means: the tests named beside it are part of `make test-all`, which must be green. *to come* names the piece \
of work that will bring it. *by hand* says what a person looked at, and when. "Candidate" here is the person who \
learns and is observed: Attune's trainee.
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the list."""

    id: str
    kind: str
    what: str
    later: str | None = None
    by_hand: str | None = None
    not_applicable: str | None = None
    note: str | None = None


@cache
def sections() -> Mapping[str, tuple[Requirement, ...]]:
    """The requirements by the title of their section."""
    read = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {each["title"]: tuple(Requirement(**one) for one in each["requirements"]) for each in read["section"]}


def requirements() -> tuple[Requirement, ...]:
    """All of them, in their order."""
    return tuple(each for section in sections().values() for each in section)


@cache
def shown_by() -> Mapping[str, tuple[str, ...]]:
    """The tests whose names say that they show a requirement, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function in functions(path):
            for id_ in NAMED.findall(function.name):
                place = f"{path.relative_to(ROOT / 'tests')}::{function.name}"
                found[id_.upper()] = (*found.get(id_.upper(), ()), place)
    return found


def document() -> str:
    """The whole text."""
    lines = [HEAD, _counts()]
    for title, section in sections().items():
        lines += [f"## {title}\n", "| id | requirement | state | tests |", "|---|---|---|---|"]
        lines += [_row(each) for each in section]
        lines.append("")
    return "\n".join(lines)


def _counts() -> str:
    states = [_state(each).partition(":")[0] for each in requirements()]
    said = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
    return f"{len(states)} requirements: {said}.\n"


def _row(each: Requirement) -> str:
    state = f"{_state(each)}. {each.note}" if each.note else _state(each)
    tests = "<br>".join(f"`{place}`" for place in shown_by().get(each.id, ()))
    return f"| {each.id} | {each.what} | {state} | {tests} |"


def _state(each: Requirement) -> str:
    if each.later:
        return f"to come: {each.later}"
    if each.by_hand:
        return f"by hand: {each.by_hand}"
    if each.not_applicable:
        return f"does not apply: {each.not_applicable}"
    return "shown" if shown_by().get(each.id) else "not shown"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
