"""The way out of a page: at once, by mouse or keyboard, also out of an LMS's frame."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.journeys.conftest import Visitors
from tests.living import Living

pytestmark = pytest.mark.parametrize("live", ["sqlite"], indirect=True)

NEUTRAL = "https://www.wikipedia.org/"


def without_network(page: Page) -> Page:
    """The neutral site, without asking the internet for it; however slow this machine is, presses come together."""
    page.clock.set_fixed_time(datetime.now(UTC))
    page.context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="<h1>Elsewhere</h1>", content_type="text/html"))
    return page


def press_shift(page: Page, times: int) -> None:
    for _time in range(times):
        page.keyboard.press("Shift")


def test_ux_s2_ux_s3_shift_three_times_leaves_and_is_announced(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop())
    page.goto(f"{live.attune}/support")
    press_shift(page, 1)
    expect(page.locator("#leave-said")).to_have_text(re.compile("twice more"))
    press_shift(page, 1)
    expect(page.locator("#leave-said")).to_have_text(re.compile("once more"))
    press_shift(page, 1)
    page.wait_for_url(NEUTRAL)
    page.go_back()
    assert "/support" not in page.url


def test_ux_s3_typing_capitals_does_not_leave(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop())
    page.goto(f"{live.attune}/support")
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(key)
    assert page.url.endswith("/support")
    expect(page.locator("h1")).to_have_text("Support")


def test_ux_s3_the_keyboard_way_can_be_switched_off(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop())
    page.goto(f"{live.attune}/support")
    page.get_by_role("checkbox").uncheck()
    press_shift(page, 3)
    page.reload()
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    press_shift(page, 3)
    expect(page.locator("h1")).to_have_text("Support")


def test_ux_s2_from_the_frame_of_an_lms_the_whole_page_is_left(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop())
    page.goto(live.lms)
    page.get_by_role("button", name="Ines").click()
    page.get_by_role("link", name="Add an activity from Attune").click()
    page.frame_locator("iframe").get_by_role("link", name="Leave this page").click()
    page.wait_for_url(NEUTRAL)


SANDBOX = "allow-scripts allow-forms allow-same-origin"


def in_a_sandbox(page: Page, live: Living) -> FrameLocator:
    """The support page in a frame that may not lead the page around it away."""
    page.goto(live.lms)
    frame = f'<iframe name="tool" sandbox="{SANDBOX}" src="{live.attune}/support" width="600" height="600"></iframe>'
    page.evaluate("html => { document.body.innerHTML = html; }", f"<h1>Course</h1>{frame}")
    tool = page.frame_locator("[name=tool]")
    expect(tool.get_by_role("heading", level=1)).to_have_text("Support")
    expect(tool.locator("#leave-choice")).to_be_visible()  # the page's own script shows it: the keyboard way is there
    return tool


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_ux_s2_where_a_frame_may_not_leave_it_is_emptied_and_says_how_to_close_the_tab(
    live: Living, visitors: Visitors, by: str
) -> None:
    page = without_network(visitors.desktop())
    tool = in_a_sandbox(page, live)
    if by == "mouse":
        tool.get_by_role("link", name="Leave this page").click()
    else:
        tool.locator("main").focus()
        press_shift(page, 3)
    expect(tool.locator("body")).to_have_text(re.compile("You can close this tab now: Ctrl and W"))
    expect(tool.locator("body")).not_to_contain_text("Support")
    frame = page.frame(name="tool")
    assert frame is not None
    frame.wait_for_url("**/left")
    expect(page.get_by_role("heading", name="Course")).to_be_visible()
    assert any("sandboxed" in problem for problem in visitors.problems)
    visitors.problems.clear()  # the browser says what it did not allow: that is what this is about


def test_ux_s2_what_was_left_in_a_frame_is_not_a_step_back_away(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop())
    in_a_sandbox(page, live).get_by_role("link", name="Leave this page").click()
    frame = page.frame(name="tool")
    assert frame is not None
    frame.wait_for_url("**/left")
    page.go_back()
    assert all("/support" not in one.url for one in page.frames)
    visitors.problems.clear()


def test_ux_s2_without_scripts_the_control_is_a_plain_link(live: Living, visitors: Visitors) -> None:
    page = without_network(visitors.desktop(java_script_enabled=False))
    page.goto(f"{live.attune}/support")
    expect(page.get_by_role("checkbox")).to_be_hidden()
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(NEUTRAL)
