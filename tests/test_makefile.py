"""`make help` is the list of what can be made."""

import re
import subprocess

from tests.project import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def make(*arguments: str) -> str:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def test_help_names_every_target_with_its_purpose() -> None:
    said = dict(re.findall(r"^make (\S+) +(\S.*)$", make("help"), re.MULTILINE))
    assert set(said) == set(TARGETS)


def test_saying_only_make_changes_nothing_and_helps() -> None:
    assert make() == make("help")


def test_no_target_is_mistaken_for_a_file_of_its_name() -> None:
    assert set(re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE)) == set(TARGETS)


def test_the_everyday_targets_are_there() -> None:
    assert {"setup", "demo", "test", "lint", "format", "lock", "messages", "wheel", "clean", "help"} <= set(TARGETS)


def test_ci_runs_the_checks_and_all_tests() -> None:
    steps = re.findall(r"^make (\S+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert steps == ["lint", "test"]
