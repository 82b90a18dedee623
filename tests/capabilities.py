"""The capabilities of capabilities.toml and the tests that show them; writes docs/capabilities.md.

`make capabilities`, or `python -m tests.capabilities`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tests.certification.cases import is_there
from tests.project import ROOT

LIST = ROOT / "tests" / "capabilities.toml"
DOCUMENT = ROOT / "docs" / "capabilities.md"
NAMED = re.compile(r"def test_\w*?(?=cap_)(\w+)")
ID = re.compile(r"cap_([a-f][0-9]{1,2})_")

HEAD = """\
# What a certification program needs, and what of it is there

For whoever chooses a tool for observed practice, and for whoever works on Attune. The first part is what programs of \
trauma-informed peer support need from software; the second is what comparable systems have, and what none of those \
that were looked at has.

*shown*: somebody read the code and the tests named beside it, and they show all of the line. *part*: they show some \
of it, and what is missing is said. *not there*: nothing of it is built. The tests are named by their place in \
`tests/` and are part of `make test-all`; further ones have the id in their names (`cap_c11_`).

This file is made from `tests/capabilities.toml` by `make capabilities`, and a test keeps it up to date. How pages \
behave toward people is listed in [Trauma-informed by design](trauma-informed.md), and what Attune does as a tool of \
an LMS in [Conformance](conformance.md).
"""


@dataclass(frozen=True, slots=True)
class Capability:
    """One line of the list."""

    id: str
    what: str
    where: str = ""
    """A page of Attune or of its documents, as Markdown."""
    tests: tuple[str, ...] = ()
    missing: str = ""

    @property
    def state(self) -> str:
        """shown, part or not there."""
        return ("part" if self.missing else "shown") if self.tests else "not there"


@cache
def sections() -> Mapping[str, tuple[Capability, ...]]:
    """The capabilities by the title of their section."""
    read = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return {
        each["title"]: tuple(Capability(**{**one, "tests": tuple(one.get("tests", ()))}) for one in each["rows"])
        for each in read["section"]
    }


def capabilities() -> tuple[Capability, ...]:
    """All of them, in their order."""
    return tuple(each for section in sections().values() for each in section)


def absent() -> tuple[str, ...]:
    """Tests that are named and do not exist."""
    return tuple(test for each in capabilities() for test in each.tests if not is_there(f"tests/{test}"))


def ids_in_names() -> frozenset[str]:
    """Every id that the name of a test claims to show."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(id_.upper() for text in texts for name in NAMED.findall(text) for id_ in ID.findall(name))


def document() -> str:
    """The whole text."""
    lines = [HEAD, _counts()]
    for title, section in sections().items():
        lines += [f"## {title}\n", "| id | what | state | where | tests | missing |", "|---|---|---|---|---|---|"]
        lines += [_row(each) for each in section]
        lines.append("")
    return "\n".join(lines)


def _counts() -> str:
    states = [each.state for each in capabilities()]
    said = ", ".join(f"{states.count(state)} {state}" for state in ("shown", "part", "not there"))
    return f"{len(states)} lines: {said}.\n"


def _row(each: Capability) -> str:
    tests = "<br>".join(f"`{test}`" for test in each.tests)
    return f"| {each.id} | {each.what} | {each.state} | {each.where} | {tests} | {each.missing} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
