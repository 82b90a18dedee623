"""Section 1 of the conformance list: the login that a platform initiates."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.state import StateSigner
from tests.lti_tool.lti.platform import (
    BROWSER,
    LAUNCH_URL,
    OTHER,
    OURS,
    REGISTRATION,
    SECRET,
    Platform,
    finder,
    signed,
)


def refused(platform: Platform, **changes: str | None) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as caught:
        platform.begin(**changes)
    return caught.value


def test_lti_l01_a_login_leads_to_the_registered_authentication_address(platform: Platform) -> None:
    parts = urlsplit(platform.begin())
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == REGISTRATION.auth_url


@pytest.mark.parametrize(
    ("row", "absent"), [("l03", "iss"), ("l04", "login_hint"), ("l05", "target_link_uri")], ids=lambda value: value
)
def test_lti_a_login_without_what_is_required_is_refused(platform: Platform, row: str, absent: str) -> None:
    problem = refused(platform, **{absent: None})
    assert (problem.code, problem.status, problem.detail) == (LaunchProblem.LOGIN_INCOMPLETE, 400, absent)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://other-lms.example",
        REGISTRATION.issuer + "/",
        REGISTRATION.issuer.upper(),
        "https://lms.example/<script>",
        "\0",
        "\ud800",
    ],
)
def test_lti_l06_an_unknown_issuer_is_refused_and_asks_nobody(platform: Platform, issuer: str) -> None:
    assert refused(platform, iss=issuer).code is LaunchProblem.UNKNOWN_PLATFORM


def test_lti_l07_an_unknown_client_is_refused(platform: Platform) -> None:
    assert refused(platform, client_id="client-99").code is LaunchProblem.UNKNOWN_PLATFORM


def test_lti_l08_the_only_registration_of_an_issuer_needs_no_client_id(platform: Platform) -> None:
    platform.registrations = finder(REGISTRATION)
    assert platform.login(client_id=None)["client_id"] == REGISTRATION.client_id


def test_lti_l09_with_several_registrations_the_client_id_is_needed(platform: Platform) -> None:
    problem = refused(platform, client_id=None)
    assert (problem.code, problem.status) == (LaunchProblem.SEVERAL_REGISTRATIONS, 400)


def test_lti_l09_a_finder_that_answers_too_much_does_not_mislead(platform: Platform) -> None:
    platform.registrations = lambda issuer, client_id: [OTHER, REGISTRATION]
    assert platform.login()["client_id"] == REGISTRATION.client_id


@pytest.mark.parametrize("hint", ['{"cmid":1,"launchid":"a b+c/ä%20&="}', "x" * 8_000, "\x00\n"])
def test_lti_l10_the_message_hint_comes_back_unaltered(platform: Platform, hint: str) -> None:
    assert platform.login(lti_message_hint=hint)["lti_message_hint"] == hint


def test_lti_l11_no_message_hint_is_sent_where_none_came(platform: Platform) -> None:
    assert "lti_message_hint" not in platform.login()


def test_lti_l13_the_authentication_request_says_exactly_what_the_specification_asks(platform: Platform) -> None:
    asked = platform.login(login_hint="user 6 & more")
    assert asked.pop("state")
    assert asked.pop("nonce")
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": REGISTRATION.client_id,
        "redirect_uri": LAUNCH_URL,
        "login_hint": "user 6 & more",
    }


def test_lti_l14_an_authentication_address_with_a_query_keeps_it(platform: Platform) -> None:
    platform.registrations = finder(replace(REGISTRATION, auth_url="https://lms.example/auth?tenant=1&x=%20"))
    address = platform.begin()
    assert address.startswith("https://lms.example/auth?tenant=1&x=%20&scope=openid&")
    assert address.count("?") == 1


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/steal",
        "javascript:alert(1)",
        "//attune.example/x",
        "https://attune.example.evil.example/",
        "https://attune.example@evil.example/",
        "https://attune.example:8443/",
        "http://attune.example/",
        r"https://attune.example\@evil.example/",
        "https://attune.example\n.evil.example/",
    ],
)
def test_lti_l15_a_target_that_is_not_ours_is_refused(platform: Platform, target: str) -> None:
    assert refused(platform, target_link_uri=target).code is LaunchProblem.TARGET_ELSEWHERE


@pytest.mark.parametrize("target", [f"{OURS}/lti/launch?activity=1", "HTTPS://Attune.example:443/x", OURS])
def test_lti_l15_any_address_of_our_origin_may_be_the_target(platform: Platform, target: str) -> None:
    assert platform.login(target_link_uri=target)["redirect_uri"] == LAUNCH_URL


def test_lti_l16_state_and_nonce_are_long_and_new_each_time(platform: Platform) -> None:
    logins = [platform.login() for _ in range(50)]
    for name in ("state", "nonce"):
        assert len({asked[name] for asked in logins}) == 50
    assert all(len(asked["nonce"]) == 43 for asked in logins)  # 256 bits in base64


def test_lti_l17_two_logins_in_one_browser_both_complete(platform: Platform) -> None:
    first, second = platform.login(), platform.login()
    for asked in (first, second):
        assert platform.post(signed(platform.claims(asked["nonce"])), asked["state"]).launch.sub == "user-6"


@pytest.mark.parametrize(
    ("name", "length"),
    [("login_hint", 4_001), ("login_hint", 1_000_000), ("lti_message_hint", 8_001), ("iss", 2_001), ("client_id", 256)],
)
def test_lti_l18_parameters_are_bounded(platform: Platform, name: str, length: int) -> None:
    problem = refused(platform, **{name: "x" * length})
    assert (problem.code, problem.detail) == (LaunchProblem.LOGIN_TOO_LONG, name)


def test_lti_l19_a_registration_that_is_switched_off_is_refused(platform: Platform) -> None:
    platform.registrations = finder(replace(REGISTRATION, active=False))
    problem = refused(platform)
    assert (problem.code, problem.status) == (LaunchProblem.REGISTRATION_INACTIVE, 403)


def test_lti_l21_parameters_that_nobody_knows_are_ignored(platform: Platform) -> None:
    asked = platform.login(
        canvas_region="eu", canvas_environment="prod", state="theirs", redirect_uri="https://x.example"
    )
    assert "canvas_region" not in asked
    assert asked["redirect_uri"] == LAUNCH_URL
    assert asked["state"] != "theirs"


def test_the_state_tells_nothing_secret(platform: Platform) -> None:
    state = platform.login()["state"]
    assert BROWSER not in state
    assert SECRET not in state


def test_a_state_signed_with_a_former_secret_is_still_read(platform: Platform) -> None:
    asked = platform.login()
    platform.signer = StateSigner(["a-newer-secret-for-tests-0123456789-012345", SECRET])
    assert platform.post(signed(platform.claims(asked["nonce"])), asked["state"]).launch.sub == "user-6"
    asked = platform.login()
    platform.signer = StateSigner([SECRET])
    with pytest.raises(LaunchRejected):
        platform.post(signed(platform.claims(asked["nonce"])), asked["state"])
