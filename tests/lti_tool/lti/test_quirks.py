"""What is known of each family of platforms, and how Attune describes itself to them."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from lti_tool.lti.platform_offer import PlatformOffer, offer_of
from lti_tool.lti.quirks import MESSAGES, Quirks, quirks_of
from lti_tool.lti.tool_configuration import (
    canvas_configuration,
    messages_asked,
    registration_request,
    scopes_asked,
)
from lti_tool.paths import CONFIG
from tests.lti_tool.lti.platform import AGS, OURS

FAMILIES = sorted(path.stem for path in (CONFIG / "platforms").glob("*.toml"))
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
CANVAS = "https://canvas.instructure.com/lti/"
ASSET_PROCESSOR = ("asset", "eula", "report", "similarity")
CHOOSERS = ["assignment_selection", "collaboration", "course_assignments_menu", "link_selection", "module_menu_modal"]


def canvas_says(**changes: Any) -> dict[str, Any]:
    """A hosted Canvas's configuration, as https://github.com/instructure/canvas-lms documents it."""
    return {
        "issuer": "https://canvas.instructure.com",
        "authorization_endpoint": "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "registration_endpoint": "https://school.instructure.com/api/lti/registrations",
        "jwks_uri": "https://sso.canvaslms.com/api/lti/security/jwks",
        "token_endpoint": "https://sso.canvaslms.com/login/oauth2/token",
        "scopes_supported": [
            *(f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")),
            "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
            "https://canvas.instructure.com/lti/public_jwk/scope/update",
            "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
            "https://purl.imsglobal.org/spec/lti/scope/asset.readonly",
            "https://purl.imsglobal.org/spec/lti/scope/eula/user",
        ],
        PLATFORM: {
            "product_family_code": "canvas",
            "version": "vCloud",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest", "placements": ["account_navigation", "course_navigation"]},
                {"type": "LtiDeepLinkingRequest", "placements": CHOOSERS},
                {"type": "LtiAssetProcessorSettingsRequest"},
                {"type": "LtiReportReviewRequest"},
                {"type": "LtiEulaRequest"},
            ],
            f"{CANVAS}account_name": "Test University",
        },
        **changes,
    }


def canvas_offer(**changes: Any) -> PlatformOffer:
    return offer_of(canvas_says(**changes), "https://canvas.instructure.com/api/lti/security/openid-configuration?x=1")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_is_understood_and_says_how_people_call_the_platform(family: str) -> None:
    quirks = quirks_of(family)
    assert quirks.name
    assert all(name.startswith("attune_") for name in quirks.custom_parameters)
    assert all(value.startswith("$") for value in quirks.custom_parameters.values())
    assert {message.type for message in quirks.messages} == {message.type for message in MESSAGES}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_table_stands_below_the_public_page_that_shows_it(family: str) -> None:
    text = (CONFIG / "platforms" / f"{family}.toml").read_text(encoding="utf-8")
    shown: set[str] = set()
    for block in text.split("\n\n"):
        if table := re.search(r"^\[+(\w+)\]+$", block, re.MULTILINE):
            assert re.search(r"^#.*https://", block, re.MULTILINE) or table[1] in shown, block
            shown.add(table[1])
    assert shown


@pytest.mark.parametrize("family", ["sakai", "", "../moodle", "MOODLE"])
def test_of_a_family_that_nobody_described_only_the_specifications_are_known(family: str) -> None:
    assert quirks_of(family) == Quirks()


