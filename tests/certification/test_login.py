"""Section 1: a platform begins a login."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.lti.errors import LaunchProblem
from lti_tool.store.platforms import RegistrationRow
from tests.certification.lms import LTI, Lms
from tests.certification.place import BROWSER_COOKIE, Answer, Attune, Browser, words_of
from tests.lti_tool.lti.platform import put


def asked(answer: Answer) -> dict[str, list[str]]:
    assert answer.status_code == 302, answer.text
    return parse_qs(urlsplit(answer.headers["Location"]).query, keep_blank_values=True, strict_parsing=True)


def not_begun(lms: Lms, answer: Answer, code: LaunchProblem, status: int = 400, *words: str) -> None:
    """A page, and no trace: no way on, no cookie, nothing kept."""
    lms.kept = lms.attune.kept()
    lms.refused(answer, code, status, *words)
    assert "Location" not in answer.headers
    assert not answer.cookies


def test_L01_a_login_by_post_leads_to_the_authorization_endpoint(lms: Lms) -> None:
    answer = lms.login("POST")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{lms.issuer}/auth?")
    assert BROWSER_COOKIE in answer.cookies


def test_L02_a_login_by_get_leads_there_with_the_same(lms: Lms) -> None:
    by_get, by_post = (asked(lms.login(method)) for method in ("GET", "POST"))
    assert {"nonce", "state"} <= set(by_get)
    for chance in ("nonce", "state"):
        assert by_get.pop(chance) != by_post.pop(chance)
    assert by_get == by_post


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_L03_without_issuer_there_is_a_page_and_no_cookie(lms: Lms, method: str) -> None:
    not_begun(lms, lms.login(method, iss=None), LaunchProblem.LOGIN_INCOMPLETE, 400, "go back to your course")


def test_L04_without_login_hint_there_is_a_page(lms: Lms) -> None:
    not_begun(lms, lms.login(login_hint=None), LaunchProblem.LOGIN_INCOMPLETE)


def test_L05_without_target_there_is_a_page(lms: Lms) -> None:
    not_begun(lms, lms.login(target_link_uri=None), LaunchProblem.LOGIN_INCOMPLETE)


@pytest.mark.parametrize("issuer", ["https://evil.example", "x", "\0", "ä", '"><script>alert(1)</script>'])
def test_L06_an_unknown_issuer_gets_a_page_and_no_redirect(lms: Lms, issuer: str) -> None:
    answer = lms.login(iss=issuer)
    not_begun(lms, answer, LaunchProblem.UNKNOWN_PLATFORM, 400, "does not know this LMS yet")
    assert "evil.example" not in answer.text
    assert "<script>alert" not in answer.text


def test_L07_an_unknown_client_gets_a_page(lms: Lms) -> None:
    not_begun(lms, lms.login(client_id="client-of-nobody"), LaunchProblem.UNKNOWN_PLATFORM)


def test_L08_the_only_registration_of_an_issuer_needs_no_client_id(lms: Lms) -> None:
    assert asked(lms.login(client_id=None))["client_id"] == [lms.client_id]


def test_L09_of_several_registrations_none_is_guessed(lms: Lms, make_lms: Callable[..., Lms]) -> None:
    other = make_lms(path=lms.path)
    not_begun(lms, lms.login(client_id=None), LaunchProblem.SEVERAL_REGISTRATIONS, 400, "more than once")
    for one in (lms, other):
        assert asked(one.login())["client_id"] == [one.client_id]


@pytest.mark.parametrize(
    "hint", ["7", "a b+c%20&d=e#f", "ünïcode ✓", '{"cmid":6,"launchid":"ltilaunch1_1"}', "x" * 8_000]
)
def test_L10_the_message_hint_comes_back_byte_for_byte(lms: Lms, hint: str) -> None:
    assert asked(lms.login(lti_message_hint=hint))["lti_message_hint"] == [hint]


@pytest.mark.parametrize("hint", [None, ""])
def test_L11_a_message_hint_that_was_not_sent_is_not_sent_back(lms: Lms, hint: str | None) -> None:
    assert "lti_message_hint" not in asked(lms.login(lti_message_hint=hint))


def test_L12_another_deployment_than_at_the_login_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(put(LTI + "deployment_id", "2"), login={"lti_deployment_id": "1"})
    lms.refused(answer, LaunchProblem.DEPLOYMENT_WRONG, 400, "two different places")
    assert lms.enter(login={"lti_deployment_id": "1"})


def test_L13_the_authentication_request_is_complete(lms: Lms) -> None:
    sent = asked(lms.login(login_hint="user 6 & ünï"))
    nonce, state = sent.pop("nonce"), sent.pop("state")
    assert nonce[0]
    assert state[0]
    assert sent == {
        "scope": ["openid"],
        "response_type": ["id_token"],
        "response_mode": ["form_post"],
        "prompt": ["none"],
        "client_id": [lms.client_id],
        "redirect_uri": [lms.attune.launch_url],
        "login_hint": ["user 6 & ünï"],
    }


def test_L14_a_query_of_the_authorization_endpoint_stays(make_lms: Callable[..., Lms], lms: Lms) -> None:
    other = make_lms(auth_url=f"{lms.server.url}/tenants/auth?tenant=1&x=a%20b")
    address = other.login().headers["Location"]
    assert address.startswith(f"{lms.server.url}/tenants/auth?tenant=1&x=a%20b&")
    assert address.count("?") == 1
    assert parse_qs(urlsplit(address).query)["client_id"] == [other.client_id]


@pytest.mark.parametrize("target", ["https://evil.example/lti/launch", "javascript:alert(1)", "//evil.example", "/lti"])
def test_L15_a_target_at_a_strangers_is_never_gone_to(lms: Lms, target: str) -> None:
    answer = lms.login(target_link_uri=target)
    not_begun(lms, answer, LaunchProblem.TARGET_ELSEWHERE)
    assert "evil" not in answer.text


def test_L15_another_page_of_ours_as_target_changes_no_redirect_uri(lms: Lms) -> None:
    sent = asked(lms.login(target_link_uri=f"{lms.attune.url}/a/another"))
    assert sent["redirect_uri"] == [lms.attune.launch_url]


def test_L16_state_and_nonce_are_long_and_new_each_time(lms: Lms) -> None:
    sent = [asked(lms.login()) for _ in range(20)]
    for name in ("nonce", "state"):
        values = {one[name][0] for one in sent}
        assert len(values) == len(sent)
    assert min(len(one["nonce"][0]) for one in sent) >= 43  # 256 bits in base64
    assert len({char for one in sent for char in one["nonce"][0]}) > 32


def test_L16_state_and_nonce_are_good_once_and_for_ten_minutes(lms: Lms, attune: Attune) -> None:
    form = lms.begin()
    token = lms.sign(lms.claims(form["nonce"]))
    lms.opened(lms.post(token, form["state"]))
    lms.kept = attune.kept()
    lms.refused(lms.post(token, form["state"]), LaunchProblem.REPLAYED)
    late = lms.begin()
    attune.clock.now += timedelta(minutes=10)
    lms.refused(lms.post(lms.sign(lms.claims(late["nonce"])), late["state"]), LaunchProblem.STATE_TOO_OLD)


def test_L17_two_logins_in_two_tabs_both_open(lms: Lms) -> None:
    first, second = lms.begin(), lms.begin()
    for tab in (first, second):
        assert lms.opened(lms.post(lms.sign(lms.claims(tab["nonce"])), tab["state"]))


@pytest.mark.parametrize("name", ["iss", "login_hint", "client_id", "target_link_uri", "lti_message_hint"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_L18_a_parameter_that_comes_twice_gets_a_page(lms: Lms, method: str, name: str) -> None:
    answer = lms.login(method, **{name: ["a", "b"]})
    assert answer.status_code == 400
    assert "could not read this" in words_of(answer.text)
    assert not answer.cookies


@pytest.mark.parametrize("name", ["iss", "login_hint", "client_id", "target_link_uri", "lti_message_hint"])
def test_L18_a_parameter_of_a_megabyte_gets_a_page(lms: Lms, name: str) -> None:
    answer = lms.login(**{name: "x" * 1_000_000})
    not_begun(lms, answer, LaunchProblem.LOGIN_TOO_LONG, 400, "more than Attune can take in")


def test_L18_more_than_two_megabytes_are_not_read(lms: Lms) -> None:
    answer = lms.login(login_hint="x" * 2_100_000)
    assert answer.status_code == 413
    assert "more than we can take" in words_of(answer.text)


def test_L19_a_registration_that_is_switched_off_gets_a_page_that_says_so(lms: Lms) -> None:
    with lms.attune.session() as session:
        session.get_one(RegistrationRow, lms.registration_id).active = False
    not_begun(lms, lms.login(), LaunchProblem.REGISTRATION_INACTIVE, 403, "switched off", "operator can switch it on")


def test_L21_parameters_that_we_do_not_know_are_ignored(lms: Lms) -> None:
    more = {"canvas_region": "eu", "canvas_environment": "prod", "deployment_id": "9", "x\0y": "1"}
    assert set(asked(lms.login(**more))) == set(asked(lms.login()))


def test_L21_a_browser_keeps_its_mark_from_login_to_login(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    browser = new_browser()
    lms.begin(browser)
    assert BROWSER_COOKIE not in lms.login(browser=browser).cookies


def test_L22_in_a_frame_without_our_cookie_a_login_never_runs_in_a_circle(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    seen = []
    for _time in range(3):  # each time the browser has kept nothing
        answer = new_browser().post(
            f"{lms.attune.url}/lti/login", params={"again": "1"}, headers={"Sec-Fetch-Dest": "iframe"},
            data={"iss": lms.issuer, "client_id": lms.client_id, "login_hint": "6",
                  "target_link_uri": lms.attune.launch_url},
        )  # fmt: skip
        assert answer.status_code == 200
        assert "Open in a new window" in words_of(answer.text)
        seen.append("opening.js" in answer.text)
    assert seen == [False] * 3  # nothing on this page goes on by itself
