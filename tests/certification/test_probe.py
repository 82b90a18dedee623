"""`make probe` ends as it should: whatever must or should be so and is not is said, and is its status."""

from pathlib import Path
from typing import Any

import pytest

from tests.certification import probe

STAND_IN = """
import json, sys
options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if sys.argv[1] == "conform":
    with open(options["--json"], "w") as file:
        json.dump({{"cases": {cases}}}, file)
"""
GOOD: dict[str, Any] = {
    "case": "x",
    "level": "must",
    "expect": "reject",
    "outcome": "rejected",
    "passed": True,
    "faults": [],
}
TAKEN = {**GOOD, "outcome": "accepted", "passed": False, "faults": ["ACCEPTED"]}


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (GOOD, False),
        (TAKEN, True),
        ({**TAKEN, "level": "should"}, True),
        ({**TAKEN, "level": "extra"}, False),
        ({**GOOD, "outcome": "not run"}, True),
    ],
    ids=["good", "must", "should", "extra", "not run"],
)
def test_what_must_or_should_be_so_and_is_not_is_told(case: dict[str, Any], told: bool) -> None:
    assert bool(probe.not_as_expected("moodle", [GOOD, case])) is told


def test_one_thing_that_is_not_as_it_must_be_is_the_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = tmp_path / "ltiprobe"
    package.mkdir()
    (package / "__main__.py").write_text(STAND_IN.format(cases=[GOOD, TAKEN]))
    assert probe.main(str(tmp_path)) == 1
    said = capsys.readouterr().out
    assert "moodle: must x: expected reject, was accepted" in said
    assert "canvas: must: 1 of 2" in said


def test_a_folder_without_a_probe_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main(str(tmp_path)) == 2
    assert "holds no ltiprobe" in capsys.readouterr().out
