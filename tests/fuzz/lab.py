"""Attune with a database of its own, and an LMS whose answers and launches a test may garble."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.app import create_app
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services import organizations
from lti_tool.services.connecting import platforms, registration_addresses
from lti_tool.settings import Settings
from lti_tool.store.sessions import Sessions
from tests.conftest import Clock
from tests.databases import SECRET
from tests.lti_tool.lti.platform import (
    AGS,
    ENDPOINT,
    KID,
    LTI,
    MEMBERSHIP,
    ROSTER,
    SETTINGS,
    Claims,
    jwk,
    private_key,
    signed,
)

LMS = "https://lms.school.example"
OURS = "https://attune.school.example"
LAUNCH_URL = f"{OURS}/lti/launch"
OPENID = f"{LMS}/.well-known/openid-configuration"
CLIENT = "client-1"
MANY = 1_000_000
KINDS = ("/lti/register/", "/links/", "/a/", "/deep-link/", "/privacy/", "/courses/", "/tab/")
"""Addresses that carry an id."""
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"


def configuration() -> dict[str, Any]:
    """What the LMS says of itself, whole."""
    return {
        "issuer": LMS,
        "authorization_endpoint": f"{LMS}/auth",
        "registration_endpoint": f"{LMS}/register",
        "jwks_uri": f"{LMS}/jwks",
        "token_endpoint": f"{LMS}/token",
        "scopes_supported": ["openid", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "5.0",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
        },
    }


def whole_claims(moment: int, nonce: str) -> Claims:
    """The claims of a launch as it should be."""
    return {
        "iss": LMS, "aud": CLIENT, "sub": "9", "nonce": nonce, "iat": moment, "exp": moment + 60,
        "name": "Sam Rivera", "given_name": "Sam", "family_name": "Rivera", "email": "sam@lms.example",
        "locale": "en",
        LTI + "version": "1.3.0",
        LTI + "message_type": "LtiResourceLinkRequest",
        LTI + "deployment_id": "1",
        LTI + "target_link_uri": LAUNCH_URL,
        LTI + "roles": [MEMBERSHIP + "#Learner"],
        LTI + "context": {"id": "course-1", "title": "Practicum", "label": "P1"},
        LTI + "resource_link": {"id": "link-1", "title": "Observed practice"},
        LTI + "custom": {"a": "b"},
        LTI + "launch_presentation": {"locale": "en", "return_url": f"{LMS}/course/1", "document_target": "iframe"},
    }  # fmt: skip


def whole_notice(moment: int, nonce: str) -> Claims:
    """The claims of a notice as it should be."""
    usual = whole_claims(moment, nonce)
    about = {"id": f"notice-{nonce}", "timestamp": "2026-03-02T09:00:00Z", "type": "LtiContextCopyNotice"}
    return {
        **{name: usual[name] for name in ("iss", "aud", "nonce", "iat", "exp", LTI + "version", LTI + "context")},
        LTI + "deployment_id": "1",
        LTI + "notice": about,
        LTI + "origin_contexts": ["course-1", "course-2"],
    }


def kinds_of_launches() -> list[Claims]:
    """One of each kind of message, as it should be."""
    usual = whole_claims(0, "x")
    column = {"scope": [AGS + "scope/score"], "lineitem": f"{LMS}/items/1", "lineitems": f"{LMS}/items"}
    settings = {"deep_link_return_url": f"{LMS}/return", "accept_types": ["ltiResourceLink"], "data": "x",
                "accept_presentation_document_targets": ["iframe"], "accept_multiple": True, "title": "t"}  # fmt: skip
    services = {
        ENDPOINT: column,
        ROSTER: {"context_memberships_url": f"{LMS}/members", "service_versions": ["2.0"]},
        "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice": {
            "context_groups_url": f"{LMS}/groups", "service_versions": ["1.0"], "scope": [],
        },
        LTI + "platformnotificationservice": {
            "platform_notification_service_url": f"{LMS}/notices", "service_versions": ["1.0"], "scope": [],
            "notice_types_supported": ["LtiContextCopyNotice"],
        },
        LTI + "tool_platform": {"guid": "g", "name": "LMS"},
        "https://www.instructure.com/placement": "course_navigation",
    }  # fmt: skip
    about = {LTI + "for_user": {"user_id": "9", "name": "Sam"}, LTI + "roles": [MEMBERSHIP + "#Instructor"]}
    return [
        usual,
        {**usual, **services},
        {**usual, **about, LTI + "message_type": "LtiDeepLinkingRequest", SETTINGS: settings},
        {**usual, **about, **services, LTI + "message_type": "LtiSubmissionReviewRequest"},
        {**usual, **about, LTI + "message_type": "LtiDataPrivacyLaunchRequest"},
    ]


class GarbledHttp(SafeHttp):
    """Answers for the LMS, with whatever a test puts there."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, HttpAnswer] = {}
        self.restore()

    def restore(self) -> None:
        """All answers as they should be."""
        self.say("/jwks", {"keys": [jwk(private_key(), KID)]})
        self.say("/.well-known/openid-configuration", configuration())
        self.say("/register", {"client_id": "client-new", "deployment_id": "7"})

    def say(self, path: str, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.answers[LMS + path] = HttpAnswer(status, headers or {"content-type": "application/json"}, body)

    def request(self, method: str, url: str, **how: Any) -> HttpAnswer:
        """The answer for an address of the LMS; any other is looked at, and not asked."""
        if url in self.answers:
            return self.answers[url]
        self._book.find(url)  # raises for what may not be asked
        return HttpAnswer(404, {}, b"")


@dataclass
class Lab:
    """Where the odd requests go, and what came of them."""

    client: FlaskClient
    sessions: Sessions
    http: GarbledHttp
    clock: Clock
    organization_id: UUID
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    _address: tuple[str, datetime] | None = None

    def ask(self, method: str, path: str, *, forgetful: bool = False, **how: Any) -> TestResponse:
        """One request, counted by the path's kind and the status; `forgetful` browsers keep no cookie."""
        number = self.counts.total()
        visitor = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}  # nobody asks often
        client = self.client.application.test_client(use_cookies=False) if forgetful else self.client
        answer = client.open(path, method=method, base_url=OURS, environ_overrides=visitor, **how)
        kind = next((kind for kind in KINDS if path.startswith(kind)), path.partition("?")[0])
        self.counts[f"{method} {kind}", answer.status_code] += 1
        return answer

    def address(self) -> str:
        """A registration address that can be used."""
        if self._address is None or self._address[1] < self.clock():
            with self.sessions.writing.begin() as session:
                secret = registration_addresses.hand_out(session, self.organization_id, uses=MANY, now=self.clock())
            self._address = f"/lti/register/{secret}", self.clock() + registration_addresses.LIFETIME / 2
        return self._address[0]

    def begin(self) -> dict[str, str]:
        """A login as it should be; the answer is what the LMS is asked for."""
        params = {"iss": LMS, "client_id": CLIENT, "login_hint": "9", "target_link_uri": LAUNCH_URL}
        answer = self.ask("POST", "/lti/login", data=params)
        assert answer.status_code == 302, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}

    def claims(self, nonce: str) -> Claims:
        """The claims of a launch as it should be, now."""
        return whole_claims(int(self.clock().timestamp()), nonce)

    def sign(self, claims: Claims, **how: Any) -> str:
        return signed(claims, **how)


def open_lab(database_url: str) -> Lab:
    """A lab over an empty database with its tables."""
    clock, http = Clock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)), GarbledHttp()
    settings = Settings(database_url=database_url, public_url=OURS, secret_keys=(SECRET,))
    app = create_app(settings, clock=clock, http=http)
    sessions: Sessions = app.extensions["attune"].sessions
    with sessions.writing.begin() as session:
        organization_id = _connect(session, clock())
    return Lab(app.test_client(), sessions, http, clock, organization_id)


def _connect(session: Session, now: datetime) -> UUID:
    organization_id = organizations.organization_named(session, "School", now)
    platform = platforms.NewPlatform(
        name="LMS", family="moodle", issuer=LMS, client_id=CLIENT, auth_url=f"{LMS}/auth", token_url=f"{LMS}/token",
        jwks_url=f"{LMS}/jwks",
    )  # fmt: skip
    platforms.add(session, organization_id, platform, now)
    return organization_id
