"""The whole way of one observation: from the LMS through everyone's hands into the LMS's gradebook.

With the ways of Moodle and of Canvas test_whole_life.py goes it.
"""

import re
from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat
from tests.journeys.waiting import load_until, until
from tests.living import Living

ACTIVITY = "Observed practice: warm line"
STRENGTH = "You named the fear before offering any advice, and then waited."
ANSWER = "I agree. Waiting was the hard part."


def test_an_observation_travels_from_launch_to_gradebook(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    def seat(name: str, page: Page) -> Seat:
        taken = Seat(name, page, live, picture, accessible)
        taken.sit_down()
        return taken

    ines = seat("Ines Ferreira", visitors.desktop())
    jo = seat("Jo Lindqvist", visitors.phone())
    sam = seat("Sam Rivera", visitors.phone())

    the_instructor_places_the_activity(ines)
    the_instructor_gives_the_peer_lane(ines)
    the_trainee_asks_and_consents(sam)
    the_supervisor_rates_and_shares(jo)
    the_trainee_reads_and_answers(sam)
    the_supervisor_signs(jo)
    the_score_arrives(ines)
    the_trainee_sees_what_is_done(sam)
    the_instructor_says_which_score_stands_by_keyboard_alone(ines)
    the_column_shows_something_else_by_keyboard_alone(ines)
    assert "the chain holds" in live.attune_says("audit", "verify")


def the_instructor_places_the_activity(ines: Seat) -> None:
    ines.page.get_by_role("link", name="Add an activity from Attune").click()
    ines.sees("Add to your course")
    ines.follow("Set up observed practice")
    ines.sees("Add observed practice to your course")
    ines.write("Title", ACTIVITY)
    ines.attune.get_by_role("radio", name=re.compile("peer support", re.IGNORECASE)).first.check()
    ines.choose("How many of the required observations are finished")
    ines.write("Observations that each trainee needs", "1")
    ines.attune.get_by_role("checkbox", name="Peer lane").check()
    ines.attune.get_by_role("checkbox", name="Clinical lane").uncheck()
    ines.press("Add to the course")
    expect(ines.page.get_by_text(f"Added: {ACTIVITY}")).to_be_visible()
    ines.settles()
    publish = ines.page.get_by_role("button", name=f"Publish {ACTIVITY}")
    if publish.count():  # Canvas makes a draft
        publish.click()
        expect(publish).to_have_count(0)


def in_the_course(ines: Seat) -> Seat:
    """The activity is in her course, placed before or now."""
    ines.settles()
    if not ines.page.get_by_role("link", name=ACTIVITY).count():
        the_instructor_places_the_activity(ines)
    return ines


def the_instructor_gives_the_peer_lane(ines: Seat) -> None:
    ines.open(ACTIVITY)
    ines.sees(ACTIVITY)
    ines.follow("People")
    ines.sees("People in Peer Support Practicum")
    ines.reads("The list of your LMS was read on")  # her launch had it read
    ines.look("Ines finds the list read")
    ines.attune.get_by_text("Let them observe or sign: Jo Lindqvist").click()
    ines.press("Let Jo Lindqvist sign in the peer lane")
    ines.reads("given by Ines Ferreira")
    ines.look("Ines after the grant")


def the_trainee_asks_and_consents(sam: Seat) -> None:
    sam.open(ACTIVITY)
    sam.sees("Good to see you, Sam")
    sam.follow("Ask for an observation")
    sam.sees("Ask for an observation")
    sam.choose("Jo Lindqvist")
    sam.choose("Live")
    sam.choose("No")
    sam.press("Ask, and agree to be observed")
    sam.reads("Your request is on its way.")
    sam.look("Sam has asked")


def the_supervisor_rates_and_shares(jo: Seat) -> None:
    jo.open(ACTIVITY)
    jo.sees("Waiting for you")
    jo.follow("Begin")
    jo.sees("Observing Sam Rivera")
    jo.choose("Yes, they agreed")
    jo.press("Go to the form")
    jo.reads("First: a strength you saw")
    jo.write("What did Sam Rivera do that helped?", STRENGTH)
    jo.look("Jo writes a strength")
    for number in range(1, 9):
        jo.press("Next")
        shown = jo.attune.locator(".step:visible")
        expect(shown).to_contain_text(f"{number} of 8")
        shown.locator(".choice label").nth(2).click()
        shown.get_by_label("What did you see or hear?").fill(f"Moment {number}: heard, named, and left room.")
        if number == 2:
            jo.reads("Saved with Attune")
            jo.look("Jo rates one thing at a time")
    jo.press("Next")
    jo.press("Look it over")
    jo.sees("Look it over")
    jo.press("Share with Sam Rivera")
    jo.reads("It is shared.")
    jo.look("Jo has shared")


def the_trainee_reads_and_answers(sam: Seat) -> None:
    sam.open(ACTIVITY)
    sam.follow("Read what Jo Lindqvist wrote")
    sam.sees("Observed by Jo Lindqvist")
    sam.reads(STRENGTH)
    sam.write("Your words", ANSWER)
    sam.press("Look over my answer")
    sam.sees("Your answer")
    sam.press("Give this answer")
    sam.reads("Your answer is given.")
    sam.look("Sam has answered")


def the_supervisor_signs(jo: Seat) -> None:
    jo.open(ACTIVITY)
    jo.follow("Read and sign")
    jo.sees("Sign: Sam Rivera")
    jo.reads(ANSWER)
    jo.press("Sign in the peer lane")
    jo.reads("You signed.")
    jo.look("Jo has signed")


def the_score_arrives(ines: Seat) -> None:
    score = ines.page.locator("tr", has_text="Sam Rivera").locator(".score")
    ines.page.goto(f"{ines.live.lms}/course/gradebook")
    load_until(ines.page, score)
    expect(score).to_have_text("100")
    ines.picture(ines.page, "The LMS has the score")
    ines.open(ACTIVITY)
    ines.follow("Gradebook")
    ines.sees("Gradebook: " + ACTIVITY)
    expect(ines.attune.get_by_text(re.compile("accepted by the LMS", re.IGNORECASE)).first).to_be_visible()


def the_trainee_sees_what_is_done(sam: Seat) -> None:
    sam.open(ACTIVITY)
    sam.reads("1 of 1 observation finished")
    sam.look("Sam is done")


def the_instructor_says_which_score_stands_by_keyboard_alone(ines: Seat) -> None:
    """She wrote into the gradebook of her LMS, and compares: nothing is overwritten before she says so."""
    cell = ines.page.locator("tr", has_text="Sam Rivera")
    ines.page.goto(f"{ines.live.lms}/course/gradebook")
    cell.get_by_text("By hand").click()
    cell.get_by_role("textbox").fill("80")
    cell.get_by_role("button", name="Keep").click()
    expect(cell.locator(".score")).to_have_text("80")
    ines.open(ACTIVITY)
    by_keyboard(ines, "link", "Gradebook")
    ines.sees("Gradebook: " + ACTIVITY)
    by_keyboard(ines, "button", "Compare with the LMS now")
    ines.reads("It is compared with what the LMS shows.")
    ours = ines.attune.get_by_role("button", name="Send Attune's score")
    until(ines.page, lambda: ours.count() or shown_anew(ines))
    ines.reads("The LMS showed: 80 of 100")
    ines.look("It differs, and she says which score stands")
    by_keyboard(ines, "button", "Send Attune's score")
    ines.reads("It is sent again now.")
    ines.page.goto(f"{ines.live.lms}/course/gradebook")
    load_until(ines.page, cell.locator(".score", has_text="100"))


def the_column_shows_something_else_by_keyboard_alone(ines: Seat) -> None:
    ines.open(ACTIVITY)
    by_keyboard(ines, "link", "Gradebook")
    ines.sees("Gradebook: " + ACTIVITY)
    by_keyboard(ines, "link", "Choose what columns show")
    ines.look("The columns")
    by_keyboard(ines, "link", "Choose what it shows")
    ines.sees("What the column shows")
    ines.attune.get_by_role("radio").first.focus()
    ines.page.keyboard.press("ArrowDown")
    by_keyboard(ines, "button", "Look at each cell")
    ines.reads("If you switch it on")
    ines.look("Each cell as it would be")
    by_keyboard(ines, "button", "Switch it on")
    ines.reads("The column shows that from now on.")
    ines.look("Another column is chosen")


def by_keyboard(seat: Seat, role: Literal["link", "button"], name: str) -> None:
    """Go to it with the Tab key, and press Enter."""
    wanted = seat.attune.get_by_role(role, name=name).first
    expect(wanted).to_be_visible()
    for _ in range(200):
        if wanted.evaluate("it => it === it.ownerDocument.activeElement"):
            seat.page.keyboard.press("Enter")
            return
        seat.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {name}")


def shown_anew(ines: Seat) -> bool:
    """The page without scripts would be loaded by hand; here the answer of the worker is waited for."""
    ines.page.wait_for_timeout(500)
    again = ines.attune.get_by_role("link", name="Gradebook").first
    if again.count():
        again.click()
    return False
