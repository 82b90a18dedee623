"""What any test may ask for: a database of either kind, settings, and a time that stands still."""

import gc
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.settings import Settings
from lti_tool.store.engine import open_sessions
from tests.compiled import compile_templates_once, import_tests_in_turn
from tests.databases import SECRET, PostgresServer, SqliteFiles, kept_engine, postgres_server
from tests.full import TAKE_LONG, left_as_a_whole, left_on_other_lmss, left_on_postgres
from tests.memory import keep_files_in_memory

if TYPE_CHECKING:  # without a browser its library is not needed
    from playwright.sync_api import Browser

keep_files_in_memory()
compile_templates_once()
gc.disable()  # until everything is collected, see below: what is read until then stays, and there is a lot of it

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("sample", derandomize="CI" in os.environ, deadline=None, max_examples=30)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")

# Where a library for pretty tracebacks is installed, one of them takes a second and longer.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_collection(session: pytest.Session) -> None:
    """Before a worker of a whole run collects."""
    worker, workers = (os.environ.get(f"PYTEST_XDIST_WORKER{which}") for which in ("", "_COUNT"))
    if worker and workers and session.config.args == session.config.getini("testpaths"):
        import_tests_in_turn(int(worker.removeprefix("gw")), int(workers))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` leaves, see `tests.full`, and begin with what takes longest."""
    left = left_on_postgres(item.nodeid for item in items)
    left |= left_on_other_lmss(item.nodeid for item in items if item.nodeid not in left)
    left |= left_as_a_whole(item.nodeid for item in items if not item.get_closest_marker("full"))
    for item in items:
        if item.nodeid in left:
            item.add_marker(pytest.mark.full)
    items.sort(key=lambda item: not item.nodeid.startswith(TAKE_LONG))


def pytest_collection_finish() -> None:
    """What was collected stays to the end: nobody need look through it for what can be thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # as Python has it, a third of the time of a test of pages goes into looking
    gc.enable()


class Clock:
    """A clock that moves only when told to. Call it for the time."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on, in the words of `timedelta`: `clock.advance(minutes=10)`."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite") / "template.db")


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    from tests.chromium import running_chromium

    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles) -> Iterator[str]:
    """A new SQLite database, for tests to which the kind of database does not matter."""
    with sqlite_files.renewed() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A new database of each kind: the test runs twice.

    A test that needs only one says so:
    `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.renewed() as url:
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = kept_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return open_sessions(engine)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of an installation behind https, with whatever the test changes."""

    def make(**changes: object) -> Settings:
        usual: dict[str, object] = {
            "database_url": f"sqlite:///{tmp_path / 'attune.db'}",
            "public_url": "https://attune.school.example",
            "secret_keys": (SECRET,),
            "requests_a_minute": 0,  # a test asks more in a minute than a person does; see security/test_limits.py
        }
        return Settings(**(usual | changes))

    return make


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database_url: str) -> Settings:
    """Settings that name the test's database."""
    return make_settings(database_url=database_url)
