"""An instructor adds several things at once from the LMS's picker: by keyboard, on a phone, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat
from tests.living import Living

pytestmark = pytest.mark.parametrize("live", ["sqlite"], indirect=True)
NARROW = {"viewport": {"width": 390, "height": 844}}


def at_the_picker(seat: Seat) -> None:
    seat.page.goto(f"{seat.live.lms}/course")
    seat.page.get_by_role("link", name="Add an activity from Attune").click()
    seat.sees("Add to your course")


def the_rubric(seat: Seat, title: str) -> None:
    seat.follow("Set up observed practice")
    seat.sees("Add observed practice to your course")
    seat.write("Title", title)
    seat.attune.get_by_role("radio", name="peer support").first.check()


def test_several_things_are_chosen_and_added_together(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    ines = Seat("Ines Ferreira", visitors.desktop(), live, picture, accessible)
    ines.sit_down()
    at_the_picker(ines)
    the_rubric(ines, "First steps")
    ines.press("Keep it, and choose another")
    ines.reads("It is chosen.")
    ines.press("Choose: My supervision queue")
    ines.reads("Add these 2 to the course")
    ines.look("Ines has chosen two")
    frame = ines.page.locator("iframe[data-tool]").element_handle().content_frame()
    assert frame is not None
    frame.goto(frame.url)
    ines.reads("Add these 2 to the course")
    ines.press("Add these 2 to the course")
    for title in ("First steps", "My supervision queue"):
        expect(ines.page.get_by_text(title).first).to_be_visible()
    ines.open("My supervision queue")
    ines.sees("Waiting for you")
    ines.open("First steps")
    ines.follow("All activities of this course")
    ines.sees("Peer Support Practicum")
    expect(ines.attune.get_by_text("not placed yet")).to_have_count(0)


def test_on_a_narrow_screen_without_scripts_and_back_without_anything(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
) -> None:
    page = visitors.desktop(java_script_enabled=False, **NARROW)
    ines = Seat("Ines Ferreira", page, live, picture, lambda _shown: None)
    ines.sit_down()
    page.goto(f"{live.lms}/course")
    page.get_by_role("link", name="Add an activity from Attune").click()
    ines.press("Continue")
    ines.follow("Continue here")  # nothing can find out by itself whether this frame keeps cookies
    ines.press("Continue")
    ines.sees("Add to your course")
    the_rubric(ines, "Second steps")
    ines.press("Keep it, and choose another")
    ines.reads("Chosen so far")
    ines.look("One is chosen, on a narrow screen")
    ines.press("Take out: Second steps")
    ines.reads("It is taken out.")
    ines.press("Go back without adding anything")
    ines.sees("Back to your course")
    ines.press("Continue")
    ines.reads("Nothing was added.")  # the practice LMS shows what it was told


def test_the_picker_is_worked_with_the_keyboard_alone(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    ines = Seat("Ines Ferreira", visitors.desktop(), live, picture, accessible)
    ines.sit_down()
    at_the_picker(ines)
    reached = []
    for _step in range(20):
        ines.page.keyboard.press("Tab")
        focused = ines.page.locator("iframe[data-tool]").element_handle().content_frame().locator(":focus")
        if focused.count():
            reached.append(focused.inner_text())
        if reached and reached[-1] == "Choose: My supervision queue":
            break
    assert reached.index("Set up observed practice") < reached.index("Choose: My supervision queue")
    ines.page.keyboard.press("Enter")
    ines.reads("Add it to the course")
