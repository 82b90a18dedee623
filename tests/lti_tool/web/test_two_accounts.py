"""A trainee comes with a new LMS account: made one with the earlier one by the address that was confirmed there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lti_tool.services.observations import own_record
from lti_tool.settings import Settings
from tests.conftest import Clock
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.terms import NEXT, next_term
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.mailed import Mailed
from tests.mail_server import SENDER, Mailbox, mail_server

SAM = "sam@home.example"


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


def address_of_sam(course: Course, mailed: Mailed) -> None:
    """Sam has confirmed it, in the earlier account."""
    sam = course.browser("sam")
    assert sam.act("/contact/address", address=SAM).status_code == 303
    assert sam.act("/contact/code", code=mailed.code(SAM)).status_code == 303


def new_account(course: Course) -> Any:
    """The browser of somebody who came with another account, in the course of the next term."""
    next_term(course.world)
    return again_from_the_lms(course)


def again_from_the_lms(course: Course) -> Any:
    """They open the course of the next term."""
    token = course.world.enter("samantha", TRAINEE, **NEXT).token
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", token, domain=HOST, secure=True)
    return browser


def test_cap_p41_one_record_for_who_comes_with_another_lms_account(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.signed()
    address_of_sam(course, mailed)
    new = new_account(course)
    assert f"/o/{observation_id}" not in new.get("/record").text
    assert new.act("/merge/address", address=SAM).status_code == 303
    page = new.post("/merge/code", data={"csrf_token": new.token(), "code": mailed.code(SAM)})
    assert "Samantha Example" in page.text
    assert new.act("/merge/ask", proof=hidden(page.text)["proof"]).status_code == 303
    assert f"/o/{observation_id}" not in new.get("/record").text
    course.world.now = clock.advance(days=1)
    new = again_from_the_lms(course)
    assert new.act("/merge/confirm").status_code == 303
    assert f"/o/{observation_id}" in new.get("/record").text
    course.kept()
    again = course.world.enter("samantha", TRAINEE, **NEXT)
    assert again.person_id == course.world.visitor("sam").person_id
    assert own_record.count(course.world.session, course.world.visitor("sam")) == 1


def test_without_the_code_that_was_mailed_there_nothing_of_the_other_is_shown(course: Course, mailed: Mailed) -> None:
    observation_id = course.signed()
    address_of_sam(course, mailed)
    new = new_account(course)
    assert new.act("/merge/address", address=SAM).status_code == 303
    page = new.post("/merge/code", data={"csrf_token": new.token(), "code": "00000000"})
    assert (page.status_code, "Sam Example" in page.text) == (422, False)
    assert new.act("/merge/ask", proof="made-up").status_code == 409
    assert f"/o/{observation_id}" not in new.get("/record").text


def test_nobody_else_joins_two_accounts(course: Course) -> None:
    """No route takes the word of somebody else, see docs/decisions/0015-two-accounts.md."""
    assert not [rule.rule for rule in course.app.url_map.iter_rules() if rule.endpoint.startswith("same_person")]
