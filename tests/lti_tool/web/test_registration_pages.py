"""Dynamic Registration as an LMS administrator sees it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services import organizations
from lti_tool.services.connecting import platforms, register, registration_addresses
from lti_tool.settings import Settings
from lti_tool.store.platforms import DeploymentRow, HostState, RegistrationRow, ServiceHostRow
from lti_tool.web import current
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.stub_lms import OPENID, StubHttp

QUERY = urlencode({"openid_configuration": OPENID, "registration_token": "a-token-of-the-lms"})


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


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


def test_a_school_may_show_it_at_a_host_of_its_own(browser: Browser, address: str) -> None:
    """Hosted Canvas: the frame is at the school's host, the configuration at the issuer's."""
    framed = browser.get(f"{address}?{QUERY}", headers={"Sec-Fetch-Dest": "iframe"})
    assert framed.status_code == 200
    assert "frame-ancestors *;" in framed.headers["Content-Security-Policy"] + ";"


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
        assert "close.js" in page.text
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


def test_lti_y02_an_address_opened_by_hand_says_where_it_belongs_and_the_other_way(
    browser: Browser, address: str
) -> None:
    answer = browser.get(address)
    assert answer.status_code == 400
    assert "This address is for your LMS" in answer.text
    assert address.replace("register", "connect") in Read(answer.text).links
    assert browser.get(f"{address}?openid_configuration=").status_code == 400


def test_an_lms_that_does_not_answer_costs_nothing(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    http.down = True
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 400
    http.down = False
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 303
    assert registered(sessions) == ["client-new"]


KNOWN = platforms.NewPlatform(
    name="School Moodle", family="moodle", issuer=LMS, client_id="client-new", deployment_ids=("7",),
    auth_url=f"{LMS}/auth", token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
)  # fmt: skip
MOVED = replace(KNOWN, token_url=f"{LMS}/token-of-old", jwks_url=f"{LMS}/keys-of-old", deployment_ids=())


def add(
    sessions: sessionmaker[Session], organization: UUID | str, known: platforms.NewPlatform, now: datetime
) -> dict[str, object]:
    """The registration as it stands in the database."""
    with sessions.begin() as session:
        if isinstance(organization, str):
            organization = organizations.organization_named(session, organization, now)
        platforms.add(session, organization, known, now)
    return row(sessions)


def row(sessions: sessionmaker[Session]) -> dict[str, object]:
    with sessions() as session:
        found = session.scalars(select(RegistrationRow)).one()
        return {name: getattr(found, name) for name in inspect(RegistrationRow).columns.keys()}  # noqa: SIM118 - not a mapping


def test_lti_y13_an_lms_that_is_known_exactly_so_costs_nothing_and_says_what_can_be_done(
    browser: Browser, address: str, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    before = add(sessions, organization_id, KNOWN, now)
    for _time in range(2):  # the address is not used up
        answer = browser.post(address, data={"openid_configuration": OPENID})
        assert answer.status_code == 409
        assert "client-new" in answer.text
        assert "What you can do" in answer.text
    assert row(sessions) == before


def test_lti_y13_an_lms_that_says_something_new_of_itself_is_changed_only_after_a_yes(
    browser: Browser, address: str, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    before = add(sessions, organization_id, MOVED, now)
    answer = browser.post(address, data={"openid_configuration": OPENID})
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert "Update this connection?" in page.text
    for said in (f"{LMS}/token-of-old", f"{LMS}/token", f"{LMS}/keys-of-old", f"{LMS}/jwks", "School Moodle"):
        assert said in page.text
    assert f"{LMS}/auth" not in Read(page.text).text
    assert row(sessions) == before
    assert f"frame-ancestors 'self' {LMS};" in page.headers["Content-Security-Policy"] + ";"
    done = browser.post(f"{address}/update", data=hidden(re.sub(r"\s+", " ", page.text)))
    assert done.status_code == 303
    assert "client-new" in browser.get(done.location).text
    assert row(sessions) == before | {"token_url": f"{LMS}/token", "jwks_url": f"{LMS}/jwks"}
    with sessions() as session:
        assert session.scalars(select(DeploymentRow.deployment_id)).all() == ["7"]
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 404  # used up by the yes


def test_the_page_that_asks_for_an_update_works_in_a_frame_that_keeps_our_cookies_out(
    app: Flask, address: str, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    add(sessions, organization_id, MOVED, now)
    client = app.test_client(use_cookies=False)
    framed = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
    page = client.get(client.post(address, data={"openid_configuration": OPENID}, headers=framed).location)
    assert client.post(f"{address}/update", data=hidden(re.sub(r"\s+", " ", page.text)), headers=framed).location


def test_lti_y13_an_lms_of_another_organization_is_never_changed(
    browser: Browser, address: str, sessions: sessionmaker[Session], now: datetime
) -> None:
    before = add(sessions, "Another school", MOVED, now)
    answer = browser.post(address, data={"openid_configuration": OPENID})
    assert answer.status_code == 409
    assert "not by whoever gave you this address" in answer.text
    assert "School Moodle" not in answer.text
    assert row(sessions) == before


def test_lti_y13_what_was_sealed_for_one_organization_changes_nothing_of_another(
    browser: Browser, address: str, settings: Settings, sessions: sessionmaker[Session], now: datetime
) -> None:
    before = add(sessions, "Another school", MOVED, now)
    sealed = register.seal(KNOWN, settings.secret_keys)
    assert browser.get(f"{address}/update?sealed={sealed}").status_code == 409
    assert browser.post(f"{address}/update", data={"sealed": sealed}).status_code == 409
    assert row(sessions) == before
    assert browser.get(f"{address}?{QUERY}").status_code == 200  # and the address can still be used


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA"])
def test_what_we_did_not_seal_is_no_proposal(browser: Browser, address: str, sealed: str) -> None:
    assert browser.get(f"{address}/update?sealed={sealed}").status_code == 404
    assert browser.post(f"{address}/update", data={"sealed": sealed}).status_code == 404


def test_an_address_that_was_made_for_another_lms_says_so_and_asks_nothing(
    browser: Browser, http: StubHttp, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    with sessions.begin() as session:
        secret = registration_addresses.hand_out(
            session, organization_id, uses=1, now=now, issuer="https://moodle.elsewhere.example"
        )
    for answer in (
        browser.get(f"/lti/register/{secret}?{QUERY}"),
        browser.post(f"/lti/register/{secret}", data={"openid_configuration": OPENID}),
    ):
        assert answer.status_code == 400
        assert "made for another LMS" in answer.text
        assert "https://moodle.elsewhere.example" in answer.text
    assert not [asked for asked in http.asked if asked[0] == "POST"]


def test_an_address_that_was_made_for_this_lms_works(
    browser: Browser, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    with sessions.begin() as session:
        secret = registration_addresses.hand_out(session, organization_id, uses=1, now=now, issuer=f"{LMS}/")
    assert browser.post(f"/lti/register/{secret}", data={"openid_configuration": OPENID}).status_code == 303


def test_the_page_says_where_attune_will_show_and_what_it_learns_of_a_person(browser: Browser, address: str) -> None:
    read = Read(browser.get(f"{address}?{QUERY}").text)
    assert "Where Attune will show" not in read.text  # this LMS names no placement
    assert "no mail address and no picture" in read.text
    assert "Not offered by your LMS" in read.text
    assert read.before("Not offered by your LMS", "to read the list of people")


def test_lti_y11_the_place_where_the_registration_can_be_changed_is_kept(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    http.registered = {"registration_client_uri": f"{LMS}/r/7", "registration_access_token": "a-key-to-it"}
    answer = browser.post(address, data={"openid_configuration": OPENID})
    assert "a-key-to-it" not in answer.location + browser.get(answer.location).text
    assert row(sessions)["registration_client_uri"] == f"{LMS}/r/7"
    assert row(sessions)["registration_access_token"] == "a-key-to-it"


def test_lti_y07_a_machine_that_was_shown_and_agreed_to_needs_no_other_yes(
    browser: Browser, address: str, http: StubHttp, sessions: sessionmaker[Session]
) -> None:
    http.said = {"registration_endpoint": "https://institution.example/register"}
    assert "institution.example" in browser.get(f"{address}?{QUERY}").text
    assert browser.post(address, data={"openid_configuration": OPENID}).status_code == 303
    with sessions() as session:
        assert session.execute(select(ServiceHostRow.host, ServiceHostRow.state)).all() == [
            ("institution.example", HostState.ACCEPTED)
        ]


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
