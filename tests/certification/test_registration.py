"""Section 11: an LMS's administrator opens an address of ours, reads, and agrees."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.certification.lms import Lms
from tests.certification.new_lms import AGS, MESSAGES, PLATFORM, ROSTER, TOOL, NewLms
from tests.certification.place import Answer, Attune, reference_of, words_of
from tests.lti_tool.lti.platform import jwk
from tests.lti_tool.lti.server import Reply

MARKUP = "<script>alert(1)</script>"


def told(lms: NewLms, answer: Answer, *words: str, status: int = 400) -> None:
    """A page with a reference, and nothing is kept."""
    assert answer.status_code == status, words_of(answer.text)
    page = words_of(answer.text)
    for text in words:
        assert text in page, page
    assert reference_of(answer)
    assert lms.attune.logged(answer)
    assert not lms.kept()


def test_Y01_opening_the_address_shows_what_will_be_asked_and_sends_nothing(new_lms: NewLms) -> None:
    page = new_lms.open()
    assert page.status_code == 200
    assert "will ask your LMS" in words_of(page.text)
    assert "write scores" in words_of(page.text)
    assert not new_lms.asked()
    assert not new_lms.kept()


@pytest.mark.parametrize("address", [None, ""])
def test_Y02_without_a_configuration_there_is_a_page(new_lms: NewLms, address: str | None) -> None:
    told(new_lms, new_lms.open(openid_configuration=address))


def test_Y03_without_a_token_no_authorization_is_sent(new_lms: NewLms) -> None:
    assert new_lms.agree(new_lms.open(token=None)).status_code == 200
    for asked in (*new_lms.server.asked_at(f"{new_lms.path}/openid"), *new_lms.asked()):
        assert "authorization" not in asked.headers
    assert len(new_lms.kept()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://93.184.216.34/openid",
        "https://10.0.0.7/openid",
        "https://192.168.1.9/openid",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/openid",
        "https://user:word@lms.example/openid",
        "https://lms.example:8443/openid",
        "file:///etc/passwd",
        "gopher://lms.example/",
        "javascript:alert(1)",
        "//lms.example/openid",
        "https://" + "x" * 300 + ".example/",
    ],
)
def test_Y04_an_address_that_may_not_be_asked_is_not_asked(new_lms: NewLms, address: str) -> None:
    told(new_lms, new_lms.open(openid_configuration=address), "Nothing was stored")


def test_Y04_a_redirect_is_not_followed(new_lms: NewLms) -> None:
    new_lms.server.reply(f"{new_lms.path}/away", Reply(302, b"", {"Location": new_lms.openid_configuration}))
    told(new_lms, new_lms.open(openid_configuration=f"{new_lms.server.url}{new_lms.path}/away"))
    assert not new_lms.server.asked_at(f"{new_lms.path}/openid")


@pytest.mark.parametrize("issuer", ["https://lms.example", "http://127.0.0.1:1", "http://localhost:1"])
def test_Y05_an_issuer_at_another_machine_is_not_believed(new_lms: NewLms, issuer: str) -> None:
    new_lms.say(issuer=issuer)
    told(new_lms, new_lms.open(), "names an issuer at another machine")


@pytest.mark.parametrize(
    "missing",
    ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint", PLATFORM],
)
def test_Y06_what_is_missing_is_listed(new_lms: NewLms, missing: str) -> None:
    new_lms.say(**{missing: None})
    told(new_lms, new_lms.open(), "What is missing stands below", missing)


def test_Y07_endpoints_at_other_hosts_are_shown_before_anything_is_agreed(new_lms: NewLms) -> None:
    new_lms.say(jwks_uri="https://sso.lms.example/jwks", authorization_endpoint="https://sso.lms.example/auth")
    page = new_lms.open()
    assert page.status_code == 200
    assert "also answers at: sso.lms.example" in words_of(page.text)


def test_Y08_the_request_is_json_with_the_token_as_bearer(new_lms: NewLms) -> None:
    new_lms.registered()
    (asked,) = new_lms.asked()
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["authorization"] == "Bearer reg-token"


def test_Y09_the_request_says_who_we_are_and_what_we_want(new_lms: NewLms) -> None:
    new_lms.registered()
    asked, url = new_lms.request(), new_lms.attune.url
    assert asked["application_type"] == "web"
    assert asked["response_types"] == ["id_token"]
    assert {"implicit", "client_credentials"} == set(asked["grant_types"])
    assert asked["initiate_login_uri"] == f"{url}/lti/login"
    assert f"{url}/lti/launch" in asked["redirect_uris"]
    assert asked["jwks_uri"] == f"{url}/lti/keys"
    assert asked["token_endpoint_auth_method"] == "private_key_jwt"
    assert asked["client_name"]
    assert set(asked["scope"].split()) == {AGS + "score", AGS + "lineitem", AGS + "result.readonly", ROSTER}
    tool = asked[TOOL]
    assert tool["domain"] == url.removeprefix("http://")
    assert tool["target_link_uri"] == f"{url}/lti/launch"
    assert {message["type"] for message in tool["messages"]} == set(MESSAGES)
    assert {"iss", "sub"} <= set(tool["claims"])


@pytest.mark.parametrize("scopes", [[], ["openid"], [AGS + "score"], [AGS + "lineitem.readonly", ROSTER]])
def test_Y10_a_scope_that_is_not_offered_is_not_asked_for(new_lms: NewLms, scopes: list[str]) -> None:
    new_lms.say(scopes_supported=scopes)
    new_lms.registered()
    assert set(new_lms.request()["scope"].split()) == set(scopes) - {"openid"}


def test_Y10_a_message_that_is_not_offered_is_not_asked_for(new_lms: NewLms) -> None:
    only = {**new_lms.configuration[PLATFORM], "messages_supported": [{"type": MESSAGES[0]}]}
    new_lms.say(**{PLATFORM: only})
    new_lms.registered()
    assert [message["type"] for message in new_lms.request()[TOOL]["messages"]] == [MESSAGES[0]]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("more", "deployments"),
    [({TOOL: {"deployment_id": "d-1"}}, ["d-1"]), ({"deployment_id": "d-2"}, ["d-2"]), ({}, []), ({TOOL: {}}, [])],
    ids=["in the tool's part", "beside it", "none", "empty"],
)
def test_Y11_the_answer_is_kept(new_lms: NewLms, status: int, more: dict[str, Any], deployments: list[str]) -> None:
    made = {"client_id": "c-1" + new_lms.path, "registration_access_token": "secret", **more}
    new_lms.answer(made, status)
    page = new_lms.registered()
    (row,) = new_lms.kept()
    assert (row.issuer, row.client_id) == (new_lms.configuration["issuer"], made["client_id"])
    assert row.jwks_url == new_lms.configuration["jwks_uri"]
    assert new_lms.deployments() == deployments
    assert made["client_id"] in page.text
    assert "secret" not in page.text


@pytest.mark.parametrize(
    "made", [{}, {"client_id": ""}, {"client_id": 5}, {"client_id": "a b"}, {"client_id": "x" * 256}]
)
def test_Y11_an_answer_without_a_client_id_is_told(new_lms: NewLms, made: dict[str, Any]) -> None:
    new_lms.answer(made)
    told(new_lms, new_lms.agree(new_lms.open()), "did not say under which client id")


@pytest.mark.parametrize("status", [400, 401, 403, 422, 500])
def test_Y12_a_no_is_shown_and_nothing_is_kept(new_lms: NewLms, status: int) -> None:
    new_lms.answer({"error": "invalid_client_metadata", "error_description": f"No {MARKUP} today"}, status)
    answer = new_lms.agree(new_lms.open())
    told(new_lms, answer, "did not register Attune", "No <script>", "today")
    assert MARKUP not in answer.text
    new_lms.answer({"client_id": "later" + new_lms.path})
    assert new_lms.registered()  # the address was not used up


def test_Y13_what_is_known_is_not_overwritten(make_new_lms: Callable[..., NewLms]) -> None:
    new_lms = make_new_lms(uses=2)
    new_lms.registered()
    (before,) = new_lms.kept()
    new_lms.say(jwks_uri=f"{new_lms.server.url}{new_lms.path}/other-keys")
    answer = new_lms.agree(new_lms.open())
    assert answer.status_code in (200, 409)
    (after,) = new_lms.kept()
    assert (after.id, after.jwks_url) == (before.id, before.jwks_url)


def test_Y13_another_organization_cannot_take_a_known_platform(make_new_lms: Callable[..., NewLms]) -> None:
    first, second = make_new_lms(), make_new_lms()
    first.registered()
    (before,) = first.kept()
    page = second.open(openid_configuration=first.openid_configuration)
    answer = second.agree(page)
    assert answer.status_code == 409, words_of(answer.text)
    assert not second.kept()
    (after,) = first.kept()
    assert (after.organization_id, after.jwks_url) == (before.organization_id, before.jwks_url)


def test_Y14_the_last_page_loaded_again_is_the_same_and_asks_nothing(new_lms: NewLms) -> None:
    page = new_lms.registered()
    again = new_lms.browser.get(page.url)
    assert again.status_code == 200
    assert (words_of(again.text)) == words_of(page.text)
    assert len(new_lms.asked()) == 1
    assert "reg-token" not in page.url


def test_Y15_the_last_page_tells_the_lms_that_it_can_be_closed_and_nothing_else(new_lms: NewLms) -> None:
    page = new_lms.registered()
    assert f"frame-ancestors 'self' {new_lms.server.url}" in page.headers["Content-Security-Policy"]
    script = next(part for part in page.text.split('"') if "close.js" in part)
    said = new_lms.browser.get(new_lms.attune.url + script).text
    assert re.findall(r"postMessage\((\{.*?\})", said) == ['{ subject: "org.imsglobal.lti.close" }']
    assert "window.opener ?? window.parent" in said


@pytest.mark.parametrize("secret", ["never-was-one", "x" * 5_000, "%00", "<b>"])
def test_Y16_an_address_that_nobody_handed_out_is_nothing(new_lms: NewLms, secret: str) -> None:
    new_lms.address = f"{new_lms.attune.url}/lti/register/{secret}"
    told(new_lms, new_lms.open(), "cannot be used any more", status=404)
    assert not new_lms.server.asked_at(f"{new_lms.path}/openid")


def test_Y16_an_address_works_once_and_for_a_week(make_new_lms: Callable[..., NewLms], attune: Attune) -> None:
    used, old = make_new_lms(), make_new_lms()
    used.registered()
    assert used.open().status_code == 404
    assert len(used.kept()) == 1
    attune.clock.now += timedelta(days=7)
    told(old, old.open(), "its week is over", status=404)


def test_Y16_two_who_agree_at_once_register_once(new_lms: NewLms) -> None:
    page = new_lms.open()
    for _time in range(2):
        last = new_lms.agree(page)
    assert last.status_code == 404
    assert len(new_lms.asked()) == 1
    assert len(new_lms.kept()) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(200, b" " * 50_000_000), Reply(200, b"[" * 200_000), Reply(200, b"{" * 9), Reply(200, b"\xff"), Reply(204)],
    ids=["50 MB", "deep", "broken", "no text", "nothing"],
)
def test_Y17_a_configuration_that_is_none_gets_a_page(new_lms: NewLms, reply: Reply) -> None:
    new_lms.server.reply(f"{new_lms.path}/openid", reply)
    told(new_lms, new_lms.open(), "Nothing was stored")


def test_Y17_markup_of_a_platform_is_shown_as_text(new_lms: NewLms) -> None:
    platform = {**new_lms.configuration[PLATFORM], "product_family_code": MARKUP, "version": MARKUP}
    new_lms.say(**{PLATFORM: platform, "client_name": MARKUP})
    new_lms.answer({"client_id": MARKUP.replace(" ", "")})
    pages = [new_lms.open()]
    pages.append(new_lms.agree(pages[0]))
    for page in pages:
        assert page.status_code == 200
        assert MARKUP not in page.text


def test_Y16_what_was_registered_with_the_operators_address_opens_at_once(
    make_lms: Callable[..., Lms], new_lms: NewLms
) -> None:
    new_lms.registered()
    (row,) = new_lms.kept()
    lms = make_lms()
    lms.path, lms.client_id, lms.registration_id = new_lms.path, row.client_id, row.id
    lms.publish(jwk(lms.key))
    assert lms.enter()
