"""The packages point in one direction, and the core is pure."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import ROOT, tracked_files

CORE = [*tracked_files("rubrics/*.py"), *tracked_files("grading/*.py")]
OF_THE_CORE = {"rubrics", "grading"}
IMPURE_MODULES = {
    "os",
    "io",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
    "urllib",
    "uuid",
}
IMPURE_NAMES = {"now", "utcnow", "today", "open", "print", "input", "uuid4", "uuid1", "exec", "eval", "__import__"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield (node.module or "").split(".")[0]


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_the_import_contracts_are_kept() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_imports_only_itself_and_what_is_pure_in_the_standard_library(path: Path) -> None:
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert names <= (set(sys.stdlib_module_names) - IMPURE_MODULES) | OF_THE_CORE
    if path.is_relative_to(ROOT / "rubrics"):
        assert "grading" not in names


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_reads_no_clock_no_chance_and_no_file(path: Path) -> None:
    assert not IMPURE_NAMES & set(called(ast.parse(path.read_text(encoding="utf-8"))))
