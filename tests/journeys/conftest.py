"""Journeys: a real browser, the real processes, pictures of what was seen."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect

from tests.chromium import chromium_path
from tests.databases import PostgresServer, SqliteFiles
from tests.journeys.seats import Seat, Sit
from tests.journeys.sites import ARGUMENTS, Sites, sites
from tests.journeys.waiting import PATIENCE_MS
from tests.living import Living, living
from tests.project import ROOT

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
SCREENSHOTS = ROOT / "build" / "screenshots"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser. Of a browser on a busy machine a second try is asked, and both are told.

    The second begins in what the first left: the reason of the first is the one that counts, see the Makefile.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def live(
    request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Living]:
    """Attune and the practice LMS, registered; new for each module and kind of database.

    A test that is about one kind of LMS says so: `@pytest.mark.parametrize("live", ["sqlite canvas"], indirect=True)`.
    """
    folder = tmp_path_factory.mktemp("living")
    fresh = sqlite_files.fresh(folder)
    database, _, profile = request.param.partition(" ")
    if database == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        fresh = server.fresh()
    with fresh as url, living(folder, url, profile or "strict") as place:
        yield place


expect.set_options(timeout=PATIENCE_MS)


class Visitors:
    """New browsers without a past, and a note of everything that went wrong in their pages."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []
        self._overlooked: list[str] = []

    def overlook(self, words: str) -> None:
        """Problems with these words in them are what the test is about."""
        self._overlooked.append(words)

    def desktop(self, **options: object) -> Page:
        return self._page(DESKTOP | options)

    def phone(self, **options: object) -> Page:
        return self._page(PHONE | options)

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self.problems = [one for one in self.problems if not any(words in one for words in self._overlooked)]

    def _page(self, options: dict[str, object]) -> Page:
        context = self._browser.new_context(locale="en-US", timezone_id="UTC", **options)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        context.on("weberror", lambda error: self.problems.append(f"error: {error.error}"))
        context.on("console", self._note)
        return context.new_page()

    def _note(self, message: object) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """Make browsers with `visitors.phone()` and `visitors.desktop()`; scripts must run without any error."""
    visitors = Visitors(chromium)
    yield visitors
    visitors.close()
    assert not visitors.problems, "\n".join(visitors.problems)


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep what is on the screen: `picture(page, "rating on a phone")`."""
    folder = SCREENSHOTS / re.sub(r"[^\w]+", "-", request.node.name.removeprefix("test_")).strip("-")
    shutil.rmtree(folder, ignore_errors=True)
    taken: list[str] = []

    def take(page: Page, step: str) -> None:
        taken.append(step)
        name = f"{len(taken):02d}-{re.sub(r'[^a-z0-9]+', '-', step.lower()).strip('-')}.png"
        page.screenshot(path=folder / name, full_page=True, scale="css")  # sharp enough to see what was there

    return take


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page | Frame], None]:
    """Check a page, or what is in a frame, with axe (WCAG 2.2 AA and its best practice)."""
    axe = Axe()

    def from_the_top(page: Page | Frame) -> AxeResults:
        """What is half under the header, on its way out of sight, would be a target that is too small."""
        at = page.evaluate("scrollY")
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        found = axe.run(page, options=RULES)
        page.evaluate("at => scrollTo({ top: at, behavior: 'instant' })", at)
        return found

    def check(page: Page | Frame) -> None:
        page.wait_for_load_state()  # what goes on to another page takes axe away with it
        try:
            found = from_the_top(page)
        except Error:  # it did go on
            page.wait_for_load_state()
            found = from_the_top(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check


@pytest.fixture
def sit(live: Living, picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]) -> Sit:
    """Sit down in front of the practice LMS as this person: `sit("Sam Rivera", visitors.phone())`."""

    def sit(name: str, page: Page) -> Seat:
        seat = Seat(name, page, live, picture, accessible)
        seat.sit_down()
        return seat

    return sit


@pytest.fixture
def place(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Sites]:
    """A small LMS and Attune on different sites, over https."""
    with sqlite_files.fresh(tmp_path) as url, sites(tmp_path, url) as place:
        yield place


@pytest.fixture
def browser_with(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """A new browser with these preferences; scripts must run without any error."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def browser_with(preferences: dict[str, Any] | None = None, **options: object) -> BrowserContext:
        profile = tmp_path / f"profile-{len(opened)}"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default" / "Preferences").write_text(json.dumps(preferences or {}))
        context = chromium.browser_type.launch_persistent_context(
            profile, executable_path=chromium_path(), args=ARGUMENTS, locale="en-US", timezone_id="UTC",
            **(DESKTOP | options),
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        opened.append(context)
        return context

    yield browser_with
    for context in opened:
        context.close()
    assert not problems, "\n".join(problems)
