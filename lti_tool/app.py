"""The one place where things are joined."""

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import structlog
from flask import Flask, Response, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import metrics
from lti_tool.file_store import open_file_store
from lti_tool.logs import set_up_logs
from lti_tool.lti.key_sets import KeySets
from lti_tool.paths import STATIC, TEMPLATES
from lti_tool.queue import LookAt, open_queue
from lti_tool.safe_http import SafeHttp
from lti_tool.services.operating import files_encrypted
from lti_tool.settings import Settings, read_settings
from lti_tool.store.engine import open_engine
from lti_tool.store.sessions import open_both
from lti_tool.store.settled import settle
from lti_tool.web import access, csrf, current, errors, jinja, limits, security, transactions
from lti_tool.web.all_pages import PAGES
from lti_tool.web.connecting.known_platforms import KnownPlatforms
from lti_tool.web.exchange.arriving import Request

log = structlog.get_logger("attune.web")

LARGEST_REQUEST = 2_000_000
YEAR = 31_536_000


class Application(Flask):
    """Flask, with what it logs of its own accord in our words."""

    request_class = Request

    def get_send_file_max_age(self, filename: str | None) -> int:
        """A year under the address of just this content; modules name one another without, and are checked.

        While two versions run beside each other, a page of the one may ask the other for what it does not have.
        """
        asked = request.args.get("v")
        return YEAR if asked and filename and jinja.static_url(filename).endswith(f"?v={asked}") else 0

    def log_exception(self, exc_info: object) -> None:
        """Write an exception that no page expected."""
        log.error("unexpected", exc_info=exc_info)


def from_environment() -> Flask:
    """The application for gunicorn: `lti_tool.app:from_environment()`."""
    set_up_logs()
    settings = read_settings(os.environ)
    queue = open_queue(settings)
    return create_app(settings, clock=settings.clock, look_at=queue.look_at, queue_length=queue.huey.pending_count)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    http: SafeHttp | None = None,
    look_at: LookAt = lambda kind, row_id: None,
    queue_length: Callable[[], int] | None = None,
) -> Flask:
    """Join settings, database, network and pages. Raises `Unguarded` for a route that says not who may enter."""
    settle()
    app = Application("lti_tool", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    sessions = open_both(open_engine(settings.database_url, settings.secret_keys))
    http = http or SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    app.extensions["attune"] = current.Joined(
        settings=settings,
        clock=clock,
        sessions=sessions,
        http=http,
        key_sets=KeySets(http),
        known_platforms=KnownPlatforms(sessions),
        look_at=look_at,
        files=open_file_store(settings, partial(files_encrypted.may_be_plain, sessions.writing)),
        queue_length=queue_length,
    )
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=400,
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as Flask documents it
    _begin_and_log(app)
    transactions.use_transactions(app)
    security.use_headers(app, settings)
    csrf.use_csrf(app, settings)
    jinja.use_templates(app)
    errors.use_error_pages(app)
    app.view_functions["static"] = access.public(app.send_static_file)
    for module in PAGES:
        app.register_blueprint(module.bp)
    limits.use_limits(app)
    access.check_routes(app)
    return app


def _begin_and_log(app: Flask) -> None:
    """Each request gets its own things first, and leaves one log line: no address, no query, no names."""

    @app.before_request
    def begin() -> None:
        reference = secrets.token_hex(5)
        g.attune_turn = current.Turn(now=current.joined().clock(), reference=reference)
        g.attune_started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=reference)
        if "\0" in request.path and not request.path.startswith("/lti/"):  # PostgreSQL cannot be asked for it
            abort(404)

    @app.after_request
    def line(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else None
        took = time.perf_counter() - g.attune_started
        log.info(
            "answered",
            method=request.method,
            rule=rule,
            status=response.status_code,
            milliseconds=round(took * 1000),
        )
        if app.extensions["attune"].settings.metrics is not None:
            metrics.answered(request.method, rule, response.status_code, took)
        return response
