"""What load balancers ask, and what people read while the database is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import PendingRollbackError

from lti_tool import migrations
from lti_tool.settings import Settings
from lti_tool.store.engine import is_away, open_engine
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.databases import SECRET, PostgresServer
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.pages import Read

NOT_THERE = "postgresql+psycopg://attune@127.0.0.1:1/attune"


@pytest.fixture
def without_database(make_settings: Callable[..., Settings], clock: Clock) -> Iterator[Browser]:
    """A browser at an Attune whose database cannot be reached."""
    with app_for_one_test(make_settings(database_url=NOT_THERE), clock=clock) as app:
        app.test_client_class = Browser
        client = app.test_client()
        assert isinstance(client, Browser)
        yield client


def test_a_process_is_ready_when_its_database_answers_and_has_its_shape(browser: Browser, engine: Engine) -> None:
    answer = browser.get("/health/ready")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})
    assert answer.headers["Cache-Control"] == "no-store"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    after = browser.get("/health/ready")
    assert (after.status_code, after.json) == (503, {"status": "not_ready"})


def test_a_process_goes_on_where_a_newer_version_only_added_to_the_database(browser: Browser, engine: Engine) -> None:
    number = migrations.newest().partition(".")[0]
    for revision, status in ((f"{number}.99", 200), (f"{int(number) + 1:04}", 503), (f"{number}.later", 503)):
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        assert browser.get("/health/ready").status_code == status, revision


def test_without_a_database_a_process_is_alive_and_not_ready(without_database: Browser) -> None:
    assert without_database.get("/health").status_code == 200
    answer = without_database.get("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "not_ready"})
    assert int(answer.headers["Retry-After"]) > 0


def test_while_the_database_is_away_people_read_what_to_do(without_database: Browser) -> None:
    without_database.set_cookie("__Host-attune", "a" * 43, domain="attune.school.example", secure=True)
    with structlog.testing.capture_logs() as logs:
        answer = without_database.get("/waiting")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "15"
    page = Read(answer.text)
    assert "Attune is away for a moment" in page.headings
    assert "load the page again in a minute" in page.text
    assert "/support" in page.links
    assert [(line["event"], line["problem"]) for line in logs if line["log_level"] == "error"] == [
        ("database away", "OperationalError")
    ]


def test_autosave_reads_it_as_a_code(without_database: Browser) -> None:
    without_database.set_cookie("__Host-attune", "a" * 43, domain="attune.school.example", secure=True)
    answer = without_database.get("/waiting", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (503, "database_away")


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_page_whose_connection_ends_before_it_is_kept_says_so_and_the_next_is_there(
    app: Flask, come_in: Callable[..., Browser], engine: Engine, postgres: PostgresServer
) -> None:
    operator = come_in("Olu", operator=True)
    assert operator.get("/operator").status_code == 200
    sessions = app.extensions["attune"].sessions

    def end_it(session: object) -> None:
        with engine.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    event.listen(sessions.writing, "before_commit", end_it, once=True)
    answer = operator.act("/operator/addresses")
    assert answer.status_code == 503
    assert "Attune is away for a moment" in answer.text
    assert operator.get("/operator").status_code == 200


def test_a_full_or_locked_sqlite_is_away_too_and_a_mistake_of_ours_is_not(tmp_path: Path) -> None:
    nowhere = open_engine(f"sqlite:///{tmp_path / 'nowhere' / 'attune.db'}", ("s" * 40,))
    there = open_engine(f"sqlite:///{tmp_path / 'attune.db'}", ("s" * 40,))
    found = []
    for engine in (nowhere, there):
        with pytest.raises(Exception, match="sqlite3") as problem, engine.connect() as connection:
            connection.execute(text("SELECT * FROM no_such_table"))
        found.append(is_away(problem.value))
        engine.dispose()
    assert found == [True, False]


def test_a_connection_that_was_lost_earlier_in_the_request_is_away_when_all_is_committed(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'some.db'}", (SECRET,))
    connection = engine.connect()
    transaction = connection.begin()
    connection.invalidate()  # as when something of the page asked, met a lost connection, and did without
    with pytest.raises(PendingRollbackError) as problem:
        transaction.commit()
    assert is_away(problem.value)
    engine.dispose()
