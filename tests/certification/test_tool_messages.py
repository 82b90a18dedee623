"""Section 6: how we ask a platform's services, and what becomes of tokens and keys."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select, text

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.gradebook import sentence
from lti_tool.lti.names import ROSTER_SCOPE, SCORE_SCOPE
from lti_tool.lti.service import Service
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable, UnreachableProblem
from lti_tool.services.connecting import tool_keys
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.store.platforms import RegistrationRow
from tests.certification.lms import LTI, Lms
from tests.certification.place import Attune
from tests.lti_tool.lti.server import Asked, Reply, as_json
from tests.lti_tool.test_safe_http import Authority, over_tls

HTTP = SafeHttp(lab=True)
TOKEN = "an-opaque-token-of-the-platform"


def granted(**more: Any) -> Reply:
    return as_json({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600, **more})


class Asking:
    """Our side of a platform's services, with what was asked of them."""

    def __init__(self, lms: Lms) -> None:
        self.lms = lms
        self.url = f"{lms.issuer}/members"
        lms.server.reply(f"{lms.path}/token", granted())
        lms.server.reply(f"{lms.path}/members", as_json({"members": []}))

    def ask(self, scope: str = ROSTER_SCOPE, deployment_id: str | None = "1") -> HttpAnswer | Posted:
        """One call, as a worker that was just started makes it."""
        attune, now = self.lms.attune, self.lms.attune.clock()
        with attune.session() as session:
            known = registration_of(session.get_one(RegistrationRow, self.lms.registration_id))
            key = tool_keys.signing_key(session, now)
        sessions = attune.sessions.writing
        tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
        service = Service(HTTP, known, key, tokens, now, deployment_id=deployment_id)
        return service.call("GET", self.url, scope, {"Accept": "application/json"})

    def answers(self, *replies: Reply) -> None:
        self.lms.server.reply(f"{self.lms.path}/token", *replies)

    @property
    def tokens_asked(self) -> list[Asked]:
        return self.lms.server.asked_at(f"{self.lms.path}/token")

    @property
    def calls(self) -> list[Asked]:
        return self.lms.server.asked_at(f"{self.lms.path}/members")

    def assertion(self) -> dict[str, Any]:
        """The claims of the last assertion, verified with our published keys."""
        token = self.tokens_asked[-1].form["client_assertion"]
        header = jwt.get_unverified_header(token)
        published = self.lms.browser.get(f"{self.lms.attune.url}/lti/keys").json()["keys"]
        key = RSAAlgorithm.from_jwk(next(key for key in published if key["kid"] == header["kid"]))
        options = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=["RS256"], options=options)
        return claims


@pytest.fixture
def asking(lms: Lms) -> Asking:
    return Asking(lms)


@pytest.fixture
def keys_as_before(attune: Attune) -> Iterator[None]:
    """Whatever the test does with our keys, the newest signs afterwards."""
    yield
    with attune.session() as session:
        tool_keys.signing_key(session, attune.clock())


def test_T01_a_token_is_asked_for_as_the_framework_says(asking: Asking) -> None:
    assert isinstance(asking.ask(), HttpAnswer)
    (asked,) = asking.tokens_asked
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert set(asked.form) == {"grant_type", "client_assertion_type", "client_assertion", "scope"}
    assert asked.form["grant_type"] == "client_credentials"
    assert asked.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "authorization" not in asked.headers
    (call,) = asking.calls
    assert call.headers["authorization"] == f"Bearer {TOKEN}"


def test_T02_the_assertion_says_who_we_are_for_five_minutes(asking: Asking) -> None:
    asking.answers(granted(expires_in=0))
    seen = set()
    for _time in range(2):
        asking.ask()
        claims = asking.assertion()
        assert (claims["iss"], claims["sub"]) == (asking.lms.client_id,) * 2
        assert claims["aud"] == f"{asking.lms.issuer}/token"
        assert 0 < claims["exp"] - claims["iat"] <= 300
        assert claims["iat"] <= asking.lms.attune.clock().timestamp() < claims["exp"]
        seen.add(claims["jti"])
    assert len(seen) == 2


