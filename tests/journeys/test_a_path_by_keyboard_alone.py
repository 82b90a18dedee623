"""A path with the keyboard alone: begun, hours written down and signed, decided about, read, and appealed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

from tests.databases import SqliteFiles
from tests.journeys import keyboard
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.test_the_path import APPEAL, PROGRAM, REASONS, WHAT_NEXT, Desk, program_to_begin


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        program_to_begin(served)
        yield served


class Keys(Desk):
    """Somebody who has no mouse; each page is checked, too."""

    def field(self, label: str, words: str) -> None:
        keyboard.write(self.page, self.page.locator("input, textarea").and_(self.page.get_by_label(label)), words)

    def ticks(self, name: str | re.Pattern[str]) -> None:
        keyboard.tab_to(self.page, self.page.get_by_role("checkbox", name=name))
        self.page.keyboard.press("Space")

    def chooses(self, field: str, name: str | re.Pattern[str]) -> None:
        """One of several radio buttons: Tab leads to the one that is chosen, or else to the first."""
        choices = self.page.locator(f"input[type=radio][name={field}]")
        chosen = choices.and_(self.page.locator(":checked"))
        keyboard.tab_to(self.page, chosen if chosen.count() else choices.first)
        self.page.keyboard.press("Space")
        wanted = choices.and_(self.page.get_by_role("radio", name=name)).first
        for _ in range(choices.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow keys do not come to {name}")

    def goes(self, role: str, name: str | re.Pattern[str]) -> None:
        """With a link or a button to another page."""
        with self.page.expect_navigation():
            keyboard.enter(self.page, self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first)


def test_ux_e1_a_path_is_walked_decided_about_and_appealed_by_keyboard_alone(
    served: Served, visitors: Visitors, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    def keys(who: str) -> Keys:
        return Keys(served, visitors.desktop(), served.course.token(who), picture, accessible)

    sam, jo, lea = keys("sam"), keys("jo"), keys("lea")
    path = _begins(sam)
    _writes_hours_down(sam, served.course.world.now.strftime("%m%d%Y"))
    _signs(jo)
    sam.at(f"{path}/news", "When you read decisions")
    sam.chooses("hears", re.compile("^As soon as it is there"))
    sam.goes("button", "Keep it so")
    _decides(lea, path.rpartition("/")[2])
    _appeals(sam, path)


def _begins(sam: Keys) -> str:
    sam.at("/path", "Your path")
    sam.goes("link", re.compile("^Read its rules"))
    sam.goes("link", "Read to the end and begin")
    sam.ticks(re.compile("^I read the rules"))
    sam.goes("button", "Begin this path")
    sam.sees(PROGRAM)
    return sam.page.url.removeprefix(sam.served.url).partition("?")[0]


def _writes_hours_down(sam: Keys, day: str) -> None:
    sam.at("/ledger", "Your hours and trainings")
    sam.goes("link", "Write down something new")
    sam.goes("link", re.compile("Practice", re.IGNORECASE))
    sam.field("On which day", day)
    sam.field("How long", "2:30")
    sam.field("What it was (optional)", "Warm line, an evening")
    keyboard.tab_to(sam.page, sam.page.get_by_label("Who is asked to sign it"))
    sam.page.keyboard.type("Jo")
    sam.goes("button", "Hand it over to be signed")
    sam.reads("Warm line, an evening")


def _signs(jo: Keys) -> None:
    jo.at("/waiting", "Waiting for you")
    jo.goes("link", re.compile("^Read and sign"))
    jo.sees(re.compile("Sign: Sam Example"))
    jo.goes("button", "Sign in the peer lane")
    jo.sees("Waiting for you")


def _decides(lea: Keys, enrollment_id: str) -> None:
    lea.at(f"/people-of/{enrollment_id}/decide", "Decide about Sam Example")
    lea.chooses("choice", re.compile("Not yet", re.IGNORECASE))
    lea.field("The reasons", REASONS)
    lea.field("What they can do now", WHAT_NEXT)
    lea.goes("button", "Look at the notice")
    lea.sees("What Sam Example will read")
    lea.goes("button", "Decide")


def _appeals(sam: Keys, path: str) -> None:
    sam.at(f"{path}/news", "When you read decisions")
    with sam.page.expect_navigation():
        keyboard.enter(sam.page, sam.page.locator("section[aria-labelledby=so-far] a").first)
    sam.reads(REASONS)
    sam.goes("link", "Appeal against this decision")
    sam.goes("button", "Begin to write")
    sam.chooses("ground", re.compile("."))
    sam.field("In your own words", APPEAL)
    sam.goes("button", "Send my appeal")
    sam.reads(APPEAL)
