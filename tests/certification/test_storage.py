"""Section 12: a way in where the frame keeps no cookies. What browsers do is in tests/journeys/test_without_cookies."""

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.lti.errors import LaunchProblem
from tests.certification.forms import forms
from tests.certification.lms import Lms
from tests.certification.place import BROWSER_COOKIE, SESSION_COOKIE, Answer, Attune, Browser, words_of

FRAMED = {"Sec-Fetch-Dest": "iframe"}
IN_A_TAB = {"Attune-Tab": "none", "Sec-Fetch-Site": "same-origin"}
TARGET = "post_message_forwarding"


class Forgetful(Browser):
    """Keeps no cookie at all, as a frame in which others' cookies are blocked."""

    def request(self, method: Any, url: Any, *args: Any, **how: Any) -> Answer:
        self.cookies.clear()
        return super().request(method, url, *args, **how)


def told(page: Answer) -> dict[str, str]:
    """What a page gives to its script."""
    return {name: html.unescape(value) for name, value in re.findall(r' data-([a-z]+)="([^"]*)"', page.text)}


def opening(lms: Lms, browser: Browser, storage: str | None = TARGET, **more: str) -> Answer:
    """The page of a login in a frame that sent no cookie of ours."""
    params = {"iss": lms.issuer, "login_hint": "6", "target_link_uri": lms.attune.launch_url,
              "client_id": lms.client_id, **more, **({"lti_storage_target": storage} if storage else {})}  # fmt: skip
    return browser.post(f"{lms.attune.url}/lti/login", data=params, headers=FRAMED)


def launched(lms: Lms, browser: Browser, storage: str | None = TARGET) -> tuple[Answer, dict[str, str]]:
    """The launch that follows, and what the first page had put into the storage."""
    opened = told(opening(lms, browser, storage))
    asked = parse_qs(urlsplit(opened["address"]).query)
    lms.kept = lms.attune.kept()
    form = {"id_token": lms.sign(lms.claims(asked["nonce"][0])), "state": asked["state"][0]}
    return browser.post(lms.attune.launch_url, data=form, headers=FRAMED), opened


def finish(browser: Browser, page: Answer, secret: str, **changes: str) -> Answer:
    (form, *_) = [form for form in forms(page) if "finish" in form.action]
    return browser.post(
        "/".join(page.url.split("/")[:3]) + form.action,
        data={**form.fields, "secret": secret, **changes},
        headers=IN_A_TAB,
    )


@pytest.fixture
def forgetful(new_browser: Callable[[], Browser]) -> Browser:
    browser = new_browser()
    browser.__class__ = Forgetful
    return browser


def test_P01_a_login_with_a_storage_target_has_a_page_that_puts_the_browsers_secret_there(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    browser = new_browser()
    opened = told(opening(lms, browser))
    assert opened["target"] == TARGET
    assert opened["secret"] == browser.cookies[BROWSER_COOKIE]
    assert opened["address"].startswith(f"{lms.issuer}/auth?")


def test_P03_the_page_names_the_origin_of_the_registered_authorization_endpoint(lms: Lms, forgetful: Browser) -> None:
    strange = opening(lms, forgetful, storage='"><script>alert(1)</script>')
    assert told(strange)["platform"] == lms.server.url
    assert "<script>alert" not in strange.text


def test_P07_every_login_has_a_key_of_its_own(lms: Lms, forgetful: Browser) -> None:
    keys = {told(opening(lms, forgetful))["key"] for _time in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"attune_state_[0-9a-f]{64}", key) for key in keys)


def test_P09_a_launch_without_the_cookie_is_verified_and_lets_nobody_in_yet(lms: Lms, forgetful: Browser) -> None:
    page, opened = launched(lms, forgetful)
    assert page.status_code == 200
    assert not page.cookies
    assert opened["secret"] not in page.text
    assert lms.attune.kept() == lms.kept
    came = finish(forgetful, page, opened["secret"])
    assert came.status_code == 200
    assert not came.cookies
    shown = forgetful.get(lms.attune.url + came.json()["path"], headers={"Attune-Tab": came.json()["tab"]})
    assert shown.status_code == 200


def test_P09_a_launch_that_does_not_hold_gets_no_such_page(lms: Lms, forgetful: Browser) -> None:
    opened = told(opening(lms, forgetful))
    asked = parse_qs(urlsplit(opened["address"]).query)
    lms.kept = lms.attune.kept()
    token = lms.sign(lms.claims("another-nonce"))
    answer = forgetful.post(lms.attune.launch_url, data={"id_token": token, "state": asked["state"][0]}, headers=FRAMED)
    lms.refused(answer, LaunchProblem.NONCE_WRONG, 401)


