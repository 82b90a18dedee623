"""Lets a black-box probe look at a fresh Attune: `make probe PROBE=DIR`.

DIR holds the Python package `ltiprobe`, which simulates a platform and knows a tool only by its addresses.
What it must or should find is found, under both of its profiles, or this ends with status 1.
"""

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.living import HOST, PATIENCE, free_port, fresh_environment, process, run, wait_for

PROFILES = ("moodle", "canvas")
LEVELS = ("must", "should")


def main(folder: str) -> int:
    """Probe, print what came of it, and say how it went."""
    package = Path(folder).resolve()
    if not (package / "ltiprobe").is_dir():
        print(f"{package} holds no ltiprobe: make probe PROBE=DIR, with the folder that does")
        return 2
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        here = Path(name)
        environment = fresh_environment(f"sqlite:///{here / 'attune.db'}") | {"PYTHONPATH": str(package)}
        run(environment, "db", "upgrade")
        log = stack.enter_context((here / "log.txt").open("wb"))
        attune = stack.enter_context(process(environment, log, "lti_tool", "serve"))
        wait_for(f"{environment['ATTUNE_PUBLIC_URL']}/health", attune)
        wrong = [line for profile in PROFILES for line in probed(environment, here, profile)]
    print("\n".join(wrong) or "All that must or should be so is so.")
    return 1 if wrong else 0


def probed(environment: dict[str, str], here: Path, profile: str) -> list[str]:
    """Register as this profile and look at everything; what is not as it should be."""
    state, found = here / f"{profile}.state", here / f"{profile}.json"
    address = run(environment, "platforms", "invite", "--uses", "2")
    base = f"http://{HOST}:{free_port()}"
    _ltiprobe(environment, "register", "--state", state, "--profile", profile, "--registration-url", address,
              "--base-url", base)  # fmt: skip
    _ltiprobe(environment, "conform", "--state", state, "--json", found)
    cases = json.loads(found.read_text(encoding="utf-8"))["cases"]
    for level in (*LEVELS, "extra"):
        of_level = [case for case in cases if case["level"] == level]
        print(f"{profile}: {level}: {sum(map(_good, of_level))} of {len(of_level)}")
    return not_as_expected(profile, cases)


def not_as_expected(profile: str, cases: list[dict[str, Any]]) -> list[str]:
    """A line for each case that must or should be so and is not, or was not even tried."""
    return [
        f"{profile}: {case['level']} {case['case']}: expected {case['expect']}, was {case['outcome']} {case['faults']}"
        for case in cases
        if case["level"] in LEVELS and not _good(case)
    ]


def _good(case: dict[str, Any]) -> bool:
    return bool(case["passed"]) and case["outcome"] != "not run"


def _ltiprobe(environment: dict[str, str], command: str, *arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ltiprobe", command, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
    )
    if done.returncode not in (0, 1):  # 1 is told by the cases
        raise SystemExit(f"ltiprobe {command}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:2] or [""])))
