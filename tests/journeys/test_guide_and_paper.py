"""The guide beside a criterion, and a form on paper that finds its way back, in a real browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.waiting import until
from tests.lti_tool.web.test_guide_and_language import IN_SPANISH, looked_at_with

Picture = Callable[[Page, str], None]
Check = Callable[[Page | Frame], None]
SMALLEST = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        looked_at_with(served.course, IN_SPANISH)
        yield served


def at(served: Served, page: Page, who: str, path: str) -> Page:
    served.sign_in(page, served.course.token(who))
    page.goto(f"{served.url}{path}")
    return page


def top(locator: Locator) -> float:
    """From the top of the document, wherever one has scrolled to."""
    return float(locator.evaluate("each => each.getBoundingClientRect().top + window.scrollY"))


def test_cap_f5_the_guide_opens_over_the_form_and_closes_without_losing_anything(
    served: Served, visitors: Visitors, picture: Picture, accessible: Check
) -> None:
    page = at(served, visitors.phone(**SMALLEST), "jo", f"/o/{served.course.begun()}/rate")
    page.get_by_role("button", name="Next", exact=True).click()
    guide = page.locator("details.guide:visible")
    summary = guide.locator("summary")
    level = page.locator(".step:visible .choice").first
    page.get_by_label("What did you see or hear?").locator("visible=true").fill("Asked, then waited.")
    summary.scroll_into_view_if_needed()
    summary.focus()
    before, scrolled = top(level), page.evaluate("window.scrollY")
    page.keyboard.press("Enter")
    expect(guide.get_by_text("Watch for what happens at a silence.")).to_be_visible()
    assert top(level) == pytest.approx(before, abs=1)  # nothing is pushed away
    picture(page, "guide on a phone")
    accessible(page)
    page.evaluate("window.scrollTo({ top: 300, behavior: 'instant' })")
    page.keyboard.press("Escape")
    expect(guide.get_by_text("Watch for what happens at a silence.")).to_be_hidden()
    expect(summary).to_be_focused()
    until(page, lambda: page.evaluate("window.scrollY") == scrolled)
    summary.click()
    guide.get_by_role("button", name="Close the guide").click()
    expect(summary).to_be_focused()
    summary.click()
    page.get_by_label("What did you see or hear?").locator("visible=true").focus()
    expect(guide).not_to_have_attribute("open", "")
    expect(page.get_by_label("What did you see or hear?").locator("visible=true")).to_have_value("Asked, then waited.")


def test_without_scripts_the_guide_opens_in_its_place(served: Served, visitors: Visitors) -> None:
    page = at(served, visitors.desktop(java_script_enabled=False), "jo", f"/o/{served.course.begun()}/rate")
    page.locator("summary", has_text="Guide").first.click()
    expect(page.get_by_text("Watch for what happens at a silence.")).to_be_visible()
    expect(page.get_by_role("button", name="Close the guide")).to_have_count(0)


def test_cap_a8_the_rubric_page_has_the_guide_before_anything_begins(
    served: Served, visitors: Visitors, picture: Picture, accessible: Check
) -> None:
    page = at(served, visitors.phone(), "sam", f"{served.course.home}/rubric")
    page.get_by_text("The guide that your observer has beside it").first.click()
    expect(page.get_by_text("The observer said: let us stop.")).to_be_visible()
    picture(page, "rubric for a trainee")
    accessible(page)


def test_a_form_goes_onto_paper_and_its_code_comes_back(
    served: Served, visitors: Visitors, picture: Picture, accessible: Check
) -> None:
    course = served.course
    begun = course.begun()
    page = at(served, visitors.phone(**SMALLEST), "jo", f"/o/{begun}/paper")
    accessible(page)
    page.get_by_role("button", name="Make the form").click()
    expect(page.get_by_role("heading", name="The form is ready")).to_be_visible()
    picture(page, "form is ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF for A4 paper").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="As a page").click()
    accessible(page)
    picture(page, "form as a page")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="The form, to print")).to_be_hidden()
    picture(page, "form as it prints")
    page.emulate_media(media="screen")
    code = page.locator(".paper-large").inner_text()
    page.goto(f"{served.url}/waiting")
    page.get_by_role("link", name="Type in the code of a paper form").click()
    accessible(page)
    page.get_by_label("Code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Find the observation").click()
    expect(page.get_by_text(f"From paper form {code}")).to_be_visible()


def test_a_blank_form_is_tied_to_an_observation(
    served: Served, visitors: Visitors, picture: Picture, accessible: Check
) -> None:
    course = served.course
    begun = course.begun()
    course.begun()
    instructor = at(served, visitors.desktop(), "ines", f"{course.home}/paper")
    instructor.get_by_label("How many forms?").fill("2")
    instructor.get_by_role("button", name="Make the forms").click()
    expect(instructor.get_by_role("heading", name="2 forms are ready")).to_be_visible()
    accessible(instructor)
    picture(instructor, "blank forms are ready")
    instructor.get_by_text("Their codes").click()
    code = instructor.locator("code").first.inner_text()
    page = at(served, visitors.phone(), "jo", "/paper")
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Which observation is it about?")).to_be_visible()
    accessible(page)
    picture(page, "which observation")
    page.locator(f"input[value='{begun}']").check()
    page.get_by_role("button", name="Go to the form").click()
    expect(page.get_by_text("The paper form belongs to this observation now.")).to_be_visible()
    expect(page.get_by_text(f"From paper form {code}")).to_be_visible()
