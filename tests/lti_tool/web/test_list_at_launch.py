"""What a launch leaves to the worker, which is told of it at once: an old list of people, notices to ask for."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.settings import Settings
from lti_tool.store.courses import RosterReadRow
from lti_tool.store.platforms import NoticeHandlerRow
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.stub_lms import CLAIM, StubHttp, StubLms


@pytest.fixture
def app(settings: Settings, clock: Clock, looked_at: list[UUID]) -> Iterator[Flask]:
    with app_for_one_test(
        settings, clock=clock, http=StubHttp(), look_at=lambda _kind, row_id: looked_at.append(row_id)
    ) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def lms(app: Flask, clock: Clock, registration_id: UUID) -> StubLms:
    return StubLms(app.extensions["attune"].http, clock())


def test_an_instructor_s_launch_has_the_list_read(
    browser: Browser, lms: StubLms, looked_at: list[UUID], sessions: sessionmaker[Session]
) -> None:
    names = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    claim = {names: {"context_memberships_url": f"{LMS}/members", "service_versions": ["2.0"]}}
    assert lms.launch(browser, "Learner", **claim).status_code < 400
    assert looked_at == []
    assert lms.launch(browser, "Instructor", **claim).status_code < 400
    with sessions() as session:
        (read_id,) = session.scalars(select(RosterReadRow.id))
    assert looked_at == [read_id]


def test_lti_s01_the_first_launch_that_offers_notices_has_them_asked_for(
    browser: Browser, lms: StubLms, looked_at: list[UUID], sessions: sessionmaker[Session]
) -> None:
    offer = {
        "platform_notification_service_url": f"{LMS}/notice-handlers/1",
        "scope": ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"],
        "notice_types_supported": ["LtiContextCopyNotice", "LtiHelloWorldNotice"],
        "service_versions": ["1.0"],
    }
    claim = {f"{CLAIM}platformnotificationservice": offer}
    assert lms.launch(browser, **claim).status_code < 400
    with sessions() as session:
        assert sorted(looked_at) == sorted(session.scalars(select(NoticeHandlerRow.id)))
    assert len(looked_at) == 2
    looked_at.clear()
    assert lms.launch(browser, **claim).status_code < 400
    assert looked_at == []
