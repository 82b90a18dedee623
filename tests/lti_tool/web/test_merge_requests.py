"""Somebody finds a page open, and asks to make an account of their own one with it: nothing comes of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.services.entering import merge_requests
from lti_tool.settings import Settings
from lti_tool.store.mail import MailKind, MailState
from lti_tool.store.merging import MergeRequestRow
from lti_tool.store.people import PersonRow
from tests.conftest import Clock
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.outside import send
from tests.lti_tool.web.signing_codes import JOS, give_address, reachable
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_own_way_in import made
from tests.mail_server import SENDER, Mailbox, mail_server

STRANGERS = "mal@strange.example"


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


def asked(course: Course, mailed: Mailed, who: str = "jo") -> Any:
    """At this person's open page Mal shows that an account of Mal's is "theirs, too", and asks: the open page."""
    give_address(course, mailed, "mal", STRANGERS)
    page = course.browser(who)
    assert page.act("/merge/address", "an-address-of-a-stranger", address=STRANGERS).status_code == 303
    code = mailed.code(STRANGERS)
    shown = page.post("/merge/code", data={"csrf_token": page.token(), "code": code})
    assert "Mal Example" in shown.text
    assert page.act("/merge/ask", "both-are-me-ask-for-it", proof=hidden(shown.text)["proof"]).status_code == 303
    return page


def is_one(course: Course) -> bool:
    """Whether anybody was made one with anybody."""
    with course.app.extensions["attune"].sessions.writing() as session:
        return session.scalars(select(PersonRow.id).where(PersonRow.merged_into.is_not(None))).first() is not None


def stands(course: Course) -> bool:
    with course.app.extensions["attune"].sessions.writing() as session:
        return session.scalars(select(MergeRequestRow.id)).first() is not None


def test_sec_17_who_finds_a_page_open_cannot_come_in_as_that_person_later(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    page = asked(course, mailed)
    assert page.act("/merge/confirm").status_code == 409
    clock.advance(hours=11)
    assert page.act("/merge/confirm", "another-time-the-same").status_code == 409
    assert not is_one(course)
    clock.advance(days=1)
    course.renew("mal")
    mal = course.browser("mal")
    assert mal.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def test_sec_17_nor_by_a_link_that_was_made_at_the_open_page(course: Course, mailed: Mailed, clock: Clock) -> None:
    thief = thief_by_link(course, mailed, clock)
    assert "Mal Example" in thief.get("/merge").text
    assert thief.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def thief_by_link(course: Course, mailed: Mailed, clock: Clock) -> Any:
    """Days later somebody comes in as Jo by the link, with the address, that they made at Jo's open page."""
    give_address(course, mailed, "jo", "mal.too@strange.example")
    link = made(course, "jo").partition("?")[0]
    asked(course, mailed)
    clock.advance(days=2)
    thief = course.app.test_client()
    assert send(thief, link, f"{link}/code").status_code == 303
    assert send(thief, link, link, code=mailed.code("mal.too@strange.example")).status_code == 303
    return thief


