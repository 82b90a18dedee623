"""A short walk through Attune for the README: `python -m tests.walkthrough` (or `make walkthrough`) makes it anew.

One observation from the asking to the signature, in a browser in front of the practice LMS; each picture stays long
enough to be read, and the last one stays: nothing plays for ever.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Frame, Page, sync_playwright

from tests.chromium import chromium_path
from tests.databases import SqliteFiles
from tests.journeys import whole_life
from tests.journeys.seats import TOOL, Seat
from tests.living import Living, living
from tests.project import ROOT

FILE = ROOT / "docs" / "images" / "walkthrough.gif"
SIZE = {"width": 620, "height": 900}
TALL = 640
MARGIN = 20
SECONDS = 4
COLORS = 64
ACTIVITY = "Observed practice"


@dataclass
class Film:
    """Pictures in their order."""

    pictures: list[Image.Image] = field(default_factory=list)

    def take(self, seat: Seat) -> None:
        """What Attune shows to this person now, from its top."""
        seat.settles()
        frame = seat.page.locator(TOOL).element_handle().content_frame()
        assert frame is not None
        shot = Image.open(BytesIO(frame.locator("main").screenshot(animations="disabled"))).convert("RGB")
        page = Image.new("RGB", (SIZE["width"], TALL), shot.getpixel((0, 0)))
        page.paste(shot, ((SIZE["width"] - shot.width) // 2, MARGIN))
        self.pictures.append(page)

    def write(self, file: Path) -> None:
        """All of them, once: the last one stays."""
        few = [each.quantize(COLORS, dither=Image.Dither.NONE) for each in self.pictures]
        few[0].save(file, save_all=True, append_images=few[1:], duration=SECONDS * 1_000, optimize=True)


@contextmanager
def in_the_demo(folder: Path) -> Iterator[tuple[Living, Browser]]:
    """A whole Attune beside a practice LMS, as `attune demo` starts it, and a browser."""
    files = SqliteFiles(folder / "template.db")
    with files.fresh(folder) as url, living(folder, url) as live, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        yield live, browser
        browser.close()


def sits_down(live: Living, browser: Browser, name: str) -> Seat:
    """Somebody in front of the practice LMS, in a browser of their own."""
    page = browser.new_context(viewport=SIZE, locale="en-US", timezone_id="UTC").new_page()
    seat = Seat(name, page, live, _unlooked, _unlooked)
    seat.sit_down()
    return seat


def walk(live: Living, browser: Browser, film: Film) -> None:
    """From the activity to the path on which all is finished."""
    ines, jo, sam = (sits_down(live, browser, name) for name in ("Ines Ferreira", "Jo Lindqvist", "Sam Rivera"))
    whole_life.place(ines, ACTIVITY, lanes=(whole_life.PEER,))
    ines.open(ACTIVITY)
    film.take(ines)
    whole_life.let(ines, ACTIVITY, jo.name, "sign in the peer lane")
    sam.open(ACTIVITY)
    film.take(sam)
    whole_life.ask(sam, ACTIVITY, jo.name)
    jo.open(ACTIVITY)
    film.take(jo)
    whole_life.begin(jo, ACTIVITY, sam.name)
    whole_life.rate(jo, sam.name)
    jo.sees("Look it over")
    film.take(jo)
    jo.press(f"Share with {sam.name}")
    jo.reads("It is shared.")
    sam.open(ACTIVITY)
    sam.attune.get_by_role("link", name=re.compile("^Read what")).first.click()
    sam.reads(whole_life.STRENGTH)
    film.take(sam)
    whole_life.answer(sam, ACTIVITY)
    whole_life.take_up(jo, ACTIVITY, sam.name, f"Read and sign: {whole_life.PEER}")
    jo.reads(whole_life.WORDS)
    film.take(jo)
    jo.press(f"Sign in the {whole_life.PEER}")
    jo.reads("You signed.")
    film.take(jo)
    sam.open(ACTIVITY)
    film.take(sam)


def _unlooked(_page: Page | Frame, _step: str = "") -> None:
    """Journeys look; here nobody does."""


def main() -> None:
    """Make it anew."""
    film = Film()
    with tempfile.TemporaryDirectory() as name, in_the_demo(Path(name)) as (live, browser):
        walk(live, browser, film)
    film.write(FILE)
    sys.stdout.write(f"{FILE.relative_to(ROOT)}: {len(film.pictures)} pictures, {FILE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
