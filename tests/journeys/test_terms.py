"""A program lead publishes terms on a phone; a trainee reads them when it suits them, and takes a copy along."""

import json
import zipfile
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

WORDS = "What we keep\n\nYour name, and what you write about your practice.\n\nHow long\n\nTwo years."


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        give(served.course, "lea", Capability.PROGRAM_LEAD)
        yield served


def on_a_phone(school: Served, page: Page, who: str, path: str) -> Page:
    school.sign_in(page, school.course.world.enter(who, TRAINEE).token)
    school.course.kept()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{school.url}{path}")
    return page


def test_cap_e7_terms_are_published_read_and_answered_on_a_phone(
    school: Served,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
    tmp_path: Path,
) -> None:
    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    visitors.overlook("status of 422")  # what is still to be filled in
    lea = on_a_phone(school, visitors.phone(), "lea", "/terms")
    look(lea, "nothing is published")
    lea.get_by_role("button", name="Write the first edition").click()
    look(lea, "the notice to be filled in")
    lea.get_by_role("button", name="Look it over and publish").click()
    lea.get_by_role("button", name="Publish it").click()
    expect(lea.get_by_text("such as [program]")).to_be_visible()
    look(lea, "something is left to be filled in")
    lea.get_by_label("English").fill(WORDS)
    lea.get_by_role("button", name="Look it over and publish").click()
    look(lea, "looked over")
    lea.get_by_role("button", name="Publish it").click()
    expect(lea.get_by_text("0 people agree")).to_be_visible()
    look(lea, "published")

    sam = on_a_phone(school, visitors.phone(), "sam", school.course.home)
    look(sam, "the path, with the question")
    sam.get_by_role("link", name="Read the terms").click()
    look(sam, "the terms")
    sam.get_by_role("button", name="Yes, I agree").click()
    expect(sam).to_have_url(f"{school.url}{school.course.home}")
    expect(sam.get_by_text("Read the terms")).to_have_count(0)
    lea.reload()
    lea.get_by_role("link", name="Who agrees to edition 1").click()
    expect(lea.get_by_role("rowheader", name="Sam Example")).to_be_visible()
    look(lea, "who agrees")
    sam.goto(f"{school.url}/my-data")
    look(sam, "your data")
    with sam.expect_download() as download:
        sam.get_by_role("link", name="Take a copy along (ZIP)").click()
    download.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        said = json.loads(archive.read("my-data.json"))["tables"]["terms_answer"]["rows"]
    assert [each["answer"] for each in said] == ["agreed"]
    sam.get_by_role("link", name="Terms, and what you said to them").click()
    look(sam, "what they said")
    sam.get_by_role("button", name="Take my yes to edition 1 back").click()
    expect(sam.get_by_text("Your yes is taken back.")).to_be_visible()
