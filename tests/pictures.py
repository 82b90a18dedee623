"""Pictures of our pages for the install guides: `python -m tests.pictures` (or `make pictures`) takes them anew.

A whole Attune beside practice LMSs, as the journeys have it, and Debian's Chromium. Addresses of this machine
and secrets are replaced on the page before the picture is taken.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Frame, Locator, Page, expect, sync_playwright

from tests.chromium import chromium_path
from tests.databases import SqliteFiles
from tests.living import HOST, Living, free_port, living, process, wait_for
from tests.project import ROOT

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 820, "height": 1_600}
TOOL = "iframe[data-tool]"
TIDY = """([pairs]) => {
  const tidy = (text) => pairs.reduce((so_far, [found, shown]) => so_far.replace(new RegExp(found, "g"), shown), text);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) walk.currentNode.data = tidy(walk.currentNode.data);
  for (const field of document.querySelectorAll("input, textarea")) field.value = tidy(field.value);
}"""
AS_A_PICTURE = """(shown) => Object.assign(shown.style, { minHeight: "0", padding: "20px" })"""


class Camera:
    """Takes pictures of one installation's pages."""

    def __init__(self, live: Living, browser: Browser) -> None:
        self.live = live
        self._browser = browser
        self.elsewhere: dict[str, str] = {}

    def page(self) -> Page:
        """A browser of its own."""
        return self._browser.new_context(viewport=SIZE, locale="en-US", timezone_id="UTC").new_page()

    def take(self, where: Page | Frame, name: str, shown: Locator | None = None) -> None:
        """A picture of the page's main part, without what belongs to this machine."""
        known = {
            self.live.attune: "https://attune.school.example", self.live.lms: "https://lms.school.example",
            **self.elsewhere,
        }  # fmt: skip
        pairs = [[re.escape(address), other] for address, other in known.items()]
        pairs.append([r"(register|connect)/[\w-]{40,}", "$1/…"])
        where.evaluate(TIDY, [pairs])
        shown = shown or where.locator("main")
        shown.evaluate(AS_A_PICTURE)
        shown.screenshot(path=IMAGES / f"install-{name}.png", animations="disabled")


def tool(page: Page) -> Frame:
    """What Attune shows in the LMS's frame."""
    found = page.locator(TOOL).element_handle().content_frame()
    assert found is not None
    return found


def heading(where: Page | Frame, words: str) -> None:
    expect(where.get_by_role("heading", level=1, name=words)).to_be_visible(timeout=15_000)


def operator(camera: Camera) -> Page:
    """An operator who came in with a link and a code."""
    said = camera.live.attune_says("people", "invite", "--name", "Olu", "--email", "olu@school.example")
    link, code = re.search(r"Link:\s+(\S+)", said), re.search(r"Code:\s+([\d ]+\d)", said)
    assert link
    assert code
    page = camera.page()
    page.goto(link[1])
    page.get_by_label("Code").fill(code[1])
    page.keyboard.press("Enter")
    heading(page, "Platforms")
    return page


def an_address_and_by_hand(camera: Camera, page: Page) -> None:
    page.goto(f"{camera.live.attune}/operator/addresses")
    page.get_by_role("button", name="Make the address").click()
    heading(page, "A registration address")
    camera.take(page, "address")
    for family in ("moodle", "canvas"):
        page.goto(f"{camera.live.attune}/operator/connect?lms={family}")
        heading(page, "Connect by hand")
        camera.take(page, f"by-hand-{family}", page.locator("section[aria-labelledby=there]"))


def agreeing(camera: Camera, family: str, folder: Path) -> None:
    """The page on which an LMS's administrator agrees, beside an LMS that behaves like theirs."""
    port = free_port()
    options = ("--port", str(port), "--data", str(folder / family), "--profile", family)
    with (
        (folder / f"{family}.txt").open("wb") as log,
        process(camera.live.environment, log, "lti_tool.practice", *options),
    ):
        address = f"http://{HOST}:{port}"
        wait_for(address)
        names = ("school.example", f"sign-in.{family}.example", f"{family}.example")
        camera.elsewhere = {f"{HOST}:{port + place}": name for place, name in enumerate(names)}
        page = camera.page()
        page.goto(f"{address}/")
        page.get_by_role("button", name="Ines").click()
        invited = camera.live.attune_says("platforms", "invite")
        page.goto(f"{address}/admin/tools/registration?address={quote(invited, safe='')}")
        frame = page.locator("iframe").element_handle().content_frame()
        assert frame is not None
        heading(frame, "Connect")
        camera.take(frame, f"agree-{family}")
        camera.elsewhere = {}


def sits_down(camera: Camera, name: str) -> Page:
    page = camera.page()
    page.goto(camera.live.lms)
    page.get_by_role("button", name=name).click()
    return page


def first_activity(camera: Camera) -> None:
    ines = sits_down(camera, "Ines")
    ines.get_by_role("link", name="Add an activity from Attune").click()
    expect(ines.frame_locator(TOOL).get_by_role("heading", level=1, name="Add to your course")).to_be_visible()
    camera.take(tool(ines), "picker")
    ines.frame_locator(TOOL).get_by_role("link", name="Set up observed practice").click()
    frame = ines.frame_locator(TOOL)
    expect(frame.get_by_role("heading", level=1, name="Add observed practice to your course")).to_be_visible()
    frame.get_by_role("radio", name=re.compile("peer support", re.IGNORECASE)).first.check()
    camera.take(tool(ines), "activity")
    frame.get_by_role("button", name="Add to the course").click()
    ines.get_by_role("link", name="Observed practice").first.click()
    frame.get_by_role("link", name="People").first.click()
    expect(frame.get_by_role("heading", level=1, name="People in")).to_be_visible()
    frame.get_by_role("button", name="Read the list from your LMS").click()
    expect(frame.get_by_text("Jo Lindqvist").first).to_be_visible(timeout=20_000)
    frame.get_by_text("Let them observe or sign: Jo Lindqvist").click()
    frame.get_by_role("button", name="Let Jo Lindqvist sign in the peer lane").click()
    expect(frame.get_by_text("given by Ines Ferreira").first).to_be_visible()
    camera.take(tool(ines), "people", tool(ines).locator("section[aria-labelledby=carrying]"))
    sam = sits_down(camera, "Sam")
    sam.get_by_role("link", name="Observed practice").first.click()
    expect(sam.frame_locator(TOOL).get_by_text("Where you stand")).to_be_visible()
    camera.take(tool(sam), "trainee")


def the_test(camera: Camera, page: Page) -> None:
    page.goto(f"{camera.live.attune}/operator")
    page.get_by_role("link", name="Look after practice-lms").click()
    page.get_by_role("link", name="Test this connection").click()
    page.get_by_role("radio", name="Peer Support Practicum").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("The test is over.")).to_be_visible(timeout=30_000)
    camera.take(page, "self-test")


@contextmanager
def at_work(folder: Path) -> Iterator[Camera]:
    files = SqliteFiles(folder / "template.db")
    with files.fresh(folder) as url, living(folder, url) as live, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        yield Camera(live, browser)
        browser.close()


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, at_work(Path(name)) as camera:
        first_activity(camera)
        page = operator(camera)
        steps: tuple[Callable[[Camera, Page], None], ...] = (an_address_and_by_hand, the_test)
        for step in steps:
            step(camera, page)
        for family in ("moodle", "canvas"):
            agreeing(camera, family, Path(name))
    sys.stdout.write("".join(f"{path.relative_to(ROOT)}\n" for path in sorted(IMAGES.glob("install-*.png"))))


if __name__ == "__main__":
    main()
