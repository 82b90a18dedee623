"""The canvas profile: three origins, and what its launches say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lti_tool.practice import LmsVisitor, PracticeLms, running_practice_lms
from lti_tool.practice.names import (
    CLAIM,
    DEEP_LINKING_CLAIM,
    ENDPOINT_CLAIM,
    NOTICES_CLAIM,
    NOTICES_SCOPE,
    PRIVACY_REQUEST,
    SCOPES,
)
from tests.lti_tool.practice.stub_tool import StubTool, call, registered

PLACEMENT = "https://www.instructure.com/placement"
SLIPS = {"validation_context": None, "errors": {"errors": {}}}


def login_form(canvas: PracticeLms, visitor: LmsVisitor) -> dict[str, str]:
    return dict(visitor.get(f"{canvas.base_url}/launch/{canvas.activities()[0].id}").form("continue").fields)


@pytest.fixture
def visitor(canvas: PracticeLms, canvas_tool: StubTool) -> LmsVisitor:
    visitor = canvas.visitor()
    visitor.be("sam")
    return visitor


def test_the_issuer_the_sign_in_and_the_institution_are_three_origins(
    canvas: PracticeLms, canvas_tool: StubTool
) -> None:
    assert len({canvas.base_url, canvas.auth_url, canvas.issuer}) == 3
    platform = canvas_tool.platform
    assert platform["issuer"] == canvas.issuer
    for name in ("authorization_endpoint", "jwks_uri", "token_endpoint"):
        assert platform[name].startswith(canvas.auth_url + "/")
    assert platform["registration_endpoint"].startswith(canvas.base_url + "/")
    assert canvas_tool.endpoint["lineitems"].startswith(canvas.base_url + "/")
    assert call("GET", canvas.base_url + "/api/lti/security/jwks").status == 404
    assert call("GET", canvas.auth_url + "/course").status == 404


def test_the_login_says_what_canvas_says(canvas: PracticeLms, visitor: LmsVisitor, canvas_tool: StubTool) -> None:
    form = login_form(canvas, visitor)
    assert form["iss"] == canvas.issuer
    assert len(form["login_hint"]) == 40
    assert form["lti_message_hint"].count(".") == 2
    assert form["deployment_id"] == canvas_tool.deployment_id
    assert "lti_deployment_id" not in form
    assert (form["canvas_environment"], form["canvas_region"]) == ("prod", "us-east-1")
    assert form["lti_storage_target"] == "post_message_forwarding"


def test_a_launch_comes_with_its_storage_target_and_state(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    assert canvas_tool.launch_form["lti_storage_target"] == "post_message_forwarding"
    assert canvas_tool.launch_form["state"] == "state-1"


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"nonce": None, "prompt": None}, "invalid_request_object", "parameters are missing: nonce,prompt"),
        ({"scope": "openid profile"}, "invalid_request_object", "The 'scope' must be 'openid'"),
        ({"login_hint": "other"}, "login_required", "Must have an active user session"),
    ],
)
def test_an_error_is_posted_to_the_tool_with_its_state(
    canvas: PracticeLms,
    visitor: LmsVisitor,
    canvas_tool: StubTool,
    changes: dict[str, str | None],
    error: str,
    description: str,
) -> None:
    page = visitor.get(canvas_tool.authorization_address(login_form(canvas, visitor), **changes))
    assert visitor.submit(page).status == 401
    assert canvas_tool.launch_form["error"] == error
    assert description in canvas_tool.launch_form["error_description"]
    assert canvas_tool.launch_form["state"] == "state-1"
    assert "id_token" not in canvas_tool.launch_form


@pytest.mark.parametrize("changes", [{"redirect_uri": "http://127.0.0.1:1/launch"}, {"lti_message_hint": "x"}])
def test_a_wrong_address_or_hint_ends_on_a_page(
    canvas: PracticeLms, visitor: LmsVisitor, canvas_tool: StubTool, changes: dict[str, str | None]
) -> None:
    page = visitor.get(canvas_tool.authorization_address(login_form(canvas, visitor), **changes))
    assert page.status == 400
    assert not page.forms


def test_a_launch_is_used_once(canvas: PracticeLms, visitor: LmsVisitor, canvas_tool: StubTool) -> None:
    address = canvas_tool.authorization_address(login_form(canvas, visitor))
    assert visitor.submit(visitor.get(address)).status == 200
    assert visitor.submit(visitor.get(address)).status == 401
    assert canvas_tool.launch_form["error"] == "launch_no_longer_valid"


def test_somebody_without_a_session_is_not_signed_in(
    canvas: PracticeLms, visitor: LmsVisitor, canvas_tool: StubTool
) -> None:
    address = canvas_tool.authorization_address(login_form(canvas, visitor))
    other = canvas.visitor()
    assert other.submit(other.get(address)).status == 401
    assert canvas_tool.launch_form["error"] == "login_required"
    assert visitor.submit(visitor.get(address)).status == 200


def test_a_hint_lives_five_minutes(tmp_path: Path, stub: StubTool) -> None:
    later = timedelta()
    with running_practice_lms(tmp_path, profile="canvas", clock=lambda: datetime.now(UTC) + later) as canvas:
        registered(canvas, stub)
        visitor = canvas.visitor()
        visitor.be("sam")
        address = stub.authorization_address(login_form(canvas, visitor))
        later = timedelta(minutes=5, seconds=1)
        assert visitor.get(address).status == 400


# Claims


def test_a_launch_has_the_form_of_canvass(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    claims = canvas_tool.claims
    assert claims["azp"] == claims["aud"] == canvas_tool.client_id
    assert len(canvas_tool.client_id) == 14
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["locale"] == "en"
    assert claims["errors"] == {"errors": {}}
    for name in ("context", "tool_platform", "launch_presentation", "lis", "lti1p1", "resource_link"):
        assert {key: claims[CLAIM + name][key] for key in SLIPS} == SLIPS
    assert claims[PLACEMENT] is None
    assert claims["sub"].count("-") == 4
    assert claims["sub"] == canvas.user_id("sam")
    assert claims[CLAIM + "context"]["id"] == canvas.context_id()
    assert claims[CLAIM + "resource_link"]["id"] == canvas.link_id(canvas.activities()[0])
    number, _, account = claims[CLAIM + "deployment_id"].partition(":")
    assert number.isdecimal()
    assert len(account) == 40
    assert "?" not in claims[ENDPOINT_CLAIM]["lineitem"]
    assert NOTICES_CLAIM not in claims


@pytest.mark.parametrize(
    ("person", "ends"),
    [
        ("ines", ["person#Instructor", "membership#Instructor", "person#User"]),
        ("jo", ["person#Instructor", "membership#Instructor", "Instructor#TeachingAssistant", "person#User"]),
        ("sam", ["person#Student", "membership#Learner", "person#User"]),
        ("olly", ["membership#Mentor", "person#User"]),
        ("ada", ["person#Administrator", "person#User"]),
        ("test", ["person#Student", "membership#Learner", "person#User", "person#TestUser"]),
    ],
)
def test_roles_are_sorted_and_speak_of_course_institution_and_system(
    canvas: PracticeLms, canvas_tool: StubTool, person: str, ends: list[str]
) -> None:
    canvas.visitor().open(person, canvas.activities()[0].id)
    roles = canvas_tool.claims[CLAIM + "roles"]
    assert roles == sorted(roles)
    assert [role.rsplit("/", 1)[1] for role in roles] == ends


def test_an_observer_names_whom_they_observe(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.visitor().open("olly", canvas.activities()[0].id)
    assert canvas_tool.claims[CLAIM + "role_scope_mentor"] == [canvas.user_id("sam")]


@pytest.mark.parametrize(
    ("level", "known"),
    [
        ("public", {"name", "given_name", "family_name", "email", "picture"}),
        ("name_only", {"name", "given_name", "family_name"}),
        ("email_only", {"email"}),
        ("anonymous", set()),
    ],
)
def test_the_privacy_level_says_what_is_known_of_a_person(
    canvas: PracticeLms, canvas_tool: StubTool, level: str, known: set[str]
) -> None:
    canvas.set_privacy(level)
    canvas.visitor().open("sam", canvas.activities()[0].id)
    claims = canvas_tool.claims
    assert {"name", "given_name", "family_name", "email", "picture"} & set(claims) == known
    assert (CLAIM + "lis" in claims) == (level == "public")
    assert claims["sub"] == canvas.user_id("sam")


def test_a_visitor_whom_nobody_knows_has_no_sub(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    assert canvas.visitor().open("", canvas.activities()[0].id).status == 200
    claims = canvas_tool.claims
    assert "sub" not in claims
    assert claims[CLAIM + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/system/person#None"]
    assert claims[CLAIM + "lti11_legacy_user_id"] == ""


def test_custom_values_are_numbers_or_stay_as_they_stand(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    custom = {"user": "$Canvas.user.id", "course": "$Canvas.course.id", "x": "$Unknown.thing", "plain": "p"}
    canvas.visitor().open("sam", canvas.add_activity("Words", custom=custom).id)
    assert canvas_tool.claims[CLAIM + "custom"] == {"user": 6, "course": 2, "x": "$Unknown.thing", "plain": "p"}


def test_the_test_student_has_no_address(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.visitor().open("test", canvas.add_activity("Words", custom={"mail": "$Person.email.primary"}).id)
    assert "email" not in canvas_tool.claims
    assert canvas_tool.claims[CLAIM + "custom"] == {"mail": "$Person.email.primary"}
    assert canvas_tool.claims[CLAIM + "lis"]["person_sourcedid"] == "$Person.sourcedId"


def test_from_the_navigation_the_link_is_the_course(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.visitor().open_from_navigation("ines", canvas_tool.client_id)
    claims = canvas_tool.claims
    assert claims[CLAIM + "resource_link"]["id"] == claims[CLAIM + "context"]["id"] == canvas.context_id()
    assert claims[CLAIM + "resource_link"]["title"] == "Peer Support Practicum"
    assert "lineitem" not in claims[ENDPOINT_CLAIM]
    assert claims[PLACEMENT] == "course_navigation"
    visitor = canvas.visitor()
    visitor.be("ines")
    page = visitor.get(f"{canvas.base_url}/course/navigation/{canvas_tool.client_id}?course=2")
    assert (page.status, "Stub tool" in page.words) == (200, True)


def test_a_question_about_data_names_the_person(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.visitor().ask_about_data("ada", "sam", canvas_tool.client_id)
    assert canvas_tool.claims[CLAIM + "message_type"] == PRIVACY_REQUEST
    assert canvas_tool.claims[CLAIM + "for_user"] == {"user_id": canvas.user_id("sam")}
    assert canvas.visitor().review("ines", canvas.line_items()[0].id, of="sam").status == 404


def test_choosing_has_its_data_in_the_address(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas_tool.content_items = [
        {"type": "ltiResourceLink", "title": "Observed practice", "lineItem": {"scoreMaximum": 12.5}}
    ]
    visitor = canvas.visitor()
    page = visitor.choose_in_tool("ines")
    settings: dict[str, Any] = canvas_tool.claims[DEEP_LINKING_CLAIM + "deep_linking_settings"]
    assert "data" not in settings
    assert urlsplit(settings["deep_link_return_url"]).query.startswith("data=")
    assert settings["accept_multiple"] is False
    assert "Added: Observed practice." in visitor.submit(page).words
    item = canvas.line_items()[-1]
    assert (item.maximum, item.published, item.coupled) == (12.5, False, True)
    course = visitor.submit(visitor.be("ines"), form="Publish Observed practice")
    assert canvas.line_items()[-1].published is True
    assert "Publish" not in course.words
    visitor.choose_in_tool("ines", placement="link_selection")
    assert canvas_tool.claims[DEEP_LINKING_CLAIM + "deep_linking_settings"]["accept_multiple"] is True


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ({"type": "link"}, "its type is not supported"),
        ({"type": "ltiResourceLink", "lineItem": {}}, "lineItem.scoreMaximum must be a number"),
    ],
)
def test_an_item_that_canvas_would_not_take_adds_nothing(
    canvas: PracticeLms, canvas_tool: StubTool, item: dict[str, Any], sentence: str
) -> None:
    canvas_tool.content_items = [item]
    visitor, before = canvas.visitor(), len(canvas.activities())
    page = visitor.submit(visitor.choose_in_tool("ines"))
    assert (page.status, sentence in page.words) == (400, True)
    assert len(canvas.activities()) == before


def test_the_way_back_leads_to_the_course(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    visitor = canvas.visitor()
    visitor.be("sam")
    back = canvas_tool.claims[CLAIM + "launch_presentation"]["return_url"]
    assert visitor.get(back).url.startswith(canvas.base_url + "/course")


# Institutions


@pytest.fixture
def other(canvas: PracticeLms, tmp_path: Path) -> Iterator[PracticeLms]:
    with running_practice_lms(tmp_path / "other", profile="canvas", shares_issuer_with=canvas) as lms:
        yield lms


def test_two_institutions_share_issuer_sign_in_and_keys(
    canvas: PracticeLms, canvas_tool: StubTool, other: PracticeLms
) -> None:
    assert (other.issuer, other.auth_url) == (canvas.issuer, canvas.auth_url)
    assert other.base_url != canvas.base_url
    first = canvas.tools()[0]
    second = other.register_tool(canvas_tool.registration_address)
    assert second.client_id != first.client_id
    other.visitor().open("sam", other.add_activity("There").id)
    assert canvas_tool.claims["iss"] == canvas.issuer
    assert canvas_tool.claims["aud"] == second.client_id
    assert canvas_tool.claims["sub"] == other.user_id("sam") != canvas.user_id("sam")
    assert canvas_tool.endpoint["lineitems"].startswith(other.base_url)
    other.rotate_key()
    assert canvas.platform.key == other.platform.key


def test_one_client_id_can_be_in_use_at_two_institutions(
    canvas: PracticeLms, canvas_tool: StubTool, other: PracticeLms
) -> None:
    installed = other.install(canvas.tools()[0])
    assert installed.client_id == canvas_tool.client_id
    assert installed.deployment_id != canvas_tool.deployment_id
    other.visitor().open("sam", other.add_activity("There").id)
    assert canvas_tool.claims[CLAIM + "deployment_id"] == installed.deployment_id
    assert canvas_tool.endpoint["lineitems"].startswith(other.base_url)
    assert call("GET", canvas_tool.endpoint["lineitems"], canvas_tool.bearer()).status == 200


def test_a_token_is_worth_nothing_where_the_tool_is_not_in_use(
    canvas: PracticeLms, canvas_tool: StubTool, other: PracticeLms
) -> None:
    address = canvas_tool.endpoint["lineitems"].replace(canvas.base_url, other.base_url)
    answer = call("GET", address, canvas_tool.bearer())
    assert answer.status == 401
    assert "not linked to a Tool" in answer.json["errors"]["message"]


def test_notices_are_offered_only_to_a_tool_that_asked(canvas: PracticeLms, stub: StubTool) -> None:
    scopes = [scope for scope in SCOPES if "lti-gs" not in scope]
    stub.registration_changes = {"scope": " ".join([*scopes, NOTICES_SCOPE])}
    canvas.register_tool(stub.registration_address)
    canvas.visitor().open("sam", canvas.add_activity("A link").id)
    service = stub.claims[NOTICES_CLAIM]
    number = stub.deployment_id.split(":")[0]
    assert service["platform_notification_service_url"] == f"{canvas.base_url}/api/lti/notice-handlers/{number}"
