"""Joining the parts into one Flask application."""

import os
import socket
import struct
import time
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from lti_tool.practice import control, pages, trying
from lti_tool.practice.answers import PageProblem, ServiceProblem, http_problem, platform, service_problem
from lti_tool.practice.authority import Authority
from lti_tool.practice.calls import PLACES, Call, Mischief
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import Profile
from lti_tool.practice.tokens import unproven_claims
from lti_tool.practice.tool_keys import NotTrusted

LOGGED = ("/.well-known/", "/oidc/", "/services/", "/mod/lti/", "/api/lti/", "/login/oauth2/")
MACHINES = ("/_control/", *LOGGED)
VISITS = ("authorize", "redirected", "forwarding", "answer", "launch")
"""Endpoints under those paths to which people come."""
LARGEST_BODY = 1_000_000
POLICY = "default-src 'self'; frame-src http: https:; frame-ancestors {}; base-uri 'none'; object-src 'none'"


def make_app(lms: Platform) -> Flask:
    """The application that serves an institution, with its sign-in where that is not apart."""
    app = _bare_app()
    app.extensions["practice_lms"] = lms
    sign_in = () if lms.profile.apart else lms.profile.auth_blueprints
    for blueprint in (control.blueprint, pages.blueprint, trying.blueprint, *lms.profile.blueprints, *sign_in):
        app.register_blueprint(blueprint)
    app.before_request(_at_our_address)
    return _finished(app, "problem.html")


def make_auth_app(authority: Authority, profile: Profile) -> Flask:
    """The application that signs people in for all institutions of an issuer."""
    app = _bare_app()

    @app.before_request
    def find_institution() -> None:
        """The one whose tool asks, so far as that can be told before anything is checked."""
        g.lms = authority.platform_of_client(_claimed_client(request.form.get("client_assertion", "")))

    for blueprint in profile.auth_blueprints:
        app.register_blueprint(blueprint)
    return _finished(app, "halted.html")


def _claimed_client(assertion: str) -> str:
    try:
        return str(unproven_claims(assertion).get("sub", ""))
    except NotTrusted:
        return ""


def _bare_app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.jinja_env.undefined = StrictUndefined
    return app


def _finished(app: Flask, problem_page: str) -> Flask:
    def page_problem(problem: PageProblem) -> ResponseReturnValue:
        return render_template(problem_page, heading=problem.heading, sentences=problem.sentences), problem.status

    def any_problem(problem: HTTPException) -> ResponseReturnValue:
        if request.path.startswith(MACHINES):
            return http_problem(problem)
        sentence = f"{request.path}: {problem.name}."
        return page_problem(PageProblem(problem.code or 500, "This page is not here", sentence))

    app.before_request(_misbehave)
    app.after_request(_write_down)
    app.after_request(_set_headers)
    app.register_error_handler(ServiceProblem, service_problem)
    app.register_error_handler(PageProblem, page_problem)
    app.register_error_handler(HTTPException, any_problem)
    return app


def _at_our_address() -> ResponseReturnValue | None:
    """Send a browser that came by another name (localhost) to the name that cookies and tools know."""
    address = platform().base_url
    if request.host_url.rstrip("/") != address and request.method == "GET" and not request.path.startswith(MACHINES):
        return redirect(address + request.full_path.rstrip("?"), 307)
    return None


def _place() -> str:
    name = (request.endpoint or "").rsplit(".", 1)[-1]
    return name if name in PLACES else ""


def _wish(place: str) -> Mischief | None:
    """What a test asked for by name, or the storm that blows."""
    lms = platform()
    column = str((request.view_args or {}).get("number", ""))
    return lms.misbehavior.take(place) or (lms.storm.take(place, column) if lms.storm else None)


def _misbehave() -> ResponseReturnValue | None:
    """Do what a test asked for, if it asked for this place."""
    wish = _wish(_place()) if _place() else None
    if wish is None:
        return None
    g.notes = [f"misbehaving: {wish.kind}"]
    g.drop = wish.kind in ("drop", "reset", "lost-answer")
    g.reset = wish.kind == "reset"
    if wish.kind == "slow":
        time.sleep(wish.value)
    if wish.kind == "forget-tokens":
        platform().tokens.clear()
    if wish.kind == "rate-limit":
        headers = {"X-Rate-Limit-Remaining": "0.0"}
        return Response("403 Forbidden (Rate Limit Exceeded)\n", 403, headers, content_type="text/plain; charset=utf-8")
    if wish.kind == "html":
        return Response("<!doctype html><title>Sign in</title><p>Please sign in.</p>", content_type="text/html")
    if wish.kind in ("drop", "reset"):
        return Response(status=500)
    if wish.status is None:
        return None
    answer = jsonify(error="mischief", error_description="asked for by a test")
    answer.status_code = wish.status
    if wish.value:
        answer.headers["Retry-After"] = f"{wish.value:g}"
    return answer


def _write_down(answer: Response) -> Response:
    """Keep the call in the log, and drop the connection where a test asked for that."""
    drop = bool(g.get("drop"))
    if request.path.startswith(LOGGED) and not (request.endpoint or "").endswith(VISITS):
        body: Any = g.get("body")
        call = Call(
            at=platform().clock(),
            place=_place(),
            method=request.method,
            path=request.full_path.rstrip("?"),
            status=0 if drop else answer.status_code,
            note="; ".join(g.get("notes", [])),
            client_id=g.get("client_id", ""),
            body=body,
        )
        platform().calls.add(call)
    if drop:
        _hang_up(request.environ["werkzeug.socket"], goodbye=not g.get("reset"))
    return answer


def _hang_up(connection: socket.socket, *, goodbye: bool) -> None:
    """Close the connection. Without a goodbye it is reset; what the server still writes goes nowhere."""
    if goodbye:
        connection.shutdown(socket.SHUT_RDWR)
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    nowhere, nobody = socket.socketpair()
    nobody.close()
    with nowhere:
        os.dup2(nowhere.fileno(), connection.fileno())


def _set_headers(answer: Response) -> Response:
    answer.date = platform().clock()
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if answer.mimetype == "text/html":
        around = " ".join(one.base_url for one in platform().authority.platforms)
        answer.headers["Content-Security-Policy"] = POLICY.format(around or "'none'")
        answer.headers.setdefault("Cache-Control", "no-cache")
    return answer
