"""Dynamic Registration as an LMS administrator sees it."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.app import create_app
from lti_tool.services import platforms, registration_addresses
from lti_tool.settings import Settings
from lti_tool.store.platforms import RegistrationRow
from lti_tool.web import current
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.stub_lms import OPENID, StubHttp

QUERY = urlencode({"openid_configuration": OPENID, "registration_token": "a-token-of-the-lms"})


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    app = create_app(settings, clock=clock, http=http)
    app.test_client_class = Browser
    yield app
    app.extensions["attune"].sessions.engine.dispose()


@pytest.fixture
def address(sessions: sessionmaker[Session], organization_id: UUID, now: datetime) -> str:
    with sessions.begin() as session:
        return f"/lti/register/{registration_addresses.hand_out(session, organization_id, uses=1, now=now)}"


def registered(sessions: sessionmaker[Session]) -> list[str]:
    with sessions() as session:
        return list(session.scalars(select(RegistrationRow.client_id)))


def test_opening_the_address_says_what_will_be_asked_and_does_nothing(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    answer = browser.get(f"{address}?{QUERY}")
    assert answer.status_code == 200
    assert "lms.school.example" in answer.text
    assert "write scores" in answer.text
    assert f"frame-ancestors 'self' {LMS};" in answer.headers["Content-Security-Policy"] + ";"
    assert http.asked == [("GET", OPENID)]
    assert registered(sessions) == []


def test_the_first_form_of_the_page_is_the_one_that_agrees(browser: Browser, address: str) -> None:
    page = browser.get(f"{address}?{QUERY}").text
    first = re.search(r"<form[^>]*>.*?</form>", page, re.DOTALL)
    assert first
    assert set(hidden(re.sub(r"\s+", " ", first[0]))) == {"openid_configuration", "registration_token"}


def test_agreeing_asks_the_lms_once_and_shows_the_same_on_reload(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    form = {"openid_configuration": OPENID, "registration_token": "a-token-of-the-lms"}
    answer = browser.post(address, data=form)
    assert answer.status_code == 303
    for _time in range(2):
        page = browser.get(answer.location)
        assert page.status_code == 200
        assert "client-new" in page.text
        assert f'data-platform="{LMS}"' in page.text
    assert "a-token-of-the-lms" not in answer.location
    assert registered(sessions) == ["client-new"]
    assert browser.post(address, data=form).status_code == 404
    assert [asked for asked in http.asked if asked[0] == "POST"] == [("POST", f"{LMS}/register")]


def test_agreeing_works_in_a_frame_that_keeps_our_cookies_out(app: Flask, address: str) -> None:
    client = app.test_client(use_cookies=False)
    answer = client.post(
        address,
        data={"openid_configuration": OPENID},
        headers={"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"},
    )
    assert answer.status_code == 303


def test_an_address_that_was_used_says_so(browser: Browser, organization_id: UUID) -> None:
    answer = browser.get(f"/lti/register/never-was-one?{QUERY}")
    assert answer.status_code == 404
    assert "works once" in answer.text


def test_an_address_opened_by_hand_is_not_understood(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 400


def test_an_lms_that_does_not_answer_costs_nothing(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    http.down = True
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 400
    http.down = False
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 303
    assert registered(sessions) == ["client-new"]


def test_an_lms_that_is_known_already_costs_nothing_and_says_what_can_be_done(
    browser: Browser, address: str, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    known = platforms.NewPlatform(
        name="LMS", family="moodle", issuer=LMS, client_id="client-new",
        auth_url=f"{LMS}/auth", token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
    )  # fmt: skip
    with sessions.begin() as session:
        platforms.add(session, organization_id, known, now)
    for _time in range(2):  # the address is not used up
        answer = browser.post(address, data={"openid_configuration": OPENID})
        assert answer.status_code == 409
        assert "client-new" in answer.text
        assert "What you can do" in answer.text
    assert registered(sessions) == ["client-new"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_transaction_is_open_while_the_lms_is_asked(
    browser: Browser, address: str, http: StubHttp, method: str
) -> None:
    open_then: list[bool] = []
    http.meanwhile = lambda: open_then.append(current.db().in_transaction())
    browser.open(f"{address}?{QUERY}", method=method, data={"openid_configuration": OPENID} if method == "POST" else {})
    assert open_then == [False] * len(open_then)
    assert len(open_then) == {"GET": 1, "POST": 2}[method]


def test_a_result_that_we_did_not_sign_is_not_shown(browser: Browser) -> None:
    assert browser.get("/lti/registered?result=WyJodHRwczovL2V2aWwuZXhhbXBsZSJd.x.y").status_code == 404
