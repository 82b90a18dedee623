"""Attune in the frame of an LMS of another site, in browsers that keep more or less of it."""

from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, expect
from sqlalchemy import select

from lti_tool.store.people import SessionRow
from tests.journeys.sites import Sites
from tests.journeys.small_lms import LMS, TOOL
from tests.journeys.waiting import patient

THIRD_PARTY_BLOCKED = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
NONE_FOR_US_IN_FRAMES = {
    "profile": {"content_settings": {"exceptions": {"cookies": {f"[*.]{TOOL},[*.]{LMS}": {"setting": 2}}}}}
}
"""The hardest: no cookie, no storage of any kind."""
STORAGE_ONLY = {"profile": {"content_settings": {"exceptions": {"cookies": {f"[*.]{TOOL},[*.]{LMS}": {"setting": 1}}}}}}
"""Debian's Chromium gives frames none; with `place.cookies.in_frames` off, this is all that is left."""
PATIENT = patient(500, 1500, 2000)
"""Where the LMS's storage answers, our scripts wait for it, and for the scripts of the next page, on any machine."""
SETTLED = "Set up observed practice"
"""What an instructor sees behind a link that has no activity yet."""


def frame_of(page: Page) -> Frame:
    """The frame in which the course page shows Attune."""
    frame = page.frame(name="tool")
    assert frame is not None
    return frame


def sees(page: Page, heading: str) -> None:
    """Wait until Attune shows the page with this heading."""
    expect(page.frame_locator("[name=tool]").get_by_role("heading", level=1)).to_contain_text(heading)


def launch(context: BrowserContext, place: Sites, heading: str = SETTLED, **person: str) -> Page:
    """Open the course page, which launches Attune into its frame."""
    page = context.new_page()
    page.goto(f"{place.lms.origin}/course?" + "&".join(f"{name}={value}" for name, value in person.items()))
    sees(page, heading)
    return page


def load_again(page: Page) -> None:
    """Load again what is in the frame, as its own menu does."""
    frame = frame_of(page)
    with page.expect_event("framenavigated", lambda each: each == frame):
        frame.evaluate("location.reload()")


def sessions_in_tabs(place: Sites) -> list[bool]:
    """For each session that was opened: whether it lives in a tab."""
    with place.app.extensions["attune"].sessions.reading() as session:
        return list(session.scalars(select(SessionRow.in_tab)))


def to_support(tool: FrameLocator) -> None:
    """Open what stands at the foot of the page, if it is not open, and go on to the page about it."""
    tool.locator(".support-here").evaluate("it => { it.open = true; }")
    tool.get_by_role("link", name="All about support").click()
