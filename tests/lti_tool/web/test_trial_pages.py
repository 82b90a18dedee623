"""Testing a connection, page by page."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.connecting.trial import Step
from lti_tool.services.connecting.trial_words import TITLES
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.platforms import DeploymentRow, DeploymentState, RegistrationRow
from lti_tool.web import current
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser, hidden
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.stub_lms import StubHttp
from tests.lti_tool.web.test_every_page import problems_of


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def operator(come_in: Callable[..., Browser]) -> Browser:
    return come_in(operator=True)


@pytest.fixture
def course_id(sessions: sessionmaker[Session], registration_id: UUID, clock: Clock) -> UUID:
    with sessions.begin() as session:
        owner = session.get_one(RegistrationRow, registration_id).organization_id
        deployment = DeploymentRow(
            id=new_id(), organization_id=owner, registration_id=registration_id, deployment_id="1",
            state=DeploymentState.ACTIVE, created_at=clock(),
        )  # fmt: skip
        session.add(deployment)
        session.flush()
        course = CourseRow(
            id=new_id(), organization_id=owner, deployment_id=deployment.id, lti_context_id="course-1",
            title="Sandbox <1>",
        )  # fmt: skip
        session.add(course)
        return course.id


def address(registration_id: UUID) -> str:
    return f"/operator/platforms/{registration_id}/test"


def test_opening_the_page_tries_nothing_and_chooses_no_course(
    operator: Browser, registration_id: UUID, course_id: UUID, http: StubHttp
) -> None:
    page = operator.get(address(registration_id)).text
    assert not [problem for problem in problems_of(page) if "only a program" not in problem]
    read = Read(page)
    assert [field["value"] for field in read.fields["course"]] == [str(course_id), ""]
    assert read.checked("course") == []
    assert http.asked == []


def test_each_press_takes_one_step_until_all_are_taken(
    operator: Browser, registration_id: UUID, course_id: UUID
) -> None:
    page = operator.act(address(registration_id), course=str(course_id))
    for done, step in enumerate(Step, start=1):
        assert page.status_code == 200
        read = Read(page.text)
        assert not [problem for problem in problems_of(page.text) if "only a program" not in problem]
        assert TITLES[step] in read.headings
        assert len(read.headings) == done + 1
        if "ticket" in hidden(page.text):
            page = operator.post(address(registration_id), data=hidden(page.text))
    assert "The test is over." in Read(page.text).text
    assert "ticket" not in hidden(page.text)


def test_what_was_found_stands_beside_each_step(operator: Browser, registration_id: UUID) -> None:
    page = operator.act(address(registration_id))
    assert "Attune can read 1 of them" in Read(page.text).text
    assert "all is well" in Read(page.text).text
    assert 'role="status"' in page.text


def test_no_transaction_is_open_while_the_lms_is_asked(
    operator: Browser, registration_id: UUID, http: StubHttp
) -> None:
    open_then: list[bool] = []
    http.meanwhile = lambda: open_then.append(current.db().in_transaction())
    operator.act(address(registration_id))
    assert open_then == [False]


def test_results_that_we_did_not_sign_or_of_another_connection_are_not_gone_on_with(
    operator: Browser, registration_id: UUID
) -> None:
    ticket = hidden(operator.act(address(registration_id)).text)["ticket"]
    assert operator.act(address(registration_id), ticket=f"{ticket}x").status_code == 404
    assert operator.act(address(new_id()), ticket=ticket).status_code == 404


def test_the_course_of_another_platform_is_not_here(operator: Browser, registration_id: UUID, http: StubHttp) -> None:
    assert operator.act(address(registration_id), course=str(new_id())).status_code == 404
    assert operator.act(address(registration_id), course="no-course").status_code == 400
    assert http.asked == []


def test_a_step_taken_twice_does_no_harm(operator: Browser, registration_id: UUID) -> None:
    first = operator.act(address(registration_id))
    form = hidden(first.text)
    pages = [operator.post(address(registration_id), data=form) for _time in range(2)]
    assert [len(Read(page.text).headings) for page in pages] == [3, 3]
