"""The smallest tool that can register, be launched, choose an activity and send scores."""

import json
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import jwt
from flask import Flask, jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import escape

from lti_tool.practice import PracticeLms
from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.names import (
    CLAIM,
    CLIENT_ASSERTION_TYPE,
    DEEP_LINKING_CLAIM,
    DEEP_LINKING_RESPONSE,
    ENDPOINT_CLAIM,
    SCOPES,
    SCORE_SCOPE,
    SCORE_TYPE,
    TOOL_CONFIGURATION,
)
from lti_tool.practice.serving import base_url_of, bind, server_for


@dataclass
class Answer:
    """What a service answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    reason: str = ""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(
    method: str, address: str, headers: Mapping[str, str] | None = None, body: bytes | str | None = None
) -> Answer:
    """One bare HTTP call, with no header that was not asked for."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=60)
    try:
        target = parts.path + ("?" + parts.query if parts.query else "")
        connection.request(method, target, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        headers_given = {k.lower(): v for k, v in answer.getheaders()}
        return Answer(answer.status, headers_given, answer.read(), answer.reason)
    finally:
        connection.close()


@dataclass
class StubTool:
    """A running tool. What it does wrong on purpose stands in `changes` and `content_items`."""

    base_url: str
    key: PlatformKey = field(default_factory=PlatformKey.new)
    platform: dict[str, Any] = field(default_factory=dict)
    client_id: str = ""
    deployment_id: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    launch_form: dict[str, str] = field(default_factory=dict)
    content_items: list[Any] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """Claims of the deep linking answer that differ; None leaves one out."""
    registration_changes: dict[str, Any] = field(default_factory=dict)
    registered: dict[str, Any] = field(default_factory=dict)
    """What the LMS answered to the registration."""
    key_set_fetches: int = 0
    scopes: tuple[str, ...] = SCOPES
    notices: list[str] = field(default_factory=list)
    """The JWTs of all notices that came."""
    notices_status: int = 200
    key_set: Any = None
    """In place of its own key set."""

    @property
    def registration_address(self) -> str:
        return self.base_url + "/register?invitation=1"

    def description(self) -> dict[str, Any]:
        description = {
            "application_type": "web",
            "response_types": ["id_token"],
            "grant_types": ["implicit", "client_credentials"],
            "initiate_login_uri": self.base_url + "/login",
            "redirect_uris": [self.base_url + "/launch"],
            "client_name": "Stub tool",
            "jwks_uri": self.base_url + "/keys",
            "token_endpoint_auth_method": "private_key_jwt",
            "scope": " ".join(["openid", *self.scopes]),
            TOOL_CONFIGURATION: {
                "domain": urlsplit(self.base_url).netloc,
                "target_link_uri": self.base_url + "/launch",
                "claims": ["sub", "iss", "name"],
                "messages": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
            },
        }
        return description | self.registration_changes

    def register(self, configuration: str, token: str) -> Answer:
        with urlopen(configuration, timeout=60) as answer:
            self.platform = json.load(answer)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        answered = call("POST", self.platform["registration_endpoint"], headers, json.dumps(self.description()))
        if answered.status == 200:
            self.registered = answered.json
            self.client_id = answered.json["client_id"]
            announced = answered.json[TOOL_CONFIGURATION] | answered.json
            self.deployment_id = announced.get("deployment_id", "")
        return answered

    def authorization_address(self, form: Mapping[str, str], **changes: str | None) -> str:
        """The address of the authorization request that answers a login; None leaves a parameter out."""
        params: dict[str, str | None] = {
            "response_type": "id_token",
            "response_mode": "form_post",
            "scope": "openid",
            "prompt": "none",
            "client_id": form["client_id"],
            "redirect_uri": self.base_url + "/launch",
            "login_hint": form["login_hint"],
            "lti_message_hint": form["lti_message_hint"],
            "nonce": secrets.token_urlsafe(16),
            "state": "state-1",
        }
        sent = {name: value for name, value in (params | changes).items() if value is not None}
        return f"{self.platform['authorization_endpoint']}?{urlencode(sent)}"

    def sign(self, claims: Mapping[str, Any]) -> str:
        return self.key.sign({name: value for name, value in claims.items() if value is not None})

    def assertion(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.platform["token_endpoint"],
            "iat": now - 5,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
        }
        return self.sign(claims | changes)

    def ask_for_token(self, scopes: str = "", **changes: str | None) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": CLIENT_ASSERTION_TYPE,
            "client_assertion": self.assertion(),
            "scope": scopes or " ".join(self.scopes),
        }
        sent = {name: value for name, value in (form | changes).items() if value is not None}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return call("POST", self.platform["token_endpoint"], headers, urlencode(sent))

    def bearer(self, scopes: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.ask_for_token(scopes).json['access_token']}"}

    @property
    def endpoint(self) -> dict[str, Any]:
        """The gradebook claim of the last launch."""
        found: dict[str, Any] = self.claims[ENDPOINT_CLAIM]
        return found

    def deep_linking_answer(self) -> str:
        now = int(time.time())
        settings = self.claims[DEEP_LINKING_CLAIM + "deep_linking_settings"]
        claims = {
            "iss": self.client_id,
            "aud": self.platform["issuer"],
            "iat": now - 1,
            "exp": now + 300,
            "nonce": secrets.token_urlsafe(16),
            CLAIM + "message_type": DEEP_LINKING_RESPONSE,
            CLAIM + "version": "1.3.0",
            CLAIM + "deployment_id": self.claims[CLAIM + "deployment_id"],
            DEEP_LINKING_CLAIM + "data": settings.get("data"),
            DEEP_LINKING_CLAIM + "content_items": self.content_items,
        }
        return self.sign(claims | self.changes)

    def launch(self, form: Mapping[str, str]) -> ResponseReturnValue:
        self.launch_form = dict(form)
        if "id_token" not in form:
            return f"<h1>Please sign in</h1><p>{escape(form['error'])}</p>", 401
        with urlopen(self.platform["jwks_uri"], timeout=60) as answer:
            keys = jwt.PyJWKSet.from_dict(json.load(answer))
        kid = jwt.get_unverified_header(form["id_token"])["kid"]
        self.claims = jwt.decode(
            form["id_token"],
            keys[kid],
            algorithms=["RS256"],
            audience=self.client_id,
            issuer=self.platform["issuer"],
            leeway=5,
        )
        if settings := self.claims.get(DEEP_LINKING_CLAIM + "deep_linking_settings"):
            return (
                f'<h1>Choose</h1><form method="post" action="{escape(settings["deep_link_return_url"])}">'
                f'<input type="hidden" name="JWT" value="{self.deep_linking_answer()}"><button>Add</button></form>'
            )
        link: Mapping[str, str] = self.claims.get(CLAIM + "resource_link", {})
        return redirect(
            "/hello?" + urlencode({"name": self.claims.get("name", ""), "title": link.get("title", "")}), 303
        )


