"""The list of people of the LMS: read by itself and on request, followed while it is read, searched by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat
from tests.journeys.test_an_observation import ACTIVITY, the_instructor_places_the_activity
from tests.living import Living

CROWD = 120


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
def test_the_page_of_people_follows_the_list_of_the_lms(
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    live.control("acts/enroll_many", number=CROWD)
    ines = Seat("Ines Ferreira", visitors.desktop(), live, picture, accessible)
    ines.sit_down()
    the_instructor_places_the_activity(ines)

    people(ines)
    ines.reads(f"Everyone: {CROWD + 6} people")  # her launch had the list read
    ines.look("Ines finds everyone there")

    live.control("acts/add_person", key="pat", name="Pat Quinn", roles=["trainee"])
    live.control("acts/remove_member", who="noor")
    ines.attune.get_by_text("Let them observe or sign: Amara Okafor").or_(
        ines.attune.get_by_text("Let them observe or sign: Dr. Amara Okafor")
    ).scroll_into_view_if_needed()
    ines.press("Read the list from your LMS")
    ines.reads("Not in the course any more: 1 person")  # without loading the page anew
    ines.reads(f"It had {CROWD + 6} people.")
    ines.attune.get_by_text("Not in the course any more").click()
    ines.look("Ines sees who left")

    found_by_keyboard(ines)

    phone = Seat("Ines Ferreira", visitors.phone(viewport={"width": 390, "height": 844}), live, picture, accessible)
    phone.sit_down()
    people(phone)
    phone.look("On a phone")


def people(seat: Seat) -> None:
    """Go to the page of people."""
    seat.open(ACTIVITY)
    seat.follow("People")
    expect(seat.attune.get_by_role("heading", level=1, name="People in Peer Support Practicum")).to_be_visible()


def found_by_keyboard(ines: Seat) -> None:
    """Part of a name and Enter; then Tab and Enter show everyone again."""
    field = ines.attune.get_by_label("Part of a name")
    field.focus()
    ines.page.keyboard.type("quinn")
    ines.page.keyboard.press("Enter")
    ines.reads("Found: 1 person")
    ines.look("Ines has found Pat")
    ines.attune.get_by_label("Part of a name").focus()
    ines.page.keyboard.press("Tab")
    ines.page.keyboard.press("Tab")
    ines.page.keyboard.press("Enter")
    ines.reads(f"Everyone: {CROWD + 6} people")
