"""The sample program on a small screen, with the keyboard alone: put in place, looked at, taken away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.databases import SqliteFiles
from tests.journeys import keyboard
from tests.journeys.phones import Served, course_on_a_port
from tests.lti_tool.services.path_rows import program_lead

SMALLEST = {"viewport": {"width": 320, "height": 640}}
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        program_lead(served.course.world)
        served.course.roles["lea"] = ()
        served.course.kept()
        yield served


def test_cap_f2_a_program_lead_sees_a_program_at_work_by_keyboard_alone(
    served: Served, picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]
) -> None:
    lea = served.page("lea", "/programs", **SMALLEST)

    def goes(role: str, name: str, then: str) -> None:
        with lea.expect_navigation():
            keyboard.enter(lea, lea.get_by_role(role, name=name, exact=True).last)
        expect(lea.get_by_role("heading", level=1)).to_have_text(then)
        assert not lea.evaluate(WIDER_THAN_THE_SCREEN), then
        accessible(lea)
        picture(lea, then)

    picture(lea, "Before")
    goes("button", "Look at a sample program", "Sample program")
    expect(lea.get_by_text("The sample program is in place.")).to_be_visible()
    goes("link", "Look at its cohort", "Cohort of the sample program")
    goes("link", "Bo", "Bo, of the sample program")
    goes("link", "The cohort of the sample program", "Cohort of the sample program")
    cell = lea.locator("a[data-proof]").first
    keyboard.enter(lea, cell)
    expect(lea.get_by_role("heading", name="The rule in plain words")).to_be_visible()
    picture(lea, "A proof")
    lea.goto(f"{served.address}/programs/sample")
    goes("button", "Take the sample program away", "Programs")
    expect(lea.get_by_text("The sample program is gone.")).to_be_visible()
