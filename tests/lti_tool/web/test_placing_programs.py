"""An instructor adds a program's progress or hours in the LMS's picker, and everybody finds their way from its link."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from grading.scores import ProgramColumnShows
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.programs import EnrollmentRow, PlacedProgramRow, ProgramRow, ProgramVersionRow
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.services.path_rows import SMALL
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.picking import items, opened
from tests.lti_tool.web.stub_lms import CLAIM, StubHttp, StubLms


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


@pytest.fixture
def program_id(registration_id: UUID, sessions: sessionmaker[Session], now: datetime) -> UUID:
    with sessions.begin() as session:
        organization_id = session.scalars(select(OrganizationRow.id)).one()
        id_ = new_id()
        session.add(ProgramRow(id=id_, organization_id=organization_id, key="small", name="Peer support", made_at=now))
        session.flush()
        session.add(
            ProgramVersionRow(
                id=new_id(), organization_id=organization_id, program_id=id_, number=1, edition="1", text=SMALL,
                digest=hashlib.sha256(SMALL.encode()).hexdigest(), published_at=now,
            )
        )  # fmt: skip
        return id_


def chosen(browser: Browser, lms: StubLms, column: str) -> str:
    """Where the link leads that was added."""
    at = opened(browser, lms)
    browser.act(f"{at}/program", title="My hours", column=column)
    (item,) = items(browser, at)
    assert item["custom"]["attune_program"] in item["url"]
    return str(item["custom"]["attune_program"])


def of_link(placed: str) -> dict[str, object]:
    """The claims of a launch from the link that was added."""
    return {
        f"{CLAIM}resource_link": {"id": "link-of-program", "title": "My hours"},
        f"{CLAIM}custom": {"attune_program": placed},
    }


def test_without_a_program_in_use_the_page_says_who_can_help(browser: Browser, lms: StubLms) -> None:
    page = browser.get(f"{opened(browser, lms)}/program")
    assert "No program is in use yet." in page.text


def test_a_programs_hours_are_added_with_a_column_of_their_own(
    browser: Browser, lms: StubLms, program_id: UUID
) -> None:
    at = opened(browser, lms)
    page = Read(browser.get(f"{at}/program").text)
    assert "Peer support: progress" in page.text
    browser.act(f"{at}/program", title="My hours", column=f"{program_id}:practice")
    (item,) = items(browser, at)
    assert item["lineItem"]["scoreMaximum"] == 100
    assert item["lineItem"]["resourceId"] == item["custom"]["attune_program"]


@pytest.mark.parametrize(("title", "column"), [("", "practice"), ("My hours", "nothing"), ("My hours", None)])
def test_what_is_still_needed_is_said_and_what_was_typed_stays(
    browser: Browser, lms: StubLms, program_id: UUID, title: str, column: str | None
) -> None:
    at = opened(browser, lms)
    answer = browser.act(f"{at}/program", title=title, column=f"{program_id}:{column}" if column else "")
    assert answer.status_code == 422
    assert "still needed" in answer.text
    assert not title or f'value="{title}"' in answer.text


def test_a_trainee_who_is_not_enrolled_reads_what_they_can_do(
    app: Flask, browser: Browser, lms: StubLms, program_id: UUID
) -> None:
    placed = chosen(browser, lms, f"{program_id}:practice")
    trainee: Browser = app.test_client()
    answer = lms.launch(trainee, sub="trainee-1", **of_link(placed))
    assert answer.location == f"/p/{placed}"
    assert "You are not enrolled" in trainee.get(answer.location).text


def test_a_trainee_who_is_enrolled_comes_to_their_path(
    app: Flask, browser: Browser, lms: StubLms, program_id: UUID, sessions: sessionmaker[Session], now: datetime
) -> None:
    placed = chosen(browser, lms, f"{program_id}:")
    trainee: Browser = app.test_client()
    lms.launch(trainee, sub="trainee-1", **of_link(placed))
    with sessions.begin() as session:
        trainee_id, organization_id = session.execute(
            select(LmsAccountRow.person_id, LmsAccountRow.organization_id).where(LmsAccountRow.sub == "trainee-1")
        ).one()
        version_id, enrollment_id = session.scalars(select(ProgramVersionRow.id)).one(), new_id()
        session.add(
            EnrollmentRow(
                id=enrollment_id, organization_id=organization_id, program_id=program_id, person_id=trainee_id,
                version_id=version_id, entered_on=now.date(), enrolled_at=now,
            )
        )  # fmt: skip
    assert trainee.get(f"/p/{placed}").location == f"/path/{enrollment_id}"


def test_an_instructor_reads_what_the_column_shows_and_of_whom(
    browser: Browser, lms: StubLms, program_id: UUID, sessions: sessionmaker[Session]
) -> None:
    placed = chosen(browser, lms, f"{program_id}:practice")
    page = browser.get(f"/p/{placed}")
    assert "10 hours of practice" in page.text
    assert "offers no gradebook column" in page.text
    with sessions() as session:
        assert session.scalars(select(PlacedProgramRow.title)).one() == "My hours"


def test_an_instructor_looks_at_each_cell_before_the_column_shows_something_else(
    browser: Browser, lms: StubLms, program_id: UUID, sessions: sessionmaker[Session]
) -> None:
    placed = chosen(browser, lms, f"{program_id}:practice")
    page = browser.get(f"/p/{placed}/choice").text
    assert f'value="{program_id}:practice" checked' in " ".join(page.split())
    looked_at = browser.get(f"/p/{placed}/preview", query_string={"column": f"{program_id}:"}).text
    assert "Switch it on" in looked_at
    assert "Nobody of this course is enrolled in the program yet." in looked_at
    assert browser.get(f"/p/{placed}/preview", query_string={"column": "odd"}).location == f"/p/{placed}/choice"
    answer = browser.act(f"/p/{placed}/choose", column=f"{program_id}:")
    assert answer.location == f"/p/{placed}?said=column_chosen"
    with sessions() as session:
        assert session.scalars(select(PlacedProgramRow.shows)).one() is ProgramColumnShows.PROGRESS
    assert "how many requirements" in browser.get(f"/p/{placed}").text


def test_an_instructor_looks_at_each_cell_before_the_program_is_added(
    browser: Browser, lms: StubLms, program_id: UUID, sessions: sessionmaker[Session]
) -> None:
    at = opened(browser, lms)
    column = f"{program_id}:practice"
    looked = browser.act(f"{at}/program", title="My hours", column=column, look="1")
    assert looked.location is not None
    assert looked.location.startswith(f"{at}/program/cells?")
    page = browser.get(looked.location).text
    assert "Nobody of this course is enrolled in the program yet." in page
    with sessions() as session:
        assert session.scalars(select(PlacedProgramRow.id)).first() is None, "looking makes nothing"
    back = browser.get(f"{at}/program", query_string={"title": "My hours", "column": column}).text
    assert 'value="My hours"' in back
    assert f'value="{column}" checked' in " ".join(back.split())
    browser.act(f"{at}/program", title="My hours", column=column)
    assert len(items(browser, at)) == 1


def test_looking_without_a_column_leads_back_to_the_form(browser: Browser, lms: StubLms, program_id: UUID) -> None:
    at = opened(browser, lms)
    assert browser.get(f"{at}/program/cells").location == f"{at}/program"
    assert browser.get(f"{at}/program/cells", query_string={"title": "x", "column": "odd"}).location == f"{at}/program"


def test_somebody_who_neither_instructs_nor_trains_is_led_to_what_waits_for_them(
    app: Flask, browser: Browser, lms: StubLms, program_id: UUID
) -> None:
    placed = chosen(browser, lms, f"{program_id}:practice")
    helper: Browser = app.test_client()
    assistant = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"
    lms.launch(helper, sub="helper-1", **(of_link(placed) | {f"{CLAIM}roles": [assistant]}))
    assert helper.get(f"/p/{placed}").location == "/waiting"


def test_an_instructor_sends_the_column_again_and_compares_it(browser: Browser, lms: StubLms, program_id: UUID) -> None:
    placed = chosen(browser, lms, f"{program_id}:practice")
    ags = {
        "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                  "https://purl.imsglobal.org/spec/lti-ags/scope/score",
                  "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"],
        "lineitem": f"{LMS}/items/9", "lineitems": f"{LMS}/items",
    }  # fmt: skip
    endpoint = {"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": ags}
    lms.launch(browser, "Instructor", **(of_link(placed) | endpoint))
    assert "offers no gradebook column" not in browser.get(f"/p/{placed}").text
    assert browser.get(f"/p/{placed}/progress").status_code == 200
    sent = browser.act(f"/p/{placed}/resend")
    assert (sent.status_code, sent.location) == (303, f"/p/{placed}?said=sent_again")
    compared = browser.act(f"/p/{placed}/compare")
    assert (compared.status_code, compared.location) == (303, f"/p/{placed}?said=compared_now")
