"""First steps: what to do first, on the first page of each kind of person; left, and taken up again."""

from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.services.notifying import contact
from lti_tool.services.wellbeing import support_directory
from lti_tool.services.wellbeing.support_directory import Typed
from lti_tool.store.first_steps import FirstStepsLeftRow
from tests.lti_tool.services.path_rows import program_lead
from tests.lti_tool.services.programs.test_edition_moves import PLAIN
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import in_use

HEADING = "First steps"
CONTACT = {"wanted": "none", "language": "", "timezone": "UTC", "quiet_from": "20", "quiet_until": "8"}


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text)), path
    return Read(answer.text)


def done(read: Read) -> int:
    """How many steps of the panel are marked as done."""
    panel = read.text.split(HEADING, 1)[1].split("Leave the first steps", 1)[0]
    return panel.count(". done ")


def reached(course: Course, who: str) -> None:
    assert course.browser(who).act("/contact", key=f"a-key-of-contact-{who}", **CONTACT).status_code == 303


def test_cap_f2_a_trainee_reads_who_sees_what_and_that_nothing_happens_without_them(course: Course) -> None:
    read = page(course, "sam", course.home)
    assert HEADING in read.headings
    assert "Nothing is observed unless you say yes" in read.text
    assert "your instructors see how far it is" in read.text
    assert {f"{course.home}/ask", "/contact"} <= set(read.links)
    assert done(read) == 0
    assert read.before("Next, when you are ready", HEADING), "where they stand and what is next come first"


def test_cap_f2_a_step_is_done_once_it_shows_in_what_is_recorded_and_the_panel_goes_by_itself(course: Course) -> None:
    observation_id = course.shared()
    read = page(course, "sam", course.home)
    assert done(read) == 1
    assert read.links.count(f"/o/{observation_id}") > 1, "what is to be read is named by the step, too"
    course.answered()
    assert done(page(course, "sam", course.home)) == 2
    reached(course, "sam")
    assert HEADING not in page(course, "sam", course.home).headings


def test_cap_f2_whoever_observes_and_signs_is_led_to_what_is_asked_of_them(course: Course) -> None:
    read = page(course, "jo", "/waiting")
    assert "you can step aside, and nobody asks for a reason" in read.text
    assert done(read) == 0
    observation_id = course.asked()
    assert read.links.count(f"/o/{observation_id}") == 0
    assert page(course, "jo", course.home).links.count(f"/o/{observation_id}") > 1
    course.answered()
    assert done(page(course, "jo", course.home)) == 2
    course.signed()
    reached(course, "jo")
    assert HEADING not in page(course, "jo", "/waiting").headings


def test_a_row_that_mail_made_is_no_step_that_somebody_took(course: Course) -> None:
    jo = course.world.visitor("jo")
    contact.came_back(course.world.session, jo.organization_id, jo.person_id, course.world.now)
    course.kept()
    assert done(page(course, "jo", "/waiting")) == 0


def test_what_waits_shows_no_first_steps_to_whoever_neither_observes_nor_was_asked_to(course: Course) -> None:
    assert HEADING not in page(course, "sam", "/waiting").headings


def test_cap_f2_an_instructor_sees_what_an_activity_needs_first(course: Course) -> None:
    read = page(course, "ines", course.home)
    assert done(read) == 2, "there are trainees, and each lane has somebody who signs"
    assert {f"{course.home}/gradebook", f"{course.home}/rubric"} <= set(read.links)
    course.asked()
    assert done(page(course, "ines", course.home)) == 3


def test_cap_f2_a_program_lead_sees_what_an_organization_needs_first(course: Course) -> None:
    program_lead(course.world)
    course.kept()
    read = page(course, "lea", "/programs")
    assert done(read) == 0
    assert {"/support/edit", "/programs#sample", "/programs#shipped", "/scope"} <= set(read.links)
    lea = course.world.visitor("lea")
    support_directory.add(course.world.session, lea, Typed("A line", "", "988", "", "", ""), course.world.now)
    course.kept()
    program_id = in_use(course, PLAIN)
    read = page(course, "lea", "/programs")
    assert done(read) == 3, "with a program of their own nobody needs a sample"
    assert f"/programs/{program_id}" in read.links


def test_cap_f2_a_sample_program_is_a_step_that_is_done_while_it_is_there(course: Course) -> None:
    program_lead(course.world)
    course.kept()
    browser = course.browser("lea")
    browser.act("/programs/sample", key="a-key-of-a-first-step-1")
    assert done(page(course, "lea", "/programs")) == 1
    browser.act("/programs/sample/take-away", key="a-key-of-a-first-step-2")
    assert done(page(course, "lea", "/programs")) == 0


def test_their_own_path_shows_first_steps_to_trainees_only(course: Course) -> None:
    assert HEADING in page(course, "sam", "/path").headings
    for who in ("ines", "jo"):
        assert HEADING not in page(course, who, "/path").headings, who


@pytest.mark.parametrize(("who", "part"), [("sam", "trainee"), ("jo", "observer"), ("ines", "instructor")])
def test_cap_f2_it_can_be_left_and_taken_up_again(course: Course, who: str, part: str) -> None:
    browser = course.browser(who)
    assert HEADING not in page(course, who, "/support").headings
    answer = leave(browser, part, course.home)
    assert answer.location == f"{course.home}?said=steps_left"
    read = page(course, who, answer.location)
    assert HEADING not in read.headings
    assert "On the page Support you can take them up again." in read.text
    leave(browser, part, course.home, "again")
    (row,) = course.world.session.scalars(select(FirstStepsLeftRow)).all()
    assert row.part == part
    course.world.session.rollback()
    assert "Show the first steps again" in page(course, who, "/support").text
    answer = browser.act("/first-steps/take-up", key=f"a-key-of-taking-up-{who}")
    assert answer.location == "/support?said=steps_taken_up"
    assert HEADING in page(course, who, course.home).headings


def test_leaving_it_is_for_oneself_alone_and_leads_nowhere_else(course: Course) -> None:
    browser = course.browser("sam")
    assert leave(browser, "trainee", "https://elsewhere.example/").location == "/support?said=steps_left"
    assert HEADING in page(course, "noor", course.home).headings
    assert leave(browser, "nobody", course.home).status_code == 400


def test_what_is_done_is_not_taken_from_clicks(course: Course) -> None:
    course.browser("sam").get(f"{course.home}/ask")
    course.browser("sam").get("/contact")
    assert done(page(course, "sam", course.home)) == 0


def leave(browser: Any, part: str, back: str, number: str = "once") -> Any:
    return browser.act("/first-steps/leave", key=f"a-key-of-leaving-{part}-{number}", part=part, back=back)
