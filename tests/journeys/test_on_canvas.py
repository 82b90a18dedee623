"""What people meet on a Canvas only: the student view, the course's navigation, its notices, new deployments."""

import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.journeys.conftest import Visitors
from tests.journeys.seats import Seat, Sit
from tests.journeys.test_an_observation import (
    ACTIVITY,
    in_the_course,
    the_instructor_gives_the_peer_lane,
)
from tests.journeys.test_operating import come_in
from tests.journeys.waiting import until
from tests.living import Living

pytestmark = pytest.mark.parametrize("live", ["sqlite canvas"], indirect=True)


@pytest.fixture
def ines(sit: Sit, visitors: Visitors) -> Seat:
    """The instructor, at a desk; the activity is in the course."""
    return in_the_course(sit("Ines Ferreira", visitors.desktop()))


def kept(live: Living, question: str) -> list[str]:
    """The first column of what the database answers."""
    path = live.environment["ATTUNE_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute(question)]
    finally:
        connection.close()


def from_the_navigation(seat: Seat) -> None:
    """Open Attune at its own place in the course."""
    seat.page.goto(f"{seat.live.lms}/course")
    seat.page.get_by_role("link", name="Attune", exact=True).click()
    expect(seat.attune.get_by_role("heading", level=1)).to_be_visible()


def test_who_tries_things_in_student_view_is_counted_nowhere(ines: Seat, sit: Sit, visitors: Visitors) -> None:
    the_instructor_gives_the_peer_lane(ines)
    test = sit("Test Student", visitors.phone())
    test.open(ACTIVITY)
    test.sees("Good to see you, Test")
    test.follow("Ask for an observation")
    test.choose("Jo Lindqvist")
    test.choose("Live")
    test.choose("No")
    test.press("Ask, and agree to be observed")
    test.reads("Your request is on its way.")
    test.look("The test student has asked")
    ines.open(ACTIVITY)
    ines.look("Ines sees no one counted")
    expect(ines.attune.get_by_text("Test Student")).to_have_count(0)
    ines.follow("People")
    trying = ines.attune.get_by_role("region", name="Test users of your LMS")
    expect(trying).to_contain_text("Test Student")
    ines.follow("Gradebook")
    expect(ines.attune.get_by_role("heading", level=1)).to_contain_text("Gradebook")
    expect(ines.attune.get_by_text("Test Student")).to_have_count(0)


def test_the_course_s_navigation_leads_each_to_their_own_place(ines: Seat, sit: Sit, visitors: Visitors) -> None:
    from_the_navigation(ines)
    ines.sees("Peer Support Practicum")
    ines.follow(ACTIVITY)
    ines.sees(ACTIVITY)
    sam = sit("Sam Rivera", visitors.phone())
    from_the_navigation(sam)
    sam.sees("Peer Support Practicum")
    sam.follow(ACTIVITY)
    sam.sees("Good to see you, Sam")


def test_a_notice_tells_of_a_copied_course_before_anyone_opens_it(ines: Seat, sit: Sit, visitors: Visitors) -> None:
    ines.open(ACTIVITY)
    until(
        ines.page,
        lambda: kept(ines.live, "SELECT id FROM notice_handler WHERE state = 'set' AND notice_type LIKE '%Copy%'"),
    )
    copy = ines.live.control("acts/copy_course", title="Second cohort")
    until(ines.page, lambda: kept(ines.live, "SELECT source FROM course_copy") == ["notice"])
    ines.open(ACTIVITY, course=copy["id"])
    ines.sees("Copied course: Second cohort")
    ines.press("Confirm")
    ines.reads("a copy is used here since")
    sam = sit("Sam Rivera", visitors.phone())
    sam.open(ACTIVITY, course=copy["id"])
    sam.sees("Good to see you, Sam")


def test_a_deployment_that_nobody_announced_waits_for_the_operator(
    ines: Seat,
    live: Living,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    deployment = live.control("acts/add_deployment", tool=None)
    course = live.control("acts/add_course", title="A course of another school")
    place = ines.page.get_by_role("link", name="Attune", exact=True).get_attribute("href").partition("?")[0]
    elsewhere = f"{live.lms}{place.replace('course', 'launch')}?course={course['id']}&deployment={deployment}"
    visitors.overlook("status of 403")  # that page's own
    ines.page.goto(elsewhere)
    expect(ines.page.get_by_text("waits for the yes of Attune's operator")).to_be_visible()
    accessible(ines.page)
    picture(ines.page, "Ines reads that it waits")

    operator = visitors.phone()
    come_in(live, operator, "Olu")
    waiting = operator.locator(".card-plain", has_text=deployment).first
    expect(waiting).to_contain_text("Practice institution")
    accessible(operator)
    picture(operator, "the operator is asked")
    waiting.get_by_role("button", name="Accept").click()
    expect(operator.get_by_text("Waiting for you")).to_have_count(0)
    picture(operator, "the operator has accepted")

    ines.page.goto(elsewhere)
    expect(ines.page.get_by_role("heading", level=1)).to_have_text("A course of another school")
    accessible(ines.page)
    picture(ines.page, "Ines is in")
