"""The application for one test. Making it anew costs more than most tests do: routes and templates are compiled.

An application is kept for the next test that needs one of the same kind, and begins again with nothing remembered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache

from flask import Flask
from flask.testing import FlaskClient

from lti_tool.app import create_app
from lti_tool.file_store import open_file_store
from lti_tool.lti.key_sets import KeySets
from lti_tool.queue import LookAt
from lti_tool.safe_http import SafeHttp
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine
from lti_tool.store.sessions import Sessions, open_both
from lti_tool.web.connecting.known_platforms import KnownPlatforms
from lti_tool.web.current import Joined

Kind = tuple[tuple[str, ...], bool, int, Callable[[Flask], None] | None]
"""Of settings what `create_app` itself looks at, beside what it joins; and what adds routes."""
_MOST_KEPT = 4
_kept: dict[Kind, Flask] = {}


@contextmanager
def app_for_one_test(
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    http: SafeHttp | None = None,
    look_at: LookAt = lambda kind, row_id: None,
    also: Callable[[Flask], None] | None = None,
) -> Iterator[Flask]:
    """As `create_app` makes it, with the routes that `also` adds."""
    kind = (settings.secret_keys, settings.secure, settings.proxy_hops, also)
    app = _kept.pop(kind, None) or _made(settings, also)
    http = http or SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    sessions = _kept_sessions(settings.database_url, settings.secret_keys)
    app.extensions["attune"] = Joined(
        settings=settings,
        clock=clock,
        sessions=sessions,
        http=http,
        key_sets=KeySets(http),
        known_platforms=KnownPlatforms(sessions),
        look_at=look_at,
        files=open_file_store(settings),
    )
    try:
        yield app
    finally:
        sessions.engine.dispose()
        _begin_again(app)
        _kept[kind] = app
        for oldest in list(_kept)[:-_MOST_KEPT]:
            del _kept[oldest]


def _made(settings: Settings, also: Callable[[Flask], None] | None) -> Flask:
    app = create_app(settings)
    if also is not None:
        also(app)
    return app


@lru_cache(_MOST_KEPT)
def _kept_sessions(url: str, secret_keys: tuple[str, ...]) -> Sessions:
    """The same where an address is the same: statements are compiled once."""
    return open_both(open_engine(url, secret_keys))


def _begin_again(app: Flask) -> None:
    app.test_client_class = FlaskClient
    for limiter in app.extensions["limiter"]:
        limiter.reset()
