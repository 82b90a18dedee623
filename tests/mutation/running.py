"""Runs tests against a mutant, each in a process of its own that is forked once everything of others is imported."""

import gc
import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from enum import StrEnum
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import hypothesis.stateful  # imported before each fork
import pytest
from _pytest.unittest import TestCaseFunction
from hypothesis import is_hypothesis_test

from tests.mutation.mutants import Mutant

OURS = ("rubrics", "grading", "lti_tool", "tests")
ALIKE = hypothesis.settings(
    derandomize=True,
    deadline=None,
    max_examples=25,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
"""The same examples for each mutant, and no search for the smallest that fails."""
QUICK = "not (postgres or browser or slow)"
UNUSED = ("cacheprovider", "unraisableexception", "threadexception", "junitxml", "pastebin", "logging")
OPTIONS = (
    "-x",
    "-q",
    "--assert=plain",
    "--no-header",
    "--no-summary",
    "-m",
    QUICK,
    *(f"-pno:{each}" for each in UNUSED),
)


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """a test noticed it"""
    SURVIVED = "survived"
    TIMEOUT = "timeout"
    """it ran on and on, which somebody would notice"""


def run(
    tree: Path, tests: Sequence[str], mutant: Mutant | None, *, seconds: int, conftest: bool
) -> tuple[Outcome, float]:
    """What the tests say of this mutant of the tree, or of the tree as it is, and how many seconds it took.

    Seconds are those of a processor, so that a busy machine changes no outcome. Raises ValueError where there are no
    such tests, RuntimeError where pytest itself stopped.
    """
    gc.freeze()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os._exit(_in_child(tree, tests, mutant, conftest=conftest))
    _, status, used = os.wait4(child, 0)
    code, took = os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime
    if code < 0:
        return Outcome.TIMEOUT, took
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise ValueError(f"pytest found nothing to run in {tests}")
    if code == pytest.ExitCode.INTERNAL_ERROR:
        raise RuntimeError(f"pytest itself stopped, and looked at nothing: {tests}; MUTATION_SAYS=1 shows what it says")
    return (Outcome.KILLED if code else Outcome.SURVIVED), took


def _in_child(tree: Path, tests: Sequence[str], mutant: Mutant | None, *, conftest: bool) -> int:
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if "MUTATION_SAYS" not in os.environ:
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        gc.disable()
        sys.dont_write_bytecode = False
        os.chdir(tree)
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        sys.path[:] = [str(tree), *(path for path in sys.path if path and not (Path(path) / "grading").is_dir())]
        if mutant is not None:
            sys.meta_path.insert(0, _Instead(tree, mutant))
        hypothesis.settings.register_profile("mutation", ALIKE)
        hypothesis.settings.load_profile("mutation")
        options = [*OPTIONS, *(() if conftest else ("--noconftest",)), *(each for each in tests if each[0] == "-")]
        return _one_after_the_other(options, [each for each in tests if each[0] != "-"])
    except BaseException:
        return int(pytest.ExitCode.INTERNAL_ERROR)


def _one_after_the_other(options: Sequence[str], files: Sequence[str]) -> int:
    """Most mutants are noticed by the nearest file; then the others need not even be read."""
    codes = []
    for file in files:
        codes.append(int(pytest.main([*options, file], plugins=[_PropertiesLast()])))
        if codes[-1] not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            break
    found = [code for code in codes if code != pytest.ExitCode.NO_TESTS_COLLECTED]
    return found[-1] if found else int(pytest.ExitCode.NO_TESTS_COLLECTED)


class _PropertiesLast:
    """Begins with the tests that are quick."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(
            key=lambda item: isinstance(item, TestCaseFunction) or is_hypothesis_test(getattr(item, "obj", None))
        )


class _Instead(MetaPathFinder):
    """Finds the mutant where its module is imported."""

    def __init__(self, tree: Path, mutant: Mutant) -> None:
        self.file, self.text = tree / mutant.path, mutant.text
        self.name = mutant.path.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.file, loader=_Text(fullname, self.file, self.text))


class _Text(SourceFileLoader):
    def __init__(self, name: str, file: Path, text: str) -> None:
        super().__init__(name, str(file))
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")
