"""How people want to be reached: address by a code, how much and when, stopping; what mails say."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.services.entering import codes
from lti_tool.services.notifying import notify
from lti_tool.settings import Settings
from lti_tool.store.mail import ContactRow, MailKind, MailState
from lti_tool.store.messages import MessageKind
from tests.conftest import Clock
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.mail_server import SENDER, Mailbox, mail_server

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SAMS = "sam@home.example"
CHOICE = {"wanted": "daily", "kinds": ["news", "reminder", "copy"], "timezone": "UTC", "quiet_from": "20",
          "quiet_until": "8", "told": [kind.value for kind in MessageKind], "names_sender": "yes",
          "language": ""}  # fmt: skip


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


def reachable(course: Course, mailed: Mailed) -> FlaskClient:
    """Sam has given an address and shown that it is his."""
    sam = course.browser("sam")
    assert sam.act("/contact/address", "an-address-of-my-own", address=SAMS).status_code == 303
    code = mailed.code(SAMS)
    assert sam.post("/contact/code", data={"csrf_token": sam.token(), "code": code}).status_code == 303
    mailed.box.received.clear()
    return sam


def choose(sam: FlaskClient, key: str = "choose-how-i-am-reached", **changes: object) -> int:
    return int(sam.act("/contact", key, **(CHOICE | changes)).status_code)


def news(course: Course, at: datetime | None = None) -> None:
    """Something is there for Sam."""
    sam = course.world.visitor("sam")
    with course.app.extensions["attune"].sessions.writing.begin() as session:
        notify.news(
            session,
            organization_id=sam.organization_id,
            person_id=sam.person_id,
            now=at or course.app.extensions["attune"].clock(),
        )


def test_ux_m2_without_an_address_that_somebody_gave_nothing_is_sent(course: Course, mailed: Mailed) -> None:
    news(course)
    assert mailed.states(course.world.visitor("sam").person_id, MailKind.NEWS) == []
    assert "Attune sends you no mail" in course.browser("sam").get("/contact").text


def test_ux_m2_an_address_counts_once_a_code_showed_that_it_is_theirs(course: Course, mailed: Mailed) -> None:
    sam = course.browser("sam")
    sam.act("/contact/address", "an-address-of-my-own", address=SAMS)
    news(course)
    mailed.deliver()
    assert len(mailed.box.received) == 1
    wrong = sam.post("/contact/code", data={"csrf_token": sam.token(), "code": "1"})
    assert wrong.status_code == 422
    sam.post("/contact/code", data={"csrf_token": sam.token(), "code": mailed.code(SAMS)})
    assert SAMS in sam.get("/contact").text
    news(course)
    assert mailed.last(SAMS).message["Subject"] == "You have an update"


def test_five_wrong_codes_end_a_code(course: Course, mailed: Mailed) -> None:
    sam = course.browser("sam")
    sam.act("/contact/address", "an-address-of-my-own", address=SAMS)
    code = mailed.code(SAMS)
    for number in range(5):
        sam.post("/contact/code", data={"csrf_token": sam.token(), "code": f"{number:08d}"})
    assert sam.post("/contact/code", data={"csrf_token": sam.token(), "code": code}).status_code == 422


def test_a_code_for_an_address_works_for_ten_minutes(course: Course, mailed: Mailed, clock: Clock) -> None:
    sam = course.browser("sam")
    sam.act("/contact/address", "an-address-of-my-own", address=SAMS)
    code = mailed.code(SAMS)
    clock.advance(minutes=10)
    assert sam.post("/contact/code", data={"csrf_token": sam.token(), "code": code}).status_code == 422
    assert "ten minutes" in mailed.last(SAMS).text


def test_the_digest_of_a_code_is_keyed_with_what_no_database_holds(course: Course, mailed: Mailed) -> None:
    course.browser("sam").act("/contact/address", "an-address-of-my-own", address=SAMS)
    code, key = mailed.code(SAMS), course.app.extensions["attune"].settings.secret_keys[0]
    with course.app.extensions["attune"].sessions.writing() as session:
        row = session.scalars(select(ContactRow)).one()
    assert row.code_digest == codes.keyed_digest(row.id, code, key)
    assert row.code_digest != codes.code_digest(str(row.id), code)


def test_the_address_from_which_mail_goes_away_is_told_once_and_not_where_to(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    other = "sam@elsewhere.example"
    sam.act("/contact/address", "another-address-of-mine", address=other)
    sam.post("/contact/code", data={"csrf_token": sam.token(), "code": mailed.code(other)})
    told = mailed.last(SAMS)
    assert str(told.message["Subject"]) == "No more mail comes here"
    assert "elsewhere" not in told.text
    assert "http" not in told.text
    assert len(mailed.box.to(SAMS)) == 1
    news(course)
    mailed.last(other)
    assert len(mailed.box.to(SAMS)) == 1


def test_whoever_shows_the_same_address_again_is_told_nothing(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    sam.act("/contact/address", "the-same-address-again", address=SAMS.upper())
    sam.post("/contact/code", data={"csrf_token": sam.token(), "code": mailed.code(SAMS.upper())})
    assert mailed.states(course.world.visitor("sam").person_id, MailKind.FORMER) == []


@pytest.mark.parametrize("address", ["", "sam", "sam@home.example\r\nBcc: all@home.example", "a@b.example,c@d.example"])
def test_what_is_no_address_is_asked_for_again_as_it_was_typed(course: Course, mailed: Mailed, address: str) -> None:
    answer = course.browser("sam").act("/contact/address", address=address)
    assert answer.status_code == 422
    assert "one e-mail address" in answer.text


def test_ux_m1_ux_m3_news_say_nothing_of_what_they_are_about(course: Course, mailed: Mailed) -> None:
    reachable(course, mailed)
    news(course)
    mail = mailed.last(SAMS)
    said = f"{mail.message['Subject']} {mail.text}"
    for word in ("Sam", "Jo", "Observed practice", "practicum", "peer", "sign", "observ", "urgent", "rubric"):
        assert word not in said
    assert "School" in said


def test_ux_m4_however_much_happens_there_is_at_most_one_mail_a_day(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    reachable(course, mailed)
    began, sent = clock(), []
    for hour in range(24 * 5):
        clock.now = began + timedelta(hours=hour)
        news(course)
        mailed.deliver()
        sent += [clock()] * (len(mailed.box.received) - len(sent))
    assert 4 <= len(sent) <= 5
    assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(sent))


def test_ux_m2_quiet_hours_are_kept_where_the_person_lives(course: Course, mailed: Mailed, clock: Clock) -> None:
    sam = reachable(course, mailed)
    assert choose(sam, timezone="America/New_York") == 303
    news(course)  # at nine in the morning UTC, four in the night there
    mailed.deliver()
    assert mailed.box.received == []
    clock.advance(hours=3, minutes=59)
    mailed.deliver()
    assert mailed.box.received == []
    clock.advance(minutes=1)
    mailed.deliver()
    assert len(mailed.box.received) == 1


def test_ux_m2_none_is_possible_and_holds_for_what_waits_already(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    news(course)
    choose(sam, wanted="none")
    mailed.deliver()
    news(course)
    assert mailed.box.received == []
    assert mailed.states(course.world.visitor("sam").person_id, MailKind.NEWS) == [MailState.NOT_WANTED]


def test_ux_m4_each_kind_can_be_muted(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    choose(sam, kinds=["reminder"])
    news(course)
    mailed.deliver()
    assert mailed.box.received == []


def test_each_mail_can_be_stopped_by_one_post_without_signing_in(course: Course, mailed: Mailed) -> None:
    reachable(course, mailed)
    news(course)
    header = str(mailed.last(SAMS).message["List-Unsubscribe"])
    path = header.strip("<>").removeprefix("https://attune.school.example")
    robot = course.app.test_client()
    for _ in range(20):
        assert robot.get(path).status_code == 200
        assert robot.head(path).status_code == 200
    assert "daily" in re.findall(r'value="(\w+)"\s*checked', course.browser("sam").get("/contact").text)
    for _ in range(2):
        assert robot.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "none" in re.findall(r'value="(\w+)"\s*checked', course.browser("sam").get("/contact").text)
    assert robot.get("/mail/stop/no-such-secret").status_code == 404
    assert robot.post("/mail/stop/no-such-secret").status_code == 404


def test_ux_m2_after_half_a_year_it_is_asked_whether_the_address_is_still_safe(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    sam = reachable(course, mailed)
    assert "still a safe way" not in sam.get("/contact").text
    clock.advance(days=184)
    course.renew("sam")
    sam = course.browser("sam")
    assert "still a safe way" in sam.get("/contact").text
    assert sam.act("/contact/safe", "it-is-still-safe-01").status_code == 303
    assert "still a safe way" not in sam.get("/contact").text


def test_an_address_can_be_forgotten(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    sam.act("/contact/forget", "forget-my-address-1")
    assert SAMS not in sam.get("/contact").text
    news(course)
    mailed.deliver()
    assert mailed.box.received == []


def test_the_page_shows_exactly_what_a_mail_looks_like(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    shown = sam.get("/contact").text
    news(course)
    mail = mailed.last(SAMS)
    assert str(mail.message["Subject"]) in shown
    for line in mail.text.splitlines():
        if line and "http" not in line:
            assert line in shown


@pytest.mark.parametrize("changes", [{"timezone": "Mars/Olympus"}, {"quiet_from": "24"}, {"quiet_until": "x"}])
def test_hours_and_zones_that_there_are_not_are_not_kept(
    course: Course, mailed: Mailed, changes: dict[str, object]
) -> None:
    assert choose(course.browser("sam"), **changes) == 422
