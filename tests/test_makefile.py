"""`make help` is the list of what can be made."""

import os
import re
import subprocess

import pytest

from tests.project import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def make(*arguments: str) -> str:
    # These tests themselves may run under make, with variables of its own.
    environ = {"PATH": os.environ["PATH"]}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout


def test_help_names_every_target_with_its_purpose() -> None:
    said = dict(re.findall(r"^make (\S+) +(\S.*)$", make("help"), re.MULTILINE))
    assert set(said) == set(TARGETS)


def test_saying_only_make_changes_nothing_and_helps() -> None:
    assert make() == make("help")


def test_no_target_is_mistaken_for_a_file_of_its_name() -> None:
    assert set(re.findall(r"^\.PHONY: (\S+)$", MAKEFILE, re.MULTILINE)) == set(TARGETS)


def test_the_everyday_targets_are_there() -> None:
    assert {
        "setup",
        "demo",
        "test",
        "test-all",
        "check",
        "lint",
        "fix",
        "lock",
        "messages",
        "wheel",
        "clean",
        "help",
    } <= set(TARGETS)


def test_ci_runs_the_checks_builds_the_site_and_runs_the_tests() -> None:
    steps = re.findall(r"^make (\S+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert steps == ["lint", "docs", "test"]


@pytest.mark.parametrize(("target", "marks"), [("test", "not full and not browser"), ("test-all", "not browser")])
def test_leaving_the_browser_out_is_said_in_the_last_line(target: str, marks: str) -> None:
    steps = make("--dry-run", target, "BROWSER=0").strip().splitlines()
    assert f'-m "{marks}"' in steps[-2]
    assert steps[-1] == 'echo "BROWSER=0: the browser tests did not run."'
    assert not any("browser.sh" in step for step in steps)


@pytest.mark.parametrize("target", ["test", "test-all"])
def test_the_browser_is_looked_for_before_the_tests_and_pytest_has_the_last_word(target: str) -> None:
    steps = make("--dry-run", target).strip().splitlines()
    assert steps[-2] == "tests/browser.sh"
    assert "pytest" in steps[-1]


def test_what_one_leaves_out_the_other_runs() -> None:
    """They are the same but for the one mark and how many examples, so nothing is left out by both."""
    quick, whole = (make("--dry-run", target).strip().splitlines()[-1] for target in ("test", "test-all"))
    assert "-m" not in whole.split()
    assert quick.replace(' -m "not full" --hypothesis-profile sample', "").split() == whole.split()


def test_the_quick_check_leaves_out_what_takes_time_and_lints_first() -> None:
    steps = make("--dry-run", "check").strip().splitlines()
    assert any("ruff check" in step for step in steps[:-1])
    assert "not (full or browser or postgres or slow)" in steps[-1]
