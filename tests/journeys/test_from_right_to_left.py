"""In Arabic, on a phone: a trainee reads what was seen and answers, and the supervisor signs."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlalchemy import update

from lti_tool.store.people import SessionRow
from tests.databases import SqliteFiles
from tests.journeys.looking import PHONE, ask
from tests.journeys.phones import Served, course_on_a_port
from tests.journeys.waiting import PATIENCE_MS

ANSWER = "أوافق. كان الانتظار أصعب ما في الأمر."
LATIN_COMMA = re.compile("[\u0620-\u064a][,;]")
NOT_MIRRORED = """() => [...document.querySelectorAll("main *")].filter((it) => {
  const style = getComputedStyle(it);
  return style.direction === "ltr" && !it.closest("[dir], [lang], code, pre, svg, bdi");
}).map((it) => it.outerHTML.slice(0, 120))"""


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


def in_arabic(served: Served, who: str) -> Page:
    """This person's phone, as they set it."""
    context = served.browser.new_context(
        locale="ar", timezone_id="UTC", viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    served.sign_in(context, who)
    session = served.course.world.session
    session.execute(update(SessionRow).values(locale=None))  # the LMS says nothing of a language
    served.course.kept()
    page = context.new_page()
    page.goto(f"{served.address}{served.course.home}")
    return page


def test_ux_e2_an_observation_is_read_answered_and_signed_in_arabic(
    served: Served, accessible: Callable[[Page | Frame], None], picture: Callable[[Page, str], None]
) -> None:
    def look(page: Page, step: str) -> None:
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert not page.evaluate(NOT_MIRRORED)
        assert not ask(page, "wide", "cut")
        assert not LATIN_COMMA.findall(page.locator("main").inner_text())
        accessible(page)
        picture(page, step)

    observation_id = served.course.shared()
    sam = in_arabic(served, "sam")
    look(sam, "the trainee's path")
    sam.goto(f"{served.address}/o/{observation_id}")
    look(sam, "what was seen")
    sam.locator("textarea[name=words]").fill(ANSWER)
    sam.locator("form", has=sam.locator("textarea[name=words]")).locator(".btn-main").click()
    expect(sam.get_by_text(ANSWER)).to_be_visible()
    look(sam, "the answer looked over")
    sam.locator("main form .btn-main").click()
    expect(sam.get_by_role("status").first).to_be_visible()
    look(sam, "answered")

    jo = in_arabic(served, "jo")
    look(jo, "what waits")
    jo.goto(f"{served.address}/o/{observation_id}/sign/peer")
    expect(jo.get_by_text(ANSWER)).to_be_visible()
    look(jo, "before the signature")
    jo.locator("main form .btn-main").first.click()
    expect(jo.get_by_role("status").first).to_be_visible()
    look(jo, "signed")
    begun = served.course.begun()
    jo.goto(f"{served.address}/o/{begun}/rate")
    look(jo, "the rating form")
