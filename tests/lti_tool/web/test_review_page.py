"""One trainee of an activity, as each reader may see them."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Field
from lti_tool.store.records import ReadLogRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import INSTRUCTOR
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

WRITTEN = ("Let the silence be.", "Waited, then asked.", "I was nervous at first.")


def address(course: Course, who: str = "sam") -> str:
    return f"{course.home}/trainees/{course.world.visitor(who).person_id}"


def page(course: Course, reader: str, who: str = "sam") -> Read:
    answer = course.browser(reader).get(address(course, who))
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def logged(course: Course) -> list[tuple[UUID | None, Field]]:
    """What Ines opened."""
    course.kept()
    mine = ReadLogRow.reader_id == course.world.visitor("ines").person_id
    rows = course.world.session.scalars(select(ReadLogRow).where(mine)).all()
    return [(row.observation_id, row.field) for row in rows]


def test_lti_w01_an_instructor_sees_states_signatures_and_the_number_and_no_word(
    make_course: Callable[..., Course],
) -> None:
    course = make_course(required_observations=3)
    signed, begun = course.signed(), course.begun()
    read = page(course, "ines")
    assert read.headings[0] == "Sam Example"
    assert {f"/o/{signed}", f"/o/{begun}"} <= set(read.links)
    assert "peer lane: signed by Jo Example on March 2, 2026" in read.text
    assert "1 of 3 finished" in read.text
    assert "Should show: 33.33 of 100" in read.text
    assert not [words for words in WRITTEN if words in read.text]


def test_an_observer_sees_only_what_they_were_asked_for_and_no_number(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.CLINICAL,))
    course.world.grant(course.world.visitor("noor"), None)
    course.answered()
    read = page(course, "jo")
    assert "Observations with you" in read.headings
    assert "In the gradebook" not in read.headings
    assert "finished" not in read.text
    answer = course.browser("noor").get(address(course))
    assert answer.status_code == 404
    assert "Sam Example" not in answer.text


def test_whoever_signs_sees_all_of_the_trainee_with_the_number(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = course.answered()
    read = page(course, "amara")
    assert f"/o/{observation_id}" in read.links
    assert "In the gradebook" in read.headings


def test_someone_who_has_asked_for_nothing_yet_is_not_a_problem(course: Course) -> None:
    read = page(course, "ines", "noor")
    assert "No observation has been asked for yet." in read.text
    assert "The trainee can see" not in read.text
    assert not logged(course)


def test_what_was_opened_stands_in_the_log_once_a_visit(course: Course) -> None:
    signed, begun = course.signed(), course.begun()
    page(course, "ines")
    page(course, "ines")
    expected = {(signed, Field.STATUS), (signed, Field.SIGN_OFF), (signed, Field.SCORE), (begun, Field.STATUS)}
    entries = logged(course)
    assert set(entries) == expected
    assert len(entries) == len(expected)
    assert "the number in the gradebook" in Read(course.browser("sam").get("/opened").text).text


def test_what_was_taken_back_is_not_there(course: Course) -> None:
    observation_id = course.asked()
    course.browser("sam").act(f"/o/{observation_id}/withdraw")
    assert f"/o/{observation_id}" not in page(course, "ines").links


def test_the_activity_links_to_each_trainee(course: Course) -> None:
    assert address(course) in Read(course.browser("ines").get(course.home).text).links


def test_a_trainee_finds_their_own_path_and_nobody_elses_page(course: Course) -> None:
    course.world.grant(course.world.visitor("sam"), Lane.PEER)
    course.kept()
    own = course.browser("sam").get(address(course))
    assert (own.status_code, own.location) == (303, f"{course.home}?tab=path")
    assert course.browser("noor").get(address(course)).status_code == 403


@pytest.mark.parametrize("who", ["ines", "jo"])
def test_lti_w08_of_somebody_unknown_there_is_a_page_that_says_so(course: Course, who: str) -> None:
    answer = course.browser(who).get(f"{course.home}/trainees/nobody?from=gradebook")
    assert answer.status_code == 200
    assert "Of this person there is nothing here that you can open." in answer.text


@pytest.mark.parametrize("who", ["jo", "ines", "elsewhere"])
def test_people_who_are_not_trainees_here_look_like_nobody(course: Course, who: str) -> None:
    from lti_tool.lti.claims import Course as LtiCourse

    course.world.visitor("elsewhere", INSTRUCTOR, context=LtiCourse(id="course-2", title="Other", label=None))
    course.kept()
    reader = "amara" if who == "ines" else "ines"
    answer = course.browser(reader).get(address(course, who))
    assert answer.status_code == 404
    assert "Example" not in answer.text
