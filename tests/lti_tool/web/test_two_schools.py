"""Two schools on one issuer, as on hosted Canvas: nothing of one is ever seen or touched by the other."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.services import organizations
from lti_tool.services.connecting import platforms
from lti_tool.settings import Settings
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.platforms import DeploymentRow, DeploymentState
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.stub_lms import CLAIM, LMS, StubHttp, StubLms

NORTH, SOUTH = "client-north", "client-south"
Launch = Callable[..., TestResponse]


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


def platform(client_id: str, *deployment_ids: str) -> platforms.NewPlatform:
    return platforms.NewPlatform(
        name=client_id, family="canvas", issuer=LMS, client_id=client_id, deployment_ids=deployment_ids,
        auth_url=f"{LMS}/auth", token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def schools(sessions: sessionmaker[Session], clock: Clock) -> dict[str, UUID]:
    """Each school is an organization with a client of its own; one announced its deployment."""
    with sessions.begin() as session:
        north = organizations.organization_named(session, "North", clock())
        south = organizations.organization_named(session, "South", clock())
        platforms.add(session, north, platform(NORTH, "1:north"), clock())
        platforms.add(session, south, platform(SOUTH), clock())
    return {NORTH: north, SOUTH: south}


@pytest.fixture
def launch(app: Flask, http: StubHttp, clock: Clock) -> Launch:
    """A whole way in, in a browser of its own or a given one."""

    def launch(client_id: str, deployment_id: str, *, browser: Browser | None = None, **claims: object) -> TestResponse:
        lms, own = StubLms(http, clock()), browser or app.test_client()
        assert isinstance(own, Browser)
        asked = lms.begin(own, client_id=client_id)
        said = {"aud": client_id, f"{CLAIM}deployment_id": deployment_id, **claims}
        form = {"id_token": lms.token(asked["nonce"], "Instructor", **said), "state": asked["state"]}
        return own.post("/lti/launch", data=form)

    return launch


def count(sessions: sessionmaker[Session], kind: type) -> int:
    with sessions() as session:
        return session.scalars(select(func.count()).select_from(kind)).one()


def test_lti_v19_the_same_sub_at_two_clients_is_two_people(
    launch: Launch, sessions: sessionmaker[Session], schools: dict[str, UUID]
) -> None:
    assert launch(NORTH, "1:north", sub="7").status_code == 303
    assert launch(SOUTH, "2:south", sub="7").status_code == 303
    with sessions() as session:
        owners = session.scalars(select(PersonRow.organization_id)).all()
        assert sorted(owners) == sorted(schools.values())
        assert set(session.scalars(select(LmsAccountRow.sub))) == {"7"}


def test_lti_v19_the_same_sub_from_two_deployments_of_one_client_is_one_person_of_one_organization(
    launch: Launch, sessions: sessionmaker[Session], schools: dict[str, UUID]
) -> None:
    for deployment_id in ("2:one", "2:two"):
        assert launch(SOUTH, deployment_id, sub="7").status_code == 303
    with sessions() as session:
        assert session.scalars(select(PersonRow.organization_id)).all() == [schools[SOUTH]]


def test_lti_v20_the_same_context_id_in_two_deployments_is_two_courses(
    launch: Launch, sessions: sessionmaker[Session]
) -> None:
    for deployment_id in ("2:one", "2:two"):
        launch(SOUTH, deployment_id, sub="7")
    launch(NORTH, "1:north", sub="7")
    with sessions() as session:
        courses = session.execute(select(CourseRow.lti_context_id, CourseRow.deployment_id)).all()
    assert {context for context, _deployment in courses} == {"course-1"}
    assert len({deployment for _context, deployment in courses}) == 3


def test_what_one_school_sees_is_not_here_for_the_other(app: Flask, launch: Launch) -> None:
    north, south = app.test_client(), app.test_client()
    assert isinstance(north, Browser)
    assert isinstance(south, Browser)
    mine = launch(NORTH, "1:north", browser=north, sub="7").location
    launch(SOUTH, "2:south", browser=south, sub="7")
    assert north.get(mine).status_code == 200
    assert south.get(mine).status_code == 404


@pytest.mark.parametrize(("begun", "signed"), [(NORTH, SOUTH), (SOUTH, NORTH)])
def test_lti_j28_j35_a_login_of_one_client_takes_no_token_of_the_other(
    app: Flask, http: StubHttp, clock: Clock, sessions: sessionmaker[Session], begun: str, signed: str
) -> None:
    lms, browser = StubLms(http, clock()), app.test_client()
    assert isinstance(browser, Browser)
    asked = lms.begin(browser, client_id=begun)
    for audience in (signed, [signed], [signed, "other"]):
        said = {"aud": audience, f"{CLAIM}deployment_id": "1:north"}
        form = {"id_token": lms.token(asked["nonce"], **said), "state": asked["state"]}
        assert browser.post("/lti/launch", data=form).status_code == 401
    assert [count(sessions, kind) for kind in (PersonRow, CourseRow, SessionRow)] == [0, 0, 0]


def test_lti_b10_a_deployment_that_nobody_announced_lets_nobody_in_and_leaves_nothing_of_them(
    launch: Launch, sessions: sessionmaker[Session]
) -> None:
    told = launch(NORTH, "1:unknown", sub="7")
    assert told.status_code == 403
    assert "waits for the yes" in Read(told.text).text
    assert "Set-Cookie" not in told.headers or "__Host-attune=" not in str(told.headers)
    assert [count(sessions, kind) for kind in (PersonRow, CourseRow, MembershipRow, SessionRow)] == [0, 0, 0, 0]
    with sessions() as session:
        row = session.scalars(select(DeploymentRow).where(DeploymentRow.deployment_id == "1:unknown")).one()
        assert row.state is DeploymentState.PENDING


def test_lti_b11_a_deployment_of_the_other_school_is_refused_even_where_new_ones_come_in_by_themselves(
    launch: Launch, sessions: sessionmaker[Session], schools: dict[str, UUID]
) -> None:
    launch(NORTH, "1:north", sub="7")
    told = launch(SOUTH, "1:north", sub="8")
    assert told.status_code == 403
    assert "another connection" in Read(told.text).text
    with sessions() as session:
        assert session.scalars(select(PersonRow.organization_id)).all() == [schools[NORTH]]
        assert len(session.scalars(select(DeploymentRow)).all()) == 1


def test_schools_that_share_a_client_are_told_apart_for_their_operator(
    launch: Launch, come_in: Callable[..., Browser], sessions: sessionmaker[Session]
) -> None:
    for deployment_id, name in (("2:a", "School A"), ("2:b", "School B")):
        launch(SOUTH, deployment_id, sub="7", **{f"{CLAIM}tool_platform": {"guid": f"guid-{name}", "name": name}})
    with sessions() as session:
        seen = session.execute(select(DeploymentRow.deployment_id, DeploymentRow.platform_name)).all()
    assert {("2:a", "School A"), ("2:b", "School B")} <= {tuple(row) for row in seen}
    stranger = come_in(operator=True)  # of a third organization
    page = Read(stranger.get("/operator").text).text
    assert "School A" not in page
    assert SOUTH not in page


@pytest.mark.parametrize("act", ["accept", "refuse", "acknowledge"])
def test_the_operator_of_another_school_decides_nothing_about_a_deployment(
    launch: Launch, come_in: Callable[..., Browser], sessions: sessionmaker[Session], act: str
) -> None:
    launch(NORTH, "1:unknown", sub="7")
    with sessions() as session:
        row = session.scalars(select(DeploymentRow).where(DeploymentRow.deployment_id == "1:unknown")).one()
    answer = come_in(operator=True).act(f"/operator/deployments/{row.id}/{act}")
    assert answer.status_code == 404
    with sessions() as session:
        same = session.get_one(DeploymentRow, row.id)
        assert (same.state, same.refused_at, same.acknowledged_at) == (DeploymentState.PENDING, None, None)
