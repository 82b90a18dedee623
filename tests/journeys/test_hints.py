"""Hints while writing: likely names and ways to find somebody, and judgements of a person. Nothing leaves the page."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.databases import SqliteFiles
from tests.journeys.conftest import PHONE
from tests.journeys.phones import Served, course_on_a_port, saved_line, strength_of

TELL_WHO = {
    "She can be called at +49 170 555 01 23 now.": "phone number: “+49 170 555 01 23”",
    "Call (555) 010-4477.": "phone number: “(555) 010-4477”",
    "Wrote to kim.lee@mail.example after.": "e-mail address: “kim.lee@mail.example”",
    "Born 12/03/1985, in the north.": "date of birth: “12/03/1985”",
    "Nació el 3 de marzo de 1985.": "date of birth: “3 de marzo de 1985”",
    "On March 3rd, 1985 it began.": "date of birth: “March 3rd, 1985”",
    "Then Maria cried.": "name of a person: “Maria”",
    "Mr. Smith came in.": "name of a person: “Mr. Smith”",
    "Kim Lopez came in.": "name of a person: “Kim Lopez”",
    "Entonces Lucía lloró.": "name of a person: “Lucía”",
}
JUDGE = (
    "Sam is very empathetic.", "You are a natural.", "He's cold.", "You always wait.", "Never interrupts.",
    "Sam es muy amable.", "Siempre escucha.",
)  # fmt: skip
SAY_NOTHING = (
    "You waited until the silence had passed, and then asked what would help.",
    "Sam Example asked first, on Monday, at 10:30, for 45 minutes.",
    "You said: what is it like for you? I heard Jo agree.",
    "At 7 pm on 12 May the group had 14 people.",
    "Esperaste, y después preguntaste qué ayudaría.",
)


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


def hint(page: Page) -> Locator:
    return page.locator(".step", has=strength_of(page)).locator(".hint")


def writes(page: Page, words: str) -> None:
    """Types, and goes on elsewhere."""
    strength_of(page).fill(words)
    strength_of(page).dispatch_event("change")


def test_ux_s9_words_that_may_tell_who_somebody_is_get_a_hint_and_stay_as_they_are(
    served: Served, accessible: Callable[[Page | Frame], None], picture: Callable[[Page, str], None]
) -> None:
    page = served.page("jo", f"/o/{served.course.begun()}/rate", **PHONE)
    expect(hint(page)).to_be_attached()
    for words, found in TELL_WHO.items():
        writes(page, words)
        expect(hint(page)).to_contain_text(found)
        expect(strength_of(page)).to_have_value(words)
    accessible(page)
    picture(page, "a hint at a name")
    expect(saved_line(page)).to_contain_text("Saved with Attune")  # a hint holds nothing up
    for words in SAY_NOTHING:
        writes(page, words)
        expect(hint(page)).to_be_hidden()


def test_ux_f4_judgements_of_a_person_get_a_hint_to_describe_the_moment(served: Served) -> None:
    page = served.page("jo", f"/o/{served.course.begun()}/rate", **PHONE)
    expect(hint(page)).to_be_attached()
    for words in JUDGE:
        writes(page, "")
        expect(hint(page)).to_be_hidden()
        writes(page, words)
        expect(hint(page)).to_contain_text("Describe the moment: what did you see or hear?")
    page.get_by_role("button", name="Put this hint away").click()
    expect(hint(page)).to_be_hidden()
    expect(strength_of(page)).to_be_focused()
    writes(page, JUDGE[0])
    expect(hint(page)).to_be_hidden()
    writes(page, "Then Maria cried.")  # another kind is another hint
    expect(hint(page)).to_contain_text("name of a person")


def test_a_trainees_own_words_are_never_hinted_at_as_judgements(served: Served) -> None:
    page = served.page("sam", f"/o/{served.course.shared()}", **PHONE)
    words = page.get_by_role("textbox", name="Your words").first
    words.fill("I was nervous. Then Maria cried.")
    words.dispatch_event("change")
    shown = page.locator(".hint:visible")
    expect(shown).to_contain_text("name of a person: “Maria”")
    words.fill("I was nervous. You are very kind.")
    words.dispatch_event("change")
    expect(shown).to_have_count(0)


def test_ux_s9_nothing_of_a_hint_leaves_the_page(served: Served) -> None:
    page = served.context("jo", **PHONE).new_page()
    with page.expect_response("**/session/device-key*"):  # the last that the page itself asks for
        page.goto(f"{served.address}/o/{served.course.begun()}/rate")
    expect(hint(page)).to_be_attached()
    page.context.route("**/save", lambda route: route.fulfill(json={"saved_at": "2026-03-02T09:00:00Z"}))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response("**/save"):
        writes(page, "Then Maria cried.")
    expect(hint(page)).to_contain_text("Maria")
    page.wait_for_timeout(1500)
    assert {url.rpartition("/")[2] for url in asked} == {"save"}
