"""Several tabs of one browser: two people one after the other, and one person in two courses."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.frames import SETTLED, THIRD_PARTY_BLOCKED, frame_of, launch, sees
from tests.journeys.sites import Sites

SMALL = {"width": 390, "height": 844}


@pytest.fixture
def context(browser_with: Callable[..., BrowserContext]) -> BrowserContext:
    return browser_with(THIRD_PARTY_BLOCKED)


def test_an_old_tab_says_that_someone_else_came_in(
    place: Sites,
    context: BrowserContext,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    first = launch(context, place, person="ines")
    second = launch(context, place, "Observed practice", person="sam")
    sees(first, "Someone else is here now")
    frame = frame_of(first)
    assert "Set up" not in frame.locator("body").inner_text()
    expect(frame.get_by_role("link", name="Leave this page")).to_be_visible()
    accessible(frame)
    picture(first, "Someone else is here now")
    first.set_viewport_size(SMALL)
    picture(first, "Someone else is here now, small")
    first.bring_to_front()
    frame.locator("main").focus()
    first.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Go on as the person who is here now")).to_be_focused()
    first.keyboard.press("Enter")
    sees(first, "Waiting for you")
    sees(second, "Observed practice")


def test_if_the_first_person_comes_back_their_page_is_as_they_left_it(place: Sites, context: BrowserContext) -> None:
    first = launch(context, place, person="ines")
    frame_of(first).get_by_label("Title").fill("A title that nobody saved")
    other = launch(context, place, "Observed practice", person="sam")
    sees(first, "Someone else is here now")
    other.goto(f"{place.lms.origin}/course?person=ines")
    sees(other, SETTLED)
    first.bring_to_front()
    sees(first, SETTLED)
    expect(frame_of(first).get_by_label("Title")).to_have_value("A title that nobody saved")
    frame_of(first).get_by_role("radio", name="Warm line").check()
    frame_of(first).get_by_role("button", name="Set up the activity").click()
    sees(first, "A title that nobody saved")


def test_what_an_old_tab_sends_is_shown_for_copying_and_not_taken(place: Sites, context: BrowserContext) -> None:
    """Where the script that looks out for others did not run."""
    context.route("**/static/still.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
    first = launch(context, place, person="ines")
    frame_of(first).get_by_label("Title").fill("A title that Ines typed")
    launch(context, place, "Observed practice", person="sam")
    frame_of(first).get_by_role("radio", name="Warm line").check()
    frame_of(first).get_by_role("button", name="Set up the activity").click()
    sees(first, "Someone else is here now")
    expect(frame_of(first).get_by_label("What you typed").first).to_have_value("A title that Ines typed")


def test_one_person_works_in_two_courses_and_each_tab_knows_its_way_back(place: Sites, context: BrowserContext) -> None:
    pages = {course: launch(context, place, person="ines", course=course) for course in ("course-1", "course-2")}
    for course, page in pages.items():
        frame = frame_of(page)
        frame.get_by_label("Title").fill(f"Practice in {course}")
        frame.get_by_role("radio", name="Warm line").check()
        frame.get_by_role("button", name="Set up the activity").click()
        sees(page, f"Practice in {course}")
        way_back = frame_of(page).get_by_role("link", name="Back to your course")
        expect(way_back).to_have_attribute("href", f"{place.lms.origin}/course?course={course}")