def test_T02_an_authorization_server_that_was_registered_is_the_audience(make_lms: Callable[..., Lms]) -> None:
    asking = Asking(make_lms(token_audience="https://sso.lms.example"))
    asking.ask()
    assert asking.assertion()["aud"] == "https://sso.lms.example"


def test_T03_the_assertion_names_the_deployment_where_it_is_known(asking: Asking) -> None:
    asking.answers(granted(expires_in=0))
    asking.ask(deployment_id="dep-7")
    assert asking.assertion()[LTI + "deployment_id"] == "dep-7"
    asking.ask(deployment_id=None)
    assert LTI + "deployment_id" not in asking.assertion()


@pytest.mark.parametrize("scope", [ROSTER_SCOPE, SCORE_SCOPE])
def test_T04_no_more_is_asked_for_than_the_call_needs(asking: Asking, scope: str) -> None:
    asking.ask(scope)
    assert [asked.form["scope"] for asked in asking.tokens_asked] == [scope]


@pytest.mark.parametrize("scopes", [SCORE_SCOPE, f"{SCORE_SCOPE} openid", "openid"])
def test_T05_with_less_than_was_asked_for_nothing_is_called_and_a_person_is_told(asking: Asking, scopes: str) -> None:
    asking.answers(granted(scope=scopes))
    assert asking.ask() == Posted(Answer.SCOPE_NOT_GRANTED, retry=False)
    assert not asking.calls
    assert "ask its administrator to allow" in sentence(Answer.SCOPE_NOT_GRANTED)


@pytest.mark.parametrize("scopes", [f"openid {ROSTER_SCOPE}", ROSTER_SCOPE, "", None])
def test_T05_the_scope_among_others_or_unsaid_is_enough(asking: Asking, scopes: str | None) -> None:
    asking.answers(granted(scope=scopes))
    assert isinstance(asking.ask(), HttpAnswer)


def test_T06_a_token_is_used_again_by_every_worker_until_it_ends(asking: Asking) -> None:
    for _worker in range(3):
        assert isinstance(asking.ask(), HttpAnswer)
    assert len(asking.tokens_asked) == 1
    asking.lms.attune.clock.now += timedelta(seconds=3600 - 121)
    asking.ask()
    assert len(asking.tokens_asked) == 1
    asking.lms.attune.clock.now += timedelta(seconds=2)
    asking.ask()
    assert len(asking.tokens_asked) == 2


def test_T06_each_scope_has_a_token_of_its_own(asking: Asking) -> None:
    asking.ask(ROSTER_SCOPE)
    asking.ask(SCORE_SCOPE)
    asking.ask(ROSTER_SCOPE)
    assert [asked.form["scope"] for asked in asking.tokens_asked] == [ROSTER_SCOPE, SCORE_SCOPE]


def test_T07_a_token_that_is_not_taken_any_more_is_renewed_once(asking: Asking) -> None:
    asking.ask()
    asking.answers(granted(access_token="a-new-one"))
    asking.lms.server.reply(f"{asking.lms.path}/members", Reply(401), as_json({"members": []}))
    answer = asking.ask()
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 200
    assert [call.headers["authorization"] for call in asking.calls[-2:]] == [f"Bearer {TOKEN}", "Bearer a-new-one"]


def test_T07_a_service_that_takes_no_token_is_asked_twice_at_most(asking: Asking) -> None:
    asking.ask()
    asking.lms.server.reply(f"{asking.lms.path}/members", Reply(401))
    answer = asking.ask()
    assert isinstance(answer, HttpAnswer)
    assert answer.status == 401
    assert (len(asking.calls), len(asking.tokens_asked)) == (3, 2)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("invalid_scope", Posted(Answer.SCOPE_NOT_GRANTED, retry=False)),
        ("invalid_client", Posted(Answer.TOKEN_REFUSED, retry=True)),
        ("invalid_request", Posted(Answer.TOKEN_REFUSED, retry=True)),
    ],
)
def test_T08_a_no_to_our_request_for_a_token_is_told_and_not_asked_over_and_over(
    asking: Asking, said: str, expected: Posted
) -> None:
    asking.answers(as_json({"error": said}, 400, Date=format_datetime(asking.lms.attune.clock(), usegmt=True)))
    assert asking.ask() == expected
    assert len(asking.tokens_asked) == 1
    assert not asking.calls
    assert "administrator" in sentence(expected.answer)


