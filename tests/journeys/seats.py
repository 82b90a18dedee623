"""A person at a browser, in front of the practice LMS."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.living import Living

Sit = Callable[[str, Page], "Seat"]
"""Takes a seat for somebody in front of the practice LMS."""
TOOL = "iframe[data-tool]"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person sits. Every look inside is checked for accessibility and kept as a picture."""

    name: str
    page: Page
    live: Living
    picture: Callable[[Page, str], None]
    accessible: Callable[[Page | Frame], None]

    @property
    def attune(self) -> FrameLocator:
        """What Attune shows in the LMS's frame."""
        return self.page.frame_locator(TOOL)

    def sit_down(self) -> None:
        """Choose this person at the practice LMS."""
        self.page.goto(self.live.lms)
        self.page.get_by_role("button", name=self.name).click()
        expect(self.page.get_by_role("heading", name="Peer Support Practicum")).to_be_visible()

    def open(self, activity: str, course: str = "2") -> None:
        """Open the activity from the course, as the LMS launches it."""
        self.page.goto(f"{self.live.lms}/course?course={course}")
        self.page.get_by_role("link", name=activity).click()
        heading = self.attune.get_by_role("heading", level=1)
        expect(heading).to_be_visible()
        expect(heading).not_to_have_text("Opening Attune")  # the page that a first launch in a frame passes through

    def sees(self, heading: str) -> None:
        """Wait until Attune shows the page with this heading, check it and keep a picture."""
        expect(self.attune.get_by_role("heading", level=1, name=heading)).to_be_visible()
        self.look(f"{self.name.split()[0]} {heading}")

    def look(self, step: str) -> None:
        """Check what Attune shows now, and keep a picture."""
        self.accessible(self._frame())
        self.picture(self.page, step)

    def settles(self) -> None:
        """Wait until all of both pages is there, and their scripts have begun: before counting what there is."""
        self.page.wait_for_load_state()
        if self.page.locator(TOOL).count():
            self._frame().wait_for_load_state()

    def reads(self, words: str) -> None:
        """Wait until Attune shows these words."""
        expect(self.attune.get_by_text(words).first).to_be_visible()

    def press(self, label: str) -> None:
        """Press a button in Attune."""
        self.attune.get_by_role("button", name=label).click()

    def follow(self, label: str) -> None:
        """Follow a link in Attune."""
        self.attune.get_by_role("link", name=label).first.click()

    def choose(self, label: str) -> None:
        """Choose one of several, by tapping its row."""
        row = self.attune.locator(".choice", has=self.page.get_by_text(label, exact=True))
        row.locator("label").click()
        expect(row.get_by_role("radio")).to_be_checked()

    def write(self, label: str, words: str) -> None:
        """Write into a field."""
        self.attune.locator("input, textarea").and_(self.attune.get_by_label(label)).fill(words)

    def _frame(self) -> Frame:
        frame = self.page.locator(TOOL).element_handle().content_frame()
        assert frame is not None
        return frame
