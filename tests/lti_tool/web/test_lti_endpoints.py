"""Login, launch, keys, and the pages between an LMS and Attune."""

import re
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.settings import Settings
from lti_tool.store.platforms import DeploymentRow, DeploymentState, RegistrationRow, SpentStateRow
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.stub_lms import CLAIM, StubHttp, StubLms

CHOICE = {
    "title": "Warm line", "column_shows": "completion", "required_observations": "3", "lanes": "peer",
    "response_days": "7",
}  # fmt: skip


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


def page_fields(page: str) -> dict[str, str]:
    version = re.findall(r'name="version_id"[^>]*value="([^"]+)"', page.replace("\n", " "))
    assert version
    return hidden(page) | CHOICE | {"version_id": version[0]}


def csp(answer: object) -> str:
    assert hasattr(answer, "headers")
    return str(answer.headers["Content-Security-Policy"])


# ---- login and launch ----


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_sends_the_browser_to_the_lms_and_marks_it(browser: Browser, lms: StubLms, method: str) -> None:
    params = {
        "iss": LMS,
        "client_id": "client-1",
        "login_hint": "9",
        "target_link_uri": "https://attune.school.example/lti/launch",
    }
    sent = {"query_string": params} if method == "GET" else {"data": params}
    answer = browser.open("/lti/login", method=method, **sent)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{LMS}/auth?")
    assert answer.headers["Set-Cookie"].startswith("__Host-attune-browser=")


def test_a_login_that_is_not_taken_leaves_no_cookie(browser: Browser, lms: StubLms) -> None:
    answer = browser.post("/lti/login", data={"iss": "https://elsewhere.example", "login_hint": "1"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_a_parameter_that_comes_twice_is_not_understood(browser: Browser, lms: StubLms) -> None:
    answer = browser.get(f"/lti/login?iss={LMS}&iss=https://elsewhere.example&login_hint=1")
    assert answer.status_code == 400


def test_a_launch_lets_a_person_in_and_sends_them_on(browser: Browser, lms: StubLms) -> None:
    answer = lms.launch(browser)
    assert answer.status_code == 303
    assert re.fullmatch(r"/links/[0-9a-f-]{36}/choose", answer.location)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-attune=")
    assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= set(cookie.split("; "))
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "not set up yet" in page.text
    assert f"frame-ancestors 'self' {LMS}" in csp(page)


def test_the_same_launch_twice_is_told_to_begin_again(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    asked = lms.begin(browser)
    form = {"id_token": lms.token(asked["nonce"]), "state": asked["state"]}
    assert browser.post("/lti/launch", data=form).status_code == 303
    again = browser.post("/lti/launch", data=form)
    assert again.status_code == 400
    assert "Set-Cookie" not in again.headers
    with sessions() as session:
        assert len(session.scalars(select(SpentStateRow)).all()) == 1


def test_a_launch_that_comes_twice_signs_nobody_out(browser: Browser, lms: StubLms) -> None:
    asked = lms.begin(browser)
    form = {"id_token": lms.token(asked["nonce"]), "state": asked["state"]}
    assert browser.post("/lti/launch", data=form).status_code == 303
    assert browser.get("/waiting").status_code == 200
    assert browser.post("/lti/launch", data=form).status_code == 400
    assert browser.get("/waiting").status_code == 200


def test_a_launch_from_another_browser_is_not_taken(app: Flask, browser: Browser, lms: StubLms) -> None:
    asked = lms.begin(browser)
    form = {"id_token": lms.token(asked["nonce"]), "state": asked["state"]}
    other = app.test_client()
    assert isinstance(other, Browser)
    lms.begin(other)
    for client in (other, app.test_client()):
        answer = client.post("/lti/launch", data=form)
        assert answer.status_code in (400, 401, 403)
        assert "__Host-attune=" not in str(answer.headers)


def test_a_new_launch_ends_the_session_before_it(app: Flask, browser: Browser, lms: StubLms) -> None:
    lms.launch(browser)
    before = browser.get_cookie("__Host-attune", domain="attune.school.example")
    assert before is not None
    lms.launch(browser)
    other = app.test_client()
    other.set_cookie("__Host-attune", before.value, domain="attune.school.example", secure=True)
    assert other.get("/waiting").status_code == 401
    assert browser.get("/waiting").status_code == 200


def test_a_deployment_that_waits_is_remembered_although_the_launch_is_not_taken(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session], registration_id: UUID
) -> None:
    with sessions.begin() as session:
        session.get_one(RegistrationRow, registration_id).deployments_announced = True
    answer = lms.launch(browser, **{f"{CLAIM}deployment_id": "77"})
    assert answer.status_code == 403
    assert re.search(rf'href="{LMS}/course/1\?lti_errormsg=[^"]+&amp;lti_errorlog=[0-9a-f]{{10}}"', answer.text)
    with sessions() as session:
        (row,) = session.scalars(select(DeploymentRow)).all()
        assert row.state is DeploymentState.PENDING


def test_the_problem_that_an_lms_answers_with_is_told_kindly(browser: Browser, lms: StubLms) -> None:
    asked = lms.begin(browser)
    answer = browser.post("/lti/launch", data={"error": "login_required", "state": asked["state"]})
    assert 400 <= answer.status_code < 500
    assert "Reference" in answer.text


def test_an_lms_whose_keys_cannot_be_had_is_named_as_the_reason(browser: Browser, lms: StubLms) -> None:
    lms.http.down = True
    answer = lms.launch(browser)
    assert answer.status_code in (502, 503)


def test_a_launch_cannot_be_put_into_an_address(browser: Browser) -> None:
    assert browser.get("/lti/launch?id_token=x&state=y").status_code == 405


def test_our_keys_are_public_and_may_be_cached(browser: Browser) -> None:
    answer = browser.get("/lti/keys")
    (key,) = answer.get_json()["keys"]
    assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert browser.get("/lti/keys").get_json()["keys"] == [key]


# ---- a link without an activity ----


def test_a_link_without_an_activity_is_set_up_by_an_instructor(browser: Browser, lms: StubLms) -> None:
    place = lms.launch(browser, "Instructor").location
    fields = page_fields(browser.get(place).text)
    answer = browser.post(place, data=fields)
    assert answer.status_code == 303
    assert re.fullmatch(r"/a/[0-9a-f-]{36}\?said=activity_placed", answer.location)
    assert browser.get(place).status_code == 303


def test_a_trainee_cannot_set_a_link_up(browser: Browser, lms: StubLms) -> None:
    place = lms.launch(browser).location
    assert browser.act(place, **CHOICE).status_code == 403
