"""A nightly job that breaks off ends none of the others, and says so."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from lti_tool import periodic
from lti_tool.cli.metrics import registry
from lti_tool.clock import now as moment_now
from lti_tool.file_store.disk import DiskStore
from lti_tool.services.operating import nights, turns
from tests.databases import without_table

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BROKEN = "site_agreements"


@pytest.fixture
def one_is_broken(engine: Engine) -> Iterator[None]:
    """A table is not there that one job, in the middle of the others, reads."""
    with without_table(engine, "site_agreement"):
        yield


def night(sessions: sessionmaker[Session]) -> nights.Night:
    with sessions.begin() as session:
        assert turns.take(session, nights.NIGHT, moment_now(), apart=timedelta(seconds=0))
    periodic.nightly(sessions, lambda kind, row_id: None)
    with sessions() as session:
        return nights.last(session, moment_now(), periodic.JOBS)


@pytest.mark.usefixtures("one_is_broken")
def test_a_job_that_breaks_off_ends_none_of_the_others(
    engine: Engine, sessions: sessionmaker[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    found = night(sessions)
    assert found.undone == (BROKEN,)
    with sessions() as session:
        done = nights.done(session, periodic.JOBS)
    assert {"lists_of_people", "reminders", "appeals", "retention"} <= set(done)
    assert BROKEN not in done
    said = generate_latest(registry(engine)).decode()
    assert f'attune_nightly_undone{{job="{BROKEN}"}} 1.0' in said
    assert 'attune_nightly_undone{job="reminders"} 0.0' in said
    assert 'attune_nightly_done_timestamp_seconds{job="reminders"}' in said


def test_a_night_that_cannot_be_noted_is_gone_through_all_the_same(
    engine: Engine, sessions: sessionmaker[Session]
) -> None:
    with capture_logs() as said, without_table(engine, "periodic_turn"):
        periodic.nightly(sessions, lambda kind, row_id: None)
    noted = [one["job"] for one in said if one["event"] == "a nightly job could not be noted"]
    assert set(noted) == periodic.JOBS - {periodic.STRAY_FILES}


def test_a_part_of_a_sweep_that_breaks_off_ends_none_of_the_others(
    engine: Engine, sessions: sessionmaker[Session]
) -> None:
    with capture_logs() as said, without_table(engine, "supervision_request"):
        periodic.sweep(sessions, lambda kind, row_id: None)
    (broke_off,) = [one["part"] for one in said if one["event"] == "a part of the sweep broke off"]
    assert broke_off.endswith("supervision_watch")


def test_a_night_in_which_all_was_done_leaves_nothing_undone(sessions: sessionmaker[Session]) -> None:
    found = night(sessions)
    assert found.undone == ()
    assert not found.overdue(moment_now())
    assert found.overdue(moment_now() + timedelta(hours=31))


def test_what_nobody_came_to_is_told_after_three_hours(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        nights.note(session, "reminders", now - timedelta(days=1), done=True)
        turns.take(session, nights.NIGHT, now, apart=timedelta(hours=12))
        assert nights.last(session, now + timedelta(hours=1), periodic.JOBS).undone == ()
        assert nights.last(session, now + timedelta(hours=4), periodic.JOBS).undone == ("reminders",)


def test_a_job_that_was_done_the_night_after_is_told_of_no_more(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        nights.note(session, "reminders", now, done=False)
        assert nights.last(session, now, periodic.JOBS).undone == ("reminders",)
        nights.note(session, "reminders", now + timedelta(days=1), done=True)
        assert nights.last(session, now + timedelta(days=1), periodic.JOBS).undone == ()


def test_a_job_that_this_version_does_no_more_is_never_told_of(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        nights.note(session, "a job of a former version", now - timedelta(days=1), done=True)
        nights.note(session, "another one", now - timedelta(days=1), done=False)
        turns.take(session, nights.NIGHT, now, apart=timedelta(hours=12))
        assert nights.last(session, now + timedelta(hours=4), periodic.JOBS).undone == ()
        assert nights.done(session, periodic.JOBS) == {}


def test_every_job_of_a_night_has_its_name_among_them(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    periodic.nightly(sessions, lambda kind, row_id: None, DiskStore(tmp_path))
    with sessions() as session:
        assert set(nights.done(session, periodic.JOBS)) == periodic.JOBS
