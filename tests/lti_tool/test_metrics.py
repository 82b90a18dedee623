"""Numbers for Prometheus: added up over processes, from the database at each asking, and nothing personal in them."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import generate_latest
from sqlalchemy import Engine

from lti_tool.cli import attune
from lti_tool.cli.metrics import DIRECTORY, registry
from lti_tool.processes import free_port, port_is_free
from lti_tool.settings import SettingsProblem, read_settings
from lti_tool.store.engine import open_engine
from tests.conftest import SECRET
from tests.lti_tool.services.conftest import MakeWorld, bare_world, make_world, session

__all__ = ["bare_world", "make_world", "session"]  # fixtures of the services

WITH_IPV6 = pytest.mark.skipif(not port_is_free("::1", 0), reason="this machine has no IPv6")
COUNT = """
from lti_tool import metrics
metrics.answered("GET", "/o/<uuid:observation_id>", 200, 0.02)
metrics.answered("BREW", None, 404, 0.001)
"""


def environment(url: str, **changes: str) -> dict[str, str]:
    return {
        "ATTUNE_DATABASE_URL": url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET,
        **changes,
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("[::1]", marks=WITH_IPV6)])
def test_requests_of_all_web_processes_are_added_up_by_the_rule_of_their_route(
    database_url: str, tmp_path: Path, host: str
) -> None:
    settings = environment(database_url, **{DIRECTORY: str(tmp_path)})
    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=os.environ | settings, check=True)
    address = f"{host}:{free_port('127.0.0.1')}"
    command = [sys.executable, "-m", "lti_tool", "metrics"]
    with subprocess.Popen(command, env=os.environ | settings | {"ATTUNE_METRICS": address}) as process:
        try:
            said = asked(f"http://{address}/metrics")
        finally:
            process.terminate()
    counted = 'attune_http_requests_total{method="GET",rule="/o/<uuid:observation_id>",status="200"} 2.0'
    assert counted in said
    assert 'attune_http_requests_total{method="other",rule="none",status="404"} 2.0' in said
    assert 'attune_http_request_seconds_count{rule="none"} 2.0' in said
    assert "attune_database_up 1.0" in said


def asked(address: str) -> str:
    """As soon as the process answers."""
    for _try in range(600):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read(), "utf-8")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody answers")


def test_what_waits_is_told_by_platform_without_anybodys_name(make_world: MakeWorld, engine: Engine) -> None:
    world = make_world()
    world.sign("jo", world.answered())
    world.session.commit()
    said = generate_latest(registry(engine)).decode()
    (platform,) = re.findall(r'attune_scores_waiting\{platform="([0-9a-f-]{36})"\} 1.0', said)
    assert f'attune_scores_need_person{{platform="{platform}"}} 0.0' in said
    assert 'attune_mail{state="waiting"} ' in said
    assert not re.search(r"sam|jo\b|school", said, re.IGNORECASE)


def test_asking_waits_for_nobody_who_writes(sqlite_url: str) -> None:
    writing, asking = (open_engine(sqlite_url, (SECRET,)) for _engine in range(2))
    with writing.begin():
        assert "attune_database_up 1.0" in generate_latest(registry(asking)).decode()
    for engine in (writing, asking):
        engine.dispose()


def test_a_database_that_is_away_is_told_as_such() -> None:
    engine = open_engine("sqlite:////nowhere/at/all.db", (SECRET,))
    assert "attune_database_up 0.0" in generate_latest(registry(engine)).decode()
    engine.dispose()


@pytest.mark.parametrize("odd", ["9400", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "host:port"])
def test_an_address_that_is_none_is_named(odd: str) -> None:
    with pytest.raises(SettingsProblem, match="ATTUNE_METRICS should be an address and a port"):
        read_settings(environment("sqlite:////tmp/x.db", ATTUNE_METRICS=odd))


def test_without_an_address_the_command_says_which_setting_is_absent(sqlite_url: str) -> None:
    said = CliRunner().invoke(attune, ["metrics"], env={**environment(sqlite_url), "ATTUNE_METRICS": None})
    assert said.exit_code == 1
    assert "ATTUNE_METRICS is not set" in said.output
