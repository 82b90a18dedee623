"""Before somebody is signed out a calm line says when, and one press keeps them signed in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.databases import SqliteFiles
from tests.journeys.conftest import PHONE
from tests.journeys.phones import Served, course_on_a_port, press

Check = Callable[[Page | Frame], None]
Picture = Callable[[Page, str], None]


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


def line(page: Page) -> Locator:
    return page.locator("[data-time-out]")


def test_ux_p3_two_minutes_before_the_end_one_press_keeps_a_person_signed_in(
    served: Served, accessible: Check, picture: Picture
) -> None:
    context = served.context("jo", **PHONE)
    page = context.new_page()
    page.goto(f"{served.address}/waiting")
    expect(line(page)).to_be_hidden()
    served.clock.advance(hours=11, minutes=57, seconds=30)
    page.reload()
    expect(line(page)).to_contain_text("You will be signed out at")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")  # what the line covers, one scrolls free
    accessible(page)
    picture(page, "soon signed out")
    words = line(page).inner_text()
    page.wait_for_timeout(1500)
    assert line(page).inner_text() == words  # no countdown
    press(page, "Stay signed in")
    expect(line(page)).to_contain_text("You stay signed in until")
    served.clock.advance(minutes=5)
    page.reload()
    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    expect(line(page)).to_be_hidden()


def test_ux_p3_another_tab_learns_that_one_stayed(served: Served) -> None:
    context = served.context("jo", **PHONE)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{served.address}/waiting")
    served.clock.advance(hours=11)
    other = context.new_page()
    other.goto(f"{served.address}/waiting")
    token = other.locator("[data-time-out] [name=csrf_token]").get_attribute("value")
    assert other.request.post(
        f"{served.address}/session/stay", form={"csrf_token": token}, headers={"Origin": served.address}
    ).ok
    with page.expect_response("**/session/ends"):
        page.clock.run_for(11 * 60 * 60 * 1000 + 57 * 60 * 1000 + 1000)
    page.wait_for_timeout(300)
    expect(line(page)).to_be_hidden()


def test_after_a_day_one_comes_in_again_and_the_line_says_so(served: Served) -> None:
    context = served.context("jo", **PHONE)
    page = context.new_page()
    for hours in (11, 11):
        served.clock.advance(hours=hours)
        page.goto(f"{served.address}/waiting")
        token = page.locator("[data-time-out] [name=csrf_token]").get_attribute("value")
        page.request.post(
            f"{served.address}/session/stay", form={"csrf_token": token}, headers={"Origin": served.address}
        )
    served.clock.advance(hours=1, minutes=58)
    page.goto(f"{served.address}/waiting")
    expect(line(page)).to_contain_text("after a day. What you wrote is kept; come in again to go on.")
    expect(page.get_by_role("button", name="Stay signed in", exact=True)).to_be_hidden()
