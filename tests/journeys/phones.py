"""A course on a real port, and browsers for its people: small screens, bad lines, shared devices."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from werkzeug.serving import make_server

from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from rubrics.sign_off import Lane
from tests.conftest import Clock
from tests.databases import SECRET
from tests.journeys.waiting import PATIENCE_MS
from tests.living import HOST, free_port
from tests.lti_tool.web.course import Course, open_course

NO_STORE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
"""For a browser that keeps nothing on the device."""


@dataclass(frozen=True, slots=True)
class Served:
    """A course on a real port, and browsers for its people."""

    course: Course
    address: str
    browser: Browser
    clock: Clock

    def context(self, who: str, **options: object) -> BrowserContext:
        """A browser in which this person is signed in."""
        context = self.browser.new_context(locale="en-US", timezone_id="UTC", **options)
        context.set_default_timeout(PATIENCE_MS)
        self.sign_in(context, who)
        return context

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """From here on this browser belongs to a new session of this person."""
        context.add_cookies([{"name": "attune", "value": self.course.token(who), "url": self.address}])

    def page(self, who: str, path: str, **options: object) -> Page:
        """A page of this person."""
        page = self.context(who, **options).new_page()
        page.goto(f"{self.address}{path}")
        return page


@contextmanager
def course_on_a_port(url: str, browser: Browser, **more: Any) -> Iterator[Served]:
    """Attune over a fresh database, at nine in the morning, with one course in it; `more` are further settings."""
    port = free_port()
    address = f"http://{HOST}:{port}"
    settings = Settings(database_url=url, public_url=address, secret_keys=(SECRET,), lab=True, **more)
    clock = Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    app = create_app(settings, clock=clock)
    engine = open_engine(url, (SECRET,))
    server = make_server(HOST, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with open_sessions(engine)() as session:
            choices = {"lanes": (Lane.PEER, Lane.CLINICAL), "required_observations": 3}
            yield Served(open_course(app, session, clock(), **choices), address, browser, clock)
    finally:  # else the process never ends where a fixture fails
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["attune"].sessions.engine.dispose()
        engine.dispose()


def saved_line(page: Page) -> Locator:
    """What the form says of where the words are."""
    return page.locator("[data-saved-line]")


def strength_of(page: Page) -> Locator:
    """The first field of the rating form."""
    return page.get_by_label("What did Sam Example do that helped?")


def step(page: Page) -> Locator:
    """The one thing that is on the screen."""
    shown = page.locator(".step:visible")
    expect(shown).to_have_count(1)
    return shown


def press(page: Page, label: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=label, exact=True).click()
