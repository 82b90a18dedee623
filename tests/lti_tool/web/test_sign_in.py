"""Coming in with a link and a code, and the operator's page behind it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.connecting import platforms
from lti_tool.services.entering import inviting
from lti_tool.services.entering.inviting import Invited
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.platforms import DeploymentRow, DeploymentState
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser, hidden


@pytest.fixture
def invited(sessions: sessionmaker[Session], organization_id: UUID, settings: Settings, now: datetime) -> Invited:
    with sessions.begin() as session:
        return inviting.invite_person(
            session, organization_id, name="Olu", email="olu@school.example", role="operator",
            secret_keys=settings.secret_keys, now=now,
        )  # fmt: skip


def type_code(browser: Browser, invited: Invited, code: str):
    address = f"/invitation/{invited.link_secret}"
    return browser.post(address, data=hidden(browser.get(address).text) | {"code": code})


def test_link_and_code_together_let_a_person_in(browser: Browser, invited: Invited) -> None:
    spaced = f"{invited.code[:4]} {invited.code[4:]}"
    answer = type_code(browser, invited, spaced)
    assert answer.status_code == 303
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "Platforms" in page.text


def test_coming_in_with_a_code_ends_the_session_that_this_browser_had(
    app: Flask, come_in: Callable[..., Browser], invited: Invited
) -> None:
    browser = come_in("Sam")
    before = browser.get_cookie("__Host-attune", domain="attune.school.example")
    assert before is not None
    assert type_code(browser, invited, "00000000" if invited.code != "00000000" else "11111111").status_code == 422
    assert browser.get("/waiting").status_code == 200
    assert type_code(browser, invited, invited.code).status_code == 303
    kept = app.test_client()
    kept.set_cookie("__Host-attune", before.value, domain="attune.school.example", secure=True)
    assert kept.get("/waiting").status_code == 401


def test_opening_the_link_spends_nothing(browser: Browser, invited: Invited) -> None:
    for _time in range(10):
        assert browser.get(f"/invitation/{invited.link_secret}").status_code == 200
    assert type_code(browser, invited, invited.code).status_code == 303


def test_a_code_that_does_not_fit_counts_and_five_close_the_link(browser: Browser, invited: Invited) -> None:
    wrong = "00000000" if invited.code != "00000000" else "11111111"
    for _time in range(4):
        answer = type_code(browser, invited, wrong)
        assert answer.status_code == 422
        assert "does not go with this link" in answer.text
    assert type_code(browser, invited, wrong).status_code == 404
    assert browser.get(f"/invitation/{invited.link_secret}").status_code == 404


def test_a_used_link_says_that_it_has_done_its_work(browser: Browser, invited: Invited) -> None:
    type_code(browser, invited, invited.code)
    answer = browser.get(f"/invitation/{invited.link_secret}")
    assert answer.status_code == 404
    assert "done its work" in answer.text


def test_another_site_cannot_sign_a_browser_in(browser: Browser, invited: Invited) -> None:
    address = f"/invitation/{invited.link_secret}"
    assert browser.post(address, data={"code": invited.code}).status_code == 400
    assert type_code(browser, invited, invited.code).status_code == 303


def test_the_operator_accepts_a_deployment_that_waits(
    come_in: Callable[..., Browser],
    sessions: sessionmaker[Session],
    organization_id: UUID,
    registration_id: UUID,
    clock: Clock,
) -> None:
    with sessions.begin() as session:
        row = DeploymentRow(
            id=new_id(), organization_id=organization_id, registration_id=registration_id,
            deployment_id="dep-77", state=DeploymentState.PENDING, created_at=clock(),
        )  # fmt: skip
        session.add(row)
    browser = come_in(operator=True)
    assert "dep-77" in browser.get("/operator").text
    answer = browser.act(f"/operator/deployments/{row.id}/accept")
    assert answer.status_code == 303
    assert "People can open Attune from there now" in browser.get(answer.location).text
    with sessions() as session:
        assert session.scalars(select(DeploymentRow.state)).all() == [DeploymentState.ACTIVE]


def test_the_operators_page_is_there_before_the_first_platform(come_in: Callable[..., Browser]) -> None:
    assert "No score has been sent yet" in come_in(operator=True).get("/operator").text


def test_platforms_of_another_organization_are_not_shown(
    come_in: Callable[..., Browser], sessions: sessionmaker[Session], clock: Clock
) -> None:
    from lti_tool.services.organizations import organization_named

    with sessions.begin() as session:
        other = organization_named(session, "Another school", clock())
        platform = platforms.NewPlatform(
            name="Hidden LMS", family="canvas", issuer="https://other.example", client_id="c",
            auth_url="https://other.example/a", token_url="https://other.example/t", jwks_url="https://other.example/j",
        )  # fmt: skip
        platforms.add(session, other, platform, clock())
    assert "Hidden LMS" not in come_in(operator=True).get("/operator").text


@pytest.mark.parametrize("role", ["program-lead", "reviewer"])
def test_who_writes_or_reviews_rubrics_lands_at_the_rubrics(
    browser: Browser,
    sessions: sessionmaker[Session],
    organization_id: UUID,
    settings: Settings,
    now: datetime,
    role: str,
) -> None:
    with sessions.begin() as session:
        invited = inviting.invite_person(
            session, organization_id, name="Lea", email="lea@school.example", role=role,
            secret_keys=settings.secret_keys, now=now,
        )  # fmt: skip
    assert type_code(browser, invited, invited.code).location == "/rubrics"
