"""Section 11 of the conformance list, and registrations written by hand."""

import json
from typing import Any

import pytest

from lti_tool.lti.dynamic_registration import (
    PlatformOffer,
    RegistrationAnswer,
    read_platform,
    request_registration,
)
from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble
from lti_tool.lti.manual_registration import ManualRegistration, read_registration_file
from lti_tool.safe_http import SafeHttp, UnreachableProblem
from tests.lti_tool.lti.platform import AGS, OURS
from tests.lti_tool.lti.server import Reply, StubServer, as_json

HTTP = SafeHttp(lab=True)
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
MOODLE_SCOPES = [
    "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
    *(f"{AGS}scope/{name}" for name in ("lineitem.readonly", "result.readonly", "score", "lineitem")),
    NRPS,
    "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting",
    "openid",
]


def configuration(server: StubServer, **changes: Any) -> dict[str, Any]:
    """As Moodle gives it; a change of None takes a member out."""
    said = {
        "issuer": server.url,
        "token_endpoint": f"{server.url}/token",
        "jwks_uri": f"{server.url}/jwks",
        "authorization_endpoint": f"{server.url}/auth",
        "registration_endpoint": f"{server.url}/register",
        "scopes_supported": MOODLE_SCOPES,
        "response_types_supported": ["id_token"],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
        },
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def offer(server: StubServer, **changes: Any) -> PlatformOffer:
    server.reply("/config", as_json(configuration(server, **changes)))
    return read_platform(f"{server.url}/config", http=HTTP)


def problem(server: StubServer, **changes: Any) -> RegistrationProblem:
    with pytest.raises(RegistrationProblem) as caught:
        offer(server, **changes)
    return caught.value


def register(server: StubServer, reply: Reply, token: str | None = "reg-token", **changes: Any) -> RegistrationAnswer:
    server.reply("/register", reply)
    return request_registration(offer(server, **changes), registration_token=token, public_url=OURS, http=HTTP)


# ---- what is offered ----


def test_lti_y06_an_offer_says_all_that_is_needed(server: StubServer) -> None:
    found = offer(server)
    assert (found.issuer, found.auth_url, found.token_url) == (
        server.url,
        f"{server.url}/auth",
        f"{server.url}/token",
    )
    assert (found.family, found.version) == ("moodle", "4.5.6 (Build: 20250811)")
    assert found.placements == {"LtiResourceLinkRequest": (), "LtiDeepLinkingRequest": ("ContentArea",)}
    assert (found.account, found.elsewhere, found.token_audience) == (None, (), None)


@pytest.mark.parametrize("token", [None, "reg-token"])
def test_lti_y03_the_token_is_sent_only_where_there_is_one(server: StubServer, token: str | None) -> None:
    server.reply("/config", as_json(configuration(server)))
    read_platform(f"{server.url}/config?registration_token=x", http=HTTP, registration_token=token)
    (asked,) = server.asked_at("/config")
    assert asked.query == "registration_token=x"
    assert asked.headers.get("authorization") == (f"Bearer {token}" if token else None)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://lms.example/config", UnreachableProblem.NOT_HTTPS),
        ("https://10.0.0.7/config", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://intranet.example/config", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://lms.example:8443/config", UnreachableProblem.ADDRESS_NOT_ALLOWED),
        ("https://user:word@lms.example/config", UnreachableProblem.ADDRESS_NOT_UNDERSTOOD),
        ("file:///etc/passwd", UnreachableProblem.ADDRESS_NOT_UNDERSTOOD),
        ("https://nowhere.example/config", UnreachableProblem.NO_SUCH_HOST),
    ],
)
def test_lti_y04_addresses_that_may_not_be_asked_are_not_asked(address: str, code: UnreachableProblem) -> None:
    places = {"lms.example": "93.184.216.34", "intranet.example": "192.168.1.9"}

    def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        return [(2, 1, 6, "", (places[host], port))] if host in places else []

    with pytest.raises(RegistrationProblem) as caught:
        read_platform(address, http=SafeHttp(resolve=resolve))
    assert caught.value.code is code


