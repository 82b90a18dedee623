"""The real application over a fresh database, and people who are signed in to it."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.access import Capability
from lti_tool.services.connecting import platforms
from lti_tool.services.entering import visitors
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.sign_off import Assurance
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.databases import PostgresServer
from tests.lti_tool.web.course import Course, open_course
from tests.school import school

LMS = "https://lms.school.example"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Browser(FlaskClient):
    """A browser of its own that speaks https to Attune and keeps its cookies."""

    def open(self, *args: Any, **values: Any) -> TestResponse:
        values.setdefault("base_url", "https://attune.school.example")
        return super().open(*args, **values)

    def token(self) -> str:
        """A CSRF token that belongs to this browser and the person in it."""
        return hidden(self.get("/support").text)["csrf_token"]

    def act(self, path: str, key: str = "a-key-of-one-form-1", **fields: str) -> TestResponse:
        """Post a form of ours."""
        return self.post(path, data={"csrf_token": self.token(), "act": key, **fields})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(HIDDEN.findall(page))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A new SQLite database, unless a test asks for `postgres` by an indirect parameter."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.renewed() as url:
            yield url


@pytest.fixture
def looked_at() -> list[UUID]:
    """The deliveries that the worker was told of."""
    return []


@pytest.fixture
def app(settings: Settings, clock: Clock, looked_at: list[UUID]) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, look_at=lambda _kind, row_id: looked_at.append(row_id)) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody is signed in."""
    client = app.test_client()
    assert isinstance(client, Browser)
    return client


@pytest.fixture
def organization_id(sessions: sessionmaker[Session], clock: Clock) -> UUID:
    with sessions.begin() as session:
        return school(session)


@pytest.fixture
def registration_id(sessions: sessionmaker[Session], organization_id: UUID, clock: Clock) -> UUID:
    platform = platforms.NewPlatform(
        name="LMS", family="moodle", issuer=LMS, client_id="client-1",
        auth_url=f"{LMS}/auth", token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
    )  # fmt: skip
    with sessions.begin() as session:
        return platforms.add(session, organization_id, platform, clock())


@pytest.fixture
def come_in(
    app: Flask, sessions: sessionmaker[Session], organization_id: UUID, registration_id: UUID, clock: Clock
) -> Callable[..., Browser]:
    """A browser in which someone is signed in, by launch or (operators) by link and code."""

    def come_in(name: str = "Sam", *, operator: bool = False, client: Browser | None = None) -> Browser:
        person = PersonRow(id=new_id(), organization_id=organization_id, name=name, created_at=clock())
        with sessions.begin() as session:
            session.add(person)
            session.flush()
            if operator:
                session.add(
                    GrantRow(
                        organization_id=organization_id, person_id=person.id,
                        capability=Capability.OPERATOR, granted_at=clock(),
                    )
                )  # fmt: skip
            token = visitors.open_session(
                session,
                organization_id=organization_id,
                person_id=person.id,
                assurance=Assurance.LINK_WITH_CODE if operator else Assurance.LAUNCH,
                registration_id=None if operator else registration_id,
                return_url=None if operator else f"{LMS}/course/1",
                now=clock(),
            )
        browser = client or app.test_client()
        assert isinstance(browser, Browser)
        browser.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
        return browser

    return come_in


@pytest.fixture
def make_course(app: Flask, sessions: sessionmaker[Session], clock: Clock) -> Iterator[Callable[..., Course]]:
    """A course with an activity, Ines, Jo, Amara, Sam and Noor; see `tests.lti_tool.web.course`."""
    with sessions() as session:
        yield lambda **choices: open_course(app, session, clock(), **choices)


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course()
