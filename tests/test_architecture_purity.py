"""The core is pure: what it decides follows from its arguments alone."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import grading
import rubrics

CORE = sorted(path for package in (rubrics, grading) for path in Path(package.__path__[0]).rglob("*.py"))
# What a package may import beside the standard library: the direction is rubrics <- grading.
OWN = {"rubrics": {"rubrics"}, "grading": {"rubrics", "grading"}}
IMPURE_MODULES = {"random", "secrets", "os", "time", "socket", "subprocess", "urllib", "http", "logging", "sqlite3"}
PURE_OF_THEM = {"urllib.parse"}
"""Takes an address apart, and asks nobody."""
IMPURE_CALLS = {
    "now", "utcnow", "today", "time", "monotonic", "uuid1", "uuid4", "uuid7", "random", "urandom", "open", "print",
    "input", "getenv", "read_text", "write_text", "read_bytes", "write_bytes",
}  # fmt: skip


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (alias.name for alias in node.names)
            case ast.ImportFrom(level=0, module=str() as module):
                yield module
            case ast.ImportFrom():
                raise AssertionError(f"line {node.lineno}: imports are written in full")


def impure(tree: ast.AST) -> Iterator[str]:
    """Calls that ask the world, and any mention of the environment."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_CALLS:
                yield f"line {node.lineno}: {name}()"
            case ast.Attribute(attr="environ") | ast.Name(id="environ"):
                yield f"line {node.lineno}: environ"


def named(path: Path) -> str:
    return "/".join(path.parts[-2:])


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_imports_only_the_standard_library_and_itself(path: Path) -> None:
    own = OWN[path.relative_to(Path(rubrics.__path__[0]).parent).parts[0]]
    for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
        root = module.partition(".")[0]
        assert root in own or root in sys.stdlib_module_names, module
        assert root not in IMPURE_MODULES or module in PURE_OF_THEM, module


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_asks_no_clock_no_chance_and_no_file(path: Path) -> None:
    assert list(impure(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)", "datetime.utcnow()", "date.today()", "uuid4()", "uuid.uuid4()", "random()",
        "open('x')", "print('x')", "os.environ['x']", "Path('x').read_text()",
    ],
)  # fmt: skip
def test_what_asks_the_world_is_noticed(code: str) -> None:
    assert list(impure(ast.parse(code)))


def test_the_whole_core_was_looked_at() -> None:
    assert {path.parent.name for path in CORE} >= {"rubrics", "grading"}
    assert len(CORE) >= 10
