"""Feedback on its pages: told first who reads it and when, given quietly, read in blocks of several trainees."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.evidence import Outcome
from lti_tool.store.equity import FeedbackRow, ReleaseRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.feedback_rows import enrolled, say, shown, supervised
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_course_life_pages import archived
from tests.lti_tool.web.test_empty_lists import empty_in
from tests.lti_tool.web.test_program_pages import lead, rows

THREE = ("ana", "ben", "sam")


@pytest.fixture
def lea(course: Course) -> Any:
    return lead(course)


def person(course: Course, who: str) -> UUID:
    return course.world.visitor(who, TRAINEE).person_id


def page_of(course: Course, who: str = "jo") -> str:
    return f"/me/feedback/people/{person(course, who)}"


@pytest.fixture
def accompanied(course: Course) -> Course:
    """Ana, Ben and Sam, whom Jo supervised, and who are certified."""
    supervised(course.world, *THREE)
    enrolled(course.world, *THREE)
    course.kept()
    return course


def released(course: Course) -> ReleaseRow:
    """What the three said of Jo, shown on the first night of the next month."""
    for who in THREE:
        say(course.world, who, f"Words of {who}")
    (block,) = shown(course.world)
    course.kept()
    return block


def test_cap_e4_before_anything_is_sent_the_page_says_who_reads_it_and_when(accompanied: Course) -> None:
    page = Read(accompanied.browser("sam").get(page_of(accompanied)).text)
    assert "Jo Example and the program leads read it. Nobody else does." in page.text
    assert "together with what at least 3 trainees said" in page.text
    assert "not before your own outcome is final" in page.text
    assert page.before("Who can see this, and when", "Give this feedback")
    assert "checked" not in accompanied.browser("sam").get(page_of(accompanied)).text


def test_it_is_given_changed_and_taken_back_and_what_was_typed_stays_where_something_is_missing(
    accompanied: Course,
) -> None:
    sam, page = accompanied.browser("sam"), page_of(accompanied)
    assert sam.act(page, words=" ").status_code == 422
    long = sam.act(page, listened="5", words="x" * 2001, key="a-key-of-one-form-2")
    assert long.status_code == 422
    assert "x" * 2001 in long.text
    answer = sam.act(page, listened="5", knew="", words="Thank you.", key="a-key-of-one-form-3")
    assert answer.status_code == 303
    assert "Thank you, it is kept." in sam.get(answer.location).text
    again = sam.get(page).text
    assert "Thank you." in again
    assert "Keep the change" in again
    sam.act(page, listened="4", words="", key="a-key-of-one-form-4")
    (row,) = rows(accompanied, FeedbackRow)
    assert (row.answers, row.words, row.minimum) == ({"listened": 4}, None, 3)
    assert "kept; you can change it" in sam.get("/me/feedback").text
    gone = sam.act(f"/me/feedback/{row.id}/take-back")
    assert "nothing of it is kept" in sam.get(gone.location).text
    assert rows(accompanied, FeedbackRow) == []


def test_cap_e4_whom_it_is_about_reads_the_block_and_so_do_program_leads_and_nobody_else(
    accompanied: Course, lea: Any
) -> None:
    block = released(accompanied)
    for browser, start in ((lea, "/feedback"), (accompanied.browser("jo"), "/me/feedback")):
        assert f"/feedback/{block.id}" in browser.get(start).text
        page = browser.get(f"/feedback/{block.id}").text
        assert all(f"Words of {who}" in page for who in THREE)
        assert "Fits mostly" in Read(page).text
        assert "fewer than 3 answered this one" in Read(page).text
        assert not any(name in page for name in ("Ana Example", "Ben Example", "Sam Example"))
    for who in ("amara", "ines", "sam"):
        assert accompanied.browser(who).get(f"/feedback/{block.id}").status_code == 404
        assert accompanied.browser(who).get("/feedback").status_code == 404
        assert f"/feedback/{block.id}" not in accompanied.browser(who).get("/me/feedback").text


def test_what_is_shown_cannot_be_changed_and_its_words_can_be_taken_out(accompanied: Course) -> None:
    address = f"/feedback/{released(accompanied).id}"
    sam, page = accompanied.browser("sam"), page_of(accompanied)
    text = Read(sam.get(page).text).text
    assert "It cannot be changed any more." in text
    assert "Give this feedback" not in text
    late = sam.act(page, listened="1", words="Typed too late")
    assert late.status_code == 422
    assert "It is shown together with what others said by now, so it stays." in Read(late.text).text
    assert "Typed too late" in late.text
    (own,) = (row for row in rows(accompanied, FeedbackRow) if row.words == "Words of sam")
    sam.act(f"/me/feedback/{own.id}/take-back")
    shown_to_jo = accompanied.browser("jo").get(address).text
    assert "Words of sam" not in shown_to_jo
    assert "Words of ana" in shown_to_jo
    assert "Fits mostly" in shown_to_jo


def test_nobody_opens_or_takes_back_what_another_said(accompanied: Course) -> None:
    say(accompanied.world, "sam", "Only mine")
    accompanied.kept()
    own_id = accompanied.world.session.scalars(select(FeedbackRow.id)).one()
    for who in ("noor", "jo", "ines"):
        browser = accompanied.browser(who)
        assert browser.act(f"/me/feedback/{own_id}/take-back").status_code == 404
        assert "Only mine" not in browser.get("/me/feedback").text
        assert browser.get(page_of(accompanied)).status_code == 404
    assert rows(accompanied, FeedbackRow)


def test_the_log_of_releases_names_the_block_and_reports_do_not_open_it(accompanied: Course, lea: Any) -> None:
    block = released(accompanied)
    log = lea.get("/releases")
    assert log.status_code == 200
    assert block.digest in log.text
    assert "What trainees said of one person or one site" in log.text
    for path in (f"/equity/{block.id}", f"/reports/funder/{block.id}", f"/equity/{block.id}/publish"):
        assert lea.get(path).status_code == 404


def test_the_least_number_is_raised_by_a_program_lead_and_never_below_three(course: Course, lea: Any) -> None:
    low = lea.act("/feedback/minimum", minimum="2")
    assert low.status_code == 422
    assert 'value="2"' in low.text
    assert lea.act("/feedback/minimum", minimum="5", key="a-key-of-one-form-2").status_code == 303
    supervised(course.world, "sam")
    course.kept()
    assert "at least 5 trainees" in Read(course.browser("sam").get(page_of(course)).text).text


def test_the_feedback_on_an_observation_is_spoken_of_once_it_is_finished(course: Course) -> None:
    sam = course.browser("sam")
    assert "Say how this feedback was for you" not in sam.get(f"/o/{course.answered()}").text
    observation_id = course.signed()
    assert "Say how this feedback was for you, only if you like" in sam.get(f"/o/{observation_id}").text
    assert "Say how this feedback was for you" not in course.browser("jo").get(f"/o/{observation_id}").text
    answer = sam.get(f"/o/{observation_id}/feedback")
    assert answer.location == f"/o/{observation_id}/feedback/{person(course, 'jo')}"
    page = Read(sam.get(answer.location).text).text
    assert "The program leads read it. Jo Example does not, and nobody else does." in page
    assert sam.act(answer.location, seen="5").status_code == 303
    assert "Feedback on an observation (1)" in sam.get("/me/feedback").text
    assert course.browser("jo").get(f"/o/{observation_id}/feedback").status_code == 404


def test_where_nobody_else_wrote_the_page_says_so(course: Course) -> None:
    """As after two accounts became one: nobody speaks of their own words."""
    observation_id = course.signed()
    jo = course.world.session.get(PersonRow, person(course, "jo"))
    assert jo is not None
    jo.merged_into = person(course, "sam")
    course.kept()
    page = course.browser("sam").get(f"/o/{observation_id}/feedback")
    assert "Nobody shared feedback on this observation" in Read(page.text).text
    assert not empty_in(page.text)


def test_it_is_given_also_when_the_course_is_kept_for_reading_only(course: Course) -> None:
    observation_id = course.signed()
    archived(course)
    address = f"/o/{observation_id}/feedback/{person(course, 'jo')}"
    assert "Give this feedback" in course.browser("sam").get(address).text
    assert course.browser("sam").act(address, seen="4").status_code == 303


@pytest.mark.parametrize("outcome", [Outcome.CERTIFIED, None])
def test_a_path_has_the_quiet_line_only_after_the_outcome(course: Course, outcome: Outcome | None) -> None:
    enrolled(course.world, "sam", outcome=outcome)
    course.kept()
    enrollment_id = course.world.session.scalars(select(EnrollmentRow.id)).one()
    page = course.browser("sam").get(f"/path/{enrollment_id}").text
    words = "Say how supervision and sites were for you, only if you like"
    assert (words in page) is (outcome is not None)