@pytest.mark.parametrize("secret", ["", "what-a-hostile-frame-said", "x" * 5_000, "\0"])
def test_P10_with_anything_else_nobody_comes_in_and_the_launch_is_used_up(
    lms: Lms, forgetful: Browser, secret: str
) -> None:
    page, opened = launched(lms, forgetful)
    before = lms.attune.spent()
    for tried in (secret, opened["secret"]):
        answer = finish(forgetful, page, tried)
        assert answer.status_code == 400, words_of(answer.text)
    assert lms.attune.kept() == lms.kept
    assert lms.attune.spent() == before + 1


def test_P11_the_last_step_works_once(lms: Lms, forgetful: Browser) -> None:
    page, opened = launched(lms, forgetful)
    assert finish(forgetful, page, opened["secret"]).status_code == 200
    lms.kept = lms.attune.kept()
    assert finish(forgetful, page, opened["secret"]).status_code == 400
    assert lms.attune.kept() == lms.kept


def test_P11_after_a_minute_the_last_step_is_closed(lms: Lms, forgetful: Browser, attune: Attune) -> None:
    page, opened = launched(lms, forgetful)
    attune.clock.advance(seconds=61)
    assert finish(forgetful, page, opened["secret"]).status_code == 400
    assert attune.kept() == lms.kept


def test_P11_from_another_browser_it_needs_what_only_the_first_ones_storage_has(
    lms: Lms, forgetful: Browser, new_browser: Callable[[], Browser]
) -> None:
    page, _opened = launched(lms, forgetful)
    other = new_browser()
    other.__class__ = Forgetful
    theirs = told(opening(lms, other))
    assert finish(other, page, theirs["secret"]).status_code == 400
    assert lms.attune.kept() == lms.kept


def test_P12_where_the_cookie_is_there_it_decides(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    browser = new_browser()
    opening(lms, browser)
    again = opening(lms, browser)
    assert again.status_code == 302
    asked = parse_qs(urlsplit(again.headers["Location"]).query)
    form = {"id_token": lms.sign(lms.claims(asked["nonce"][0])), "state": asked["state"][0]}
    answer = browser.post(lms.attune.launch_url, data=form, headers=FRAMED)
    assert answer.status_code == 303
    assert SESSION_COOKIE in answer.cookies


def test_P13_scripts_run_by_nonce_and_only_the_lms_frames_what_a_person_sees(lms: Lms, forgetful: Browser) -> None:
    page, _opened = launched(lms, forgetful)
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {lms.server.url}" in policy
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce
    scripts = re.findall(r"<script\b[^>]*>", page.text)
    assert scripts
    assert all(f'nonce="{nonce[1]}"' in script and "src=" in script for script in scripts)
    assert not re.search(r"\son[a-z]+=", page.text)


def test_P14_without_a_storage_the_page_offers_a_window_of_its_own(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    browser = new_browser()
    page = opening(lms, browser, storage=None, lti_message_hint="a&b")
    assert page.status_code == 200
    assert told(page)["secret"] == ""
    (link,) = re.findall(r'href="(/lti/login[^"]*)"\s+target="_blank"', page.text)
    answer = browser.request("GET", lms.attune.url + html.unescape(link), headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 302
    asked = {name: one for name, (one,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
    assert asked["lti_message_hint"] == "a&b"
    assert lms.opened(lms.post(lms.sign(lms.claims(asked["nonce"])), asked["state"], browser), browser)


def test_P14_without_a_storage_a_launch_without_the_cookie_opens_nothing(lms: Lms, forgetful: Browser) -> None:
    answer, _opened = launched(lms, forgetful, storage=None)
    lms.refused(answer, LaunchProblem.COOKIE_MISSING, 400, "new window")


def test_P15_a_session_of_a_tab_goes_by_a_header_and_stands_in_no_address(lms: Lms, forgetful: Browser) -> None:
    page, opened = launched(lms, forgetful)
    came = finish(forgetful, page, opened["secret"]).json()
    assert came["tab"] not in came["path"]
    assert forgetful.get(f"{lms.attune.url}/waiting").status_code == 401
    assert forgetful.get(f"{lms.attune.url}/waiting?tab={came['tab']}").status_code == 401
    assert forgetful.get(f"{lms.attune.url}/waiting", headers={"Attune-Tab": came["tab"]}).status_code == 200
    assert came["tab"] not in str(lms.attune.lines)
