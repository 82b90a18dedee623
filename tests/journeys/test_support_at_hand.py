"""Without a connection, on a phone, by keyboard: whom to turn to is on the page that is open, and so is the journal."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from lti_tool.services.wellbeing import support_directory
from lti_tool.services.wellbeing.support_directory import Typed
from tests.databases import SqliteFiles
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phones import Served, course_on_a_port, saved_line

LINE = Typed("Peer warm line", "After a hard session", "+1 555 0100", "https://line.example/", "Day and night", "")


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        world = served.course.world
        support_directory.add(world.session, world.visitor("ines"), LINE, world.now)
        served.course.kept()
        yield served


def number(page: Page) -> None:
    """The number is there to be dialed."""
    link = page.locator(".support-here a[href='tel:+15550100']")
    expect(link).to_be_visible()
    expect(link).to_have_text("+1 555 0100")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_cap_f4_ux_s6_ux_e3_without_a_connection_the_number_is_on_the_open_page(
    served: Served, size: dict[str, object], accessible: Callable[[Page | Frame], None]
) -> None:
    observation_id = served.course.shared()
    page = served.page("sam", f"/o/{observation_id}", **size)
    support = page.locator("#support-here")
    expect(page.locator(".support-here a[href='tel:+15550100']")).to_be_hidden()
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    support.focus()
    page.keyboard.press("Enter")
    number(page)
    page.locator(".support-here a[href^='tel:']").evaluate(
        """it => it.addEventListener("click", (event) => {
          window.dialed = !event.defaultPrevented;
          event.preventDefault();
        })"""
    )
    page.locator(".support-here a[href^='tel:']").click()
    assert page.evaluate("window.dialed")
    assert not asked
    page.context.set_offline(False)
    accessible(page)


def test_cap_f4_a_number_can_be_dialed_from_a_form_that_waits_for_a_connection(served: Served) -> None:
    observation_id: UUID = served.course.begun()
    page = served.page("jo", f"/o/{observation_id}/rate", **DESKTOP)
    expect(page.locator("[data-saved-line]")).to_be_attached()
    page.context.set_offline(True)
    page.locator("#support-here").click()
    link = page.locator(".support-here a[href^='tel:']")
    page.evaluate(
        "addEventListener('click', (event) => { window.kept = event.defaultPrevented; event.preventDefault(); })"
    )
    link.click()
    assert page.evaluate("window.kept") is False


def test_cap_b7_ux_c1_an_entry_is_written_on_a_phone_by_whoever_has_no_connection(served: Served) -> None:
    page = served.page("sam", "/journal", **PHONE)
    with page.expect_response("**/session/device-key*"):
        page.get_by_role("button", name="Write an entry").click()
    words = page.get_by_label("Your words")
    page.context.set_offline(True)
    words.fill("On the bus, between two clients.")
    expect(saved_line(page)).to_contain_text("Saved on this device at")
    page.context.set_offline(False)
    expect(saved_line(page)).to_contain_text("Saved with Attune at")
    page.reload()
    expect(words).to_have_value("On the bus, between two clients.")


def test_cap_b7_ux_t5_what_is_marked_is_shown_as_others_will_read_it(
    served: Served, accessible: Callable[[Page | Frame], None]
) -> None:
    page = served.page("sam", "/journal", **DESKTOP)
    accessible(page)
    page.get_by_role("button", name="Write an entry").click()
    words = page.get_by_label("Your words")
    words.fill("This is for me. This is for Jo.")
    expect(saved_line(page)).to_contain_text("Saved with Attune at")
    accessible(page)
    words.evaluate("it => { it.focus(); it.setSelectionRange(16, 31); }")
    page.get_by_role("button", name="Share an excerpt").click()
    expect(page.get_by_label("What others may read")).to_have_value("This is for Jo.")
    assert "Jo" not in page.url
    accessible(page)
    page.get_by_label("Title").fill("A hard start")
    page.get_by_text("Those who supervise you", exact=True).click()
    page.get_by_role("button", name="See it as others will").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What others will read")
    expect(page.locator("main")).not_to_contain_text("This is for me.")
    accessible(page)
    page.get_by_role("button", name="Share this excerpt").click()
    expect(page.locator("main .notice").first).to_contain_text("shared as you saw it")


@pytest.mark.parametrize("path", ["/self-care", "/self-care/days", "/support", "/journal"])
def test_ux_e3_each_page_fits_a_small_screen_and_is_accessible(
    served: Served, path: str, accessible: Callable[[Page | Frame], None]
) -> None:
    page = served.page("sam", path, viewport={"width": 320, "height": 640})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    accessible(page)