def test_lti_y05_the_issuer_must_be_at_the_machine_that_was_asked(server: StubServer) -> None:
    for issuer in ("https://lms.example", "http://127.0.0.1:1", server.url.replace("http:", "https:")):
        found = problem(server, issuer=issuer)
        assert (found.code, found.details) == (RegistrationTrouble.ISSUER_ELSEWHERE, (issuer,))


@pytest.mark.parametrize(
    "missing", ["issuer", "token_endpoint", "jwks_uri", "authorization_endpoint", "registration_endpoint", PLATFORM]
)
def test_lti_y06_what_is_missing_is_named(server: StubServer, missing: str) -> None:
    found = problem(server, **{missing: None})
    assert (found.code, found.details) == (RegistrationTrouble.CONFIGURATION_INCOMPLETE, (missing,))


def test_lti_y06_everything_that_is_missing_is_named_at_once(server: StubServer) -> None:
    found = problem(server, jwks_uri=5, token_endpoint="", **{PLATFORM: {"version": 4}})
    assert set(found.details) == {
        "jwks_uri",
        "token_endpoint",
        f"{PLATFORM}.product_family_code",
        f"{PLATFORM}.version",
        f"{PLATFORM}.messages_supported",
    }


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://lms.example/x", "https://u:p@lms.example/", "/x"])
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"])
def test_lti_y06_addresses_that_are_not_safe_are_named(server: StubServer, name: str, address: str) -> None:
    assert problem(server, **{name: address}).details == (name,)


def test_lti_y07_endpoints_elsewhere_are_allowed_and_named(server: StubServer) -> None:
    found = offer(server, jwks_uri="https://sso.lms.example/jwks", authorization_endpoint="https://sso.lms.example/a")
    assert found.elsewhere == ("sso.lms.example",)


@pytest.mark.parametrize(
    "reply", [Reply(404), Reply(200, b"<html>"), Reply(200, b"[]"), Reply(200, b"[" * 50_000), Reply(302)]
)
def test_an_address_that_shows_no_configuration_is_told(server: StubServer, reply: Reply) -> None:
    server.reply("/config", reply)
    with pytest.raises(RegistrationProblem) as caught:
        read_platform(f"{server.url}/config", http=HTTP)
    assert caught.value.code is RegistrationTrouble.CONFIGURATION_NOT_UNDERSTOOD


def test_lti_y17_a_configuration_of_any_size_is_bounded(server: StubServer) -> None:
    server.reply("/config", Reply(200, b" " * 600_000))
    with pytest.raises(RegistrationProblem) as caught:
        read_platform(f"{server.url}/config", http=HTTP)
    assert caught.value.code is UnreachableProblem.TOO_LARGE


def test_lti_y17_what_a_platform_says_of_itself_is_cut_and_storable(server: StubServer) -> None:
    platform = {"product_family_code": "Moo\0dle" + "x" * 900, "version": "\ud800", "messages_supported": []}
    found = offer(server, **{PLATFORM: platform})
    assert found.family.startswith("moodlex")
    assert len(found.family) == 100
    assert found.version == "?"


# ---- what is asked ----

MADE = as_json({"client_id": "1yILzNFrNw90BjI", "scope": f"{AGS}scope/score {NRPS}", TOOL: {"deployment_id": "1"}})


def test_lti_y08_the_request_is_json_with_the_token(server: StubServer) -> None:
    register(server, MADE)
    (asked,) = server.asked_at("/register")
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["authorization"] == "Bearer reg-token"


