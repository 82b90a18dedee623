"""Around an observation, in an LMS with the ways of Moodle: supervision, evidence, and what is one's own."""

from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, expect

from tests.journeys import whole_life as life
from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat, Sit
from tests.lti_tool.documents.recordings import photograph

pytestmark = pytest.mark.parametrize("live", ["sqlite moodle"], indirect=True)

INES, JO, SAM = "Ines Ferreira", "Jo Lindqvist", "Sam Rivera"
ACTIVITY = "Practice: what is around it"
TITLE = "The room, as we set it up"
FOR_ONESELF = "It was heavier than I let them see."
FOR_JO = "I would like to talk about endings."


def test_cap_c10_cap_c4_ux_p7_supervision_from_one_tap_to_a_session_that_both_saw(sit: Sit, visitors: Visitors) -> None:
    sam, jo = _in_their_seats(sit, visitors)
    sam.open(ACTIVITY)
    sam.follow("Supervision")
    sam.press("I would like supervision")
    sam.reads("You get an answer by")
    sam.look("Sam has asked in one tap")

    jo.open(ACTIVITY)
    jo.reads("Supervision wished for")
    jo.look("Jo sees it in Waiting")
    jo.follow("Answer")
    jo.write("When and how you could meet", "Tuesday at ten, by video?")
    jo.press("I see to it")
    jo.reads("You see to it.")
    _they_agree(jo, sam)
    _they_met(jo, sam)


def test_ux_t3_ux_t5_ux_c5_a_picture_is_shown_first_then_shared_and_gone_when_it_is_taken_back(
    sit: Sit, visitors: Visitors, tmp_path: Path
) -> None:
    sam, jo = _in_their_seats(sit, visitors)
    _sam_brings(sam, photograph(tmp_path / "room.jpg", size=(600, 400)))
    kept = _content(sam)
    assert kept.headers["content-type"].startswith("image/")
    assert b"Exif" not in kept.body()
    assert b"+51.5007" not in kept.body()
    sam.follow("Share it with your supervisors")
    sam.sees("Share this?")
    sam.reads(f"supervisors who sign: {JO}")
    sam.press("Share it")
    sam.reads("It is shared, as you chose.")

    jo.open(ACTIVITY)
    jo.follow("Evidence")
    jo.follow(TITLE)
    expect(jo.attune.locator("img.evidence")).to_be_visible()
    jo.look("Jo opens the picture")
    opened = _content(jo)
    assert opened.status == 200

    sam.open(ACTIVITY)
    sam.follow("Evidence")
    sam.follow(TITLE)
    sam.reads(f"{JO}, last on")
    sam.press("Take it back")
    sam.reads("Nobody else can open it")
    sam.look("Sam took the picture back")
    assert jo.page.request.get(opened.url).status == 404
    jo.open(ACTIVITY)
    jo.follow("Evidence")
    jo.reads("Nothing is shared with you now.")


def test_cap_b7_cap_f4_ux_t4_a_part_of_the_journal_is_shared_and_support_is_there_without_a_line(
    sit: Sit, visitors: Visitors
) -> None:
    sam, jo = _in_their_seats(sit, visitors)
    sam.open(ACTIVITY)
    sam.follow("Your journal")
    sam.press("Write an entry")
    sam.write("Your words", f"{FOR_ONESELF} {FOR_JO}")
    sam.reads("Saved with Attune at")
    sam.page.context.set_offline(True)
    sam.attune.locator("#support-here").click()
    expect(sam.attune.locator(".support-here")).to_be_visible()
    sam.page.context.set_offline(False)
    sam.press("Share an excerpt")
    sam.write("What others may read", FOR_JO)
    sam.write("Title", "Endings")
    sam.choose("Those who supervise you")
    sam.press("See it as others will")
    sam.sees("What others will read")
    sam.press("Share this excerpt")
    sam.reads("shared as you saw it")

    jo.open(ACTIVITY)
    jo.follow("Evidence")
    jo.follow("Endings")
    jo.reads(FOR_JO)
    expect(jo.attune.get_by_text(FOR_ONESELF)).to_have_count(0)
    jo.look("Jo reads the part that is shared")


def _in_their_seats(sit: Sit, visitors: Visitors) -> tuple[Seat, Seat]:
    """Sam and Jo on their phones; Jo signs in the peer lane of the activity."""
    ines = sit(INES, visitors.desktop())
    life.place(ines, ACTIVITY, lanes=(life.PEER,))
    life.let(ines, ACTIVITY, JO, "sign in the peer lane")
    return sit(SAM, visitors.phone()), sit(JO, visitors.phone())


def _content(seat: Seat) -> APIResponse:
    """What Attune answers to this person for the picture that is on the page."""
    address = seat.attune.locator("img.evidence").get_attribute("src")
    return seat.page.request.get(f"{seat.live.attune}{address}")


def _they_agree(jo: Seat, sam: Seat) -> None:
    jo.follow("Propose an agreement")
    jo.attune.get_by_label("With whom, and in which lane").select_option(label=f"{SAM}, peer lane")
    jo.press("Go on")
    jo.sees(f"Supervision agreement with {SAM}")
    jo.press("Propose it")
    jo.press("Sign this agreement")
    jo.reads(f"It begins once {SAM} has signed it, too.")
    sam.open(ACTIVITY)
    sam.follow("Supervision")
    sam.reads("Tuesday at ten, by video?")
    sam.look("Sam reads who sees to it, and what waits")
    sam.follow(JO)
    sam.press("Sign this agreement")
    sam.reads("Both of you have signed.")


def _they_met(jo: Seat, sam: Seat) -> None:
    jo.open(ACTIVITY)
    jo.follow("Open")
    jo.follow("Record the session")
    jo.choose("individual")
    jo.choose("by video")
    jo.write("On which day", "2026-03-02")
    jo.write("What the trainee brought", "Endings, and saying goodbye.")
    jo.look("Jo records the session")
    jo.press("Record it")
    jo.reads("It is recorded.")
    sam.open(ACTIVITY)
    sam.follow("Supervision")
    sam.attune.locator("[aria-labelledby=sessions-heading] a.row-name").first.click()
    sam.press("It was so")
    sam.reads("it was so")
    sam.look("Both saw the session alike")


def _sam_brings(sam: Seat, picture: Path) -> None:
    sam.open(ACTIVITY)
    sam.follow("Evidence")
    sam.follow("Bring a file")
    sam.attune.locator("input[type=file]").set_input_files(picture)
    sam.write("What is it?", TITLE)
    sam.look("Sam brings a picture")
    sam.press("Bring it")
    sam.reads("yours alone until you share it")
    expect(sam.attune.locator("img.evidence")).to_be_visible()
    sam.look("The picture was looked at")
