"""A platform made of values: its key, its registration, and the messages it would send."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.launch import ReadLaunch, read_launch
from lti_tool.lti.login import begin_login
from lti_tool.lti.registrations import FindRegistrations, PlatformRegistration
from lti_tool.lti.state import StateSigner
from lti_tool.safe_http import HttpAnswer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS = "https://attune.example"
LAUNCH_URL = f"{OURS}/lti/launch"
BROWSER = "the-secret-in-the-cookie-of-this-browser-0001"
KID = "platform-key-1"
SECRET = "a-secret-for-tests-only-0123456789-0123456789"

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
ENDPOINT = AGS + "claim/endpoint"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

REGISTRATION = PlatformRegistration(
    id=UUID("018f0000-0000-7000-8000-000000000001"),
    organization_id=UUID("018f0000-0000-7000-8000-0000000000aa"),
    issuer="https://lms.example",
    client_id="client-1",
    auth_url="https://lms.example/auth",
    token_url="https://lms.example/token",
    token_audience=None,
    jwks_url="https://lms.example/jwks",
    active=True,
    deployments_announced=True,
    family="moodle",
)
OTHER = replace(REGISTRATION, id=UUID("018f0000-0000-7000-8000-000000000002"), client_id="client-2")

Claims = dict[str, Any]
Change = Callable[[Claims], object]


@cache
def private_key(name: str = "platform", bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key of a name for all tests: making one takes its time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(key: rsa.RSAPrivateKey, kid: str = KID, **more: Any) -> dict[str, Any]:
    numbers = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {"kty": "RSA", "kid": kid, "n": numbers["n"], "e": numbers["e"], "use": "sig", "alg": "RS256", **more}


class Wire:
    """Stands where the network is: answers what it was told, and counts."""

    def __init__(self, *answers: HttpAnswer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def request(self, method: str, url: str, **_: Any) -> HttpAnswer:
        self.asked.append(url)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def keys_answer(*jwks: Mapping[str, Any], **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(200, named, json.dumps({"keys": jwks}).encode())


def finder(*registrations: PlatformRegistration) -> FindRegistrations:
    def find(issuer: str, client_id: str | None) -> Sequence[PlatformRegistration]:
        return [r for r in registrations if r.issuer == issuer and client_id in (None, r.client_id)]

    return find


@dataclass
class Platform:
    """A registered platform and our side of it. Change a field to change the world."""

    registrations: FindRegistrations = field(default_factory=lambda: finder(REGISTRATION, OTHER))
    signer: StateSigner = field(default_factory=lambda: StateSigner([SECRET]))
    wire: Wire = field(default_factory=lambda: Wire(keys_answer(jwk(private_key()))))
    now: datetime = NOW
    launch_url: str = LAUNCH_URL
    browser_secret: str | None = BROWSER

    def __post_init__(self) -> None:
        self.key_sets = KeySets(self.wire)

    def begin(self, **changes: str | None) -> str:
        """The address that a login leads to; a change of None leaves the parameter out."""
        params = {
            "iss": REGISTRATION.issuer,
            "login_hint": "user-6",
            "target_link_uri": self.launch_url,
            "client_id": REGISTRATION.client_id,
            **changes,
        }
        return begin_login(
            {name: value for name, value in params.items() if value is not None},
            registrations=self.registrations,
            signer=self.signer,
            browser_secret=BROWSER,
            launch_url=self.launch_url,
            now=self.now,
        ).address

    def login(self, **changes: str | None) -> dict[str, str]:
        """The parameters of the authentication request."""
        return dict(parse_qsl(urlsplit(self.begin(**changes)).query))

    def claims(self, nonce: str, **more: Any) -> Claims:
        moment = int(self.now.timestamp())
        return {
            "iss": REGISTRATION.issuer,
            "aud": REGISTRATION.client_id,
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
            LTI + "deployment_id": "deployment-1",
            LTI + "target_link_uri": self.launch_url,
            LTI + "roles": [MEMBERSHIP + "#Learner"],
            LTI + "resource_link": {"id": "link-1", "title": "Observed practice"},
            LTI + "context": {"id": "course-2", "title": "Peer Support Practicum", "label": "PSP-1"},
            **more,
        }

    def post(self, token: str | None, state: str | None, **more: str) -> ReadLaunch:
        form = {"id_token": token, "state": state, **more}
        return read_launch(
            {name: value for name, value in form.items() if value is not None},
            registrations=self.registrations,
            signer=self.signer,
            key_sets=self.key_sets,
            browser_secret=self.browser_secret,
            launch_url=self.launch_url,
            now=self.now,
        )

    def launch(self, *changes: Change, sign: Callable[[Claims], str] | None = None) -> ReadLaunch:
        """A login and its launch, with the claims changed and signed as told."""
        asked = self.login()
        claims = self.claims(asked["nonce"])
        for change in changes:
            change(claims)
        return self.post((sign or signed)(claims), asked["state"])

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


# ---- ways to sign ----


def signed(
    claims: Mapping[str, Any],
    *,
    key: rsa.RSAPrivateKey | None = None,
    kid: str | None = KID,
    algorithm: str = "RS256",
    **header: Any,
) -> str:
    return jwt.api_jws.encode(  # below the level where PyJWT looks at claims
        json.dumps(claims).encode(),
        key or private_key(),
        algorithm=algorithm,
        headers={name: value for name, value in {"kid": kid, **header}.items() if value is not None},
    )


def raw(header: object, payload: object, signature: bytes = b"") -> str:
    """A token whose parts are whatever is given: JSON of a value, or the bytes as they are."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload)]
    return ".".join(b64(part) for part in (*parts, signature))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# ---- ways to change claims ----


def put(*path_and_value: Any) -> Change:
    *path, name, value = path_and_value

    def change(claims: Claims) -> None:
        for step in path:
            claims = claims[step]
        claims[name] = value

    return change


def drop(*names: str) -> Change:
    def change(claims: Claims) -> None:
        for name in names:
            claims.pop(name, None)

    return change


def at(name: str, **by: float) -> Change:
    """Set a time claim relative to NOW."""
    return put(name, int((NOW + timedelta(**by)).timestamp()))
