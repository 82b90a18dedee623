"""attune gradebooks: for people to read, and for monitoring to ask."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from lti_tool.cli import attune
from lti_tool.services.connecting import platforms
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine
from lti_tool.store.platforms import PeriodicTurnRow, PlatformLaneRow
from tests.school import school

SECRET = "a-secret-key-that-is-long-enough-for-tests"
LMS = "https://lms.school.example"
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str) -> Run:
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None,
    }  # fmt: skip
    return lambda *arguments, command="gradebooks": CliRunner().invoke(attune, [command, *arguments], env=environment)


def connected(url: str, *, worker: bool = True, **lane: object) -> None:
    """An LMS with a lane, and a worker that was seen just now."""
    now = datetime.now(UTC)
    engine = open_engine(url, (SECRET,))
    with Session(engine) as session, session.begin():
        organization_id = school(session)
        platform = platforms.NewPlatform(
            name="Campus LMS", family="moodle", issuer=LMS, client_id="client-1",
            auth_url=f"{LMS}/auth", token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
        )  # fmt: skip
        registration_id = platforms.add(session, organization_id, platform, now)
        session.add(
            PlatformLaneRow(
                id=new_id(), organization_id=organization_id, registration_id=registration_id, **{"troubles": 0} | lane
            )
        )
        if worker:
            session.add(PeriodicTurnRow(name="sweep", taken_at=now))
    engine.dispose()


def test_without_an_lms_it_says_how_to_begin(run: Run) -> None:
    said = run()
    assert said.exit_code == 0
    assert "attune platforms invite" in said.output


def test_all_is_well_is_status_0(run: Run, sqlite_url: str) -> None:
    connected(sqlite_url)
    said = run("--json")
    assert said.exit_code == 0
    assert run("--compare").exit_code == 0
    content = json.loads(said.output)
    assert content["needs_operator"] is False
    (platform,) = content["platforms"]
    assert (platform["name"], platform["waiting"], platform["needs_operator_for"]) == ("Campus LMS", 0, [])


def test_what_needs_an_operator_is_status_1_with_what_to_do(run: Run, sqlite_url: str) -> None:
    connected(sqlite_url, troubles=2, problem="token_refused")
    said = run()
    assert said.exit_code == 1
    assert "Test the connection" in said.output
    assert json.loads(run("--json").output)["platforms"][0]["needs_operator_for"] == ["connection"]
    checked = run(command="check").output
    assert "to mend  scores: Campus LMS needs you; see: attune gradebooks" in checked
    assert "last seen" in checked


def test_a_worker_that_does_not_run_is_status_1(run: Run, sqlite_url: str) -> None:
    connected(sqlite_url, worker=False)
    said = run()
    assert said.exit_code == 1
    assert "No worker seems to run" in said.output


def test_columns_that_are_gone_and_an_lms_that_rests_are_told(run: Run, sqlite_url: str) -> None:
    later = datetime.now(UTC) + timedelta(minutes=5)
    connected(sqlite_url, troubles=3, problem="no_answer", resting_until=later)
    said = run().output
    assert f"rests until {later:%Y-%m-%dT%H:%M}" in said
    assert "3 in a row." in said
