"""An operator looks after connections, with the keyboard alone, on a phone's width and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.living import Living

pytestmark = pytest.mark.parametrize("live", ["sqlite"], indirect=True)
Look = Callable[[str], None]


def come_in(live: Living, page: Page, name: str) -> None:
    """As an operator, with a link and a code."""
    said = live.attune_says("people", "invite", "--name", name, "--email", f"{name.lower()}@school.example")
    link, code = re.search(r"Link:\s+(\S+)", said), re.search(r"Code:\s+([\d ]+\d)", said)
    assert link
    assert code
    page.goto(link[1])
    page.get_by_label("Code").fill(code[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Platforms")


def press(page: Page, label: str, role: str = "button") -> None:
    """Reach it with the keyboard, and press it."""
    found = page.get_by_role(role, name=label, exact=True).first  # type: ignore[arg-type]  # "button" or "link"
    found.focus()
    expect(found).to_be_focused()
    expect(found).to_have_css("outline-style", "solid")
    enter(page)


def enter(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.fixture(params=["phone", pytest.param("desktop", marks=pytest.mark.full)])
def page(request: pytest.FixtureRequest, visitors: Visitors) -> Page:
    return visitors.phone() if request.param == "phone" else visitors.desktop()


@pytest.fixture
def look(page: Page, picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]) -> Look:
    """Check what is on the screen, and keep a picture."""

    def look(step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    return look


def test_a_registration_address_is_made_and_copied(live: Living, page: Page, look: Look) -> None:
    come_in(live, page, "Olu")
    look("platforms")
    press(page, "Make a registration address", "link")
    look("make an address")
    page.get_by_label("Only for this LMS").fill("https://moodle.school.example")
    enter(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A registration address")
    look("the address")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    address = page.get_by_label("To paste in the LMS").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.goto(address.replace("register", "connect"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Connect by hand")


def test_what_was_typed_by_hand_stays_until_it_can_be_taken(
    live: Living, page: Page, look: Look, visitors: Visitors
) -> None:
    visitors.overlook("status of 422")  # what is to be mended
    come_in(live, page, "Ada")
    press(page, "Connect by hand", "link")
    look("by hand, moodle")
    press(page, "Canvas", "link")
    look("by hand, canvas")
    page.get_by_label("On a server of your own").check()
    page.get_by_label("Client id").fill("10000000000042")
    enter(page)
    expect(page.get_by_role("alert")).to_contain_text("Please fill this in.")
    expect(page.get_by_label("Client id")).to_have_value("10000000000042")
    expect(page.get_by_label("On a server of your own")).to_be_checked()
    look("by hand, something is needed")
    page.get_by_label("Address of your own Canvas").fill("canvas.school.example")
    page.get_by_label("Name of this connection").fill(f"Canvas {page.viewport_size}")
    page.get_by_label("Client id").fill(f"1{page.viewport_size and page.viewport_size['width']}")
    enter(page)
    expect(page.get_by_text("The connection is there.")).to_be_visible()
    look("connected")


def test_a_connection_is_tested_step_by_step_without_a_press(live: Living, page: Page, look: Look) -> None:
    come_in(live, page, "Ede")
    press(page, "Look after practice-lms", "link")
    look("a connection")
    press(page, "Test this connection", "link")
    look("before the test")
    press(page, "Begin")
    expect(page.get_by_text("The test is over.")).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_have_count(8)
    expect(page.get_by_role("button", name="Next step")).to_have_count(0)
    look("after the test")


def test_without_scripts_each_press_takes_one_step(live: Living, visitors: Visitors) -> None:
    page = visitors.desktop(java_script_enabled=False)
    come_in(live, page, "Ife")
    page.get_by_role("link", name="Look after practice-lms").click()
    page.get_by_role("link", name="Test this connection").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_connection_is_switched_off_after_one_question_and_on_again(live: Living, page: Page, look: Look) -> None:
    come_in(live, page, "Uma")
    press(page, "Look after practice-lms", "link")
    press(page, "Switch this connection off", "link")
    look("the question")
    press(page, "Switch off")
    expect(page.get_by_text("switched off", exact=True)).to_be_visible()
    look("switched off")
    press(page, "Switch on again")
    expect(page.get_by_text("in use", exact=True).first).to_be_visible()


def test_an_lms_is_left_after_what_hangs_on_it_was_counted_and_taken_up_again(
    live: Living, page: Page, look: Look
) -> None:
    come_in(live, page, "Ivo")
    press(page, "Look after practice-lms", "link")
    press(page, "End this connection for good", "link")
    expect(page.get_by_text("People with an account there")).to_be_visible()
    look("what hangs on it")
    press(page, "End the connection")
    expect(page.get_by_text("This connection was ended on")).to_be_visible()
    look("ended")
    press(page, "Take it up again")
    expect(page.get_by_text("in use", exact=True).first).to_be_visible()
