"""The way in where a frame keeps no cookies: what our server does; browsers show the rest (tests/journeys)."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.settings import Settings
from lti_tool.store.people import SessionRow
from lti_tool.store.platforms import SpentStateRow
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.stub_lms import CLAIM, DEEP_LINKING, LAUNCH_URL, StubHttp, StubLms

FRAMED = {"Sec-Fetch-Dest": "iframe"}
FROM_A_TAB = {"Attune-Tab": "none", "Sec-Fetch-Site": "same-origin"}
LOGIN = {"iss": LMS, "client_id": "client-1", "login_hint": "9", "target_link_uri": LAUNCH_URL}
STORAGE = {"lti_storage_target": "post_message_forwarding"}
BROWSER_COOKIE = "__Host-attune-browser"
HOST = "attune.school.example"
DATA = re.compile(r' data-([a-z]+)="([^"]*)"')


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def lms(http: StubHttp, now: datetime, registration_id: UUID) -> StubLms:
    return StubLms(http, now)


@pytest.fixture
def forgetful(app: Flask) -> Callable[[], Browser]:
    """Makes browsers that keep no cookie at all."""

    def make() -> Browser:
        client = app.test_client(use_cookies=False)
        assert isinstance(client, Browser)
        return client

    return make


def data(page: TestResponse) -> dict[str, str]:
    """What the page gives to its script."""
    return {name: unescape(value) for name, value in DATA.findall(page.text)}


def opening(browser: Browser, **more: str) -> dict[str, str]:
    answer = browser.post("/lti/login", data=LOGIN | more, headers=FRAMED)
    assert answer.status_code == 200, answer.text
    return data(answer)


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def launched(browser: Browser, lms: StubLms, **changes: object) -> tuple[TestResponse, dict[str, str]]:
    """A launch without our cookie, and what the login's page put into the storage."""
    opened = opening(browser, **STORAGE)
    question = asked(opened["address"])
    form = {"id_token": lms.token(question["nonce"], **changes), "state": question["state"]}
    return browser.post("/lti/launch", data=form, headers=FRAMED), opened


def finish(browser: Browser, page: TestResponse, secret: str, headers: dict[str, str] = FROM_A_TAB) -> TestResponse:
    return browser.post("/lti/launch/finish", data=hidden(page.text) | {"secret": secret}, headers=headers)


def count(sessions: sessionmaker[Session], row: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def policy(answer: TestResponse) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1] for part in parts}


# ---- the login ----


def test_a_login_in_a_frame_without_our_cookie_gets_a_page_that_sets_it(browser: Browser, lms: StubLms) -> None:
    answer = browser.post("/lti/login", data=LOGIN, headers=FRAMED)
    assert answer.status_code == 200
    assert answer.headers["Set-Cookie"].startswith(f"{BROWSER_COOKIE}=")
    assert policy(answer)["frame-ancestors"] == "*"
    assert data(answer)["address"].startswith(f"{LMS}/auth?")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Dest": "document"}])
def test_outside_a_frame_a_login_goes_on_at_once(browser: Browser, lms: StubLms, headers: dict[str, str]) -> None:
    answer = browser.post("/lti/login", data=LOGIN | STORAGE, headers=headers)
    assert answer.status_code == 302
    assert "storage" not in answer.location


def test_lti_p12_a_frame_that_sends_our_cookie_goes_on_at_once(browser: Browser, lms: StubLms) -> None:
    opening(browser)
    answer = browser.post("/lti/login", data=LOGIN | STORAGE, headers=FRAMED)
    assert answer.status_code == 302


def test_a_cookie_that_came_back_lets_the_launch_through_as_ever(browser: Browser, lms: StubLms) -> None:
    opened = opening(browser, **STORAGE)
    assert browser.get(opened["cookie"]).get_json() == {"kept": "this"}
    question = asked(opened["address"])
    form = {"id_token": lms.token(question["nonce"]), "state": question["state"]}
    answer = browser.post("/lti/launch", data=form, headers=FRAMED)
    assert answer.status_code == 303
    assert "__Host-attune=" in answer.headers["Set-Cookie"]


