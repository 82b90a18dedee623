"""A trainee's path through a program, in real browsers: begun, written down, signed, decided about, appealed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from lti_tool.paths import CONFIG
from lti_tool.services.programs import programs_in_use
from lti_tool.services.programs.program_versions import found_program
from tests.databases import PostgresServer, SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.services.path_rows import program_lead

PROGRAM = "Peer Support Certification (demo)"
REASONS = "Two sessions were seen; the hours of practice are still to come."
WHAT_NEXT = "Go on with your practice. Jo helps you with it, and we look again in June."
APPEAL = "Three of my evenings are not in it."


class Desk:
    """Somebody at a browser; each page that they come to is checked and kept as a picture."""

    def __init__(
        self, served: Served, page: Page, token: str, picture: Callable[[Page, str], None],
        accessible: Callable[[Page | Frame], None],
    ) -> None:  # fmt: skip
        self.served, self.page, self.picture, self.accessible = served, page, picture, accessible
        served.sign_in(page, token)

    def at(self, path: str, heading: str | re.Pattern[str]) -> None:
        self.page.goto(f"{self.served.url}{path}")
        self.sees(heading)

    def sees(self, heading: str | re.Pattern[str]) -> None:
        shown = self.page.get_by_role("heading", level=1, name=heading)
        expect(shown).to_be_visible()
        self.accessible(self.page)
        self.picture(self.page, shown.inner_text())

    def press(self, label: str) -> None:
        """Press a button, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=label).first.click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def write(self, label: str, words: str) -> None:
        self.page.locator("input, textarea").and_(self.page.get_by_label(label)).fill(words)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.full])])
def served(request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, and a program in use in which trainees enroll themselves."""
    fresh = sqlite_files.fresh(tmp_path)
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        fresh = server.fresh()
    with fresh as url, served_course(url) as served:
        program_to_begin(served)
        yield served


def program_to_begin(served: Served) -> None:
    """A program in use, led by Lea, in which trainees enroll themselves."""
    world = served.course.world
    program_lead(world)
    text = (CONFIG / "demo" / "peer-support-demo.toml").read_text()
    program_id = programs_in_use.publish(world.session, None, world.organization_id, text, why=None, now=world.now)
    found_program(world.session, world.organization_id, program_id).open_to_ask = True
    served.course.kept()


def test_cap_d1_cap_d4_ux_p6_ux_d3_a_path_from_the_first_hour_to_an_appeal(
    served: Served, visitors: Visitors, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    def desk(who: str, page: Page) -> Desk:
        return Desk(served, page, served.course.token(who), picture, accessible)

    sam, jo = desk("sam", visitors.phone()), desk("jo", visitors.phone())
    lea = desk("lea", visitors.desktop())
    path = _begins(sam)
    _writes_down(sam, served.course.world.now.date().isoformat())
    _signs(jo)
    sam.at(path, PROGRAM)
    sam.reads("2.5 of 20 hours")
    _wants_news_at_once(sam, path)
    _decides(lea, path.rpartition("/")[2])
    _appeals(sam, path)
    lea.at("/appeals/to-decide", "Appeals")
    lea.reads("Sam Example")


def _begins(sam: Desk) -> str:
    """The answer is where the path is."""
    sam.at("/path", "Your path")
    sam.follow("Read its rules")
    sam.sees(PROGRAM)
    sam.follow("Read to the end and begin")
    sam.sees(f"Begin: {PROGRAM}")
    sam.page.get_by_role("checkbox").check()
    sam.press("Begin this path")
    sam.sees(PROGRAM)
    return sam.page.url.removeprefix(sam.served.url).partition("?")[0]


def _writes_down(sam: Desk, day: str) -> None:
    sam.at("/ledger", "Your hours and trainings")
    sam.follow("Write down something new")
    sam.follow(re.compile("Practice", re.IGNORECASE))
    sam.sees(re.compile("Write down"))
    sam.write("On which day", day)
    sam.write("How long", "2:30")
    sam.write("What it was (optional)", "Warm line, an evening")
    signers = sam.page.get_by_label("Who is asked to sign it")
    signers.select_option(signers.locator("option", has_text="Jo Example").first.get_attribute("value"))
    sam.reads("2.5 hours")
    sam.press("Hand it over to be signed")
    sam.reads("Warm line, an evening")


def _signs(jo: Desk) -> None:
    jo.at("/waiting", "Waiting for you")
    jo.reads("Hours and trainings")
    jo.follow(re.compile("Read and sign"))
    jo.sees(re.compile("Sign: Sam Example"))
    jo.press("Sign in the peer lane")
    jo.sees("Waiting for you")


def _wants_news_at_once(sam: Desk, path: str) -> None:
    sam.at(f"{path}/news", "When you read decisions")
    sam.page.get_by_label("As soon as it is there").check()
    sam.press("Keep it so")


def _decides(lea: Desk, enrollment_id: str) -> None:
    lea.at(f"/people-of/{enrollment_id}/decide", "Decide about Sam Example")
    lea.page.get_by_role("radio", name=re.compile("Not yet", re.IGNORECASE)).first.check()
    lea.write("The reasons", REASONS)
    lea.write("What they can do now", WHAT_NEXT)
    lea.press("Look at the notice")
    lea.sees("What Sam Example will read")
    lea.press("Decide")


def _appeals(sam: Desk, path: str) -> None:
    sam.at(f"{path}/news", "When you read decisions")
    sam.page.locator("#so-far ~ * a, section a").first.click()
    sam.reads(REASONS)
    sam.follow("Appeal against this decision")
    sam.sees("If you see it differently")
    sam.press("Begin to write")
    sam.sees("Your appeal")
    sam.page.get_by_role("radio").first.check()
    sam.write("In your own words", APPEAL)
    sam.press("Send my appeal")
    sam.reads(APPEAL)
