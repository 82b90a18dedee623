"""Connecting by hand, and the configuration that Canvas reads."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.lti.tool_configuration import canvas_configuration
from lti_tool.services.connecting import registration_addresses
from lti_tool.store.platforms import RegistrationRow
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

OURS = "https://attune.school.example"
MOODLE = {"lms": "moodle", "address": "https://moodle.school.example", "client_id": "abc", "deployment_id": "1"}


@pytest.fixture
def secret(sessions: sessionmaker[Session], organization_id: UUID, now: datetime) -> str:
    with sessions.begin() as session:
        return registration_addresses.hand_out(session, organization_id, uses=1, now=now)


def fill_in(browser: Browser, secret: str, **typed: str) -> TestResponse:
    """Open the page, and send its form."""
    page = browser.get(f"/lti/connect/{secret}?lms={typed['lms']}")
    assert page.status_code == 200
    return browser.post(f"/lti/connect/{secret}", data=hidden(page.text) | typed)


def connected(sessions: sessionmaker[Session]) -> list[tuple[str, str]]:
    with sessions() as session:
        return [(row.issuer, row.client_id) for row in session.scalars(select(RegistrationRow))]


def test_canvas_reads_the_configuration_without_signing_in(app: Flask) -> None:
    answer = app.test_client().get("/lti/canvas.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.get_json() == canvas_configuration(OURS)


@pytest.mark.parametrize(
    ("lms", "values"),
    [
        ("moodle", ["/lti/launch", "/lti/keys", "/lti/login"]),
        ("canvas", ["/lti/launch", "/lti/canvas.json"]),
        ("other", ["/lti/launch", "/lti/keys", "/lti/login"]),
    ],
)
def test_each_value_stands_in_a_field_that_can_be_copied(
    browser: Browser, secret: str, lms: str, values: list[str]
) -> None:
    page = browser.get(f"/lti/connect/{secret}?lms={lms}").text
    assert not list(problems_of(page))
    for value in values:
        assert f'value="{OURS}{value}"' in page
    assert page.count("data-copies=") == len(re.findall(r"\sreadonly", page))
    assert page.count("data-copies=") >= 3


def test_the_page_for_moodle_gives_the_custom_parameters_as_moodle_takes_them(browser: Browser, secret: str) -> None:
    page = browser.get(f"/lti/connect/{secret}?lms=moodle").text
    assert "attune_context_history=$Context.id.history\nattune_groups=$Moodle.Person.userGroupIds" in page


def test_an_invited_administrator_connects_once(browser: Browser, secret: str, sessions: sessionmaker[Session]) -> None:
    page = browser.get(f"/lti/connect/{secret}")
    answer = fill_in(browser, secret, **MOODLE)
    assert answer.status_code == 303
    assert "abc" in browser.get(answer.location).text
    assert connected(sessions) == [("https://moodle.school.example", "abc")]
    assert browser.get(f"/lti/connect/{secret}").status_code == 404
    form = hidden(page.text) | MOODLE | {"client_id": "another"}
    assert browser.post(f"/lti/connect/{secret}", data=form).status_code == 404
    assert len(connected(sessions)) == 1


def test_what_was_typed_stays_beside_what_is_to_be_mended_and_the_address_is_not_used_up(
    browser: Browser, secret: str, sessions: sessionmaker[Session]
) -> None:
    answer = fill_in(browser, secret, **MOODLE | {"address": "http://moodle", "name": "Our <Moodle>"})
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "The address: This should be an address that begins with https://" in read.text
    assert 'value="http://moodle"' in answer.text
    assert 'value="Our &lt;Moodle&gt;"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not [problem for problem in problems_of(answer.text) if "only a program" not in problem]
    assert connected(sessions) == []
    assert fill_in(browser, secret, **MOODLE).status_code == 303


def test_an_address_for_one_lms_connects_no_other(
    browser: Browser, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    with sessions.begin() as session:
        secret = registration_addresses.hand_out(session, organization_id, uses=1, now=now, issuer=LMS)
    answer = fill_in(browser, secret, **MOODLE)
    assert answer.status_code == 422
    assert f"works only for this LMS: {LMS}" in Read(answer.text).text
    assert fill_in(browser, secret, **MOODLE | {"address": LMS}).status_code == 303


def test_an_lms_that_is_registered_already_is_said_at_its_client_id(
    browser: Browser, secret: str, registration_id: UUID, sessions: sessionmaker[Session]
) -> None:
    answer = fill_in(browser, secret, **MOODLE | {"address": LMS, "client_id": "client-1"})
    assert answer.status_code == 422
    assert "is registered already" in answer.text
    assert connected(sessions) == [(LMS, "client-1")]
    assert browser.get(f"/lti/connect/{secret}").status_code == 200


def test_an_operator_connects_and_lands_on_the_new_connection(
    come_in: Callable[..., Browser], sessions: sessionmaker[Session]
) -> None:
    operator = come_in(operator=True)
    assert not list(problems_of(operator.get("/operator/connect?lms=canvas").text))
    form = {"lms": "canvas", "site": "hosted", "client_id": "10000000000042", "name": "North School"}
    answer = operator.act("/operator/connect", **form)
    assert answer.status_code == 303
    page = Read(operator.get(answer.location).text)
    assert "North School" in page.headings
    assert "The first launch from a course completes it." in page.text
    assert ("https://canvas.instructure.com", "10000000000042") in connected(sessions)


def test_an_operator_who_posts_twice_connects_once(
    come_in: Callable[..., Browser], sessions: sessionmaker[Session]
) -> None:
    operator = come_in(operator=True)
    first, second = (operator.act("/operator/connect", **MOODLE) for _time in range(2))
    assert first.location == second.location
    assert connected(sessions).count(("https://moodle.school.example", "abc")) == 1


@pytest.mark.parametrize("lms", ["", "sakai", "../operator/overview"])
def test_an_lms_that_has_no_page_is_not_understood(browser: Browser, secret: str, lms: str) -> None:
    assert browser.get(f"/lti/connect/{secret}?lms={lms}").status_code == 400


def test_an_address_that_never_was_one_connects_nothing(browser: Browser) -> None:
    assert browser.get("/lti/connect/never-was-one").status_code == 404
    assert browser.post("/lti/connect/never-was-one", data=MOODLE).status_code == 400  # no form of ours