def test_a_cookie_that_does_not_come_back_is_noticed(
    browser: Browser, forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    opened = opening(forgetful())
    assert forgetful().get(opened["cookie"]).get_json() == {"kept": "none"}
    opening(browser)
    assert browser.get(opened["cookie"]).get_json() == {"kept": "another"}


def test_l22_a_login_that_the_page_began_again_goes_on_or_offers_the_window_but_never_runs_in_a_circle(
    browser: Browser, forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    opened = opening(browser)
    assert browser.get(opened["again"], headers=FRAMED).status_code == 302
    still_without = forgetful().get(opened["again"], headers=FRAMED)
    assert still_without.status_code == 200
    assert "opening.js" not in still_without.text
    assert "Open in a new window" in still_without.text


def test_lti_p14_the_page_offers_a_window_in_which_cookies_are_ours(browser: Browser, lms: StubLms) -> None:
    page = browser.post("/lti/login", data=LOGIN | STORAGE | {"lti_message_hint": "a&b", "x": "y"}, headers=FRAMED)
    (link,) = re.findall(r'href="(/lti/login[^"]*)" target="_blank" rel="noopener"', page.text)
    address = unescape(link)
    assert asked(address) == LOGIN | {"lti_message_hint": "a&b"}
    answer = browser.get(address, headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 302


def test_lti_p03_the_page_names_the_registered_origin_and_what_to_keep(browser: Browser, lms: StubLms) -> None:
    opened = opening(browser, **STORAGE)
    assert opened["platform"] == LMS
    assert opened["target"] == "post_message_forwarding"
    cookie = browser.get_cookie(BROWSER_COOKIE, domain=HOST)
    assert cookie is not None
    assert opened["secret"] == cookie.value


def test_lti_p07_every_login_has_a_key_of_its_own(forgetful: Callable[[], Browser], lms: StubLms) -> None:
    keys = {opening(forgetful(), **STORAGE)["key"] for _time in range(3)}
    assert len(keys) == 3
    assert all(re.fullmatch(r"attune_state_[0-9a-f]{64}", key) for key in keys)


def test_without_a_storage_the_page_holds_no_secret(browser: Browser, lms: StubLms) -> None:
    assert opening(browser)["secret"] == ""


def test_a_storage_target_of_absurd_length_is_not_taken(browser: Browser, lms: StubLms) -> None:
    answer = browser.post("/lti/login", data=LOGIN | {"lti_storage_target": "x" * 256}, headers=FRAMED)
    assert answer.status_code == 400


def test_a_storage_target_stays_text(browser: Browser, lms: StubLms) -> None:
    strange = '"><script>alert(1)</script>'
    page = browser.post("/lti/login", data=LOGIN | {"lti_storage_target": strange}, headers=FRAMED)
    assert "<script>alert" not in page.text
    assert data(page)["target"] == strange


# ---- the launch, and its last step ----


def test_lti_p09_a_launch_without_the_cookie_is_verified_and_lets_nobody_in_yet(
    forgetful: Callable[[], Browser], lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    page, opened = launched(forgetful(), lms)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert (count(sessions, SessionRow), count(sessions, SpentStateRow)) == (0, 0)
    assert {name: data(page)[name] for name in ("key", "platform", "target")} == {
        name: opened[name] for name in ("key", "platform", "target")
    }
    assert opened["secret"] not in page.text


def test_a_launch_that_does_not_hold_gets_no_such_page(forgetful: Callable[[], Browser], lms: StubLms) -> None:
    page, _opened = launched(forgetful(), lms, aud="client-2")
    assert page.status_code in (400, 401)
    assert "finishing.js" not in page.text


def test_without_a_storage_target_a_launch_without_the_cookie_is_not_taken(
    forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    browser = forgetful()
    question = asked(opening(browser)["address"])
    form = {"id_token": lms.token(question["nonce"]), "state": question["state"]}
    answer = browser.post("/lti/launch", data=form, headers=FRAMED)
    assert answer.status_code == 400
    assert "new window" in answer.text


def test_lti_p13_only_the_lms_may_frame_the_page_and_scripts_run_by_nonce(
    forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    page, _opened = launched(forgetful(), lms)
    assert policy(page)["frame-ancestors"] == f"'self' {LMS}"
    assert policy(page)["script-src"].startswith("'nonce-")


def test_after_a_deep_linking_launch_the_document_may_post_to_the_lms(
    forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    wanted = {"deep_link_return_url": "https://pick.school.example/return", "accept_types": ["ltiResourceLink"]}
    page, _opened = launched(
        forgetful(), lms, **{f"{CLAIM}message_type": "LtiDeepLinkingRequest", DEEP_LINKING: wanted}
    )
    assert policy(page)["form-action"] == f"'self' {LMS} https://pick.school.example"


def test_lti_p09_with_what_the_storage_kept_the_person_is_let_in_in_this_tab(
    forgetful: Callable[[], Browser], lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    answer = finish(browser, page, opened["secret"])
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    came = answer.get_json()
    assert browser.get(came["path"], headers={"Attune-Tab": came["tab"]}).status_code == 200
    with sessions() as session:
        assert session.scalars(select(SessionRow.in_tab)).all() == [True]


@pytest.mark.parametrize("secret", ["", "what-a-hostile-frame-said", "x" * 300])
def test_lti_p10_with_anything_else_nobody_comes_in_and_the_launch_is_used_up(
    forgetful: Callable[[], Browser], lms: StubLms, sessions: sessionmaker[Session], secret: str
) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    assert finish(browser, page, secret).status_code == 400
    assert finish(browser, page, opened["secret"]).status_code == 400
    assert (count(sessions, SessionRow), count(sessions, SpentStateRow)) == (0, 1)


def test_lti_p11_the_last_step_works_once(
    forgetful: Callable[[], Browser], lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    assert finish(browser, page, opened["secret"]).status_code == 200
    assert finish(browser, page, opened["secret"]).status_code == 400
    assert count(sessions, SessionRow) == 1


def test_lti_p11_after_a_minute_the_last_step_is_closed(
    forgetful: Callable[[], Browser], lms: StubLms, clock: Clock
) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    clock.advance(seconds=61)
    answer = finish(browser, page, opened["secret"])
    assert answer.status_code == 400
    assert "longer than a minute" in answer.text


def test_lti_p11_up_to_a_minute_it_is_open(forgetful: Callable[[], Browser], lms: StubLms, clock: Clock) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    clock.advance(seconds=60)
    assert finish(browser, page, opened["secret"]).status_code == 200


def test_a_ticket_of_another_launch_finishes_nothing(forgetful: Callable[[], Browser], lms: StubLms) -> None:
    browser = forgetful()
    first, _opened = launched(browser, lms)
    second, opened = launched(browser, lms)
    form = hidden(second.text) | {"ticket": hidden(first.text)["ticket"], "secret": opened["secret"]}
    for ticket in (form["ticket"], "", "x.1", "ü"):
        answer = browser.post("/lti/launch/finish", data=form | {"ticket": ticket}, headers=FROM_A_TAB)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Attune-Tab": "none", "Sec-Fetch-Site": "cross-site"},
        {"Attune-Tab": "none", "Sec-Fetch-Site": "same-site"},
        {"Attune-Tab": "none", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-origin"},
        {},
    ],
)
def test_another_site_cannot_finish_its_own_launch_in_someones_browser(
    forgetful: Callable[[], Browser],
    lms: StubLms,
    sessions: sessionmaker[Session],
    headers: dict[str, str],
) -> None:
    browser = forgetful()
    page, opened = launched(browser, lms)
    assert finish(browser, page, opened["secret"], headers).status_code == 400
    assert count(sessions, SessionRow) == 0


def test_the_secret_of_the_cookie_does_not_stand_for_the_ticket(browser: Browser, lms: StubLms) -> None:
    """A launch that needs no last step has none."""
    question = lms.begin(browser)
    cookie = browser.get_cookie(BROWSER_COOKIE, domain=HOST)
    assert cookie is not None
    form = {"id_token": lms.token(question["nonce"]), "state": question["state"], "secret": cookie.value}
    assert browser.post("/lti/launch/finish", data=form, headers=FROM_A_TAB).status_code == 400


def come(browser: Browser, lms: StubLms, before: str, **changes: object) -> str:
    """A whole way in of a tab that had this session; the answer is its new secret."""
    page, opened = launched(browser, lms, **changes)
    answer = finish(browser, page, opened["secret"], {"Attune-Tab": before, "Sec-Fetch-Site": "same-origin"})
    return str(answer.get_json()["tab"])


def test_lti_r16_another_person_in_the_same_tab_ends_the_session_of_the_one_before(
    forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    browser = forgetful()
    first = come(browser, lms, "none", sub="9")
    second = come(browser, lms, first, sub="10")
    assert browser.get("/waiting", headers={"Attune-Tab": first}).status_code == 401
    assert browser.get("/waiting", headers={"Attune-Tab": second}).status_code == 200


def test_two_frames_of_one_person_in_one_tab_both_go_on(forgetful: Callable[[], Browser], lms: StubLms) -> None:
    browser = forgetful()
    first = come(browser, lms, "none")
    second = come(browser, lms, first)
    for secret in (first, second):
        assert browser.get("/waiting", headers={"Attune-Tab": secret}).status_code == 200


# ---- loading again ----


def test_a_tab_that_is_loaded_again_asks_for_its_session_once(browser: Browser) -> None:
    framed = browser.get("/waiting", headers=FRAMED)
    assert framed.status_code == 401
    assert "again.js" in framed.text
    for headers in ({}, FRAMED | {"Attune-Tab": "worth-nothing"}):
        assert "again.js" not in browser.get("/waiting", headers=headers).text


def test_the_page_for_a_tab_may_be_framed_by_the_lms_that_launched_it_only(
    browser: Browser, forgetful: Callable[[], Browser], lms: StubLms
) -> None:
    page, _opened = launched(forgetful(), lms)
    again = browser.get(data(page)["again"], headers=FRAMED)
    assert again.status_code == 200
    assert policy(again)["frame-ancestors"] == f"'self' {LMS}"
    assert policy(again)["form-action"] == f"'self' {LMS}"


@pytest.mark.parametrize("origins", ["x", "WyJodHRwczovL2V2aWwuZXhhbXBsZSJd", "WyJodHRwczovL2V2aWwuZXhhbXBsZSJd.x"])
def test_nobody_else_can_write_such_an_address(browser: Browser, origins: str) -> None:
    assert browser.get(f"/tab/{origins}").status_code == 404
