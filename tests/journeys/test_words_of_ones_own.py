"""A program lead reads the wording rules, tries a sentence, and adds rules; another lead changes them meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from lti_tool.access import Capability
from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.test_library import give


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, and Lea and Mo who write rubrics."""
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        for who in ("lea", "mo"):
            give(served.course, who, Capability.PROGRAM_LEAD)
        yield served


def sit_down(school: Served, page: Page, who: str) -> Page:
    """As this person, at the wording rules."""
    school.sign_in(page, school.course.world.enter(who, TRAINEE).token)
    school.course.kept()
    if who == "lea":
        page.set_viewport_size({"width": 320, "height": 740})
    page.goto(f"{school.url}/wording?language=en")
    return page


def add(page: Page, word: str) -> None:
    """Write a word in the first row, as one that wounds."""
    page.get_by_label("Words to look for").first.fill(word)
    page.get_by_label("Looked for as").first.select_option("Words that wound")


def test_cap_a4_words_of_ones_own_on_a_narrow_phone_while_another_lead_adds_some(
    school: Served,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    lea, mo = (sit_down(school, getattr(visitors, size)(), who) for who, size in (("lea", "phone"), ("mo", "desktop")))
    for summary in lea.locator("details > summary").all():
        summary.click()
    look(lea, "the rules")
    lea.get_by_role("textbox", name="Sentence").fill("Understands that people fail")
    lea.get_by_role("button", name="Try it").click()
    expect(lea.get_by_text("to change before publishing")).to_be_visible()
    expect(lea.get_by_text("Nobody can see or hear “Understands”")).to_be_visible()
    look(lea, "a sentence tried")

    for page in (lea, mo):
        page.get_by_role("link", name="Change your own rules").click()
    look(mo, "own rules on a desktop")
    add(mo, "rock bottom")
    mo.get_by_role("button", name="Save the rules").click()
    expect(mo.get_by_text("Saved.")).to_be_visible()
    visitors.overlook("status of 422")  # changed meanwhile
    add(lea, "in denial")
    lea.get_by_role("button", name="Save the rules").click()
    expect(lea.get_by_text("changed these rules since you opened them")).to_be_visible()
    expect(lea.get_by_text("“rock bottom”")).to_be_visible()
    look(lea, "changed meanwhile")
    lea.get_by_label("Words to look for").first.fill("in denial\nrock bottom")
    lea.get_by_role("button", name="Save the rules").click()
    expect(lea.get_by_text("“in denial”, “rock bottom”")).to_be_visible()
