"""The one place where things are joined."""

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool.file_store import open_file_store
from lti_tool.logs import set_up_logs
from lti_tool.lti.key_sets import KeySets
from lti_tool.paths import STATIC, TEMPLATES
from lti_tool.queue import LookAt, open_queue
from lti_tool.safe_http import SafeHttp
from lti_tool.settings import Settings, read_settings
from lti_tool.store.engine import open_engine
from lti_tool.store.sessions import open_both
from lti_tool.web import (
    access,
    accommodations,
    activity_settings,
    addresses,
    agreements,
    answering,
    assignment_file,
    assignments,
    authors,
    availability,
    brand,
    builder,
    came_back,
    comments,
    conflicts,
    connect,
    contact,
    copies,
    course_life,
    courses,
    coverage,
    criteria,
    csrf,
    current,
    deep_link,
    device,
    draft_history,
    errors,
    evidence,
    evidence_bringing,
    evidence_content,
    examples,
    excerpts,
    external,
    files,
    frameworks,
    gradebook,
    hand_over,
    health,
    in_person,
    jinja,
    journal,
    landing,
    library,
    limits,
    lti,
    meetings,
    merging,
    message_previews,
    messages,
    notices,
    observations,
    operator,
    own_frameworks,
    paper,
    people,
    picker,
    placements,
    previews,
    privacy,
    publishing,
    qualifications,
    rating,
    records,
    registration,
    replying,
    review,
    safeguarding,
    scenario_use,
    scenarios,
    scope,
    security,
    self_assessment,
    self_care,
    sessions,
    several,
    sign_in,
    signatures,
    signing,
    site_parts,
    sites,
    supervision,
    support_directory,
    times,
    transactions,
    translating,
    trial,
    withdrawals,
    without_cookies,
    wording,
)
from lti_tool.web.arriving import Request
from lti_tool.web.known_platforms import KnownPlatforms

log = structlog.get_logger("attune.web")

LARGEST_REQUEST = 2_000_000
YEAR = 31_536_000
PAGES = (
    health,
    sign_in,
    lti,
    without_cookies,
    notices,
    registration,
    picker,
    deep_link,
    connect,
    operator,
    trial,
    addresses,
    courses,
    copies,
    landing,
    observations,
    rating,
    answering,
    signing,
    people,
    gradebook,
    records,
    review,
    privacy,
    library,
    builder,
    criteria,
    translating,
    draft_history,
    publishing,
    previews,
    coverage,
    frameworks,
    own_frameworks,
    files,
    examples,
    paper,
    authors,
    wording,
    times,
    self_assessment,
    meetings,
    activity_settings,
    replying,
    comments,
    assignments,
    assignment_file,
    availability,
    came_back,
    conflicts,
    qualifications,
    contact,
    external,
    merging,
    in_person,
    signatures,
    withdrawals,
    several,
    device,
    supervision,
    agreements,
    sessions,
    sites,
    site_parts,
    placements,
    scope,
    evidence,
    evidence_bringing,
    evidence_content,
    scenarios,
    scenario_use,
    journal,
    excerpts,
    self_care,
    support_directory,
    accommodations,
    safeguarding,
    messages,
    message_previews,
    course_life,
    hand_over,
    brand,
)


class Application(Flask):
    """Flask, with what it logs of its own accord in our words."""

    request_class = Request

    def get_send_file_max_age(self, filename: str | None) -> int:
        """A year under an address that changes with the content; modules name one another without, and are checked."""
        return YEAR if "v" in request.args else 0

    def log_exception(self, exc_info: object) -> None:
        """Write an exception that no page expected."""
        log.error("unexpected", exc_info=exc_info)


def from_environment() -> Flask:
    """The application for gunicorn: `lti_tool.app:from_environment()`."""
    set_up_logs()
    settings = read_settings(os.environ)
    return create_app(settings, look_at=open_queue(settings).look_at)


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    http: SafeHttp | None = None,
    look_at: LookAt = lambda kind, row_id: None,
) -> Flask:
    """Join settings, database, network and pages. Raises `Unguarded` for a route that says not who may enter."""
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
        files=open_file_store(settings),
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

    @app.after_request
    def line(response: Response) -> Response:
        log.info(
            "answered",
            method=request.method,
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.attune_started) * 1000),
        )
        return response
