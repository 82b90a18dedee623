"""The wheel is complete: installed away from the checkout, with its lock only, it starts the demo."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lti_tool import __version__
from tests.living import HOST, free_port
from tests.project import ROOT, tracked_files

pytestmark = pytest.mark.slow
OUTSIDE = {
    name: value for name, value in os.environ.items() if not name.startswith(("ATTUNE_", "PYTHON", "VIRTUAL_ENV"))
}


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=OUTSIDE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the commands of an environment that knows nothing of the checkout."""
    home = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", home, cwd=home)
    pip = (home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    lock = ROOT / "requirements" / "runtime.txt"
    run(*pip, "--only-binary", ":all:", "--require-hashes", "-r", lock, cwd=home)
    run(*pip, "--no-deps", wheel, cwd=home)
    return home / "bin"


@pytest.fixture
def demo(installed: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`attune demo` on free ports, with what it says."""
    port = next(port for port in iter(free_port, None) if port < 65_000)
    command = [installed / "attune", "demo", "--port", str(port), "--directory", tmp_path / "demo"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=OUTSIDE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        yield process, port
        process.terminate()


def inside(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_all_that_the_program_reads(wheel: Path) -> None:
    names = inside(wheel)
    for folder, place in (("templates", "lti_tool/templates"), ("config", "lti_tool/config")):
        for path in tracked_files(f"{folder}/*"):
            assert f"{place}/{path.relative_to(ROOT / folder).as_posix()}" in names
    for path in tracked_files("lti_tool/*"):
        if path.suffix not in {".po", ".pot"} and path != ROOT / "lti_tool" / "translations" / "build.py":
            assert path.relative_to(ROOT).as_posix() in names


def test_every_catalog_is_compiled_in_the_wheel(wheel: Path) -> None:
    for catalog in tracked_files("lti_tool/translations/*.po"):
        assert catalog.relative_to(ROOT).with_suffix(".mo").as_posix() in inside(wheel)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in inside(wheel)}
    assert tops == {"lti_tool", "grading", "rubrics", f"attune_lti-{__version__}.dist-info"}


def test_the_installed_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    said = run(installed / "attune", "--help", cwd=tmp_path)
    for command in ("audit", "bench", "check", "db", "demo", "people", "platforms", "serve", "worker"):
        assert f"\n  {command} " in said


def test_the_installed_program_starts_the_demo(demo: tuple[subprocess.Popen[str], int]) -> None:
    process, port = demo
    assert process.stdout is not None
    said = ["nothing"]
    for line in process.stdout:
        said.append(line)
        if "ready" in line or "did not start" in line:
            break
    assert f"Open http://{HOST}:{port + 1}" in said[-1], "".join(said)
    with urllib.request.urlopen(f"http://{HOST}:{port + 1}", timeout=60) as answer:
        assert "Sam" in answer.read().decode()
