"""An LMS made of values: it signs launches, and answers Attune's requests without a network."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm
from werkzeug.test import TestResponse

from lti_tool.safe_http import HttpAnswer, SafeHttp
from tests.lti_tool.web.conftest import LMS, Browser

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LAUNCH_URL = "https://attune.school.example/lti/launch"
OPENID = f"{LMS}/.well-known/openid-configuration"


@cache
def private_key() -> RSAPrivateKey:
    """Made once a run: it is slow."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def openid_configuration() -> dict[str, Any]:
    """What the LMS says of itself."""
    return {
        "issuer": LMS,
        "authorization_endpoint": f"{LMS}/auth",
        "registration_endpoint": f"{LMS}/register",
        "jwks_uri": f"{LMS}/jwks",
        "token_endpoint": f"{LMS}/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        "response_types_supported": ["id_token"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["iss", "sub"],
        "subject_types_supported": ["public"],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": "moodle",
            "version": "5.0",
            "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
        },
    }


@dataclass
class StubHttp(SafeHttp):
    """Answers for the LMS; notes what was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    down: bool = False
    meanwhile: Callable[[], None] = lambda: None
    """What a test looks at while the LMS is asked."""
    said: dict[str, Any] = field(default_factory=dict)
    """What the LMS says of itself beyond the usual."""
    registered: dict[str, Any] = field(default_factory=dict)
    """What it answers to a registration beyond the usual."""

    def __post_init__(self) -> None:
        super().__init__()

    def request(self, method: str, url: str, **_how: Any) -> HttpAnswer:
        """One of the addresses of the LMS."""
        self.asked.append((method, url))
        self.meanwhile()
        content: Any = {
            f"{LMS}/jwks": {"keys": [{**RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True), "kid": "k1"}]},
            OPENID: openid_configuration() | self.said,
            f"{LMS}/register": {"client_id": "client-new", "deployment_id": "7"} | self.registered,
            "https://institution.example/register": {"client_id": "client-new"},
            f"{LMS}/token": {"access_token": "a-token", "expires_in": 3600},
        }[url]
        status = 503 if self.down else 200
        return HttpAnswer(
            status=status, headers={"content-type": "application/json"}, body=json.dumps(content).encode()
        )


def signed_launch(now: datetime, nonce: str, role: str = "Learner", **changes: Any) -> str:
    """An id_token of a resource link launch, with whatever the test changes."""
    moment = int(now.timestamp())
    claims = {
        "iss": LMS, "aud": "client-1", "sub": "9", "nonce": nonce, "iat": moment, "exp": moment + 60,
        "name": "Sam <b>Rivera</b>",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}target_link_uri": LAUNCH_URL,
        f"{CLAIM}roles": [ROLE + role],
        f"{CLAIM}context": {"id": "course-1", "title": "Practicum"},
        f"{CLAIM}resource_link": {"id": "link-1", "title": "Observed practice"},
        f"{CLAIM}launch_presentation": {"locale": "en", "return_url": f"{LMS}/course/1"},
        **changes,
    }  # fmt: skip
    return jwt.encode(claims, private_key(), algorithm="RS256", headers={"kid": "k1"})


@dataclass
class StubLms:
    """Logs browsers in and launches them."""

    http: StubHttp
    now: datetime

    def begin(self, browser: Browser, **changes: str) -> dict[str, str]:
        """A login; the answer is what Attune asked the LMS for."""
        params = {"iss": LMS, "client_id": "client-1", "login_hint": "9", "target_link_uri": LAUNCH_URL, **changes}
        answer = browser.post("/lti/login", data=params)
        assert answer.status_code == 302, answer.text
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}
        assert answer.location.startswith(f"{LMS}/auth")
        return asked

    def token(self, nonce: str, role: str = "Learner", **changes: Any) -> str:
        """A signed id_token."""
        return signed_launch(self.now, nonce, role, **changes)

    def launch(self, browser: Browser, role: str = "Learner", **changes: Any) -> TestResponse:
        """A whole way in."""
        asked = self.begin(browser)
        form = {"id_token": self.token(asked["nonce"], role, **changes), "state": asked["state"]}
        return browser.post("/lti/launch", data=form)

    def pick(self, browser: Browser, role: str = "Instructor", **settings: Any) -> TestResponse:
        """A deep linking launch."""
        wanted = {
            "deep_link_return_url": f"{LMS}/return?course=1&x=\"><script>",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
            "data": "to be given back",
            **settings,
        }  # fmt: skip
        changes = {f"{CLAIM}message_type": "LtiDeepLinkingRequest", DEEP_LINKING: wanted}
        return self.launch(browser, role, **changes)


def read_answer(signed: str) -> dict[str, Any]:
    """The claims of a deep linking answer; who signed is another test's matter."""
    claims: dict[str, Any] = jwt.decode(signed, options={"verify_signature": False})
    return claims
