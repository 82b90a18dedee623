"""The cases of cases.toml, and the tests that show them, found by their names."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.project import ROOT

HERE = Path(__file__).parent
NAMED = re.compile(r"test_([A-Z][0-9]{2})_")


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the list."""

    id: str
    what: str
    source: str
    cert: str | None = None
    test: str | None = None
    not_applicable: str | None = None
    later: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Cases of one part of the specifications."""

    number: int
    title: str
    cases: tuple[Case, ...]
    unread: bool = False
    """Whether it rests on documents of which the normative text was not read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A test of a case: where it is, its name, and the certification suite's name that it carries."""

    place: str
    name: str
    cert: str | None


@cache
def contents() -> dict[str, Any]:
    return tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))


def sections() -> tuple[Section, ...]:
    return tuple(
        Section(**{**section, "cases": tuple(Case(**case) for case in section["cases"])})
        for section in contents()["section"]
    )


def all_cases() -> dict[str, Case]:
    return {case.id: case for section in sections() for case in section.cases}


@cache
def shown_by() -> dict[str, tuple[Found, ...]]:
    """The tests of this folder by the id in their names."""
    found: dict[str, tuple[Found, ...]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for function in functions(path):
            if named := NAMED.match(function.name):
                place = f"{path.relative_to(ROOT)}::{function.name}"
                test = Found(place, function.name, _cert(function))
                found[named[1]] = (*found.get(named[1], ()), test)
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def is_there(place: str) -> bool:
    """Whether a test like `tests/x/test_y.py::test_z` exists."""
    path, _, name = place.partition("::")
    return (ROOT / path).is_file() and any(function.name == name for function in functions(ROOT / path))


def _cert(function: ast.FunctionDef) -> str | None:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "cert":
            return str(ast.literal_eval(decorator.args[0]))
    return None
