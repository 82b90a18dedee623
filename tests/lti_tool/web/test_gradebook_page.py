"""The gradebook page: each column's scores in states and words, what is in the way, and what can be done."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.cohorts import name_order
from lti_tool.store.base import new_id
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.gradebook_rows import crowd, first_column, further_column, put
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_queries import counted


def page(course: Course, query: str = "") -> Read:
    course.kept()
    answer = course.browser("ines").get(f"{course.home}/gradebook{query}")
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def lane(course: Course, **values: object) -> None:
    column = first_column(course)
    course.world.session.add(
        PlatformLaneRow(
            id=new_id(), organization_id=column.organization_id, registration_id=column.registration_id, **values
        )
    )
    course.kept()


def test_a_score_that_differs_is_shown_with_both_values_and_who_says_which_one_stands(course: Course) -> None:
    put(course, "sam", DeliveryState.DIFFERS)
    read = page(course)
    assert "Should show: 75 of 100" in read.text
    assert "The LMS showed: 80 of 100, read on March 2, 2026" in read.text
    assert "Nothing was overwritten" in read.text
    assert "Send again" not in read.text


def test_a_cell_that_was_emptied_in_the_lms_is_said_to_show_nothing(course: Course) -> None:
    put(course, "sam", DeliveryState.DIFFERS, lms_score=None, lms_maximum=None)
    assert "The LMS showed nothing there, read on March 2, 2026" in page(course).text


def test_counts_over_the_list_filter_it(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    put(course, "noor", DeliveryState.NEEDS_PERSON, answer=Answer.PERSON_NOT_IN_COURSE.value)
    read = page(course)
    assert "everyone: 2" in read.text
    assert "needs a person: 1" in read.text
    assert "accepted: 1" in read.text
    assert f"{course.home}/gradebook?state=accepted#scores" in read.links
    only = page(course, "?state=accepted")
    assert "Sam Example" in only.text
    assert "Noor Example" not in only.text
    assert "Noor Example" in page(course, "?state=something").text
    assert "Nobody here is like that." in page(course, "?state=cleared").text


def test_a_part_of_a_name_finds_people_and_keeps_the_state_that_was_asked_for(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    put(course, "noor", DeliveryState.ACCEPTED)
    read = page(course, "?state=accepted&name=NOO")
    assert "Noor Example" in read.text
    assert "Sam Example" not in read.text
    assert {field["value"] for field in read.fields["state"]} == {"accepted"}
    assert f"{course.home}/gradebook?state=waiting&name=NOO#scores" not in read.links
    assert f"{course.home}/gradebook?state=accepted&name=NOO#scores" in read.links


def test_each_column_of_the_activity_can_be_chosen_and_says_what_needs_a_person(course: Course) -> None:
    further = further_column(course)
    put(course, "sam", DeliveryState.ACCEPTED)
    put(course, "sam", DeliveryState.DIFFERS, further)
    read = page(course)
    assert "1 needs a person" in read.text
    assert "Nothing was overwritten" not in read.text
    address = f"{course.home}/gradebook?column={further.id}"
    assert address in read.links
    beside = page(course, f"?column={further.id}")
    assert "Nothing was overwritten" in beside.text
    assert "the best result of the rubric" in beside.text
    assert "1 score needs a person." in Read(course.browser("ines").get(course.home).text).text


def test_a_column_of_elsewhere_shows_the_first_one(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    for asked in (new_id(), "x"):
        assert "Accepted by the LMS" in page(course, f"?column={asked}").text


def test_sending_again_is_of_the_column_that_the_page_shows(course: Course, looked_at: list[UUID]) -> None:
    further = further_column(course)
    put(course, "sam", DeliveryState.NEEDS_PERSON)
    beside = put(course, "sam", DeliveryState.NEEDS_PERSON, further)
    put(course, "noor", DeliveryState.DIFFERS, further)
    column_id, beside_id = further.id, beside.id
    course.kept()
    answer = course.browser("ines").act(f"{course.home}/gradebook/resend-all", column=str(column_id))
    assert answer.location == f"{course.home}/gradebook?column={column_id}&said=sent_again"
    assert looked_at == [beside_id]
    rows = course.world.session.scalars(select(DeliveryRow))
    assert sorted(row.state for row in rows) == ["differs", "needs_person", "waiting"]


def test_sending_again_what_the_lms_has_taken_meanwhile_changes_nothing(course: Course, looked_at: list[UUID]) -> None:
    person = str(put(course, "sam", DeliveryState.ACCEPTED).person_id)
    course.kept()
    answer = course.browser("ines").act(f"{course.home}/gradebook/resend", person=person)
    assert answer.status_code == 303
    assert looked_at == []
    course.kept()
    assert course.world.session.scalars(select(DeliveryRow.state)).one() is DeliveryState.ACCEPTED


def test_a_score_in_a_column_that_is_not_of_the_activity_is_not_sent(course: Course) -> None:
    person = str(put(course, "sam", DeliveryState.NEEDS_PERSON).person_id)
    course.kept()
    fields = {"person": person, "column": str(new_id())}
    assert course.browser("ines").act(f"{course.home}/gradebook/resend", **fields).status_code == 404


def test_while_scores_wait_a_bar_says_in_words_how_many_the_lms_took(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    put(course, "noor", DeliveryState.WAITING)
    read = page(course)
    assert "1 of 2 scores accepted by the LMS." in read.text
    assert "1 is on its way." in read.text
    assert "%" not in read.text
    part = course.browser("ines").get(f"{course.home}/gradebook/progress").text
    assert 'data-reading="open"' in part
    assert 'max="2"' in part
    assert "Look again" in part
    later = update(DeliveryRow).where(DeliveryRow.next_attempt_at.is_not(None))
    course.world.session.execute(later.values(next_attempt_at=course.world.now + timedelta(hours=1)))
    course.kept()
    assert 'data-reading="over"' in course.browser("ines").get(f"{course.home}/gradebook/progress").text


def test_while_nothing_waits_no_bar_is_there(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    assert "scores accepted by the LMS" not in page(course).text


def test_a_lane_that_rests_says_why_and_until_when(course: Course) -> None:
    put(course, "sam", DeliveryState.WAITING)
    until = course.world.now + timedelta(minutes=15)
    lane(course, resting_until=until, troubles=3, problem=Answer.PLATFORM_TROUBLED.value)
    read = page(course)
    assert "something went wrong on its side" in read.text
    assert "Attune goes on by itself on March 2, 2026, 9:15" in read.text
    assert "nothing is lost" in read.text
    assert 'data-reading="over"' in course.browser("ines").get(f"{course.home}/gradebook/progress").text


def test_a_connection_that_is_switched_off_is_said_so(course: Course) -> None:
    put(course, "sam", DeliveryState.WAITING)
    course.world.session.scalars(select(RegistrationRow)).one().active = False
    assert "is switched off" in page(course).text


@pytest.mark.parametrize(
    ("member", "words"),
    [("gone_at", "not in the LMS any more"), ("stopped_at", "Nothing is sent to this column any more since")],
)
def test_a_column_that_is_gone_or_stopped_is_said_so_with_the_day(course: Course, member: str, words: str) -> None:
    course.browser("ines")  # a launch that names the column says that it is there
    put(course, "sam", DeliveryState.NEEDS_PERSON)
    setattr(first_column(course), member, course.world.now)
    read = page(course)
    assert words in read.text
    assert "March 2, 2026" in read.text


def test_comparing_with_the_lms_is_asked_for_once_and_said(course: Course, looked_at: list[UUID]) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    column_id = first_column(course).id
    assert "It was not compared with what the LMS shows so far." in page(course).text
    for _twice in range(2):
        answer = course.browser("ines").act(f"{course.home}/gradebook/compare", column=str(column_id))
        assert answer.status_code == 303
    assert looked_at == [column_id]
    read = page(course)
    assert "It is being compared with what the LMS shows." in read.text
    assert "Compare with the LMS now" not in read.text
    column = first_column(course)
    column.read_at = course.world.now + timedelta(seconds=5)
    assert "Last compared with what the LMS shows on March 2, 2026" in page(course).text


def test_a_column_that_could_not_be_read_says_why(course: Course) -> None:
    put(course, "sam", DeliveryState.ACCEPTED)
    column = first_column(course)
    column.read_at, column.read_problem = course.world.now, Answer.PLATFORM_UNREACHABLE.value
    assert "It could not be compared with what the LMS shows. The LMS did not answer." in page(course).text


def test_who_left_the_course_with_a_score_is_still_there(course: Course) -> None:
    put(course, "sam", DeliveryState.NEEDS_PERSON)
    left = update(MembershipRow).where(MembershipRow.person_id == course.world.visitor("sam").person_id)
    course.world.session.execute(left.values(ended_at=course.world.now))
    read = page(course)
    assert "Sam Example" in read.text
    assert "Not in the course any more." in read.text


def test_a_list_of_very_many_is_paged_in_the_database_and_each_is_on_one_page(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(name_order, "BY_NAME", 50)
    crowd(course, 90, DeliveryState.ACCEPTED)
    put(course, "noor", DeliveryState.NEEDS_PERSON)
    texts = [page(course, f"?page={number}").text for number in (1, 2, 3)]
    assert "Noor Example" in texts[0]
    assert "New names are being put in their places" in texts[0]
    for number in range(90):
        assert sum(f"Crowd {number:05d}" in text for text in texts) == 1
    assert "Crowd 00042" in page(course, "?name=crowd 00042").text


@pytest.mark.parametrize("path", ["", "?state=accepted", "?name=crowd", "/progress"])
def test_the_page_asks_the_database_as_often_for_200_people_as_for_20(
    course: Course, engine: Engine, path: str
) -> None:
    engine = course.app.extensions["attune"].sessions.engine
    numbers = []
    for more in (20, 180):
        crowd(course, more, DeliveryState.ACCEPTED)
        course.browser("ines").get(f"{course.home}/gradebook{path}")
        with counted(engine) as said:
            assert course.browser("ines").get(f"{course.home}/gradebook{path}").status_code == 200
        numbers.append(len(said))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (DeliveryState.WAITING, "In the gradebook: on its way."),
        (DeliveryState.ACCEPTED, "In the gradebook: shown since March 2, 2026"),
        (DeliveryState.NEEDS_PERSON, "Your instructors look at the gradebook."),
        (DeliveryState.DIFFERS, "Your instructors look at the gradebook."),
        (DeliveryState.LET_STAND, "In the gradebook: as your instructors decided."),
    ],
)
def test_the_trainee_reads_in_one_calm_line_how_it_stands(course: Course, state: DeliveryState, words: str) -> None:
    assert "n the gradebook:" not in Read(course.browser("sam").get(course.home).text).text
    put(course, "sam", state, desired_score=Decimal("73.25"))
    course.kept()
    read = Read(course.browser("sam").get(course.home).text)
    assert words in read.text
    assert "73.25" not in read.text
    assert "80 of" not in read.text


def test_the_course_lists_its_columns_that_wait_for_a_person(course: Course) -> None:
    further = further_column(course)
    put(course, "sam", DeliveryState.DIFFERS, further)
    address = f"{course.home}/gradebook?column={further.id}"
    course_id = course.world.place(course.world.visitor("ines")).course.id
    course.kept()
    read = Read(course.browser("ines").get(f"/courses/{course_id}").text)
    assert "1 needs a person" in read.text
    assert address in read.links
    assert "needs a person" not in Read(course.browser("jo").get(f"/courses/{course_id}").text).text


def test_what_is_done_for_many_at_once_stands_before_the_long_list(course: Course) -> None:
    for who in ("sam", "noor"):
        put(course, who, DeliveryState.NEEDS_PERSON, answer=Answer.PERSON_NOT_IN_COURSE.value)
    read = page(course)
    assert read.before("Send all 2 scores again that the LMS did not take", "Noor Example")
    put(course, crowd(course, 1)[0], DeliveryState.DIFFERS)
    put(course, crowd(course, 1)[0], DeliveryState.DIFFERS)
    assert page(course).before("Decide for all 2 scores that differ", "Noor Example")


def test_after_an_act_an_instructor_is_in_the_same_list_as_before(course: Course) -> None:
    person = put(course, "sam", DeliveryState.NEEDS_PERSON).person_id
    differs = put(course, "noor", DeliveryState.DIFFERS).id
    read = page(course, "?state=needs_person&name=sam")
    assert {field["value"] for field in read.fields["name"]} == {"sam"}
    browser, asked = course.browser("ines"), {"state": "needs_person", "name": "s&m", "page": "2"}
    again = browser.act(f"{course.home}/gradebook/resend", person=str(person), **asked)
    assert again.location == f"{course.home}/gradebook?said=sent_again&state=needs_person&name=s%26m&page=2"
    stands = browser.act(f"/cells/{differs}/let-stand", **asked)
    assert stands.location == f"{course.home}/gradebook?said=let_stand&state=needs_person&name=s%26m&page=2"
    assert browser.get(again.location).status_code == 200


def test_while_the_whole_column_is_held_up_nobodys_line_says_that_it_is_on_its_way(course: Course) -> None:
    course.browser("ines")
    put(course, "sam", DeliveryState.WAITING, attempts=2, answer=Answer.PLATFORM_TROUBLED.value)
    first_column(course).stopped_at = course.world.now
    read = page(course)
    assert "It waits for what is said above. Nothing is lost." in read.text
    for untrue in ("on its way", "goes on by itself", "Send again"):
        assert untrue not in read.text


def test_of_a_cell_that_a_person_decided_about_the_page_does_not_say_what_it_should_show(course: Course) -> None:
    put(course, "sam", DeliveryState.LET_STAND)
    read = page(course)
    assert "Attune's score: 75 of 100" in read.text
    assert "Should show" not in read.text