def test_lti_y09_the_request_says_what_we_are(server: StubServer) -> None:
    register(server, MADE)
    said = server.asked_at("/register")[0].json
    tool = said.pop(TOOL)
    assert said == {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{OURS}/lti/login",
        "redirect_uris": [f"{OURS}/lti/launch"],
        "client_name": "Attune",
        "client_uri": OURS,
        "jwks_uri": f"{OURS}/lti/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join([f"{AGS}scope/lineitem", f"{AGS}scope/result.readonly", f"{AGS}scope/score", NRPS]),
    }
    assert tool["domain"] == "attune.example"
    assert tool["target_link_uri"] == f"{OURS}/lti/launch"
    assert tool["claims"] == ["iss", "sub", "name", "given_name", "family_name", "locale"]
    assert tool["custom_parameters"] == {
        "attune_context_history": "$Context.id.history",
        "attune_groups": "$Moodle.Person.userGroupIds",
    }
    assert tool["messages"] == [
        {"type": "LtiResourceLinkRequest", "target_link_uri": f"{OURS}/lti/launch"},
        {
            "type": "LtiDeepLinkingRequest",
            "target_link_uri": f"{OURS}/lti/launch",
            "label": "Choose an activity",
            "placements": ["ContentArea"],
        },
    ]


def test_lti_y09_the_domain_keeps_its_port(server: StubServer) -> None:
    server.reply("/register", MADE)
    request_registration(offer(server), registration_token=None, public_url="http://127.0.0.1:8400", http=HTTP)
    assert server.asked_at("/register")[0].json[TOOL]["domain"] == "127.0.0.1:8400"


def test_lti_y10_nothing_is_asked_for_that_is_not_offered(server: StubServer) -> None:
    platform = {
        "product_family_code": "x",
        "messages_supported": [{"type": "LtiResourceLinkRequest"}, {"type": "Other"}],
    }
    register(server, MADE, scopes_supported=[f"{AGS}scope/lineitem.readonly", "openid"], **{PLATFORM: platform})
    said = server.asked_at("/register")[0].json
    assert said["scope"] == f"{AGS}scope/lineitem.readonly"
    assert [message["type"] for message in said[TOOL]["messages"]] == ["LtiResourceLinkRequest"]
    register(server, MADE, scopes_supported=None)
    assert server.asked_at("/register")[1].json["scope"] == ""


@pytest.mark.parametrize("status", [200, 201])
def test_lti_y11_what_was_made_is_told(server: StubServer, status: int) -> None:
    made = register(server, Reply(status, MADE.body))
    assert made == RegistrationAnswer("1yILzNFrNw90BjI", "1", (f"{AGS}scope/score", NRPS), None, None)


@pytest.mark.parametrize(
    ("uri", "token", "kept"),
    [
        ("https://lms.example/r/7", "a-token", ("https://lms.example/r/7", "a-token")),
        ("javascript:alert(1)", "two words", (None, None)),
        (7, {"a": 1}, (None, None)),
        (None, "", (None, None)),
    ],
)
def test_lti_y11_where_the_registration_can_be_changed_is_kept_if_it_can_be_used(
    server: StubServer, uri: object, token: object, kept: tuple[str | None, str | None]
) -> None:
    said = {"client_id": "c", "registration_client_uri": uri, "registration_access_token": token}
    made = register(server, as_json(said))
    assert (made.registration_client_uri, made.registration_access_token) == kept
    assert "a-token" not in repr(made)


@pytest.mark.parametrize(
    ("said", "deployment"),
    [
        ({}, None),
        ({TOOL: {}}, None),
        ({TOOL: None}, None),
        ({TOOL: {"deployment_id": None}}, None),
        ({"deployment_id": "1057:8865aa"}, "1057:8865aa"),
        ({TOOL: {"deployment_id": "1"}, "deployment_id": "2"}, "1"),
    ],
)
def test_lti_y11_the_deployment_may_come_with_the_answer_or_later(
    server: StubServer, said: dict[str, Any], deployment: str | None
) -> None:
    assert register(server, as_json({"client_id": "c", **said})).deployment_id == deployment


