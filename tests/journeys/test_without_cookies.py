"""The ways in where browsers keep cookies out of the frames of other sites."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys.frames import (
    NONE_FOR_US_IN_FRAMES,
    PATIENT,
    SETTLED,
    THIRD_PARTY_BLOCKED,
    frame_of,
    launch,
    sees,
    sessions_in_tabs,
)
from tests.journeys.sites import Sites
from tests.journeys.small_lms import LMS
from tests.journeys.waiting import until

SMALL = {"width": 390, "height": 844}
NARROWEST = {"width": 340, "height": 640}
"""The frame in it is 320 pixels wide."""
Opened = Callable[..., BrowserContext]


def test_p12_with_third_party_cookies_blocked_a_partitioned_cookie_does(place: Sites, browser_with: Opened) -> None:
    context = browser_with(THIRD_PARTY_BLOCKED)
    page = launch(context, place)
    assert place.lms.told == []
    assert sessions_in_tabs(place) == [False]
    ours = {cookie["name"]: cookie.get("partitionKey") for cookie in context.cookies(place.lms.tool)}
    assert ours == dict.fromkeys(("__Host-attune", "__Host-attune-browser"), f"https://{LMS}")
    frame_of(page).get_by_role("radio", name="Warm line").check()
    frame_of(page).get_by_role("button", name="Set up the activity").click()
    expect(page.frame_locator("[name=tool]").get_by_text("The activity is ready.")).to_be_visible()


@pytest.mark.parametrize("storage", ["frame", "named"])
def test_p01_p02_p08_p09_without_any_cookie_the_lms_s_storage_knows_the_browser(
    place: Sites, browser_with: Opened, storage: str
) -> None:
    place.lms.storage = storage
    context = browser_with(NONE_FOR_US_IN_FRAMES)
    context.add_init_script(PATIENT)
    page = launch(context, place)
    until(page, lambda: len(place.lms.told) == 2)
    assert place.lms.told == [f"lti.put_data from {place.lms.tool}", f"lti.get_data from {place.lms.tool}"]
    assert sessions_in_tabs(place) == [True]
    assert context.cookies(place.lms.tool) == []


def test_p03_p04_a_hostile_frame_beside_ours_hears_nothing_and_is_not_believed(
    place: Sites, browser_with: Opened
) -> None:
    place.lms.hostile = True
    context = browser_with(NONE_FOR_US_IN_FRAMES)
    context.add_init_script(PATIENT)
    launch(context, place)
    assert sessions_in_tabs(place) == [True]
    assert not [words for words in place.lms.told if "overheard" in words]


def test_p03_a_strangers_frame_with_the_storages_name_is_told_nothing(place: Sites, browser_with: Opened) -> None:
    place.lms.storage = "stolen"
    page = launch(browser_with(NONE_FOR_US_IN_FRAMES), place, "Opening Attune")
    expect(frame_of(page).locator("#window-only")).to_be_visible()
    assert place.lms.told == []
    assert sessions_in_tabs(place) == []


def test_p04_the_right_answer_from_the_wrong_frame_is_no_answer(place: Sites, browser_with: Opened) -> None:
    place.lms.storage, place.lms.hostile = "leaky", True
    page = launch(browser_with(NONE_FOR_US_IN_FRAMES), place, "Opening Attune")
    expect(frame_of(page).locator("#window-only")).to_be_visible()
    until(page, lambda: "overheard lti.put_data.response" in place.lms.told)
    assert sessions_in_tabs(place) == []


@pytest.mark.parametrize("storage", ["silent", "none", "full"])
def test_p06_p14_l22_without_an_answer_a_window_of_its_own_opens_by_keyboard(
    place: Sites,
    browser_with: Opened,
    storage: str,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    place.lms.storage = storage
    context = browser_with(NONE_FOR_US_IN_FRAMES)
    logins: list[str] = []
    context.on("request", lambda request: logins.append(request.url) if "/lti/login" in request.url else None)
    page = launch(context, place, "Opening Attune")
    frame = frame_of(page)
    expect(frame.locator("#window-only")).to_be_visible()
    expect(frame.get_by_role("link", name="Continue here")).to_be_hidden()
    accessible(frame)
    picture(page, "A window is needed")
    page.set_viewport_size(SMALL)
    picture(page, "A window is needed, small")
    page.set_viewport_size(NARROWEST)
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame.get_by_role("link", name="Open in a new window").focus()
    with context.expect_page() as opened:
        page.keyboard.press("Enter")
    window = opened.value
    expect(window.get_by_role("heading", level=1)).to_have_text(SETTLED)
    window.get_by_role("radio", name="Warm line").check()
    window.get_by_role("button", name="Set up the activity").click()
    expect(window.get_by_text("The activity is ready.")).to_be_visible()
    assert sessions_in_tabs(place) == [False]
    assert len(logins) == 2
    picture(window, "In its own window")


def test_without_scripts_the_page_of_a_login_has_both_ways(
    place: Sites,
    browser_with: Opened,
    picture: Callable[[Page, str], None],
) -> None:
    context = browser_with(THIRD_PARTY_BLOCKED, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.lms.origin}/course")
    page.get_by_role("button", name="Go on").click()
    sees(page, "Opening Attune")
    picture(page, "Opening without scripts")
    page.set_viewport_size(SMALL)
    picture(page, "Opening without scripts, small")
    frame = frame_of(page)
    expect(frame.get_by_role("link", name="Open in a new window")).to_be_visible()
    frame.get_by_role("link", name="Continue here").click()
    frame.get_by_role("button", name="Go on").click()
    sees(page, SETTLED)


def test_two_frames_that_begin_at_once_both_come_in(place: Sites, browser_with: Opened) -> None:
    """Both logins found no cookie, and each set one: the one that lost begins again."""
    app, both, came = place.cookies.app, Barrier(2), []

    def first_logins_meet(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/lti/login":
            came.append(environ.get("QUERY_STRING"))
            if len(came) <= 2:
                both.wait(60)
        return app(environ, start_response)

    place.cookies.app = first_logins_meet
    context = browser_with(THIRD_PARTY_BLOCKED)
    pages = [context.new_page(), context.new_page()]
    for number, page in enumerate(pages):
        page.goto(f"{place.lms.origin}/course?course=course-{number}")
    for page in pages:
        sees(page, SETTLED)
    assert len(came) == 3
    assert "again=1" in came[2]
