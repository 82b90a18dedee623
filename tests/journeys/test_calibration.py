"""Rating together, in real browsers: begun, rated alone on phones, revealed, talked about, each with a report."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.databases import PostgresServer, SqliteFiles
from tests.journeys import keyboard
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.test_the_path import Desk
from tests.lti_tool.services.rating_together import Together

TITLE = "Listening, in March"
CRITERIA = 8
ON_THEIR_OWN, WITH_PROMPTING = 3, 1
"""Their places among the levels; agreed was the one between them."""
JOS = "She lets the pause be, and asks only then."
AMARAS = "He looks away twice before she asks."
WHY = "Why: what in the example shows it?"
RECORD = "A pause alone is not yet an offer."


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def served(request: pytest.FixtureRequest, sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    fresh = sqlite_files.fresh(tmp_path)
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        fresh = server.fresh()
    with fresh as url, served_course(url) as served:
        yield served


@pytest.fixture
def together(served: Served) -> Together:
    """Two examples on whose ratings people agreed."""
    together = Together(served.course.world, 2)
    served.course.kept()
    return together


def test_cap_e5_observers_rate_alone_on_phones_and_each_reads_their_own_report(
    served: Served, together: Together, visitors: Visitors, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    def desk(who: str, page: Page) -> Desk:
        return Desk(served, page, served.course.token(who), picture, accessible)

    ines = desk("ines", visitors.desktop())
    jo, amara = desk("jo", visitors.phone()), desk("amara", visitors.phone())
    path = _begins(ines)
    _rates_with_a_thumb(jo)
    _rates_by_keyboard_alone(amara)
    _the_second_example(together, path)
    _hands_in(jo, path)
    _hands_in(amara, path)
    _reveals(ines, path)
    _compares(jo, path)
    _records(ines, path)
    _reads_the_own_report(jo, path, "In 0 of 16 you gave the agreed level", "you were milder")
    _reads_the_own_report(amara, path, "In 0 of 16 you gave the agreed level", "you were stricter")
    ines.at(path, TITLE)
    expect(ines.page.get_by_text("Your own ratings")).to_have_count(0)


def _begins(ines: Desk) -> str:
    """The answer is where it is."""
    ines.at(f"{ines.served.course.home}/calibrations", "Rating together")
    ines.follow("Begin rating together")
    ines.sees("Begin rating together")
    ines.write("What it is called", TITLE)
    for name in ("Example A", "Example B", "Jo Example", "Amara Example"):
        ines.page.get_by_role("checkbox", name=name).check()
    ines.press("Ask them to rate")
    ines.sees(TITLE)
    ines.reads("Once two people have handed in")
    return ines.page.url.removeprefix(ines.served.url).partition("?")[0]


def _rates_with_a_thumb(jo: Desk) -> None:
    jo.at("/calibrations", "Rating together")
    jo.follow(TITLE)
    jo.sees(TITLE)
    jo.follow("Begin rating")
    jo.sees("Example A")
    for number in range(1, CRITERIA + 1):
        shown = _step(jo, number)
        shown.locator(".choice").nth(ON_THEIR_OWN).click()
        if number == 1:
            shown.get_by_label(WHY).fill(JOS)
        if number < CRITERIA:
            jo.page.get_by_role("button", name="Next", exact=True).click()
    jo.press("Save, and on to the next")
    jo.sees("Example B")


def _rates_by_keyboard_alone(amara: Desk) -> None:
    page = amara.page
    amara.at("/calibrations", "Rating together")
    keyboard.enter(page, page.get_by_role("link", name=TITLE))
    amara.sees(TITLE)
    keyboard.enter(page, page.get_by_role("link", name="Begin rating"))
    amara.sees("Example A")
    for number in range(1, CRITERIA + 1):
        shown = _step(amara, number)
        keyboard.pick(page, shown.get_by_role("radio").first, WITH_PROMPTING)
        expect(shown.get_by_role("radio").nth(WITH_PROMPTING)).to_be_checked()
        if number == 1:
            keyboard.write(page, shown.get_by_label(WHY), AMARAS)
        if number < CRITERIA:
            keyboard.enter(page, page.get_by_role("button", name="Next", exact=True))
    keyboard.enter(page, page.get_by_role("button", name="Save, and on to the next"))
    amara.sees("Example B")


def _step(desk: Desk, number: int) -> Locator:
    shown = desk.page.locator(".step:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text(f"{number} of {CRITERIA}")
    return shown


def _the_second_example(together: Together, path: str) -> None:
    """It is rated in the same way, which the first one has shown: two make enough for numbers."""
    calibration_id = UUID(path.rpartition("/")[2])
    for who, level in ((together.jo, ON_THEIR_OWN + 1), (together.amara, WITH_PROMPTING + 1)):
        together.rate_one(who, calibration_id, 1, level)
    together.session.commit()


def _hands_in(desk: Desk, path: str) -> None:
    desk.at(path, TITLE)
    keyboard.enter(desk.page, desk.page.get_by_role("button", name="Hand in", exact=True))
    desk.reads("You have handed in.")


def _reveals(ines: Desk, path: str) -> None:
    ines.at(path, TITLE)
    expect(ines.page.get_by_text(JOS)).to_have_count(0)
    ines.press("Reveal the ratings")
    ines.reads("You did not rate, so you see letters in the place of names")


def _compares(jo: Desk, path: str) -> None:
    jo.at(path, TITLE)
    jo.follow("Look at the first one")
    jo.sees("Example A")
    for words in (JOS, AMARAS, "Jo Example (you)", "agreed rating"):
        jo.reads(words)


def _records(ines: Desk, path: str) -> None:
    ines.at(path, TITLE)
    ines.follow("Example A")
    ines.sees("Example A")
    for words in (JOS, AMARAS, "Jo Example"):
        expect(ines.page.get_by_text(words)).to_have_count(0)
    first = ines.page.locator("main section").first
    first.get_by_text("Record what you agree on").click()
    first.get_by_role("radio", name="We leave it open").check()
    first.get_by_label("In words").fill(RECORD)
    ines.press("Keep what is recorded")
    expect(ines.page.get_by_label("In words").first).to_have_value(RECORD)
    ines.at(path, TITLE)
    ines.press("Close it")
    ines.reads("It can be read, and does not change any more.")


def _reads_the_own_report(desk: Desk, path: str, *words: str) -> None:
    desk.at(path, TITLE)
    for each in ("Your own ratings beside the agreed ones", "Who can see this: only you", *words):
        desk.reads(each)
    desk.follow("Example A")
    desk.reads(RECORD)
