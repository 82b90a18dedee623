"""The canvas profile: registration, and what an administrator may take away."""

import json
from typing import Any

import pytest

from lti_tool.practice import NotRegistered, Offer, PracticeLms
from lti_tool.practice.names import CLAIM, CORE_SCOPES, ROSTER_CLAIM, ROSTER_SCOPE, TOOL_CONFIGURATION
from lti_tool.practice.registration import registration_address
from tests.lti_tool.practice.stub_tool import Answer, StubTool, call

EXTENSION = "https://canvas.instructure.com/lti/"


@pytest.fixture
def stub_for_canvas(stub: StubTool) -> StubTool:
    stub.scopes = CORE_SCOPES
    return stub


def configured(stub: StubTool, **changes: Any) -> dict[str, Any]:
    return {TOOL_CONFIGURATION: stub.description()[TOOL_CONFIGURATION] | changes}


def post(canvas: PracticeLms, stub: StubTool, token: str) -> Answer:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return call("POST", canvas.base_url + "/api/lti/registrations", headers, json.dumps(stub.description()))


def test_the_configuration_needs_the_token_in_the_address_or_as_a_header(canvas: PracticeLms) -> None:
    _, token = registration_address(canvas.platform, "http://127.0.0.1/")
    address = canvas.issuer + "/api/lti/security/openid-configuration"
    assert call("GET", f"{address}?registration_token={token}").json["issuer"] == canvas.issuer
    assert call("GET", address, {"Authorization": f"Bearer {token}"}).status == 200
    assert call("GET", address).status == 401
    assert call("GET", f"{address}?registration_token=unknown").status == 404


def test_a_token_is_good_once_and_says_so(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    _, token = registration_address(canvas.platform, "http://127.0.0.1/")
    assert post(canvas, stub_for_canvas, "unknown").json == {"errorMessage": "JWT did not include expected contents"}
    assert post(canvas, stub_for_canvas, token).status == 200
    again = post(canvas, stub_for_canvas, token)
    assert again.status == 401
    assert "already been used" in again.json["errorMessage"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"grant_types": ["implicit"]}, "client_credentials"),
        ({"scope": "https://example.org/x"}, "https://example.org/x"),
        ({TOOL_CONFIGURATION: None}, "missing required properties"),
        ({TOOL_CONFIGURATION: {"claims": []}}, "missing required properties: claims, messages"),
        ({"application_type": "native"}, "value at `/application_type` is not: web"),
        ({"client_name": None}, "missing required properties: client_name, redirect_uris"),
    ],
)
def test_what_does_not_fit_the_schema_is_listed(
    canvas: PracticeLms, stub_for_canvas: StubTool, changes: dict[str, Any], sentence: str
) -> None:
    stub_for_canvas.registration_changes = changes
    _, token = registration_address(canvas.platform, "http://127.0.0.1/")
    answer = post(canvas, stub_for_canvas, token)
    assert answer.status == 422
    assert sentence in " ".join(answer.json["errors"])
    assert canvas.tools() == ()


def test_a_tool_whose_keys_are_nowhere_gets_no_token(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    stub_for_canvas.registration_changes = {"jwks_uri": stub_for_canvas.base_url + "/missing"}
    canvas.register_tool(stub_for_canvas.registration_address)
    answer = stub_for_canvas.ask_for_token()
    assert (answer.status, "the tool's key set" in answer.json["error_description"]) == (400, True)


def test_the_deployment_is_told_at_the_top_or_not_at_all(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    first = canvas.register_tool(stub_for_canvas.registration_address)
    assert stub_for_canvas.registered["deployment_id"] == first.deployment_id
    assert "deployment_id" not in stub_for_canvas.registered[TOOL_CONFIGURATION]
    canvas.register_tool(stub_for_canvas.registration_address, announce_deployment=False)
    assert "deployment_id" not in stub_for_canvas.registered


def test_unknown_members_are_left_out_and_extensions_stay(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    messages = [{"type": "LtiResourceLinkRequest", "placements": ["course_navigation"], "unknown": 1}]
    stub_for_canvas.registration_changes = configured(
        stub_for_canvas, messages=messages, unknown=1, **{EXTENSION + "privacy_level": "anonymous"}
    )
    tool = canvas.register_tool(stub_for_canvas.registration_address)
    answered = stub_for_canvas.registered[TOOL_CONFIGURATION]
    assert "unknown" not in answered
    assert answered["messages"] == [{"type": "LtiResourceLinkRequest", "placements": ["course_navigation"]}]
    assert answered[EXTENSION + "privacy_level"] == tool.privacy == "anonymous"


def test_custom_words_of_a_message_come_with_that_message_only(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    messages = [
        {"type": "LtiResourceLinkRequest", "custom_parameters": {"kind": "link"}},
        {"type": "LtiDeepLinkingRequest"},
    ]
    stub_for_canvas.registration_changes = configured(
        stub_for_canvas, messages=messages, custom_parameters={"all": "yes"}
    )
    canvas.register_tool(stub_for_canvas.registration_address)
    canvas.visitor().open("sam", canvas.add_activity("A link").id)
    assert stub_for_canvas.claims[CLAIM + "custom"] == {"all": "yes", "kind": "link"}
    canvas.visitor().choose_in_tool("ines")
    assert stub_for_canvas.claims[CLAIM + "custom"] == {"all": "yes"}


@pytest.mark.parametrize(
    ("claims", "level"),
    [
        (["sub"], "anonymous"),
        (["sub", "name"], "name_only"),
        (["email"], "email_only"),
        (["name", "email"], "public"),
        (["picture"], "public"),
    ],
)
def test_the_privacy_level_follows_from_the_claims(
    canvas: PracticeLms, stub_for_canvas: StubTool, claims: list[str], level: str
) -> None:
    stub_for_canvas.registration_changes = configured(stub_for_canvas, claims=claims)
    assert canvas.register_tool(stub_for_canvas.registration_address).privacy == level


def test_an_administrator_takes_scopes_and_placements_away(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    offer = Offer(True, without_scopes=(ROSTER_SCOPE,), without_placements=("link_selection",))
    tool = canvas.register_tool(stub_for_canvas.registration_address, offer=offer)
    assert ROSTER_SCOPE not in tool.scopes
    assert ROSTER_SCOPE not in stub_for_canvas.registered["scope"]
    assert all(not one["placements"] for one in stub_for_canvas.registered[TOOL_CONFIGURATION]["messages"])
    canvas.visitor().open("sam", canvas.add_activity("A link").id)
    assert ROSTER_CLAIM not in stub_for_canvas.claims
    assert stub_for_canvas.ask_for_token().json["error"] == "invalid_scope"


def test_a_renewed_registration_keeps_its_ids(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    before = canvas.register_tool(stub_for_canvas.registration_address)
    offer = Offer(True, updates=before.client_id)
    renewed = canvas.register_tool(stub_for_canvas.registration_address, offer=offer)
    assert (renewed.client_id, renewed.deployment_id) == (before.client_id, before.deployment_id)


def test_a_tool_elsewhere_is_not_registered(canvas: PracticeLms, stub_for_canvas: StubTool) -> None:
    stub_for_canvas.registration_changes = {"jwks_uri": "https://keys.example/keys"}
    with pytest.raises(NotRegistered, match="jwks_uri"):
        canvas.register_tool(stub_for_canvas.registration_address)
