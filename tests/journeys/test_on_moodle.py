"""What people meet on a Moodle only: its own list of people, its gradebook's reviews, its restored courses."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat, Sit
from tests.journeys.test_an_observation import ACTIVITY, in_the_course, the_instructor_gives_the_peer_lane

pytestmark = pytest.mark.parametrize("live", ["sqlite moodle"], indirect=True)


@pytest.fixture
def ines(sit: Sit, visitors: Visitors) -> Seat:
    """The instructor, at a desk; the activity is in the course."""
    return in_the_course(sit("Ines Ferreira", visitors.desktop()))


def test_a_supervisor_whom_the_list_calls_a_learner_stays_what_they_came_as(
    ines: Seat, sit: Sit, visitors: Visitors
) -> None:
    the_instructor_gives_the_peer_lane(ines)
    jo_s = ines.attune.locator("[data-news=carrying] li", has_text="Jo Lindqvist").first
    expect(jo_s).to_contain_text("Takes part in the course as a learner")
    jo = sit("Jo Lindqvist", visitors.phone())
    jo.open(ACTIVITY)
    jo.sees("Waiting for you")
    ines.live.control("acts/add_person", key="pat", name="Pat Quinn", roles=["trainee"])
    ines.press("Read the list from your LMS")
    ines.reads("Pat Quinn")  # so that what is seen now is what the list left of Jo
    expect(jo_s).to_contain_text("Leads the course as an instructor")
    expect(jo_s).to_contain_text("peer lane")
    ines.look("Ines sees what Jo is")
    jo.open(ACTIVITY)
    jo.sees("Waiting for you")


@pytest.mark.parametrize("device", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_a_review_of_one_trainee_opens_from_the_gradebook_and_leads_back(
    ines: Seat, sit: Sit, visitors: Visitors, device: str
) -> None:
    sit("Sam Rivera", visitors.phone()).open(ACTIVITY)
    reviewer = sit("Ines Ferreira", getattr(visitors, device)())
    reviewer.page.goto(f"{reviewer.live.lms}/course/gradebook")
    reviewer.page.get_by_role("link", name=f"Review {ACTIVITY} of Sam Rivera").click()
    reviewer.sees("Sam Rivera")
    reviewer.reads("0 of 1 finished")
    reviewer.reads("Nothing is sent yet")
    reviewer.follow("Back to the gradebook")
    expect(reviewer.attune.get_by_text("You looked at it. Nothing was changed.")).to_be_visible()


def test_a_restored_course_waits_for_the_instructor_and_then_lets_trainees_in(
    ines: Seat, sit: Sit, visitors: Visitors
) -> None:
    ines.open(ACTIVITY)
    copy = ines.live.control("acts/copy_course", title="Second cohort")
    sam = sit("Sam Rivera", visitors.phone())
    sam.open(ACTIVITY, course=copy["id"])
    sam.look("Sam is early in the copied course")
    sam.reads("not ready yet")
    ines.open(ACTIVITY, course=copy["id"])
    ines.sees("Copied course: Second cohort")
    ines.reads("This course was copied from Peer Support Practicum.")
    ines.press("Confirm")
    ines.reads("a copy is used here since")
    ines.look("Ines has decided")
    sam.open(ACTIVITY, course=copy["id"])
    sam.sees("Good to see you, Sam")
    expect(sam.attune.get_by_text(re.compile("Ask for an observation")).first).to_be_visible()
