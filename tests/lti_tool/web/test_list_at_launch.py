"""A launch of someone who leads the course has an old list of people read, and the worker is told at once."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.app import create_app
from lti_tool.settings import Settings
from lti_tool.store.courses import RosterReadRow
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.stub_lms import StubHttp, StubLms


@pytest.fixture
def app(settings: Settings, clock: Clock, looked_at: list[UUID]) -> Iterator[Flask]:
    app = create_app(settings, clock=clock, http=StubHttp(), look_at=lambda _kind, row_id: looked_at.append(row_id))
    app.test_client_class = Browser
    yield app
    app.extensions["attune"].sessions.engine.dispose()


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