def test_sec_17_nor_by_having_the_address_of_the_open_page_forgotten(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    thief = thief_by_link(course, mailed, clock)
    assert thief.act("/contact/forget").status_code == 303
    assert thief.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def test_sec_17_nor_by_asking_anew_in_what_such_a_link_opens(course: Course, mailed: Mailed, clock: Clock) -> None:
    thief = thief_by_link(course, mailed, clock)
    own = hidden(thief.get("/merge").text)["request"]
    assert thief.act("/merge/call-off", request=own).status_code == 303
    assert thief.act("/merge/address", "the-strangers-address-2", address=STRANGERS).status_code == 303
    shown = thief.post("/merge/code", data={"csrf_token": thief.token(), "code": mailed.code(STRANGERS)})
    assert thief.act("/merge/ask", "and-ask-once-more-02", proof=hidden(shown.text)["proof"]).status_code == 303
    assert "mal.too" not in thief.get("/merge").text
    assert thief.act("/merge/own-code/send").status_code == 404
    assert thief.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def test_sec_17_coming_in_anew_within_the_day_changes_nothing(course: Course, mailed: Mailed, clock: Clock) -> None:
    asked(course, mailed)
    clock.advance(hours=23)
    course.renew("jo")
    again = course.browser("jo")
    assert again.act("/merge/confirm").status_code == 409
    clock.advance(hours=2)
    assert again.act("/merge/confirm", "still-in-that-session").status_code == 409
    assert not is_one(course)


def test_sec_17_nor_with_an_address_that_was_given_at_the_open_page(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    course.browser("jo")
    give_address(course, mailed, "jo", "mal.too@strange.example")
    asked(course, mailed)
    clock.advance(minutes=1)
    course.renew("jo")
    page = course.browser("jo")
    assert "mal.too" not in page.get("/merge").text
    assert page.act("/merge/own-code/send").status_code == 404
    assert page.act("/signing-code/send").status_code == 303
    code = mailed.signing_code("mal.too@strange.example")
    assert page.post("/merge/own-code", data={"csrf_token": page.token(), "own_code": code}).status_code == 303
    assert page.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def test_sec_17_a_code_that_was_typed_for_signing_before_it_was_asked_does_not_count(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    jo = old_address(course, mailed, clock)
    assert jo.act("/signing-code/send").status_code == 303
    typed = {"csrf_token": jo.token(), "code": mailed.signing_code(JOS)}
    assert jo.post("/signing-code", data=typed).status_code == 303
    clock.advance(minutes=1)
    page = asked(course, mailed)
    assert page.act("/merge/confirm").status_code == 409
    assert not is_one(course)


def old_address(course: Course, mailed: Mailed, clock: Clock) -> Any:
    """Jo has had her address for two days."""
    reachable(course, mailed, clock)
    clock.advance(days=2)
    course.renew("jo")
    return course.browser("jo")


def test_with_a_code_to_the_address_of_before_it_is_done_at_once(course: Course, mailed: Mailed, clock: Clock) -> None:
    old_address(course, mailed, clock)
    page = asked(course, mailed)
    assert page.act("/merge/own-code/send").status_code == 303
    wrong = page.post("/merge/own-code", data={"csrf_token": page.token(), "own_code": "000000"})
    assert wrong.status_code == 422
    code = mailed.signing_code(JOS)
    assert page.post("/merge/own-code", data={"csrf_token": page.token(), "own_code": code}).status_code == 303
    ready = page.get("/merge").text
    assert "Mal Example" in ready
    assert not list(problems_of(ready))
    assert page.act("/merge/confirm").status_code == 303
    assert is_one(course)
    assert not stands(course)


def test_the_person_is_told_by_mail_at_once_and_calls_it_off_by_its_link(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    old_address(course, mailed, clock)
    asked(course, mailed)
    link = mailed.link(JOS)
    assert mailed.states(course.world.visitor("jo").person_id, MailKind.MERGE) == [MailState.SENT]
    anybody = course.app.test_client()
    assert stands(course)
    page = anybody.get(link)
    assert (page.status_code, stands(course)) == (200, True)
    assert not list(problems_of(page.text))
    assert anybody.post(link, data={"csrf_token": hidden(page.text)["csrf_token"]}).status_code == 200
    assert not stands(course)
    assert anybody.get(link).status_code == 404
    clock.advance(days=1)
    course.renew("jo")
    assert course.browser("jo").act("/merge/confirm").status_code == 409
    assert not is_one(course)


@pytest.mark.parametrize("who", ["jo", "mal"])
def test_each_of_both_sees_it_inside_attune_and_calls_it_off(course: Course, mailed: Mailed, who: str) -> None:
    asked(course, mailed)
    browser = course.browser(who)
    assert "There is something new for you" in browser.get("/messages").text
    page = browser.get("/merge").text
    assert not list(problems_of(page))
    assert ("Mal Example" if who == "jo" else "Jo Example") in page
    assert browser.act("/merge/call-off", request=hidden(page)["request"]).status_code == 303
    assert not stands(course)


def test_nobody_else_sees_it_or_calls_it_off(course: Course, mailed: Mailed) -> None:
    page = asked(course, mailed).get("/merge").text
    sam = course.browser("sam")
    assert "Mal Example" not in sam.get("/merge").text
    assert sam.act("/merge/call-off", request=hidden(page)["request"]).status_code == 404
    assert stands(course)


def test_asked_twice_it_waits_no_longer(course: Course, mailed: Mailed, clock: Clock) -> None:
    page = asked(course, mailed)
    clock.advance(minutes=5)
    assert page.act("/merge/address", "the-same-address-again", address=STRANGERS).status_code == 303
    code = mailed.code(STRANGERS)
    shown = page.post("/merge/code", data={"csrf_token": page.token(), "code": code})
    assert page.act("/merge/ask", "the-same-once-more-01", proof=hidden(shown.text)["proof"]).status_code == 303
    with course.app.extensions["attune"].sessions.writing() as session:
        assert session.scalars(select(MergeRequestRow.asked_at)).all() == [course.world.now]


def test_what_nobody_said_yes_to_is_over_after_two_weeks_and_deleted(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    asked(course, mailed)
    clock.advance(days=14)
    course.renew("jo")
    jo = course.browser("jo")
    assert "Mal Example" not in jo.get("/merge").text
    assert jo.act("/merge/confirm").status_code == 409
    with course.app.extensions["attune"].sessions.writing.begin() as session:
        merge_requests.purge(session, clock())
    assert not stands(course)
