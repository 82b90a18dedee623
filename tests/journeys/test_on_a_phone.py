"""Observing and signing with one thumb, in an LMS's app: in its web view there is no frame around us.

Every tap is counted by the page itself. The time is estimated with the keystroke-level model of Card, Moran and Newell
(The keystroke-level model for user performance time with interactive systems, CACM 23(7), 1980), with its own values:
P, pointing at something, 1.10 s; B, pressing or letting go, 0.10 s each; M, making up one's mind, 1.35 s; H, moving
the hand to the device, 0.40 s. A tap is P and twice B. M comes before each choice and each page that is new, not
before going on. What is written and read, and the time that machines take, is apart.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat
from tests.journeys.test_an_observation import ACTIVITY, the_instructor_gives_the_peer_lane
from tests.living import Living
from tests.project import ROOT

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
APPS = {
    "moodle": "Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/126.0.0.0 Mobile Safari/537.36 MoodleMobile 4.4.0",
    "canvas": "Mozilla/5.0 (Linux; Android 14; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/126.0.0.0 Mobile Safari/537.36 candroid/7.5.0",
}
"""How the web views of the two apps name themselves."""
RUBRIC = "One-to-one support: one meeting, in six criteria"
CRITERIA = 6
MOST_TAPS = 25
TAP, MIND, HAND = 1.10 + 2 * 0.10, 1.35, 0.40
REPORT = ROOT / "build" / "taps.md"
COUNT = """addEventListener("pointerup", ({ target }) => {
  const text = target.closest("textarea, input[type=text]") !== null;
  const label = target.closest("button, a, label, summary, .choice, textarea")?.textContent ?? target.nodeName;
  tapped(text, label.trim().replace(/\\s+/g, " ").slice(0, 60));
}, { capture: true });"""


def unlooked(*_anything: object) -> None:
    """What is looked at in other journeys."""


@dataclass
class Thumb:
    """One person's phone, top-level as in an app, and what their thumb did."""

    page: Page
    picture: Callable[[Page, str], None]
    accessible: Callable[[Page | Frame], None]
    taps: list[str] = field(default_factory=list)
    into_fields: int = 0
    choices: int = 0

    def tapped(self, text: bool, label: str) -> None:
        """The page says so."""
        if text:
            self.into_fields += 1
        else:
            self.taps.append(label)

    def tap(self, role: str, name: str, *, choice: bool = False) -> None:
        """Tap what is called so; `choice`: one has to make up one's mind first."""
        self.choices += choice
        called = re.compile(f"^{re.escape(name)}( ?:|$)")  # of several alike, read aloud it says whom each is about
        self.page.get_by_role(role, name=called).and_(self.page.locator(":visible")).first.tap()

    def choose(self, label: str) -> None:
        """Tap one row of a choice."""
        self.choices += 1
        row = self.page.locator(".choice:visible", has=self.page.get_by_text(label, exact=True))
        row.locator("label").tap()
        expect(row.get_by_role("radio")).to_be_checked()

    def write(self, label: str, words: str) -> None:
        """Tap into a field and write."""
        field = self.page.get_by_label(label).and_(self.page.locator("textarea:visible"))
        field.tap()
        expect(field).to_be_focused()
        self.page.keyboard.insert_text(words)
        expect(field).to_have_value(words)

    def sees(self, heading: str) -> None:
        """Wait for this page; look at it."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        self.accessible(self.page)
        self.picture(self.page, heading)
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room

    def seconds(self) -> float:
        """The estimate."""
        return HAND + TAP * len(self.taps) + MIND * self.choices


def an_activity_with_six_criteria(ines: Seat) -> None:
    """In the course, with the peer lane only."""
    ines.page.get_by_role("link", name="Add an activity from Attune").click()
    ines.follow("Set up observed practice")
    ines.write("Title", ACTIVITY)
    ines.attune.get_by_role("radio", name=RUBRIC).check()
    ines.attune.get_by_role("checkbox", name="Clinical lane").uncheck()
    ines.press("Add to the course")
    expect(ines.page.get_by_text(f"Added: {ACTIVITY}")).to_be_visible()
    ines.settles()
    publish = ines.page.get_by_role("button", name=f"Publish {ACTIVITY}")
    if publish.count():  # Canvas makes a draft
        publish.click()
        expect(publish).to_have_count(0)


def launch(live: Living, page: Page, name: str) -> None:
    """Choose the person, and open the activity as an app does: as a page of its own."""
    page.goto(live.lms)
    page.get_by_role("button", name=name).click()
    page.goto(f"{live.lms}/course?course=2")
    page.get_by_role("link", name=ACTIVITY).click()
    page.goto(urljoin(page.url, page.get_by_role("link", name="Open in a new window").get_attribute("href")))
    page.wait_for_url(f"{live.attune}/a/**")


def rating_visit(jo: Thumb) -> None:
    """From what waits to shared, with six criteria."""
    jo.sees("Waiting for you")
    jo.tap("link", "Begin", choice=True)
    jo.sees("Observing Sam Rivera")
    jo.choose("Yes, they agreed")
    jo.tap("button", "Go to the form")
    jo.write("What did Sam Rivera do that helped?", "You waited until they had finished.")
    for number in range(1, CRITERIA + 1):
        jo.tap("button", "Next")
        shown = jo.page.locator(".step:visible")
        expect(shown).to_contain_text(f"{number} of {CRITERIA}")
        jo.choices += 1
        shown.locator(".choice label").nth(2).tap()
        expect(shown.get_by_role("radio").nth(2)).to_be_checked()
        jo.write("What did you see or hear?", f"Moment {number}: asked first, then waited.")
    jo.accessible(jo.page)
    jo.picture(jo.page, "the last criterion")
    jo.tap("button", "Next")
    jo.tap("button", "Look it over", choice=True)
    jo.sees("Look it over")
    jo.tap("button", "Share with Sam Rivera", choice=True)
    expect(jo.page.get_by_text("It is shared.")).to_be_visible()


def signing_visit(jo: Thumb) -> None:
    """From what waits to signed."""
    jo.sees("Waiting for you")
    jo.tap("link", "Read and sign: peer lane", choice=True)
    jo.sees("Sign: Sam Rivera")
    jo.tap("button", "Sign in the peer lane", choice=True)
    expect(jo.page.get_by_text("You signed.")).to_be_visible()


def told(rating: Thumb, signing: Thumb) -> str:
    """The figures, in words."""
    lines = ["| visit | taps | of them choices | taps into fields, part of writing | estimate without writing |"]
    lines += ["|---|---|---|---|---|"]
    for name, thumb in (("rating, six criteria", rating), ("signing", signing)):
        lines.append(
            f"| {name} | {len(thumb.taps)} | {thumb.choices} | {thumb.into_fields} | {thumb.seconds():.0f} s |"
        )
    both = len(rating.taps) + len(signing.taps)
    lines += ["", f"Together {both} taps, {rating.seconds() + signing.seconds():.0f} s.", ""]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "live", ["sqlite moodle", pytest.param("sqlite canvas", marks=pytest.mark.full)], indirect=True
)
def test_ux_o3_rating_and_signing_in_an_lms_app_need_25_taps_at_most(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
    request: pytest.FixtureRequest,
) -> None:
    app = request.node.callspec.params["live"].split()[1]
    ines = Seat("Ines Ferreira", visitors.desktop(), live, unlooked, unlooked)
    ines.sit_down()
    an_activity_with_six_criteria(ines)
    the_instructor_gives_the_peer_lane(ines)

    def on_a_phone(name: str) -> Thumb:
        page = visitors.phone(**PHONE, user_agent=APPS[app])
        thumb = Thumb(page, picture, accessible if app == "moodle" else unlooked)  # the pages are the same
        page.expose_binding("tapped", lambda _source, text, label: thumb.tapped(text, label))
        launch(live, page, name)
        page.add_init_script(COUNT)
        page.reload()  # as an app does after it was in the background: whoever is signed in stays so
        return thumb

    sam = on_a_phone("Sam Rivera")
    sam.tap("link", "Ask for an observation")
    for label in ("Jo Lindqvist", "Live", "No"):
        sam.choose(label)
    sam.tap("button", "Ask, and agree to be observed")
    expect(sam.page.get_by_text("Your request is on its way.")).to_be_visible()

    rating = on_a_phone("Jo Lindqvist")
    rating_visit(rating)
    rating.page.go_back()
    expect(rating.page.get_by_role("heading", level=1)).to_be_visible()

    sam = on_a_phone("Sam Rivera")
    sam.page.get_by_role("link", name="Read what Jo Lindqvist wrote").tap()
    sam.page.get_by_label("Your words").and_(sam.page.locator("textarea")).first.fill("I agree.")
    sam.page.get_by_role("button", name="Look over my answer").tap()
    sam.page.get_by_role("button", name="Give this answer").tap()
    expect(sam.page.get_by_text("Your answer is given.")).to_be_visible()

    signing = on_a_phone("Jo Lindqvist")
    signing_visit(signing)

    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(told(rating, signing), encoding="utf-8")
    everything = json.dumps({"rating": rating.taps, "signing": signing.taps}, indent=1)
    REPORT.with_suffix(".json").write_text(everything, encoding="utf-8")
    assert len(rating.taps) + len(signing.taps) <= MOST_TAPS, everything
