"""Sessions that live in one tab, several tabs of one browser, and several people at it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.app import create_app
from lti_tool.lti import claims
from lti_tool.services.entering import visitors
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from rubrics.sign_off import Assurance
from tests.conftest import Clock
from tests.databases import SECRET
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.conftest import LMS, Browser, hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

HOST = "attune.school.example"


@pytest.fixture
def open_tab(
    sessions: sessionmaker[Session], organization_id: UUID, registration_id: UUID, clock: Clock
) -> Callable[..., str]:
    """Signs someone in in one tab; the answer is the tab's secret."""

    def open_tab(name: str = "Sam") -> str:
        person = PersonRow(id=new_id(), organization_id=organization_id, name=name, created_at=clock())
        with sessions.begin() as session:
            session.add(person)
            session.flush()
            return visitors.open_session(
                session,
                organization_id=organization_id,
                person_id=person.id,
                assurance=Assurance.LAUNCH,
                registration_id=registration_id,
                return_url=f"{LMS}/course/1",
                in_tab=True,
                now=clock(),
            )

    return open_tab


def tab(secret: str) -> dict[str, str]:
    return {"Attune-Tab": secret}


def token_in(browser: Browser, headers: dict[str, str]) -> str:
    """The CSRF token of a page that answers a request with these headers."""
    app = browser.application
    with app.test_request_context("/", headers=headers, base_url=f"https://{HOST}"):
        app.preprocess_request()
        return str(app.jinja_env.globals["csrf_token"]())


# ---- a session of one tab ----


def test_a_tabs_secret_opens_pages_from_its_header(browser: Browser, open_tab: Callable[..., str]) -> None:
    assert browser.get("/waiting", headers=tab(open_tab())).status_code == 200


