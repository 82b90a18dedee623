"""A whole house on a real port, and browsers for its people: every page there is, with something on it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from tests.conftest import Clock
from tests.databases import SECRET
from tests.journeys.waiting import PATIENCE_MS
from tests.living import HOST, free_port
from tests.lti_tool.web.whole_house import WholeHouse, whole_house


@contextmanager
def house_on_a_port(database: str, also: Callable[[Flask], None] = lambda app: None) -> Iterator[WholeHouse]:
    """Opening pages changes nothing in it that others would see. `also`: what is done to the application first."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    settings = Settings(database_url=database, public_url=url, secret_keys=(SECRET,), lab=True, requests_a_minute=0)
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    app = create_app(settings, clock=Clock(now))
    also(app)
    engine = open_engine(database, (SECRET,))
    with open_sessions(engine)() as session:
        house = whole_house(url, app, session, now)
    server = make_server(HOST, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield house
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["attune"].sessions.engine.dispose()
        engine.dispose()


class Readers:
    """The people of the house, each at a browser in one language."""

    def __init__(self, browser: Browser, house: WholeHouse, language: str) -> None:
        self._browser, self._house, self._language = browser, house, language
        self._pages: dict[str, Page] = {}

    def page(self, who: str) -> Page:
        """Where this person sits."""
        if who not in self._pages:
            context = self._browser.new_context(locale=self._language, timezone_id="UTC")
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies([{"name": "attune", "value": self._house.tokens[who], "url": self._house.url}])
            self._pages[who] = context.new_page()
        return self._pages[who]

    def close(self) -> None:
        """All of them go."""
        for page in self._pages.values():
            page.context.close()
