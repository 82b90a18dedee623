"""A stub platform, registered with Attune: keys and services served over HTTP, launches signed by its own key."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from lti_tool.lti.errors import LaunchProblem, PlatformProblem
from lti_tool.services.connecting import platforms
from tests.certification.place import SESSION_COOKIE, Answer, Attune, Browser, words_of
from tests.lti_tool.lti.platform import AGS, ENDPOINT, KID, LTI, MEMBERSHIP, ROSTER, SETTINGS, Claims, jwk, private_key
from tests.lti_tool.lti.platform import signed as sign_with
from tests.lti_tool.lti.server import Reply, StubServer, as_json
from tests.school import school_named

__all__ = ["AGS", "ENDPOINT", "LTI", "MEMBERSHIP", "ROSTER", "SETTINGS", "Lms", "register"]

LEARNER, INSTRUCTOR = f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}#Instructor"
Change = Callable[[Claims], object]
Sign = Callable[[Claims], str]
_numbers = itertools.count(1)


@dataclass
class Lms:
    """One registration of a platform that has a place of its own on the stub server."""

    attune: Attune
    server: StubServer
    path: str
    client_id: str
    registration_id: UUID
    organization_id: UUID
    browser: Browser
    key: RSAPrivateKey = field(default_factory=private_key)
    kept: dict[str, int] = field(default_factory=dict)
    """What Attune held before the launch that is looked at."""

    @property
    def issuer(self) -> str:
        return f"{self.server.url}{self.path}"

    def publish(self, *keys: dict[str, Any], **headers: str) -> None:
        """What the platform's key set holds from here on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.server.reply(f"{self.path}/jwks", as_json({"keys": list(keys)}, **named))

    def keys_asked(self) -> int:
        return len(self.server.asked_at(f"{self.path}/jwks"))

    # ---- the two steps of a launch ----

    def login(self, method: str = "POST", browser: Browser | None = None, **changes: Any) -> Answer:
        """A login; a change of None leaves the parameter out, a list sends it several times."""
        params = {
            "iss": self.issuer,
            "login_hint": "user-6",
            "target_link_uri": self.attune.launch_url,
            "client_id": self.client_id,
            **changes,
        }
        how = {"params" if method == "GET" else "data": {name: value for name, value in params.items() if value}}
        return (browser or self.browser).request(method, f"{self.attune.url}/lti/login", **how)

    def begin(self, browser: Browser | None = None, **changes: Any) -> dict[str, str]:
        """The parameters of the authentication request that a login leads to."""
        answer = self.login(browser=browser, **changes)
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(f"{self.issuer}/auth")
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def claims(self, nonce: str, role: str = LEARNER, **more: Any) -> Claims:
        moment = int(self.attune.clock().timestamp())
        return {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "user-6",
            "nonce": nonce,
            "iat": moment,
            "exp": moment + 60,
            "name": "Sam Rivera",
            "given_name": "Sam",
            "family_name": "Rivera",
            "email": "sam@lms.example",
            LTI + "version": "1.3.0",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "deployment_id": "1",
            LTI + "target_link_uri": self.attune.launch_url,
            LTI + "roles": [role],
            LTI + "resource_link": {"id": "link-1", "title": "Observed practice"},
            LTI + "context": {"id": "course-1", "title": "Peer Support Practicum", "label": "PSP-1"},
            LTI + "launch_presentation": {"locale": "en", "return_url": f"{self.issuer}/course/1?id=1"},
            **more,
        }

    def sign(self, claims: Claims, **how: Any) -> str:
        return sign_with(claims, key=how.pop("key", self.key), **how)

    def post(self, token: str | None, state: str | None, browser: Browser | None = None, **more: str) -> Answer:
        form = {"id_token": token, "state": state, **more}
        return (browser or self.browser).post(self.attune.launch_url, data=form)

    def launch(
        self,
        *changes: Change,
        sign: Sign | None = None,
        role: str = LEARNER,
        browser: Browser | None = None,
        login: dict[str, Any] | None = None,
    ) -> Answer:
        """A login and its launch, with the claims changed and signed as told."""
        self.kept = self.attune.kept()
        asked = self.begin(browser, **(login or {}))
        claims = self.claims(asked["nonce"], role)
        for change in changes:
            change(claims)
        return self.post((sign or self.sign)(claims), asked["state"], browser)

    def pick(self, *changes: Change, role: str = INSTRUCTOR, browser: Browser | None = None, **settings: Any) -> Answer:
        """A deep linking launch; a setting of None is left out."""
        wanted = {
            "deep_link_return_url": f"{self.issuer}/return?course=1",
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
            "data": "to be given back",
            **settings,
        }

        def as_request(claims: Claims) -> None:
            claims[LTI + "message_type"] = "LtiDeepLinkingRequest"
            claims[SETTINGS] = {name: value for name, value in wanted.items() if value is not None}
            del claims[LTI + "resource_link"]

        return self.launch(as_request, *changes, role=role, browser=browser)

    # ---- what came of it ----

    def opened(self, answer: Answer, browser: Browser | None = None) -> Answer:
        """The page behind a launch that let a person in: shown, and with a session."""
        assert answer.status_code == 303, f"{answer.status_code} {words_of(answer.text)}"
        assert SESSION_COOKIE in answer.cookies
        page = (browser or self.browser).get(f"{self.attune.url}{answer.headers['Location']}")
        assert page.status_code == 200, f"{page.status_code} {words_of(page.text)}"
        return page

    def enter(self, *changes: Change, **how: Any) -> Answer:
        """The page that a launch opens."""
        return self.opened(self.launch(*changes, **how), how.get("browser"))

    def refused(
        self, answer: Answer, code: LaunchProblem | PlatformProblem, status: int = 400, *words: str
    ) -> dict[str, Any]:
        """A page for a person, a log line with the code, no session, nothing kept. The answer is the line."""
        assert answer.status_code == status, f"{answer.status_code} {words_of(answer.text)}"
        assert answer.headers["Content-Type"].startswith("text/html")
        page = words_of(answer.text)
        for text in words:
            assert text in page, page
        assert "Traceback" not in page
        assert SESSION_COOKIE not in answer.cookies
        told = [line for line in self.attune.logged(answer) if line["event"] != "answered"]
        assert [line["code"] for line in told] == [code]
        assert self.attune.kept() == self.kept
        return told[0]


