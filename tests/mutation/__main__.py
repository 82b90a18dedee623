"""`make mutation`: small changes to the rules, and whether a test notices; writes docs/mutation.md.

`python -m tests.mutation [SET] [again]`: one set of rules, or all; `again` runs only what survived the last time, and
all of a module that was changed since.
"""

import platform
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from tests.mutation import page, record
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.record import Run, Survivor, Tried
from tests.mutation.running import Outcome, run
from tests.mutation.tables import Enums, enums_of
from tests.project import ROOT

TREE = ROOT / "build" / "mutation" / "tree"
NEEDED = ("rubrics", "grading", "lti_tool", "templates", "config", "tests", "pyproject.toml")
PATIENCE = 120
"""Seconds of a processor for tests of the tree as it is; a mutant may take ten times what they took, and some more."""


def main(which: str, *, again: bool) -> None:
    """Run one set, or all where which is "", and write what came of it."""
    commit = _what_is_committed()
    enums = enums_of(sorted(path for package in NEEDED[:3] for path in (TREE / package).rglob("*.py")))
    for one in record.sets():
        if which in ("", one["name"]):
            runs = record.read()
            runs[one["name"]] = _run(one, commit, enums, runs.get(one["name"]) if again else None)
            record.write(runs)
            page.write()


def _what_is_committed() -> str:
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    packed = subprocess.run(["git", "archive", "HEAD", *NEEDED], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", TREE], input=packed, check=True)
    named = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return named.stdout.strip()


def _run(one: dict[str, Any], commit: str, enums: Enums, last: Run | None) -> Run:
    modules = {module["path"]: _tried(one, module, enums, last) for module in one["modules"]}
    return Run(f"{datetime.now(UTC):%Y-%m-%d}", commit, platform.python_version(), one.get("one_of", 1), modules)


def _tried(one: dict[str, Any], module: dict[str, Any], enums: Enums, last: Run | None) -> Tried:
    path, tests, conftest = module["path"], module["tests"], module.get("conftest", False)
    seconds = _without_any(tuple(sorted(tests)), conftest)
    written = (TREE / path).read_text(encoding="utf-8")
    text = sha256(written.encode()).hexdigest()[:8]
    before = None if last is None else last.modules.get(path)
    if before is not None and before.text not in ("", text):
        before = None
    found = list(mutants_of(path, written, enums, one.get("one_of", 1)))
    if before is not None:
        left = {each.id for each in before.survived}
        found = [mutant for mutant in found if mutant.id in left]
        if len(found) < len(left):
            raise SystemExit(f"{path} is another one since its last run: please run all of {one['name']}.")
    outcomes: Counter[Outcome] = Counter()
    survived: list[Survivor] = []
    for number, mutant in enumerate(found, 1):
        outcome, _ = run(TREE, tests, mutant, seconds=round(10 * seconds) + 5, conftest=conftest)
        outcomes[outcome] += 1
        if outcome is Outcome.SURVIVED:
            survived.append(Survivor(mutant.id, mutant.place, mutant.before, mutant.after))
        _say(one["name"], path, number, len(found), outcomes, mutant if outcome is Outcome.SURVIVED else None)
    killed, timeout, at_first = outcomes[Outcome.KILLED], outcomes[Outcome.TIMEOUT], len(survived)
    if before is not None:
        killed, timeout, at_first = before.killed + killed, before.timeout + timeout, before.at_first
    return Tried(killed, timeout, at_first, tuple(survived), text)


@cache
def _without_any(tests: tuple[str, ...], conftest: bool) -> float:
    sound, seconds = run(TREE, tests, None, seconds=PATIENCE, conftest=conftest)
    if sound is not Outcome.SURVIVED:
        raise SystemExit(f"{', '.join(tests)}: not green without any mutant ({sound}).")
    return seconds


def _say(name: str, path: str, number: int, of: int, outcomes: Counter[Outcome], left: Mutant | None) -> None:
    if left is not None:
        print(f"{left.id} {path} {left.place}\n  - {left.before}\n  + {left.after}")
    if number % 50 == 0 or number == of:
        print(f"{name} {path}: {number} of {of}, {dict(outcomes)}", flush=True)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word]
    main(next((word for word in words if word != "again"), ""), again="again" in words)