@pytest.mark.parametrize(
    "entries",
    [
        {"nmae": "Canvas"},
        {"name": 5},
        {"shared_issuers": ["http://canvas.instructure.com"]},
        {"sites": [{"key": "hosted", "issuer": "canvas"}]},
        {"messages": [{"type": "LtiResourceLinkRequest", "placement": "x"}]},
    ],
)
def test_an_entry_that_is_not_known_or_of_another_kind_is_refused(entries: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Quirks.model_validate(entries)


def test_canvas_is_asked_for_its_own_members_and_placements() -> None:
    tool = registration_request(canvas_offer(), OURS)[TOOL]
    assert tool[f"{CANVAS}privacy_level"] == "name_only"
    assert tool[f"{CANVAS}tool_id"] == "attune"
    assert tool[f"{CANVAS}vendor"] == "Attune"
    assert tool["custom_parameters"]["attune_sections"] == "$Canvas.course.sectionIds"
    chooser, menu = tool["messages"]
    assert chooser["type"] == "LtiDeepLinkingRequest"
    assert chooser["placements"] == [
        "assignment_selection", "link_selection", "course_assignments_menu", "module_menu_modal",
    ]  # fmt: skip
    assert menu["type"] == "LtiResourceLinkRequest"
    assert menu["placements"] == ["course_navigation"]
    assert menu[f"{CANVAS}course_navigation/default_enabled"] is False
    assert menu[f"{CANVAS}visibility"] == "members"


def test_lti_y10_placements_that_are_not_offered_are_not_asked_for() -> None:
    platform = {
        "product_family_code": "canvas",
        "messages_supported": [{"type": "LtiDeepLinkingRequest", "placements": ["link_selection", "editor_button"]}],
    }
    (asked,) = messages_asked(canvas_offer(**{PLATFORM: platform}))
    assert asked.placements == ("link_selection",)


def test_groups_and_notices_are_asked_for_only_where_they_are_offered() -> None:
    notices = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
    groups = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
    assert notices in scopes_asked(canvas_offer())
    assert groups not in scopes_asked(canvas_offer())
    assert scopes_asked(canvas_offer(scopes_supported=[groups])) == (groups,)


def test_a_review_of_submissions_is_asked_for_where_it_is_offered() -> None:
    types = [{"type": "LtiSubmissionReviewRequest"}, {"type": "LtiDataPrivacyLaunchRequest"}]
    for family in ("canvas", "moodle", "other"):
        platform = {"product_family_code": family, "messages_supported": types}
        asked = [message.type for message in messages_asked(canvas_offer(**{PLATFORM: platform}))]
        assert asked == ["LtiSubmissionReviewRequest", "LtiDataPrivacyLaunchRequest"]


def test_requests_for_tokens_are_addressed_to_the_authorization_server_but_in_canvas_to_the_token_address() -> None:
    assert canvas_offer(authorization_server="sso.canvaslms.com").token_audience is None
    platform = {"product_family_code": "other", "messages_supported": []}
    other = canvas_offer(authorization_server="https://sso.example", **{PLATFORM: platform})
    assert other.token_audience == "https://sso.example"


def test_a_school_on_hosted_canvas_is_named_and_its_other_hosts_are_told() -> None:
    offer = canvas_offer()
    assert offer.account == "Test University"
    assert offer.elsewhere == ("school.instructure.com", "sso.canvaslms.com")


@pytest.mark.parametrize("name", [7, None, "", "   "])
def test_a_school_that_is_not_named_as_text_has_no_name(name: object) -> None:
    platform = {**canvas_says()[PLATFORM], f"{CANVAS}account_name": name}
    assert canvas_offer(**{PLATFORM: platform}).account is None


def test_lti_z01_the_asset_processor_is_never_asked_for() -> None:
    for asked in (registration_request(canvas_offer(), OURS), canvas_configuration(OURS)):
        text = json.dumps(asked).lower()
        assert not [word for word in ASSET_PROCESSOR if word in text]


def test_the_configuration_for_canvas_says_the_same_as_the_registration() -> None:
    file, asked = canvas_configuration(OURS), registration_request(canvas_offer(), OURS)
    tool = asked[TOOL]
    assert file["oidc_initiation_url"] == asked["initiate_login_uri"]
    assert [file["target_link_uri"]] == asked["redirect_uris"]
    assert file["public_jwk_url"] == asked["jwks_uri"]
    assert file["scopes"] == asked["scope"].split()
    assert file["custom_fields"] == tool["custom_parameters"]
    (extension,) = file["extensions"]
    assert extension["privacy_level"] == tool[f"{CANVAS}privacy_level"]
    assert extension["domain"] == urlsplit(OURS).netloc
    placed = {(one["message_type"], one["placement"]) for one in extension["settings"]["placements"]}
    assert placed == {(one["type"], place) for one in tool["messages"] for place in one["placements"]}


def test_in_canvas_the_course_menu_begins_switched_off_and_is_for_members() -> None:
    (extension,) = canvas_configuration(OURS)["extensions"]
    menu = next(one for one in extension["settings"]["placements"] if one["placement"] == "course_navigation")
    assert (menu["default"], menu["visibility"]) == ("disabled", "members")
    others = [one for one in extension["settings"]["placements"] if one is not menu]
    assert not any("default" in one for one in others)
