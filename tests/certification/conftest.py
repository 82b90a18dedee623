"""One Attune and one stub server for all tests of this folder; a platform and a browser for each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from lti_tool.services.connecting import registration_addresses
from tests.certification.lms import Lms, register
from tests.certification.new_lms import NewLms
from tests.certification.place import Attune, Browser, serving
from tests.conftest import Clock
from tests.databases import SqliteFiles
from tests.lti_tool.lti.server import StubServer
from tests.school import school_named


@pytest.fixture(scope="session")
def stub_server() -> Iterator[StubServer]:
    with StubServer() as server:
        yield server


@pytest.fixture(scope="session")
def served(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attune]:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    with sqlite_files.fresh(tmp_path_factory.mktemp("certification")) as url, serving(url, clock) as attune:
        yield attune


@pytest.fixture
def attune(served: Attune) -> Iterator[Attune]:
    """Attune, with the log lines of this test."""
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        served.lines = lines
        yield served


@pytest.fixture
def new_browser() -> Iterator[Callable[[], Browser]]:
    made: list[Browser] = []

    def make() -> Browser:
        made.append(Browser())
        return made[-1]

    yield make
    for browser in made:
        browser.close()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def make_lms(attune: Attune, stub_server: StubServer, new_browser: Callable[[], Browser]) -> Callable[..., Lms]:
    def make(**changes: Any) -> Lms:
        return register(attune, stub_server, new_browser(), **changes)

    return make


@pytest.fixture
def lms(make_lms: Callable[..., Lms]) -> Lms:
    """A platform that nobody launched from yet."""
    return make_lms()


@pytest.fixture
def make_new_lms(attune: Attune, stub_server: StubServer, new_browser: Callable[[], Browser]) -> Callable[..., NewLms]:
    made: list[NewLms] = []

    def make(uses: int = 1) -> NewLms:
        name = f"/new{len(stub_server.replies)}"
        with attune.session() as session:
            organization_id = school_named(session, f"School {name}", attune.clock())
            secret = registration_addresses.hand_out(session, organization_id, uses=uses, now=attune.clock())
        address = f"{attune.url}/lti/register/{secret}"
        made.append(NewLms(attune, stub_server, name, organization_id, new_browser(), address))
        return made[-1]

    return make


@pytest.fixture
def new_lms(make_new_lms: Callable[..., NewLms]) -> NewLms:
    return make_new_lms()
