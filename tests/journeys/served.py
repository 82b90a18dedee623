"""A course served to a real browser: people are signed in by their cookie, as a launch would have left it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from playwright.sync_api import Page

from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from tests.databases import SECRET
from tests.journeys.test_a_frame_of_another_site import serving
from tests.living import free_port
from tests.lti_tool.web.course import Course, open_course


@dataclass(frozen=True, slots=True)
class Served:
    """A course and its address."""

    course: Course
    url: str

    def sign_in(self, page: Page, token: str) -> None:
        """From here on this browser belongs to the session."""
        page.context.add_cookies([{"name": "attune", "value": token, "url": self.url}])


@contextmanager
def served_course(database_url: str) -> Iterator[Served]:
    """Attune over a fresh database, with one course in it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    app = create_app(Settings(database_url=database_url, public_url=url, secret_keys=(SECRET,), lab=True))
    engine = open_engine(database_url, (SECRET,))
    with open_sessions(engine)() as session, serving(app, port):
        yield Served(open_course(app, session, datetime.now(UTC)), url)
    engine.dispose()
    app.extensions["attune"].sessions.engine.dispose()
