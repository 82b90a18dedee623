"""Sessions: made anew each time, seen and ended by their person, ended by the operator."""

import ast
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.cli import attune
from lti_tool.services import audit
from lti_tool.services.entering import signed_in
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.notifying.contact import address_digest
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow, SessionRow
from lti_tool.store.records import AuditEntryRow
from rubrics.sign_off import Assurance
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.databases import SECRET
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.stub_lms import StubHttp, StubLms
from tests.project import ROOT
from tests.security.forms import forms_of

EACH_DATABASE = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
PLANTED = "a-value-that-an-attacker-chose-0123456789"


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


def cookie(browser: Browser, name: str = "__Host-attune") -> str:
    found = browser.get_cookie(name, domain=HOST)
    return found.value if found else ""


def test_sec_02_a_cookie_that_somebody_planted_is_never_taken_over(browser: Browser, app: Flask, lms: StubLms) -> None:
    browser.set_cookie("__Host-attune", PLANTED, domain=HOST, secure=True)
    answer = lms.launch(browser)
    assert answer.status_code == 303
    mine = cookie(browser)
    assert len(mine) >= 43
    assert mine != PLANTED
    (head,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-attune="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"} <= set(head.split("; "))
    attacker = app.test_client()
    attacker.set_cookie("__Host-attune", PLANTED, domain=HOST, secure=True)
    assert attacker.get("/waiting").status_code == 401


def another(app: Flask, course: Course, who: str) -> Browser:
    """The same person at another browser."""
    browser = app.test_client()
    browser.set_cookie("__Host-attune", course.token(who), domain=HOST, secure=True)
    return browser


def ended_by(browser: Browser, nth: int = 0) -> dict[str, str]:
    """The form that signs out in one other place."""
    found = [form for form in forms_of(browser.get("/signed-in").text) if form.action == "/signed-in/end"]
    return found[nth].fields


def test_a_person_sees_where_they_are_signed_in_and_ends_one_of_them(app: Flask, course: Course) -> None:
    here, there = course.browser("sam"), another(app, course, "sam")
    page = Read(here.get("/signed-in").text)
    assert page.text.count("Opened from LMS") >= 2
    assert page.text.count("this one") == 1
    assert page.before("this one", "Sign out there")
    answer = here.post("/signed-in/end", data=ended_by(here))
    assert answer.status_code == 303
    assert "You are signed out there." in here.get(answer.location).text
    while "Sign out there" in here.get("/signed-in").text:
        here.post("/signed-in/end", data=ended_by(here))
    assert there.get("/waiting").status_code == 401
    assert here.get("/waiting").status_code == 200


def test_a_session_that_was_ended_elsewhere_opens_nothing_from_the_next_request_on(app: Flask, course: Course) -> None:
    here, there = course.browser("sam"), another(app, course, "sam")
    asked = there.get(f"{course.home}/ask").text
    here.act("/signed-in/end-others")
    assert there.get(course.home).status_code == 401
    for form in forms_of(asked):
        assert there.post(form.action, data=form.filled_in("Words")).status_code in (400, 401)


@EACH_DATABASE
def test_all_other_sessions_are_ended_with_one_press_and_this_one_stays(app: Flask, course: Course) -> None:
    here, others = course.browser("sam"), [another(app, course, "sam") for _ in range(3)]
    noor = course.browser("noor")
    answer = here.act("/signed-in/end-others")
    assert "You are signed in here only." in here.get(answer.location).text
    assert "You are signed in nowhere else." in here.get("/signed-in").text
    assert [one.get("/waiting").status_code for one in (*others, here, noor)] == [401, 401, 401, 200, 200]
    course.kept()
    told = course.world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "session.end_elsewhere")).all()
    assert [row.person_id for row in told] == [course.world.visitor("sam").person_id]
    assert told[0].facts["ended"] >= 3


def test_what_has_ended_meanwhile_is_said_to_be_ended_and_is_noted_once(app: Flask, course: Course) -> None:
    here = course.browser("sam")
    another(app, course, "sam")
    first, second = ended_by(here), ended_by(here)
    assert first["act"] != second["act"]
    for form in (first, second):
        answer = here.post("/signed-in/end", data=form)
        assert answer.status_code == 303
        assert "You are signed out there." in here.get(answer.location).text
    course.kept()
    told = select(AuditEntryRow).where(AuditEntryRow.act == "session.end_elsewhere")
    assert [row.facts["ended"] for row in course.world.session.scalars(told)] == [1]


def test_nobody_sees_or_ends_a_session_of_somebody_else(app: Flask, course: Course) -> None:
    sam, noor = course.browser("sam"), course.browser("noor")
    another(app, course, "sam")
    of_sam = ended_by(sam)["where"]
    assert of_sam not in noor.get("/signed-in").text
    assert noor.act("/signed-in/end", where=of_sam).status_code == 404
    for odd in ("", "0" * 32, "x" * 5000):
        assert sam.act("/signed-in/end", key=f"a-key-of-one-form-{len(odd)}", where=odd).status_code == 404
    noor.act("/signed-in/end-others")
    assert sam.get("/waiting").status_code == 200


