"""Signing where a mailed code is asked for, with one thumb, from having no address at all to the signature."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlalchemy import select

from lti_tool.store.observations import SignOffRow
from rubrics.sign_off import Assurance
from tests.databases import SqliteFiles
from tests.journeys.phones import Served, course_on_a_port
from tests.journeys.test_on_a_phone import PHONE
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.signing_codes import JOS, ask_for_codes, sign_page
from tests.mail_server import SENDER, Mailbox, mail_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser, mailbox: Mailbox) -> Iterator[Served]:
    mail = {"smtp_url": f"{mailbox.url}?starttls=no", "mail_from": SENDER}
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium, **mail) as served:
        yield served


def tap(page: Page, role: str, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).first.tap()


def fits(page: Page) -> None:
    """Nothing lies beyond the right edge of a small screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_sec_17_on_a_phone_a_supervisor_adds_an_address_types_a_code_and_signs(
    served: Served,
    mailbox: Mailbox,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    course, mailed = served.course, Mailed(served.course, mailbox)
    ask_for_codes(course)
    observation_id = course.answered()

    def look(name: str) -> None:
        accessible(page)
        fits(page)
        picture(page, name)

    page = served.page("jo", sign_page(observation_id), **PHONE)
    expect(page.get_by_text("No address of yours is known here yet")).to_be_visible()
    look("no address yet")
    tap(page, "link", "Add an address")
    page.get_by_label("A new address").fill(JOS)
    tap(page, "button", "Send a code there")
    expect(page.get_by_label("Code from the mail")).to_be_visible()
    page.get_by_label("Code from the mail").fill(mailed.code(JOS))
    tap(page, "button", "This address is mine")
    expect(page.get_by_role("link", name="Back to where you were")).to_be_visible()
    look("the address is there")
    tap(page, "link", "Back to where you were")
    expect(page.get_by_text("For signing it counts from the next time you come in from your course")).to_be_visible()
    look("it counts from the next time on")

    served.clock.advance(minutes=1)
    course.world.now = served.clock()
    served.sign_in(page.context, "jo")
    page.goto(f"{served.address}{sign_page(observation_id)}")
    expect(page.get_by_text("so that nobody signs in your name")).to_be_visible()
    look("a code can be sent")
    tap(page, "button", "Send me a code")
    field = page.get_by_label("Code from the mail")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    look("the code is on its way")
    code = mailed.signing_code(JOS)
    wrong = "123 456" if code != "123 456" else "654 321"
    field.fill(wrong)
    tap(page, "button", "Go on to signing")
    expect(page.get_by_text("not the code of the newest mail")).to_be_visible()
    expect(field).to_have_value(wrong)
    look("another code was typed")
    field.fill(code)
    tap(page, "button", "Go on to signing")
    expect(page.get_by_text("confirmed by a mailed code")).to_be_visible()
    look("what is signed")
    tap(page, "button", "Sign in the peer lane")
    page.wait_for_url("**said=signed")
    with course.app.extensions["attune"].sessions.writing() as session:
        assert session.scalars(select(SignOffRow.assurance)).one() is Assurance.LAUNCH_CONFIRMED


def test_the_setting_and_its_consequence_are_read_before_it_is_saved(
    served: Served, picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]
) -> None:
    page = served.page("ines", f"{served.course.home}/settings", **PHONE)
    page.get_by_label("Signing asks for a code that is mailed").check()
    picture(page, "the settings")
    tap(page, "button", "Look at what changes")
    expect(page.get_by_text("no becomes yes.")).to_be_visible()
    accessible(page)
    fits(page)
    picture(page, "what changes")
    tap(page, "button", "Save these changes")
    expect(page.get_by_label("Signing asks for a code that is mailed")).to_be_checked()