def test_a_tabs_secret_is_worth_nothing_anywhere_else(browser: Browser, open_tab: Callable[..., str]) -> None:
    secret = open_tab()
    browser.set_cookie("__Host-attune", secret, domain=HOST, secure=True)
    assert browser.get("/waiting").status_code == 401
    for name in ("Attune-Tab", "attune-tab", "tab", "session", "token"):
        assert browser.get(f"/waiting?{name}={secret}").status_code == 401
    assert browser.get("/waiting", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_cookies_secret_is_worth_nothing_in_the_header(come_in: Callable[..., Browser], app: Flask) -> None:
    cookie = come_in().get_cookie("__Host-attune", domain=HOST)
    assert cookie is not None
    assert app.test_client().get("/waiting", headers=tab(cookie.value)).status_code == 401


def test_a_tab_whose_session_has_ended_does_not_fall_back_on_a_cookie(come_in: Callable[..., Browser]) -> None:
    browser = come_in("Jo")
    assert browser.get("/waiting").status_code == 200
    for secret in ("ended-long-ago", "", "x" * 300):
        assert browser.get("/waiting", headers=tab(secret)).status_code == 401


def test_a_tabs_page_is_a_page_in_a_frame_and_leaves_no_cookie(browser: Browser, open_tab: Callable[..., str]) -> None:
    answer = browser.get("/waiting", headers=tab(open_tab()))
    assert 'class="framed"' in answer.text
    assert f'data-platform="{LMS}"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert f"frame-ancestors 'self' {LMS}" in answer.headers["Content-Security-Policy"]


def test_no_page_holds_the_tabs_secret(browser: Browser, open_tab: Callable[..., str]) -> None:
    secret = open_tab()
    for path in ("/waiting", "/support", "/nowhere"):
        assert secret not in browser.get(path, headers=tab(secret)).text


def test_a_form_of_a_tab_is_taken_from_that_tab_only(browser: Browser, open_tab: Callable[..., str]) -> None:
    mine, other = open_tab("Sam"), open_tab("Sam")
    form = {"csrf_token": token_in(browser, tab(mine))}
    assert browser.post("/sign-out", data=form, headers=tab(other)).status_code == 400
    assert browser.post("/sign-out", headers=tab(mine)).status_code == 400
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert browser.post("/sign-out", data=form, headers=tab(mine) | headers).status_code == 400
    assert browser.post("/sign-out", data=form, headers=tab(mine)).status_code == 303


def test_signing_out_ends_the_tabs_session(browser: Browser, open_tab: Callable[..., str]) -> None:
    secret = open_tab()
    browser.post("/sign-out", data={"csrf_token": token_in(browser, tab(secret))}, headers=tab(secret))
    assert browser.get("/waiting", headers=tab(secret)).status_code == 401


def test_a_tabs_session_runs_out_after_twelve_hours(
    browser: Browser, open_tab: Callable[..., str], clock: Clock
) -> None:
    secret = open_tab()
    clock.advance(hours=11, minutes=59)
    assert browser.get("/waiting", headers=tab(secret)).status_code == 200
    clock.advance(minutes=1)
    assert browser.get("/waiting", headers=tab(secret)).status_code == 401


def test_a_whole_form_is_worked_through_in_a_tab(course: Course) -> None:
    secret = course.world.enter("sam", TRAINEE, in_tab=True).token
    course.kept()
    browser = course.app.test_client(use_cookies=False)
    page = browser.get(f"{course.home}/ask", headers=tab(secret))
    assert page.status_code == 200
    observer = str(course.world.visitor("jo").person_id)
    fields = hidden(page.text) | {"observer": observer, "mode": "live", "recorded": "no"}
    answer = browser.post(f"{course.home}/ask", data=fields, headers=tab(secret))
    assert answer.status_code == 303
    assert "on its way" in browser.get(answer.location, headers=tab(secret)).text


# ---- several people ----


def test_what_someone_typed_is_not_sent_in_another_persons_name(come_in: Callable[..., Browser]) -> None:
    browser = come_in("Sam")
    old = browser.token()
    come_in("Jo", client=browser)
    words = "A long thought about today."
    answer = browser.post("/sign-out", data={"csrf_token": old, "words": words})
    assert answer.status_code == 400
    page = Read(answer.text)
    assert page.headings[0] == "Someone else is here now"
    assert words in page.text
    assert "/waiting" in page.links
    assert browser.get("/waiting").status_code == 200


def test_autosave_of_an_old_tab_hears_the_same(come_in: Callable[..., Browser]) -> None:
    browser = come_in("Sam")
    old = browser.token()
    come_in("Jo", client=browser)
    answer = browser.post(f"/o/{new_id()}/save", json={}, headers={"X-CSRFToken": old})
    assert answer.get_json()["code"] == "someone_else"


def test_a_form_of_another_browser_is_only_too_old(come_in: Callable[..., Browser]) -> None:
    one, other = come_in("Sam"), come_in("Jo")
    other.token()
    answer = other.post("/sign-out", data={"csrf_token": one.token()})
    assert "Please send this once more" in answer.text


@pytest.mark.parametrize("sent", ["", "x", "ü", "a.b.c", "WyJhIl0.aaaa.bbbb"])
def test_a_token_that_is_none_says_nothing_of_people(come_in: Callable[..., Browser], sent: str) -> None:
    answer = come_in().post("/sign-out", data={"csrf_token": sent})
    assert answer.status_code == 400
    assert "Please send this once more" in answer.text


def test_a_form_that_was_nobodys_is_not_called_someone_elses(browser: Browser, come_in: Callable[..., Browser]) -> None:
    mark = "m" * 43
    nobodys = token_in(browser, {"Cookie": f"__Host-attune-browser={mark}"})
    browser.set_cookie("__Host-attune-browser", mark, domain=HOST, secure=True)
    answer = come_in("Sam", client=browser).post("/sign-out", data={"csrf_token": nobodys})
    assert "Please send this once more" in answer.text


def mark_in(page: str) -> str:
    return page.split('data-mark="')[1].split('"')[0]


def test_an_open_page_can_ask_whether_it_is_still_the_same_person(come_in: Callable[..., Browser]) -> None:
    browser = come_in("Sam")
    mark = mark_in(browser.get("/waiting").text)
    assert browser.get(f"/session/still?mark={mark}").get_json() == {"still": True}
    come_in("Jo", client=browser)
    assert browser.get(f"/session/still?mark={mark}").get_json() == {"still": False}
    assert mark_in(browser.get("/waiting").text) != mark


def test_a_mark_names_nobody_and_a_new_launch_of_the_same_person_keeps_it(course: Course) -> None:
    browser = course.browser("sam")
    mark = mark_in(browser.get(course.home).text)
    assert len(mark) == 32
    browser.set_cookie("__Host-attune", course.token("sam"), domain=HOST, secure=True)
    assert mark_in(browser.get(course.home).text) == mark


def test_a_change_of_keys_makes_nobody_someone_else(
    app: Flask, settings: Settings, clock: Clock, come_in: Callable[..., Browser]
) -> None:
    browser = come_in("Sam")
    mark = mark_in(browser.get("/waiting").text)
    session = browser.get_cookie("__Host-attune", domain=HOST)
    assert session is not None
    renewed = create_app(
        replace(settings, secret_keys=("a-newer-secret-key-for-tests-0123456789-0123", SECRET)), clock=clock
    )
    later = Browser(renewed)
    later.set_cookie("__Host-attune", session.value, domain=HOST, secure=True)
    assert later.get(f"/session/still?mark={mark}").get_json() == {"still": True}
    renewed.extensions["attune"].sessions.engine.dispose()


@pytest.mark.parametrize("mark", ["", "x", "ü", "0" * 32])
def test_a_mark_that_is_none_is_nobodys(come_in: Callable[..., Browser], mark: str) -> None:
    assert come_in().get("/session/still", query_string={"mark": mark}).get_json() == {"still": False}


def test_a_page_of_a_cookie_looks_out_for_other_people_and_one_of_a_tab_needs_not(
    come_in: Callable[..., Browser], app: Flask, open_tab: Callable[..., str]
) -> None:
    by_cookie = come_in().get("/waiting").text
    assert "still.js" in by_cookie
    assert "Someone else is here now" in by_cookie
    in_tab = app.test_client().get("/waiting", headers=tab(open_tab()), base_url=f"https://{HOST}").text
    assert "still.js" not in in_tab
    assert "Someone else is here now" not in in_tab


# ---- several courses ----


def test_the_way_back_leads_to_the_course_of_the_page_whatever_was_opened_since(course: Course) -> None:
    browser = course.app.test_client()
    first = course.world.enter("sam", TRAINEE, return_url=f"{LMS}/course/first")
    second = course.world.enter(
        "sam", TRAINEE, context=claims.Course("course-2", "Elsewhere", None), return_url=f"{LMS}/course/second"
    )
    course.kept()
    browser.set_cookie("__Host-attune", second.token, domain=HOST, secure=True)
    assert first.course_id != second.course_id
    assert f"{LMS}/course/first" in Read(browser.get(course.home).text).links
    assert f"{LMS}/course/first" in Read(browser.get(f"/o/{course.asked()}").text).links
    assert f"{LMS}/course/second" in Read(browser.get("/waiting").text).links