def test_T09_a_token_is_passed_on_as_it_is_and_stands_in_no_log_line(asking: Asking) -> None:
    token = "o.p-a_q~u+e/=.not.three.parts.of.json"
    asking.answers(granted(access_token=token))
    asking.ask()
    assert asking.calls[-1].headers["authorization"] == f"Bearer {token}"
    assert token not in json.dumps(asking.lms.attune.lines, default=str)


def test_T09_a_token_is_encrypted_in_the_database(asking: Asking) -> None:
    asking.ask()
    with asking.lms.attune.session() as session:
        kept = session.scalars(text("SELECT token FROM platform_token")).all()
    assert kept
    assert all(TOKEN not in one for one in kept)


def published(attune: Attune, lms: Lms) -> dict[str, dict[str, str]]:
    keys = lms.browser.get(f"{attune.url}/lti/keys").json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    return {key["kid"]: key for key in keys}


@pytest.mark.usefixtures("keys_as_before")
def test_T10_an_old_key_stays_while_its_signatures_may_be_read_and_no_kid_comes_back(lms: Lms, attune: Attune) -> None:
    before = published(attune, lms)
    with attune.session() as session:
        first = tool_keys.signing_key(session, attune.clock())
        second = tool_keys.rotate(session, attune.clock())
    now = published(attune, lms)
    assert second.kid not in before
    assert {first.kid, second.kid} <= set(now)
    assert all(now[kid] == key for kid, key in before.items())
    attune.clock.now += timedelta(days=15)
    assert first.kid not in published(attune, lms)
    assert second.kid in published(attune, lms)


def test_T11_private_keys_are_encrypted_and_in_no_answer(lms: Lms, attune: Attune) -> None:
    for key in published(attune, lms).values():
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    with attune.session() as session:
        kept = session.scalars(text("SELECT private_pem FROM tool_key")).all()
    assert kept
    assert all("PRIVATE KEY" not in one for one in kept)


def test_T11_each_key_is_of_2048_bits_at_least(lms: Lms, attune: Attune) -> None:
    for key in published(attune, lms).values():
        assert RSAAlgorithm.from_jwk(key).key_size >= 2048


@pytest.mark.parametrize("place", ["jwks_url", "token_url"])
def test_T12_outside_the_lab_nothing_is_asked_over_plain_http(lms: Lms, place: str) -> None:
    with lms.attune.session() as session:
        address = session.scalars(
            select(getattr(RegistrationRow, place)).where(RegistrationRow.id == lms.registration_id)
        ).one()
    with pytest.raises(Unreachable) as caught:
        SafeHttp().request("GET", address)
    assert caught.value.code in (UnreachableProblem.NOT_HTTPS, UnreachableProblem.ADDRESS_NOT_ALLOWED)
    assert not lms.server.asked_at(f"{lms.path}/{place.removesuffix('_url')}")


def test_T12_a_certificate_of_another_or_of_nobody_is_not_trusted(tmp_path: Path) -> None:
    authority = Authority()
    with over_tls(authority.certificate_for("moodle.campus", tmp_path)) as (port, _names):
        named = {"moodle.campus": f"127.0.0.1:{port}", "canvas.campus": f"127.0.0.1:{port}"}
        bundle = authority.bundle(tmp_path)
        trusting = SafeHttp(private_hosts=named, ca_bundle=bundle)
        assert trusting.request("GET", f"https://moodle.campus:{port}/").status == 404
        for http, host in (
            (trusting, "canvas.campus"),
            (SafeHttp(private_hosts=named), "moodle.campus"),
        ):
            with pytest.raises(Unreachable) as caught:
                http.request("GET", f"https://{host}:{port}/")
            assert caught.value.code is UnreachableProblem.CERTIFICATE
