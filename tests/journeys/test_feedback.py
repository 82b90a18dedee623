"""Feedback on a phone: what is told first, giving it, and what its subject reads later; nothing scrolls sideways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.databases import SqliteFiles
from tests.journeys.conftest import PHONE
from tests.journeys.phones import Served, course_on_a_port, press
from tests.lti_tool.services.feedback_rows import enrolled, say, shown, supervised
from tests.lti_tool.web.test_program_pages import lead

Check = Callable[[Page | Frame], None]
Picture = Callable[[Page, str], None]
THREE = ("ana", "ben", "sam")


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    """Ana, Ben and Sam, whom Jo supervised and who are certified; Lea leads programs."""
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        lead(served.course)
        supervised(served.course.world, *THREE)
        enrolled(served.course.world, *THREE)
        served.course.kept()
        yield served


def looks_right(page: Page, step: str, accessible: Check, picture: Picture) -> None:
    accessible(page)
    picture(page, step)
    page.set_viewport_size({"width": 320, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(PHONE["viewport"])


def test_cap_e4_a_trainee_gives_feedback_on_a_phone_and_jo_reads_it_later_with_that_of_others(
    served: Served, accessible: Check, picture: Picture
) -> None:
    page = served.page("sam", "/me/feedback", **PHONE)
    looks_right(page, "who accompanied me", accessible, picture)
    page.get_by_role("link", name="Jo Example").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How was it with Jo Example?")
    looks_right(page, "before anything is sent", accessible, picture)
    page.get_by_role("group", name="I was listened to.").get_by_label("Fits completely").check()
    page.get_by_label("Anything in your words").fill("You let me find my own words.")
    press(page, "Give this feedback")
    expect(page.get_by_text("Thank you, it is kept.")).to_be_visible()
    looks_right(page, "kept", accessible, picture)

    served.course.kept()
    for who in ("ana", "ben"):
        say(served.course.world, who, f"From another, {len(who)} letters.")
    address = f"/feedback/{shown(served.course.world)[0].id}"
    served.course.kept()
    page = served.page("jo", "/me/feedback", **PHONE)
    page.get_by_role("link", name="Shown since").click()
    expect(page.get_by_text("You let me find my own words.")).to_be_visible()
    expect(page.get_by_text("Sam Example")).to_have_count(0)
    looks_right(page, "Jo reads it", accessible, picture)
    page = served.page("lea", "/feedback", **PHONE)
    looks_right(page, "Lea sees all of it", accessible, picture)
    page.goto(f"{served.address}{address}")
    looks_right(page, "Lea reads it", accessible, picture)
