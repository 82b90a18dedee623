"""From the page: somebody who was invited by mail comes from the LMS later, and makes both one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lti_tool.settings import Settings
from tests.conftest import Clock
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.outside import ROSA, come_in, mailed_link, rosa
from tests.mail_server import SENDER, Mailbox, mail_server

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


def shown(course: Course, mailed: Mailed) -> str:
    """Lee has shown that Rosa's address is theirs, and reads what is to be made one."""
    lee = course.browser("lee")
    assert lee.act("/merge/address", "where-i-was-invited", address=ROSA).status_code == 303
    page = lee.post("/merge/code", data={"csrf_token": lee.token(), "code": mailed.code(ROSA)})
    assert page.status_code == 200, page.text
    return str(page.text)


def made_one(course: Course, clock: Clock, page: str) -> Any:
    """Lee asks for it, comes in anew from the course a day later, and says yes: their browser."""
    asked = course.browser("lee").act("/merge/ask", "both-are-me-make-one", proof=hidden(page)["proof"])
    assert asked.status_code == 303
    clock.advance(days=1)
    course.renew("lee")
    lee = course.browser("lee")
    assert "Rosa Marin" in lee.get("/merge").text
    assert lee.act("/merge/confirm", "both-are-me-make-one").status_code == 303
    return lee


def test_both_are_shown_before_they_are_made_one_and_then_everything_is_in_one_place(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    course.answered()
    outside, _ = come_in(course, mailed, mailed_link(course, mailed))
    page = shown(course, mailed)
    assert "Rosa Marin" in page
    assert "Lee Example" in page
    lee = course.browser("lee")
    assert "Sam Example" not in lee.get("/waiting").text
    lee = made_one(course, clock, page)
    assert "Sam Example" in lee.get("/waiting").text
    assert outside.get("/waiting").status_code == 401


def test_the_link_that_was_mailed_before_opens_the_one_account(course: Course, mailed: Mailed, clock: Clock) -> None:
    course.answered()
    link = mailed_link(course, mailed)
    made_one(course, clock, shown(course, mailed))
    again, answer = come_in(course, mailed, link)
    assert answer.status_code == 303
    assert "Sam Example" in again.get("/waiting").text


def test_nothing_happens_without_showing_that_the_address_is_ones_own(course: Course, mailed: Mailed) -> None:
    mailed_link(course, mailed)
    lee = course.browser("lee")
    assert lee.act("/merge/ask", proof=str(rosa(course).id)).status_code == 409
    assert lee.act("/merge/confirm").status_code == 409
    lee.act("/merge/address", "where-i-was-invited", address=ROSA)
    wrong = lee.post("/merge/code", data={"csrf_token": lee.token(), "code": "1"})
    assert wrong.status_code == 422
    assert "Rosa" not in wrong.text
    proof = hidden(shown_again(course, mailed))["proof"]
    assert course.browser("jo").act("/merge/ask", proof=proof).status_code == 404


def shown_again(course: Course, mailed: Mailed) -> str:
    lee = course.browser("lee")
    page = lee.post("/merge/code", data={"csrf_token": lee.token(), "code": mailed.code(ROSA)})
    return str(page.text)


def test_whether_somebody_was_invited_is_told_only_to_whoever_reads_the_mail(course: Course, mailed: Mailed) -> None:
    mailed_link(course, mailed)
    lee = course.browser("lee")
    known = lee.act("/merge/address", "where-i-was-invited", address=ROSA)
    unknown = lee.act("/merge/address", "where-i-never-was-01", address="never@x.example")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    page = lee.post("/merge/code", data={"csrf_token": lee.token(), "code": mailed.code("never@x.example")})
    assert page.status_code == 422
    assert "nothing to do" in page.text


def test_link_and_code_that_were_handed_over_show_it_too(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    come_in(course, mailed, link)
    code = mailed.code(ROSA)
    lee = course.browser("lee")
    fields = {"csrf_token": lee.token(), "link": f"https://attune.school.example{link}"}
    assert lee.post("/merge/link", data={**fields, "code": "00000000"}).status_code == 422
    assert "Rosa Marin" in lee.post("/merge/link", data={**fields, "code": code}).text
