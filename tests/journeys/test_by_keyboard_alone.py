"""What people do most, with the keyboard alone: each thing is come to with Tab, is then seen, and answers to a key."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.databases import SqliteFiles
from tests.journeys import keyboard
from tests.journeys.conftest import DESKTOP, PHONE, Visitors
from tests.journeys.phones import Served, course_on_a_port
from tests.journeys.seats import Sit

ANSWER = "I agree. Waiting was the hard part."
ACTIVITY = "Observed with the keyboard"


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["a large screen", "a small one"])
def test_ux_e1_a_trainee_reads_answers_and_a_supervisor_signs_by_keyboard_alone(
    served: Served, accessible: Callable[[Page | Frame], None], screen: dict[str, object]
) -> None:
    served.course.shared()
    sam = served.page("sam", served.course.home, **screen)
    keyboard.enter(sam, sam.get_by_role("link", name="Read what Jo Example wrote"))
    keyboard.write(sam, sam.locator("textarea[name=words]"), ANSWER)
    keyboard.enter(sam, sam.get_by_role("button", name="Look over my answer"))
    expect(sam.get_by_text("This is what others will read:")).to_be_visible()
    keyboard.enter(sam, sam.get_by_role("button", name="Give this answer"))
    expect(sam.get_by_text("Your answer is given.")).to_be_visible()
    accessible(sam)

    jo = served.page("jo", served.course.home, **screen)
    keyboard.enter(jo, jo.get_by_role("link", name="Read and sign: peer lane"))
    expect(jo.get_by_text(ANSWER)).to_be_visible()
    keyboard.enter(jo, jo.get_by_role("button", name="Sign in the peer lane"))
    expect(jo.get_by_text("You signed.")).to_be_visible()
    accessible(jo)


def test_ux_e1_a_trainee_asks_for_an_observation_by_keyboard_alone(served: Served) -> None:
    sam = served.page("sam", served.course.home, **PHONE)
    keyboard.enter(sam, sam.get_by_role("link", name="Ask for an observation"))
    for choice in ("Jo Example", "Role play", "No"):
        wanted = sam.get_by_role("radio", name=choice, exact=True)
        keyboard.tab_to(sam, sam.locator(f"input[name='{wanted.get_attribute('name')}']").first)
        sam.keyboard.press("Space")
        while not wanted.is_checked():
            sam.keyboard.press("ArrowDown")
    keyboard.enter(sam, sam.get_by_role("button", name="Ask, and agree to be observed"))
    expect(sam.get_by_text("Your request is on its way.")).to_be_visible()


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
def test_ux_e1_an_instructor_sets_an_activity_up_from_the_lms_by_keyboard_alone(visitors: Visitors, sit: Sit) -> None:
    ines = sit("Ines Ferreira", visitors.desktop())
    page, attune = ines.page, ines.attune
    keyboard.enter(page, page.get_by_role("link", name="Add an activity from Attune"))
    keyboard.enter(page, attune.get_by_role("link", name="Set up observed practice"))
    title = attune.get_by_role("textbox", name="Title")
    keyboard.tab_to(page, title)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(ACTIVITY)
    keyboard.tab_to(page, attune.get_by_role("radio").first)
    page.keyboard.press("Space")
    keyboard.tab_to(page, attune.get_by_role("checkbox", name="Clinical lane"))
    page.keyboard.press("Space")
    keyboard.enter(page, attune.get_by_role("button", name="Add to the course"))
    expect(page.get_by_text(f"Added: {ACTIVITY}")).to_be_visible()
    ines.settles()
    keyboard.enter(page, page.get_by_role("link", name=ACTIVITY))
    ines.sees(ACTIVITY)