def test_this_session_is_ended_by_signing_out_only(course: Course) -> None:
    sam = course.browser("sam")
    with course.app.extensions["attune"].sessions.reading() as session:
        visitor = who_is_it(session, cookie(sam), course.world.now)
        assert visitor is not None
        here = signed_in.everywhere(session, visitor, course.world.now)[0]
    assert here.here
    assert sam.act("/signed-in/end", where=here.mark).status_code == 404
    page = sam.get("/signed-in").text
    assert here.mark not in page
    assert cookie(sam) not in page


def test_what_has_ended_by_itself_is_not_shown(app: Flask, course: Course, clock: Clock) -> None:
    another(app, course, "sam")
    clock.advance(hours=11)
    course.world.now = clock()
    late = another(app, course, "sam")
    clock.advance(hours=2)
    assert "You are signed in nowhere else." in late.get("/signed-in").text


def test_asvs_7_4_4_every_page_of_somebody_who_is_signed_in_offers_signing_out(course: Course) -> None:
    sam = course.browser("sam")
    for path in ("/waiting", "/contact", "/opened", "/support", course.home, f"{course.home}/ask", "/messages"):
        assert 'action="/sign-out"' in sam.get(path).text, path
    framed = sam.get("/contact", headers={"Sec-Fetch-Dest": "iframe"}).text
    assert 'href="/signed-in"' in framed
    assert 'action="/sign-out"' in sam.get("/signed-in", headers={"Sec-Fetch-Dest": "iframe"}).text


def test_asvs_6_3_4_sessions_are_opened_at_the_three_doors_and_nowhere_else() -> None:
    """A launch, a launch that is finished in a tab, and a link with its code. What measures speed is no door."""
    opened = set()
    for path in (ROOT / "lti_tool").rglob("*.py"):
        name = path.relative_to(ROOT / "lti_tool").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node, "func", None)
            if isinstance(node, ast.Call) and getattr(called, "attr", getattr(called, "id", "")) in (
                "open_session", "enter_with_code", "let_in",
            ):  # fmt: skip
                opened.add(name)
    assert {name for name in opened if not name.startswith("cli/bench")} == {
        "services/entering/enter.py", "services/entering/invitations.py",
        "web/entering/lti.py", "web/entering/without_cookies.py", "web/entering/sign_in.py",
    }  # fmt: skip


@pytest.fixture
def run(settings: Settings) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        environment = {
            "ATTUNE_DATABASE_URL": settings.database_url, "ATTUNE_PUBLIC_URL": settings.public_url,
            "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None,
        }  # fmt: skip
        return CliRunner().invoke(attune, ["people", "sign-out", *arguments], env=environment).output

    return run


def lasting(course: Course) -> None:
    """The command line has the machine's clock: let sessions last until then."""
    course.kept()
    course.world.session.execute(
        SessionRow.__table__.update().values(expires_at=datetime.now(course.world.now.tzinfo) + timedelta(hours=2))
    )
    course.kept()


@EACH_DATABASE
def test_asvs_7_4_5_the_operator_ends_the_sessions_of_one_person_or_of_everybody(
    course: Course, run: Callable[..., str]
) -> None:
    sam, noor, jo = (course.browser(who) for who in ("sam", "noor", "jo"))
    person = course.world.session.get_one(PersonRow, course.world.visitor("jo").person_id)
    person.email, person.email_digest = "jo@school.example", address_digest("jo@school.example", SECRET)
    lasting(course)
    assert "ended: " in run("--person", str(course.world.visitor("sam").person_id))
    assert [one.get("/waiting").status_code for one in (sam, noor, jo)] == [401, 200, 200]
    assert "ended: " in run("--email", "Jo@school.example")
    assert [one.get("/waiting").status_code for one in (noor, jo)] == [200, 401]
    assert "ended: " in run("--everybody")
    assert noor.get("/waiting").status_code == 401
    assert "Nobody here is known by that" in run("--email", "nobody@school.example")
    assert "Say whom" in run()
    course.kept()
    acts = course.world.session.scalars(
        select(AuditEntryRow.act).where(AuditEntryRow.act == "session.end_by_operator")
    ).all()
    assert len(acts) == 3
    assert all(isinstance(one, audit.Verified) for one in audit.verify(course.world.session))


def test_an_id_from_before_two_were_made_one_signs_out_whoever_they_are_now(
    course: Course, run: Callable[..., str]
) -> None:
    sam = course.browser("sam")
    world = course.world
    before = PersonRow(
        id=new_id(), organization_id=world.organization_id, name="Sam", created_at=world.now,
        merged_into=world.visitor("sam").person_id,
    )  # fmt: skip
    former = str(before.id)
    world.session.add(before)
    lasting(course)
    assert "ended: " in run("--person", former)
    assert sam.get("/waiting").status_code == 401


def test_a_way_in_without_an_lms_is_named_as_such(
    come_in: Callable[..., Browser], sessions: sessionmaker[Session]
) -> None:
    operator = come_in("Olu", operator=True)
    assert "link and a code" in operator.get("/signed-in").text.lower().replace("with a ", "")
    with sessions() as session:
        assert session.scalars(select(SessionRow.assurance)).one() is Assurance.LINK_WITH_CODE
