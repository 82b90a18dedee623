"""The application for one test. Making it anew costs more than most tests do: routes and templates are compiled.

An application is kept for the next test with the same settings, and begins again with nothing remembered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from lti_tool.app import create_app
from lti_tool.lti.key_sets import KeySets
from lti_tool.queue import LookAt
from lti_tool.safe_http import SafeHttp
from lti_tool.settings import Settings
from lti_tool.web.known_platforms import KnownPlatforms

_MOST_KEPT = 4
_kept: list[Flask] = []


@contextmanager
def app_for_one_test(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    http: SafeHttp | None = None,
    look_at: LookAt = lambda kind, row_id: None,
) -> Iterator[Flask]:
    """As `create_app` makes it. A test that adds routes to it makes its own instead."""
    app = _taken_up(settings) or create_app(settings, clock=clock)
    joined = app.extensions["attune"]
    http = http or SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    app.extensions["attune"] = replace(
        joined,
        clock=clock,
        http=http,
        key_sets=KeySets(http),
        known_platforms=KnownPlatforms(joined.sessions),
        look_at=look_at,
    )
    try:
        yield app
    finally:
        joined.sessions.engine.dispose()
        _begin_again(app)
        _kept.append(app)
        del _kept[:-_MOST_KEPT]


def _taken_up(settings: Settings) -> Flask | None:
    for app in _kept:
        if app.extensions["attune"].settings == settings:
            _kept.remove(app)
            return app
    return None


def _begin_again(app: Flask) -> None:
    app.test_client_class = FlaskClient
    for limiter in app.extensions["limiter"]:
        limiter.reset()
