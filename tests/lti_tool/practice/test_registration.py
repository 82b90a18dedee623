"""Dynamic Registration: what the endpoint insists on, and the two ways to get there."""

import json
from typing import Any

import pytest

from lti_tool.practice import NotRegistered, PracticeLms
from lti_tool.practice.names import SCOPES, TOOL_CONFIGURATION
from lti_tool.practice.registration import registration_address
from tests.lti_tool.practice.stub_tool import StubTool, call

WEB = "http://127.0.0.1:1/keys"


def test_a_tool_learns_its_deployment_unless_it_is_to_find_out_later(lms: PracticeLms, stub: StubTool) -> None:
    first = lms.register_tool(stub.registration_address)
    assert stub.deployment_id == first.deployment_id
    lms.register_tool(stub.registration_address, announce_deployment=False)
    assert stub.deployment_id == ""
    assert [tool.name for tool in lms.tools()] == ["Stub tool", "Stub tool"]
    assert first.scopes == SCOPES


def test_a_page_without_a_form_registers_nothing(lms: PracticeLms, stub: StubTool) -> None:
    with pytest.raises(NotRegistered, match="Nothing to register here"):
        lms.register_tool(stub.base_url + "/nothing")
    with pytest.raises(NotRegistered, match="not on this machine"):
        lms.register_tool("https://tool.example/register")
    with pytest.raises(NotRegistered, match="did not answer"):
        lms.register_tool("http://127.0.0.1:9/register")


def description(stub: StubTool, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (stub.description() | changes).items() if value is not None}


def configured(stub: StubTool, **changes: Any) -> dict[str, Any]:
    return {TOOL_CONFIGURATION: stub.description()[TOOL_CONFIGURATION] | changes}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"application_type": "native"}, "application_type is not web"),
        ({"response_types": ["code"]}, "response_types is not [id_token]"),
        ({"grant_types": ["implicit"]}, "grant_types is not implicit and client_credentials"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "token_endpoint_auth_method is not private_key_jwt"),
        ({"client_name": " "}, "client_name is missing"),
        ({"initiate_login_uri": None}, "initiate_login_uri is not an address on this machine"),
        ({"redirect_uris": []}, "redirect_uris is not a list of addresses"),
        ({"jwks_uri": "https://keys.example/keys"}, "jwks_uri is not an address on this machine"),
        ({"jwks_uri": WEB}, "jwks_uri is not under the domain"),
        ({"scope": None}, "scope is not text"),
        ({"scope": "openid profile"}, "scope asks for what was not offered: profile"),
        ({TOOL_CONFIGURATION: None}, "lti-tool-configuration is missing"),
    ],
)
def test_a_description_that_lacks_something_is_answered_with_what_it_lacks(
    lms: PracticeLms, stub: StubTool, changes: dict[str, Any], sentence: str
) -> None:
    assert_refused(lms, description(stub, **changes), sentence)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"domain": None}, "domain is missing"),
        ({"target_link_uri": None}, "target_link_uri is not an address on this machine"),
        ({"claims": "sub"}, "claims is not a list of names"),
        ({"messages": []}, "messages is not a list of messages"),
        ({"messages": [{"type": "LtiEulaRequest"}]}, "message LtiEulaRequest was not offered"),
        ({"custom_parameters": {"a": 1}}, "custom_parameters are not texts"),
    ],
)
def test_a_configuration_that_lacks_something_is_answered_with_what_it_lacks(
    lms: PracticeLms, stub: StubTool, changes: dict[str, Any], sentence: str
) -> None:
    assert_refused(lms, description(stub, **configured(stub, **changes)), sentence)


def assert_refused(lms: PracticeLms, body: dict[str, Any], sentence: str) -> None:
    _, token = registration_address(lms.platform, "http://127.0.0.1/")
    answer = post(lms, body, token)
    assert answer.status == 400
    assert answer.json["error"] == "invalid_client_metadata"
    assert sentence in answer.json["error_description"]
    assert sentence in lms.calls("registration")[-1].note
    assert lms.tools() == ()


def post(lms: PracticeLms, body: dict[str, Any], token: str, media_type: str = "application/json") -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": media_type}
    return call("POST", lms.base_url + "/oidc/registration", headers, json.dumps(body))


def test_a_registration_token_is_good_for_one_registration(lms: PracticeLms, stub: StubTool) -> None:
    _, token = registration_address(lms.platform, "http://127.0.0.1/")
    assert post(lms, stub.description(), "no such token").status == 401
    assert post(lms, stub.description(), token, "text/json").status == 415
    assert post(lms, stub.description(), token).status == 200
    assert post(lms, stub.description(), token).status == 401


def test_the_administrators_page_opens_the_tools_page_with_what_it_needs(lms: PracticeLms, stub: StubTool) -> None:
    visitor = lms.visitor()
    page = visitor.submit(
        visitor.get(lms.base_url + "/admin/tools"), {"address": stub.registration_address}, form="Open it"
    )
    address = page.links[-2].address
    assert "openid_configuration=" in address
    assert "registration_token=" in address
    assert "Done." in visitor.submit(visitor.get(address)).words
    assert lms.tools()[0].name == "Stub tool"
    assert visitor.get(lms.base_url + "/admin/tools/registration?address=javascript:alert(1)").status == 400