def register(attune: Attune, server: StubServer, browser: Browser, **changes: Any) -> Lms:
    """A platform that nobody launched from yet; `changes` are those of `platforms.NewPlatform`."""
    number = next(_numbers)
    path = changes.pop("path", f"/p{number}")
    client_id = changes.pop("client_id", f"client-{number}")
    organization = changes.pop("organization", f"School {number}")
    base = f"{server.url}{path}"
    platform = platforms.NewPlatform(
        **{
            "name": "LMS", "family": "moodle", "issuer": base, "client_id": client_id, "auth_url": f"{base}/auth",
            "token_url": f"{base}/token", "jwks_url": f"{base}/jwks", **changes,
        }
    )  # fmt: skip
    with attune.session() as session:
        organization_id = school_named(session, organization, attune.clock())
        registration_id = platforms.add(session, organization_id, platform, attune.clock())
    lms = Lms(attune, server, path, client_id, registration_id, organization_id, browser)
    lms.publish(jwk(lms.key, KID))
    lms.server.reply(f"{path}/token", Reply(404))
    return lms


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's first form."""
    first = re.search(r"<form\b.*?</form>", page, re.DOTALL)
    assert first, page
    fields = re.findall(r"<input\b[^>]*>", first[0])
    return {
        name[1]: (value[1] if (value := re.search(r'value="([^"]*)"', field)) else "")
        for field in fields
        if 'type="hidden"' in field and (name := re.search(r'name="([^"]+)"', field))
    }
