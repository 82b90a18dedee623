"""A way in of one's own, for the time after the courses."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from grading.ledger import EntryKind
from lti_tool.services.notifying import contact
from lti_tool.settings import Settings
from lti_tool.store.mail import ContactRow, Wanted
from lti_tool.store.people import InvitationRow, MembershipRow
from tests.conftest import Clock
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.test_every_page import problems_of
from tests.mail_server import SENDER, Mailbox, mail_server

ADDRESS = "sam@home.example"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database_url: str, mailbox: Mailbox) -> Settings:
    return make_settings(database_url=database_url, smtp_url=f"{mailbox.url}?starttls=no", mail_from=SENDER)


@pytest.fixture
def mailed(course: Course, mailbox: Mailbox) -> Mailed:
    return Mailed(course, mailbox)


@pytest.fixture
def way(course: Course) -> OnTheWay:
    world = course.world
    on = OnTheWay(world.session, world.visitor("sam"), shipped("icrc-pr"), world.now)
    on.entry(EntryKind.PRACTICE, "40", signer=world.visitor("jo"), title="Warm line")
    course.kept()
    return on


def with_address(course: Course) -> None:
    world = course.world
    sam = world.visitor("sam")
    world.session.add(
        ContactRow(
            organization_id=sam.organization_id, person_id=sam.person_id, email=ADDRESS, confirmed_at=world.now,
            wanted=Wanted.DAILY, safe_on=world.now.date(),
        )
    )  # fmt: skip
    course.kept()


def made(course: Course, who: str = "sam") -> str:
    """The path of a new link."""
    page = course.browser(who).act("/path/way-in").text
    found = re.search(r'value="https://[^/"]+(/invitation/[^"]+)"', page)
    assert found is not None, page
    return found[1]


def leave(course: Course) -> None:
    """Every course is over for Sam, and so is the session."""
    session, sam = course.world.session, course.world.visitor("sam")
    for row in session.query(MembershipRow).filter_by(person_id=sam.person_id):
        row.ended_at = course.world.now
    course.kept()


def test_cap_d9_who_left_every_course_comes_in_by_a_link_of_their_own_and_has_all_of_it(
    course: Course, mailed: Mailed, way: OnTheWay, clock: Clock
) -> None:
    with_address(course)
    link = made(course)
    leave(course)
    clock.now += timedelta(days=200)
    browser = course.app.test_client()
    page = browser.get(link)
    assert page.status_code == 200
    assert not list(problems_of(page.text))
    secret = link.partition("?")[0]
    assert browser.post(f"{secret}/code", data=hidden(page.text)).status_code == 303
    asked = browser.get(link)
    entered = browser.post(secret, data={**hidden(asked.text), "code": mailed.code(ADDRESS)})
    assert entered.location == "/path"
    assert browser.get("/path").location == f"/path/{way.enrollment_id}"
    mine = browser.get(f"/path/{way.enrollment_id}")
    assert "40 of 500 hours" in mine.text
    assert "You belong to no course now" in mine.text
    assert browser.get("/ledger").status_code == 200
    assert browser.get(f"/path/{way.enrollment_id}/transcript").status_code == 200
    assert browser.get(f"/path/{way.enrollment_id}/transcript.pdf").data.startswith(b"%PDF")


def test_without_an_address_of_ones_own_the_page_leads_to_giving_one(course: Course, way: OnTheWay) -> None:
    browser = course.browser("sam")
    assert 'href="/contact"' in browser.get("/path/way-in").text
    answer = browser.act("/path/way-in")
    assert answer.status_code == 422
    assert "give an address of your own first" in answer.text


def test_a_new_link_takes_the_place_of_the_one_before(course: Course, way: OnTheWay) -> None:
    with_address(course)
    first, second = made(course), made(course)
    browser = course.app.test_client()
    assert browser.get(first).status_code == 404
    assert browser.get(second).status_code == 200


def test_the_link_alone_opens_nothing(course: Course, way: OnTheWay) -> None:
    with_address(course)
    secret = made(course).partition("?")[0]
    browser = course.app.test_client()
    answer = browser.post(secret, data={**hidden(browser.get(secret).text), "code": "0000 0000"})
    assert answer.status_code == 422


def test_who_made_a_link_of_their_own_can_still_have_their_address_forgotten(course: Course, way: OnTheWay) -> None:
    with_address(course)
    made(course)
    world = course.world
    contact.no_address(world.session, world.visitor("sam"), world.now)
    assert contact.contact_of(world.session, world.visitor("sam").person_id, world.now.date()).address is None


def test_ux_m1_a_link_of_ones_own_says_nothing_of_a_program(course: Course, way: OnTheWay) -> None:
    with_address(course)
    page = course.app.test_client().get(made(course)).text
    assert "Peer Recovery" not in page
    assert course.world.session.query(InvitationRow).count() == 1
