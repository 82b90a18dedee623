"""What config/deploy holds can be read by what reads it, and names only what is there."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from lti_tool.cli import attune
from lti_tool.settings import read_settings
from lti_tool.web.limits import LIMITS
from tests.project import ROOT

DEPLOY = ROOT / "config" / "deploy"
UNITS = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.target")]
SERVICES = list(DEPLOY.glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "attune"}
GRACE_OF_THE_WEB = 30

each_unit = pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",), comment_prefixes=("#",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(path.read_text(encoding="utf-8"))
    return read


def explain(words: list[str]) -> None:
    """The command is there, and takes these options."""
    command: click.Command = attune
    while isinstance(command, click.Group):
        command, words = command.commands[words[0]], words[1:]
    command.make_parser(click.Context(command)).parse_args(list(words))


@each_unit
def test_a_unit_starts_a_command_that_is_there_and_may_do_little(path: Path) -> None:
    service = unit(path)["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/attune/bin/attune"
    explain(words)
    assert (service["User"], service["EnvironmentFile"]) == ("attune", "/etc/attune/attune.env")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["StateDirectory"] == "attune"
    assert service["Restart"] == "on-failure"


@each_unit
def test_a_unit_waits_longer_than_what_is_under_way_takes(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["KillSignal"] == "SIGTERM"
    assert int(service["TimeoutStopSec"]) > GRACE_OF_THE_WEB + 15
    settings = (ROOT / "config" / "gunicorn.conf.py").read_text(encoding="utf-8")
    assert f"graceful_timeout = {GRACE_OF_THE_WEB}\n" in settings


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_itself_can_read_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/attune/bin/attune", "/bin/true")
        (tmp_path / path.name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    named = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *named], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "attune" in line]
    assert (done.returncode, said) == (0, [])


def test_the_compose_file_starts_webs_workers_and_what_they_need() -> None:
    assert set(COMPOSE["services"]) == {"database", "upgrade", "web-1", "web-2", "worker", "proxy"}
    for service in OURS.values():
        explain(list(service["command"]))
        assert int(service["stop_grace_period"].removesuffix("s")) > GRACE_OF_THE_WEB + 15
        assert service["cap_drop"] == ["ALL"]
    named = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == set(COMPOSE["volumes"])
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", [])) <= set(COMPOSE["services"])


def test_the_settings_of_the_compose_file_are_settings_and_are_accepted() -> None:
    (one,) = {tuple(sorted(service["environment"].items())) for service in OURS.values()}
    environ = {name: re.sub(r"\$\{\w+:\?[^}]*\}", "secret", text) for name, text in one}
    settings = read_settings(
        environ | {"ATTUNE_PUBLIC_URL": "https://attune.school.example", "ATTUNE_SECRET_KEY": "s" * 48}
    )
    assert (settings.proxy_hops, settings.on_sqlite, settings.files) == (1, False, "/var/lib/attune/files")
    assert settings.files in (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def test_the_proxy_speaks_to_each_web_and_asks_whether_it_is_ready() -> None:
    said = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    port = OURS["web-1"]["environment"]["ATTUNE_BIND"].rpartition(":")[2]
    webs = [name for name in OURS if name.startswith("web-")]
    assert f"reverse_proxy {' '.join(f'{name}:{port}' for name in webs)} {{" in said
    assert "health_uri /health/ready" in said
    assert said.count("{") == said.count("}")
    assert "health.ready" in LIMITS


def test_the_image_is_made_of_the_lock_and_the_wheel() -> None:
    said = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r /tmp/attune/runtime.txt" in said
    assert (ROOT / "requirements" / "runtime.txt").is_file()


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_each_file_is_spoken_of_where_operators_read(path: Path) -> None:
    assert path.name in (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
