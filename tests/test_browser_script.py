"""tests/browser.sh finds Chromium, installs it where it may, and otherwise says the one line that does."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project import ROOT

APT = "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium"


@pytest.fixture
def machine(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the script on a machine that has only these commands, each a few words of shell."""

    def run(**commands: str) -> subprocess.CompletedProcess[str]:
        for name in ("cat", "env"):
            found = shutil.which(name)
            assert found
            (tmp_path / name).symlink_to(found)
        for name, script in commands.items():
            path = tmp_path / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        return subprocess.run(
            [ROOT / "tests" / "browser.sh"], env={"PATH": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True
        )

    return run


def test_a_chromium_that_is_there_is_used(machine: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert machine(chromium="exit 9").returncode == 0


def test_root_installs_what_debian_has(
    machine: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    done = machine(id="echo 0", apt_get=f"echo $* >> {tmp_path}/said")
    assert done.returncode == 0
    assert (tmp_path / "said").read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends chromium",
    ]


def test_sudo_without_a_password_is_used(
    machine: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    sudo = 'shift; [ "$1" = true ] || exec "$@"'
    done = machine(id="echo 1000", sudo=sudo, apt_get=f"echo $* >> {tmp_path}/said")
    assert done.returncode == 0
    assert "install" in (tmp_path / "said").read_text()


@pytest.mark.parametrize(
    "commands",
    [
        pytest.param({"id": "echo 1000", "apt_get": "exit 9"}, id="no sudo"),
        pytest.param({"id": "echo 1000", "sudo": "exit 1", "apt_get": "exit 9"}, id="sudo asks for a password"),
        pytest.param({"id": "echo 0", "apt_get": "exit 100"}, id="no network"),
        pytest.param({}, id="not a Debian"),
    ],
)
def test_otherwise_it_stops_with_the_one_line_that_helps(
    machine: Callable[..., subprocess.CompletedProcess[str]], commands: dict[str, str]
) -> None:
    done = machine(**commands)
    assert done.returncode == 1
    assert APT in done.stderr
    assert "BROWSER=0" in done.stderr
