"""The authorization endpoint names whatever is wrong with a request."""

from urllib.parse import urlsplit

import pytest

from lti_tool.practice import LmsVisitor, Page, PracticeLms
from tests.lti_tool.practice.stub_tool import StubTool


@pytest.fixture
def visitor(lms: PracticeLms, tool: StubTool) -> LmsVisitor:
    visitor = lms.visitor()
    visitor.be("sam")
    return visitor


def login_form(lms: PracticeLms, visitor: LmsVisitor) -> dict[str, str]:
    activity = lms.activities()[-1] if lms.activities() else lms.add_activity("A link")
    return dict(visitor.get(f"{lms.base_url}/launch/{activity.id}").form("continue").fields)


def test_the_login_carries_everything_a_tool_may_need(lms: PracticeLms, visitor: LmsVisitor, tool: StubTool) -> None:
    form = login_form(lms, visitor)
    assert form.pop("lti_message_hint")
    assert form == {
        "iss": lms.base_url,
        "login_hint": "6",
        "target_link_uri": tool.base_url + "/launch",
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"response_type": "code"}, "response_type is not id_token."),
        ({"response_mode": "query"}, "response_mode is not form_post."),
        ({"response_mode": None}, "response_mode is not form_post."),
        ({"scope": "openid email"}, "scope is not openid."),
        ({"prompt": None}, "prompt is not none."),
        ({"nonce": None}, "nonce is missing."),
        ({"state": ""}, "state is missing."),
        ({"client_id": "stranger"}, "client_id is not one that this LMS gave out."),
        ({"redirect_uri": "http://127.0.0.1:1/launch"}, "redirect_uri is not one that was registered."),
        ({"login_hint": "7"}, "login_hint came back changed."),
        ({"login_hint": None}, "login_hint is missing."),
        ({"lti_message_hint": "x"}, "lti_message_hint came back changed, or the launch was used already."),
        ({"lti_message_hint": None}, "lti_message_hint is missing."),
    ],
)
def test_a_request_that_is_not_exact_ends_on_a_page_that_says_so(
    lms: PracticeLms, visitor: LmsVisitor, tool: StubTool, changes: dict[str, str | None], sentence: str
) -> None:
    page = visitor.get(tool.authorization_address(login_form(lms, visitor), **changes))
    assert page.status == 400
    assert sentence in page.words
    assert not any(form.id == "continue" for form in page.forms)


def test_a_redirect_address_with_a_longer_path_is_not_the_registered_one(
    lms: PracticeLms, visitor: LmsVisitor, tool: StubTool
) -> None:
    longer = tool.base_url + "/launch/more"
    assert visitor.get(tool.authorization_address(login_form(lms, visitor), redirect_uri=longer)).status == 400


def test_a_parameter_that_is_sent_twice_is_named(lms: PracticeLms, visitor: LmsVisitor, tool: StubTool) -> None:
    page = visitor.get(tool.authorization_address(login_form(lms, visitor)) + "&nonce=again")
    assert "nonce is sent twice." in page.words


def test_the_request_may_be_posted(lms: PracticeLms, visitor: LmsVisitor, tool: StubTool) -> None:
    address = tool.authorization_address(login_form(lms, visitor))
    fields = [tuple(pair.split("=")) for pair in urlsplit(address).query.split("&")]
    decoded = [(name, Page(200, "", f"<p>{value}").words) for name, value in fields if name != "redirect_uri"]
    decoded.append(("redirect_uri", tool.base_url + "/launch"))
    page = visitor.post(address.split("?")[0], decoded, seen_on=tool.base_url + "/login")
    assert visitor.goes_on(page)


def test_a_launch_is_used_once(lms: PracticeLms, visitor: LmsVisitor, tool: StubTool) -> None:
    address = tool.authorization_address(login_form(lms, visitor))
    assert visitor.goes_on(visitor.get(address))
    again = visitor.get(address)
    assert again.status == 400
    assert "used already" in again.words


def test_the_hint_of_another_tool_does_not_serve(lms: PracticeLms, visitor: LmsVisitor, tool: StubTool) -> None:
    form = login_form(lms, visitor)
    lms.register_tool(tool.registration_address)
    page = visitor.get(tool.authorization_address(form, client_id=lms.tools()[-1].client_id))
    assert "lti_message_hint belongs to another tool." in page.words
