"""Who asks without end is told to wait; others, also behind the same address, go on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.entering import external, external_links, invitations, inviting
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.people import InvitationRow, PersonRow
from lti_tool.web import current
from lti_tool.web.access import Entry
from lti_tool.web.limits import COSTLY, LIMITS, PEOPLE_OF_AN_LMS, TooOften, check_lms, count_lms
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser, hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.stub_lms import StubHttp, StubLms

EACH_DATABASE = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
FEW = 20
SCHOOL = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(make_settings: Callable[..., Settings], database_url: str, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    settings = make_settings(database_url=database_url, requests_a_minute=FEW, smtp_url="smtp://mail.school.example:25")
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


def test_sec_26_one_person_who_asks_without_end_is_told_to_wait_and_a_class_behind_one_address_goes_on(
    come_in: Callable[..., Browser],
) -> None:
    sam = come_in("Sam")
    answers = [sam.get("/waiting", environ_base=SCHOOL) for _ in range(FEW + 3)]
    assert [answer.status_code for answer in answers] == [200] * FEW + [429] * 3
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    assert "moment" in answers[-1].text or "minute" in answers[-1].text
    for name in (f"Trainee {number}" for number in range(FEW)):
        one = come_in(name)
        assert {one.get("/waiting", environ_base=SCHOOL).status_code for _ in range(FEW // 4)} == {200}


def test_sec_26_another_address_or_another_session_is_the_same_person(app: Flask, course: Course) -> None:
    first, second = course.browser("sam"), app.test_client()
    second.set_cookie("__Host-attune", course.token("sam"), domain="attune.school.example", secure=True)
    for number in range(FEW):
        one = (first, second)[number % 2]
        assert one.get("/waiting", environ_base={"REMOTE_ADDR": f"203.0.113.{number}"}).status_code == 200
    assert first.get("/waiting").status_code == 429
    assert second.get("/waiting").status_code == 429
    assert second.get("/support").status_code == 200  # for everybody, and never counted


def test_sec_26_each_lms_is_counted_by_itself(app: Flask) -> None:
    one, other = UUID(int=1), UUID(int=2)
    with app.test_request_context("/lti/launch", base_url="https://attune.school.example"):
        app.preprocess_request()
        for _time in range(FEW * PEOPLE_OF_AN_LMS):
            check_lms(one)
            count_lms(one)
        with pytest.raises(TooOften):
            check_lms(one)
        check_lms(other)
        assert current.settings().requests_a_minute == FEW


def test_sec_26_a_launch_that_one_person_posts_over_and_over_keeps_nobody_else_of_the_school_out(
    app: Flask, http: StubHttp, clock: Clock, registration_id: UUID
) -> None:
    lms, browser = StubLms(http, clock()), app.test_client()
    asked = lms.begin(browser)
    form = {"id_token": lms.token(asked["nonce"]), "state": asked["state"]}
    assert browser.post("/lti/launch", data=form).status_code == 303
    again = {browser.post("/lti/launch", data=form).status_code for _time in range(FEW * PEOPLE_OF_AN_LMS)}
    assert 303 not in again
    assert 429 not in again
    assert lms.launch(app.test_client(), sub="10").status_code == 303


def test_sec_26_whoever_has_to_wait_keeps_what_they_typed_and_nobody_reads_that_it_is_their_network(
    come_in: Callable[..., Browser],
) -> None:
    sam = come_in("Sam")
    for _time in range(FEW):
        sam.get("/waiting")
    answer = sam.post("/journal", data={"words": "Something long that nobody wants to type again."})
    assert answer.status_code == 429
    assert "Something long that nobody wants to type again." in answer.text
    assert "network" not in answer.text


def test_sec_26_codes_are_counted_in_the_database_also_from_many_addresses(
    app: Flask, sessions: sessionmaker[Session], organization_id: UUID, settings: Settings, clock: Clock
) -> None:
    with sessions.begin() as session:
        invited = inviting.invite_person(
            session, organization_id, name="Olu", email="olu@school.example", role="operator",
            secret_keys=settings.secret_keys, now=clock(),
        )  # fmt: skip
    address = f"/invitation/{invited.link_secret}"
    wrong = "00000000" if invited.code != "00000000" else "11111111"
    for number in range(5):
        for limiter in app.extensions["limiter"]:
            limiter.reset()  # as another process, or after a restart
        browser = app.test_client()
        elsewhere = {"REMOTE_ADDR": f"203.0.113.{number}"}
        form = hidden(browser.get(address, environ_base=elsewhere).text)
        browser.post(address, data=form | {"code": wrong}, environ_base=elsewhere)
    assert app.test_client().get(address).status_code == 404
    with sessions() as session:
        assert invitations.enter_with_code(session, invited.link_secret, invited.code, clock()) is None


def invited_by(course: Course, count: int, *, to_one: bool = False) -> None:
    """Ines has invited so many people today, or one person so often within the hour."""
    world = course.world
    ines = world.visitor("ines")
    person_id = new_id()
    for number in range(count):
        if number == 0 or not to_one:
            person_id = new_id()
            row = PersonRow(id=person_id, organization_id=world.organization_id, name="Olu", created_at=world.now)
            world.session.add(row)
            world.session.flush()
        world.session.add(
            InvitationRow(
                id=new_id(), organization_id=world.organization_id, person_id=person_id, link_digest=str(new_id()),
                code_digest="", attempts_left=0, created_at=world.now - timedelta(minutes=number % 50),
                expires_at=world.now + timedelta(days=60), reusable=True, course_id=None, invited_by=ines.person_id,
            )
        )  # fmt: skip
    course.kept()


def asked(course: Course, email: str) -> external.Asked:
    sam = course.world.visitor("sam").person_id
    return external.Asked("Olu", email, observes=True, lanes=frozenset({Lane.PEER}), trainees=frozenset({sam}))


def invite(course: Course, email: str) -> UUID:
    world = course.world
    ines = world.visitor("ines")
    person_id = external.invite(
        world.session, ines, world.place(ines), asked(course, email), secret_keys=("s" * 40,), now=world.now
    )
    return external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now)


@EACH_DATABASE
def test_sec_26_invitations_are_counted_in_the_database(course: Course) -> None:
    invited_by(course, external_links.PEOPLE_A_DAY)
    with pytest.raises(Refused, match="today"):
        invite(course, "one.more@school.example")
    course.world.session.rollback()
    course.world.session.execute(
        update(InvitationRow).values(created_at=course.world.now - timedelta(days=1, minutes=1))
    )
    invite(course, "one.more@school.example")


def test_sec_26_whoever_was_invited_before_is_given_another_link_on_any_day(course: Course) -> None:
    world = course.world
    ines = world.visitor("ines")
    person_id = external.invite(
        world.session, ines, world.place(ines), asked(course, "a@school.example"), secret_keys=("s" * 40,),
        now=world.now,
    )  # fmt: skip
    external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now - timedelta(days=3))
    invited_by(course, external_links.PEOPLE_A_DAY)
    external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now)


def test_sec_26_nobody_is_sent_one_link_after_the_other(course: Course) -> None:
    world = course.world
    ines = world.visitor("ines")
    person_id = external.invite(
        world.session, ines, world.place(ines), asked(course, "a@school.example"), secret_keys=("s" * 40,),
        now=world.now,
    )  # fmt: skip
    for _time in range(external_links.LINKS_AN_HOUR):
        external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now)
    with pytest.raises(Refused, match="hour"):
        external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now)
    external.mail_invitation(world.session, ines, world.place(ines), person_id, world.now + timedelta(minutes=61))


def test_no_door_is_counted_in_two_ways(app: Flask) -> None:
    assert not set(LIMITS) & set(COSTLY)
    assert set(COSTLY) <= set(app.view_functions)


def test_only_doors_that_are_open_to_anybody_are_counted_by_address(app: Flask) -> None:
    entries = {name: app.view_functions[name].attune_entry for name in LIMITS}  # type: ignore[attr-defined]  # web.access
    assert {name for name, entry in entries.items() if entry not in (Entry.PUBLIC, Entry.CROSS_SITE)} == set()