def below(column: str, path: str) -> str:
    return column.replace("/lineitem?", f"/lineitem{path}?")


def score(**changes: Any) -> dict[str, Any]:
    whole = {
        "userId": "6",
        "scoreGiven": 50,
        "scoreMaximum": 100,
        "timestamp": "2026-03-01T10:00:00.500+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    } | changes
    return {name: value for name, value in whole.items() if value is not ...}


def send(tool: StubTool, column: str, body: Any, media_type: str = SCORE_TYPE) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return call("POST", below(column, "/scores"), {**tool.bearer(SCORE_SCOPE), "Content-Type": media_type}, text)


def registered(lms: PracticeLms, stub: StubTool, maximum: float | None = None) -> StubTool:
    """The stub tool in this LMS, with a link (and its column, for a maximum) that Sam has opened."""
    stub.scopes = tuple(scope for scope in lms.platform.profile.scopes if scope in SCOPES)
    lms.register_tool(stub.registration_address)
    lms.set_privacy("public")
    lms.visitor().open("sam", lms.add_activity("A link", maximum=maximum).id)
    return stub


def make_app(tool: StubTool) -> Flask:
    app = Flask("stub")

    @app.get("/register")
    def show_registration() -> ResponseReturnValue:
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(request.args[name])}">'
            for name in ("openid_configuration", "registration_token")
        )
        page = make_response(
            f'<h1>Register</h1><form method="post" action="/register">{fields}<button>Register</button></form>'
        )
        page.set_cookie("seen", "yes", secure=True)
        return page

    @app.post("/register")
    def register() -> ResponseReturnValue:
        if request.cookies.get("seen") != "yes":
            return "no cookie", 403
        answered = tool.register(request.form["openid_configuration"], request.form["registration_token"])
        if answered.status != 200:
            return f"<p>The LMS says: {escape(answered.body.decode())}</p>", 502
        return '<p>Done.</p><script>parent.postMessage({subject: "org.imsglobal.lti.close"}, "*")</script>'

    @app.route("/login", methods=["GET", "POST"])
    def login() -> ResponseReturnValue:
        return redirect(tool.authorization_address(request.form or request.args), 302)

    @app.post("/launch")
    def launch() -> ResponseReturnValue:
        return tool.launch(request.form)

    @app.get("/hello")
    def hello() -> ResponseReturnValue:
        return f"<h1>Hello {escape(request.args['name'])}</h1><p>{escape(request.args['title'])}</p>"

    @app.get("/keys")
    def keys() -> ResponseReturnValue:
        tool.key_set_fetches += 1
        return {"keys": [tool.key.jwk()]} if tool.key_set is None else jsonify(tool.key_set)

    @app.get("/nothing")
    def nothing() -> ResponseReturnValue:
        return "<p>Nothing to register here.</p>"

    return app


def send_on(app: Flask) -> None:
    @app.post("/moved/<where>")
    def moved(where: str) -> ResponseReturnValue:
        return redirect("/heard" if where == "here" else "https://lms.example/", 307)

    @app.post("/heard")
    def heard() -> ResponseReturnValue:
        return f"<p>Heard {escape(request.form['word'])}.</p>"


def take_notices(app: Flask, tool: StubTool) -> None:
    @app.post("/notices")
    def notices() -> ResponseReturnValue:
        tool.notices += [notice["jwt"] for notice in request.json["notices"]] if request.json else []
        return "", tool.notices_status


@contextmanager
def running_stub_tool() -> Iterator[StubTool]:
    listening = bind("127.0.0.1", 0)
    with listening:
        tool = StubTool(base_url_of(listening))
        app = make_app(tool)
        take_notices(app, tool)
        send_on(app)
        server = server_for(app, listening)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield tool
    finally:
        server.shutdown()
        thread.join()
