"""The operator's pages."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services import organizations
from lti_tool.services.connecting import platforms, registration_addresses
from lti_tool.services.entering.visitors import digest_of
from lti_tool.store.base import new_id
from lti_tool.store.platforms import (
    DeploymentRow,
    DeploymentState,
    HostState,
    RegistrationInvitationRow,
    RegistrationRow,
    ServiceHostRow,
)
from lti_tool.store.records import ActRow
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.stub_lms import StubHttp, StubLms
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import counted


@pytest.fixture
def operator(come_in: Callable[..., Browser]) -> Browser:
    return come_in("Olu", operator=True)


def deployment(sessions: sessionmaker[Session], registration_id: UUID, now: datetime, **said: object) -> UUID:
    """A deployment that opened Attune."""
    with sessions.begin() as session:
        registration = session.get_one(RegistrationRow, registration_id)
        usual = {"deployment_id": "5:abc", "state": DeploymentState.PENDING, "platform_name": "North <School>"}
        row = DeploymentRow(
            id=new_id(),
            organization_id=registration.organization_id,
            registration_id=registration.id,
            created_at=now,
            **usual | said,
        )
        session.add(row)
        return row.id


def host(sessions: sessionmaker[Session], registration_id: UUID, now: datetime) -> UUID:
    with sessions.begin() as session:
        registration = session.get_one(RegistrationRow, registration_id)
        row = ServiceHostRow(
            id=new_id(), organization_id=registration.organization_id, registration_id=registration.id,
            host="scores.school.example", state=HostState.WAITING, seen_at=now,
        )  # fmt: skip
        session.add(row)
        return row.id


@pytest.fixture
def everything(sessions: sessionmaker[Session], registration_id: UUID, now: datetime) -> UUID:
    """A registration with a deployment in each state, and a host that waits."""
    for number, said in enumerate(
        ({}, {"refused_at": now}, {"state": DeploymentState.ACTIVE}, {"state": "active", "acknowledged_at": now})
    ):
        deployment(sessions, registration_id, now, deployment_id=f"d{number}", **said)
    host(sessions, registration_id, now)
    return registration_id


def test_every_page_of_the_operator_is_well_made_and_well_said(operator: Browser, everything: UUID) -> None:
    one = f"/operator/platforms/{everything}"
    for path in ("/operator", one, f"{one}/off", "/operator/addresses", "/operator/connect"):
        answer = operator.get(path)
        assert answer.status_code == 200, path
        assert list(problems_of(answer.text.replace("&lt;School&gt;", "School"))) == [], path
    operator.act(f"{one}/off")
    assert list(problems_of(operator.get(one).text.replace("&lt;School&gt;", "School"))) == []


def test_an_installation_without_an_lms_says_how_to_begin(app: Flask, come_in: Callable[..., Browser]) -> None:
    read = Read(come_in(operator=True).get("/operator").text)
    assert "/operator/addresses" in read.links
    assert "/operator/connect" in read.links


def test_what_waits_stands_first_and_schools_with_one_issuer_can_be_told_apart(
    operator: Browser, everything: UUID
) -> None:
    page = operator.get("/operator").text
    read = Read(page)
    assert read.headings[:3] == ["Platforms", "Waiting for you", "New"]
    assert "North <School>" in read.text
    assert "North &lt;School&gt;" in page
    assert read.before("scores.school.example", "People come in from these already")


def test_a_deployment_is_accepted_with_one_click_and_nobody_waits_then(
    operator: Browser, sessions: sessionmaker[Session], registration_id: UUID, now: datetime
) -> None:
    deployment_id = deployment(sessions, registration_id, now)
    answer = operator.act(f"/operator/deployments/{deployment_id}/accept")
    assert answer.status_code == 303
    read = Read(operator.get(answer.location).text)
    assert "Accepted." in read.text
    assert "Waiting for you" not in read.headings
    with sessions() as session:
        assert session.get_one(DeploymentRow, deployment_id).state is DeploymentState.ACTIVE


def test_a_deployment_that_is_not_ours_can_still_be_accepted_on_its_connection(
    operator: Browser, sessions: sessionmaker[Session], registration_id: UUID, now: datetime
) -> None:
    deployment_id = deployment(sessions, registration_id, now)
    operator.act(f"/operator/deployments/{deployment_id}/refuse")
    assert "Waiting for you" not in Read(operator.get("/operator").text).headings
    page = operator.get(f"/operator/platforms/{registration_id}").text
    assert f"/operator/deployments/{deployment_id}/accept" in page
    assert f"/operator/deployments/{deployment_id}/refuse" not in page


def test_a_deployment_that_came_in_by_itself_is_new_until_it_is_known(
    operator: Browser, sessions: sessionmaker[Session], registration_id: UUID, now: datetime
) -> None:
    deployment_id = deployment(sessions, registration_id, now, state=DeploymentState.ACTIVE)
    assert "New" in Read(operator.get("/operator").text).headings
    operator.act(f"/operator/deployments/{deployment_id}/acknowledge")
    assert "New" not in Read(operator.get("/operator").text).headings


def test_a_host_is_accepted_with_one_click(
    operator: Browser, sessions: sessionmaker[Session], registration_id: UUID, now: datetime
) -> None:
    host_id = host(sessions, registration_id, now)
    operator.act(f"/operator/hosts/{host_id}/accept")
    with sessions() as session:
        assert session.get_one(ServiceHostRow, host_id).state is HostState.ACCEPTED


def test_lti_l19_a_connection_that_is_switched_off_lets_nobody_in_and_says_who_can_change_it(
    operator: Browser, app: Flask, registration_id: UUID, clock: Clock
) -> None:
    answer = operator.act(f"/operator/platforms/{registration_id}/off")
    assert answer.status_code == 303
    assert "switched off" in Read(operator.get(answer.location).text).text
    params = {"iss": LMS, "client_id": "client-1", "login_hint": "9", "target_link_uri": f"{LMS}/x"}
    browser = app.test_client()
    told = browser.post("/lti/login", data=params | {"target_link_uri": "https://attune.school.example/lti/launch"})
    assert told.status_code == 403
    assert "Attune&#39;s operator can switch it on again" in told.text
    assert operator.act(f"/operator/platforms/{registration_id}/on").status_code == 303
    app.extensions["attune"].known_platforms._known.clear()  # ten seconds later
    assert StubLms(StubHttp(), clock()).begin(app.test_client())  # type: ignore[arg-type]  # the app makes `Browser`s


def test_switching_off_is_asked_once_and_says_what_becomes_of_everything(
    operator: Browser, registration_id: UUID, sessions: sessionmaker[Session]
) -> None:
    read = Read(operator.get(f"/operator/platforms/{registration_id}/off").text)
    assert "Within ten seconds" in read.text
    assert "Scores wait" in read.text
    with sessions() as session:
        assert session.get_one(RegistrationRow, registration_id).active


def test_a_connection_that_is_ended_lets_nobody_in_and_says_since_when_and_where_the_records_are(
    operator: Browser, app: Flask, registration_id: UUID, clock: Clock
) -> None:
    asked = operator.get(f"/operator/platforms/{registration_id}/end").text
    assert list(problems_of(asked)) == []
    assert "Of them without another way in" in Read(asked).text
    answer = operator.act(f"/operator/platforms/{registration_id}/end")
    assert answer.status_code == 303
    assert "This connection was ended on" in Read(operator.get(answer.location).text).text
    params = {"iss": LMS, "client_id": "client-1", "login_hint": "9"}
    there = {"target_link_uri": "https://attune.school.example/lti/launch"}
    told = app.test_client().post("/lti/login", data=params | there)
    assert told.status_code == 403
    assert "was ended on" in told.text
    assert "a link of your own" in told.text
    assert "Nothing was deleted" in told.text
    assert operator.act(f"/operator/platforms/{registration_id}/on").status_code == 303
    app.extensions["attune"].known_platforms._known.clear()  # ten seconds later
    assert StubLms(StubHttp(), clock()).begin(app.test_client())  # type: ignore[arg-type]  # the app makes `Browser`s


def test_a_registration_address_is_shown_and_works_for_one_lms(
    operator: Browser, sessions: sessionmaker[Session], organization_id: UUID, now: datetime
) -> None:
    answer = operator.act("/operator/addresses", issuer=LMS)
    assert answer.status_code == 303
    page = operator.get(answer.location)
    assert list(problems_of(page.text)) == []
    secret = answer.location.rpartition("/")[2]
    assert f"https://attune.school.example/lti/register/{secret}" in page.text
    assert f"https://attune.school.example/lti/connect/{secret}" in page.text
    with sessions() as session:
        offered = registration_addresses.offered_by(session, secret, now)
        assert offered is not None
        assert (offered.organization_id, offered.issuer, offered.uses_left) == (organization_id, LMS, 1)
        rows = session.scalars(select(RegistrationInvitationRow.token_digest)).all()
        assert rows == [digest_of(secret)]
        assert not [place for place in session.scalars(select(ActRow.location)) if secret in place]


@pytest.mark.parametrize("issuer", ["moodle.school.example", "http://moodle.school.example", "javascript:alert(1)"])
def test_an_issuer_that_is_no_address_is_said_and_stays_in_the_field(operator: Browser, issuer: str) -> None:
    answer = operator.act("/operator/addresses", issuer=issuer)
    assert answer.status_code == 422
    assert f'value="{issuer}"' in answer.text
    assert "It can also stay empty" in answer.text


def test_an_address_of_another_organization_is_not_shown(
    operator: Browser, sessions: sessionmaker[Session], now: datetime
) -> None:
    with sessions.begin() as session:
        other = organizations.organization_named(session, "Another school", now)
        secret = registration_addresses.hand_out(session, other, uses=1, now=now)
    assert operator.get(f"/operator/addresses/{secret}").status_code == 404


def test_the_connection_of_another_organization_is_not_here(
    operator: Browser, sessions: sessionmaker[Session], now: datetime
) -> None:
    platform = platforms.NewPlatform(
        name="Other", family="canvas", issuer=LMS, client_id="client-9", auth_url=f"{LMS}/auth",
        token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks",
    )  # fmt: skip
    with sessions.begin() as session:
        other = organizations.organization_named(session, "Another school", now)
        registration_id = platforms.add(session, other, platform, now)
    one = f"/operator/platforms/{registration_id}"
    assert "client-9" not in operator.get("/operator").text
    assert [operator.get(path).status_code for path in (one, f"{one}/off")] == [404, 404]
    assert [operator.act(path).status_code for path in (f"{one}/on", f"{one}/off")] == [404, 404]
    with sessions() as session:
        assert session.get_one(RegistrationRow, registration_id).active


def test_the_operators_pages_ask_as_often_for_many_connections_as_for_few(
    app: Flask, operator: Browser, everything: UUID, sessions: sessionmaker[Session], now: datetime
) -> None:
    engine = app.extensions["attune"].sessions.engine

    def asked(path: str) -> int:
        with counted(engine) as said:
            assert operator.get(path).status_code == 200
        return len(said)

    paths = ("/operator", f"/operator/platforms/{everything}", f"/operator/platforms/{everything}/test")
    few = [asked(path) for path in paths]
    with sessions.begin() as session:
        owner = session.get_one(RegistrationRow, everything).organization_id
        for number in range(12):
            platform = platforms.NewPlatform(
                name=f"LMS {number}", family="canvas", issuer=LMS, client_id=f"more-{number}", auth_url=f"{LMS}/auth",
                token_url=f"{LMS}/token", jwks_url=f"{LMS}/jwks", deployment_ids=(f"{number}:a", f"{number}:b"),
                service_hosts=(f"{number}.example",),
            )  # fmt: skip
            platforms.add(session, owner, platform, now)
    assert [asked(path) for path in paths] == few
    assert max(few) < 12