@pytest.mark.parametrize(
    ("reply", "details"),
    [
        (as_json({"error": "invalid_redirect_uri", "error_description": "No <b>"}, 400),
         ("HTTP 400", "invalid_redirect_uri", "No <b>")),
        (as_json({"errorMessage": "<token> already used"}, 401), ("HTTP 401", "<token> already used")),
        (as_json({"errors": ["object at root is missing", 5, "x" * 900]}, 422),
         ("HTTP 422", "object at root is missing", "x" * 300)),
        (Reply(500, b"<html>"), ("HTTP 500",)),
        (Reply(302), ("HTTP 302",)),
    ],
)  # fmt: skip
def test_lti_y12_what_the_platform_says_is_shown_to_the_administrator(
    server: StubServer, reply: Reply, details: tuple[str, ...]
) -> None:
    with pytest.raises(RegistrationProblem) as caught:
        register(server, reply)
    assert (caught.value.code, caught.value.details) == (RegistrationTrouble.PLATFORM_SAID_NO, details)


@pytest.mark.parametrize(
    "said", [{}, {"client_id": ""}, {"client_id": 5}, {"client_id": "a b"}, {"client_id": "x" * 256}, []]
)
def test_an_answer_without_client_id_is_told(server: StubServer, said: object) -> None:
    with pytest.raises(RegistrationProblem) as caught:
        register(server, as_json(said))
    assert caught.value.code is RegistrationTrouble.ANSWER_NOT_UNDERSTOOD


@pytest.mark.parametrize("token", ["two\r\nlines", "a b", "ü", "x" * 8_001])
def test_a_token_that_is_no_header_is_told(server: StubServer, token: str) -> None:
    with pytest.raises(RegistrationProblem) as caught:
        register(server, MADE, token)
    assert caught.value.code is RegistrationTrouble.REGISTRATION_TOKEN_NOT_USABLE
    assert server.asked_at("/register") == []


# ---- by hand ----

FILE = {
    "name": "Campus Moodle",
    "family": "Moodle",
    "issuer": "https://moodle.example",
    "client_id": "abc",
    "auth_url": "https://moodle.example/mod/lti/auth.php",
    "token_url": "https://moodle.example/mod/lti/token.php",
    "jwks_url": "https://moodle.example/mod/lti/certs.php",
    "deployment_ids": ["1", "1", "2"],
}


def test_a_registration_written_by_hand_is_read() -> None:
    assert read_registration_file(json.dumps(FILE), "moodle.json") == ManualRegistration(
        name="Campus Moodle",
        family="moodle",
        issuer="https://moodle.example",
        client_id="abc",
        auth_url="https://moodle.example/mod/lti/auth.php",
        token_url="https://moodle.example/mod/lti/token.php",
        token_audience=None,
        jwks_url="https://moodle.example/mod/lti/certs.php",
        deployment_ids=("1", "2"),
    )


@pytest.mark.parametrize(
    ("text", "details"),
    [
        (json.dumps({**FILE, "jwks": "x"}), ("moodle.json: jwks: ",)),
        (json.dumps({**FILE, "client_id": ""}), ("moodle.json: client_id: ",)),
        (json.dumps({**FILE, "auth_url": "http://moodle.example/x"}), ("moodle.json: auth_url: ",)),
        (json.dumps({**FILE, "deployment_ids": [1]}), ("moodle.json: deployment_ids.0: ",)),
        ("{}", tuple(f"moodle.json: {name}: " for name in FILE if name != "deployment_ids")),
        ("[]", ("moodle.json: ",)),
        ("{", ("moodle.json: ",)),
    ],
)
def test_each_place_in_a_file_that_has_to_be_mended_is_named(text: str, details: tuple[str, ...]) -> None:
    with pytest.raises(RegistrationProblem) as caught:
        read_registration_file(text, "moodle.json")
    assert caught.value.code is RegistrationTrouble.FILE_NOT_UNDERSTOOD
    assert len(caught.value.details) == len(details)
    for said, expected in zip(caught.value.details, details, strict=True):
        assert said.startswith(expected)
