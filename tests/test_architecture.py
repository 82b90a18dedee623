"""The packages and layers keep to their one direction; what the core may do is in test_architecture_purity.py."""

import subprocess
import sys
from pathlib import Path

from tests.project import ROOT


def test_the_import_contracts_are_kept() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
