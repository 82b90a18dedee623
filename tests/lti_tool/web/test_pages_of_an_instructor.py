"""What an instructor sees and does: the activity, people, the gradebook."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import GrantRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_the_activity_says_in_sentences_what_matters_today(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3)
    course.asked(), course.shared(), course.answered()
    read = page(course, "ines", course.home)
    assert "1 observation waits for its observer, and 1 for the trainee's words." in read.text
    assert "1 observation waits for a signature." in read.text
    assert "No score needs a person." in read.text


def test_the_activity_says_when_nobody_signs_in_a_lane_that_is_needed(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    session = course.world.session
    grant = session.scalars(select(GrantRow).where(GrantRow.lane == Lane.CLINICAL)).one()
    grant.revoked_at, grant.revoked_by = course.world.now, grant.granted_by
    course.kept()
    assert "Nobody signs in the clinical lane yet." in page(course, "ines", course.home).text


def test_the_instructor_sees_states_and_never_what_was_written(course: Course) -> None:
    observation_id = course.answered()
    for path in (course.home, f"/o/{observation_id}"):
        read = page(course, "ines", path)
        assert "waiting for a signature" in read.text
        assert "Let the silence be." not in read.text
        assert "I was nervous at first." not in read.text


def test_ux_f2_trainees_stand_by_name_without_any_total_that_ranks_them(course: Course) -> None:
    course.signed()
    read = page(course, "ines", course.home)
    assert read.before("Noor Example", "Sam Example")
    assert "%" not in read.text


def test_a_withdrawn_observation_is_not_in_the_cohort(course: Course) -> None:
    observation_id = course.asked()
    course.browser("sam").act(f"/o/{observation_id}/withdraw")
    read = page(course, "ines", course.home)
    assert f"/o/{observation_id}" not in read.links


def test_people_shows_what_each_may_do_by_whom_and_since_when(course: Course) -> None:
    read = page(course, "ines", f"{course.home}/people")
    assert "supervisor, peer lane given by Ines Example on March 2, 2026" in read.text
    assert "Takes part in the course as a learner" in read.text
    assert "Ines Example (you)" in read.text


def test_a_lane_is_given_also_to_oneself_and_taken_back_after_one_question(course: Course) -> None:
    ines = course.browser("ines")
    me = str(course.world.visitor("ines").person_id)
    answer = ines.act(f"{course.home}/people/grant", person=me, grant="clinical", page="1")
    assert "It is given, and recorded." in page(course, "ines", answer.location).text
    course.kept()
    grant = course.world.session.scalars(
        select(GrantRow).where(GrantRow.person_id == course.world.visitor("ines").person_id)
    ).one()
    assert grant.lane is Lane.CLINICAL
    grant_id = grant.id
    course.kept()
    asked = page(course, "ines", f"{course.home}/people/revoke?grant={grant_id}")
    assert "What Ines Example signed stays signed." in asked.text
    ines.act(f"{course.home}/people/revoke", grant=str(grant_id))
    course.kept()
    assert course.world.session.get_one(GrantRow, grant_id).revoked_at is not None


def test_what_is_held_already_is_not_offered_again(course: Course) -> None:
    read = page(course, "ines", f"{course.home}/people")
    assert "Let Jo Example sign in the clinical lane" in read.text
    assert "Let Jo Example sign in the peer lane" not in read.text
    assert "Let Jo Example observe" not in read.text


def test_only_instructors_see_people_and_the_gradebook(course: Course) -> None:
    for who in ("sam", "jo"):
        for path in ("people", "people/revoke", "gradebook"):
            assert course.browser(who).get(f"{course.home}/{path}").status_code == 403
        person = str(course.world.visitor("sam").person_id)
        assert course.browser(who).act(f"{course.home}/people/grant", person=person, grant="peer").status_code == 403


@pytest.mark.parametrize("fields", [{"grant": "operator"}, {"grant": "peer", "person": "nobody"}, {}])
def test_a_grant_that_the_page_does_not_offer_is_not_understood(course: Course, fields: dict[str, str]) -> None:
    assert course.browser("ines").act(f"{course.home}/people/grant", **fields).status_code == 400


def test_two_hundred_people_come_a_page_at_a_time(course: Course) -> None:
    for number in range(200):
        course.world.enter(f"person {number:03}", TRAINEE)
    course.kept()
    first = page(course, "ines", f"{course.home}/people")
    assert "Everyone: 205 people" in first.text
    assert f"{course.home}/people?page=6#everyone" in first.links
    last = page(course, "ines", f"{course.home}/people?page=6")
    assert "Sam Example" in last.text
    assert "Sam Example" not in first.text
    beyond = page(course, "ines", f"{course.home}/people?page=600")
    assert "Sam Example" in beyond.text


def delivery(course: Course) -> DeliveryRow:
    return course.world.session.scalars(select(DeliveryRow)).one()


def test_the_gradebook_says_for_each_trainee_what_the_lms_should_show_and_how_it_stands(course: Course) -> None:
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Nothing is sent yet: so far there is no number for this column." in read.text
    course.signed()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Should show: 100 of 100" in read.text
    assert "On its way to the LMS." in read.text


def test_an_accepted_score_says_when_and_the_connection_is_said_to_work(course: Course) -> None:
    course.signed()
    row = delivery(course)
    row.state, row.accepted_score, row.accepted_at = DeliveryState.ACCEPTED, Decimal(100), course.world.now
    row.accepted_maximum = row.desired_maximum
    row.next_attempt_at = None
    row.attempts = 1
    course.kept()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Accepted by the LMS on March 2, 2026" in read.text
    assert "The connection works" in read.text


def test_a_score_that_waits_says_when_it_is_tried_again(course: Course) -> None:
    course.signed()
    row = delivery(course)
    row.attempts, row.next_attempt_at = 2, course.world.now + timedelta(minutes=5)
    row.answer = Answer.PLATFORM_UNREACHABLE.value
    course.kept()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Attune tries again by itself, next on March 2, 2026, 9:05" in read.text
    assert "nothing is lost" in read.text


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer is not Answer.ACCEPTED])
def test_every_answer_of_an_lms_is_a_sentence_with_something_to_do(course: Course, answer: Answer) -> None:
    course.signed()
    row = delivery(course)
    row.state, row.attempts, row.answer = DeliveryState.NEEDS_PERSON, 3, answer.value
    row.next_attempt_at = None
    course.kept()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Needs a person" in read.text
    assert answer.value not in read.text
    assert "1 score needs a person." in page(course, "ines", course.home).text


def test_sending_again_makes_it_wait_and_tells_the_worker(course: Course, looked_at: list[UUID]) -> None:
    course.signed()
    row = delivery(course)
    row.state, row.attempts = DeliveryState.NEEDS_PERSON, 3
    row.next_attempt_at = None
    course.kept()
    person = str(course.world.visitor("sam").person_id)
    answer = course.browser("ines").act(f"{course.home}/gradebook/resend", person=person)
    assert answer.status_code == 303
    course.kept()
    assert delivery(course).state is DeliveryState.WAITING
    assert looked_at == [delivery(course).id]


def test_while_a_score_needs_a_person_the_connection_is_not_said_to_work(course: Course) -> None:
    course.signed()
    row = delivery(course)
    row.state, row.attempts, row.answer = DeliveryState.NEEDS_PERSON, 3, Answer.COLUMN_GONE.value
    row.next_attempt_at = None
    row.accepted_score, row.accepted_at = Decimal(50), course.world.now
    row.accepted_maximum = row.desired_maximum
    course.kept()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "The LMS did not take 1 score." in read.text
    assert "The connection works" not in read.text


def test_everything_that_needs_a_person_is_sent_again_with_one_button(course: Course, looked_at: list[UUID]) -> None:
    button = "Send 1 score again that the LMS did not take"
    course.signed()
    assert button not in page(course, "ines", f"{course.home}/gradebook").text
    row = delivery(course)
    row.state, row.attempts = DeliveryState.NEEDS_PERSON, 3
    row.next_attempt_at = None
    course.kept()
    assert button in page(course, "ines", f"{course.home}/gradebook").text
    assert course.browser("jo").act(f"{course.home}/gradebook/resend-all").status_code == 403
    answer = course.browser("ines").act(f"{course.home}/gradebook/resend-all")
    assert answer.status_code == 303
    course.kept()
    assert delivery(course).state is DeliveryState.WAITING
    assert looked_at == [delivery(course).id]


def test_an_observation_where_nothing_was_seen_is_not_called_unfinished(make_course: Callable[..., Course]) -> None:
    course = make_course(column_shows=ColumnShows.RUBRIC_RESULT)
    course.signed()
    session = course.world.session
    session.execute(delete(DeliveryRow))
    course.kept()
    read = page(course, "ines", f"{course.home}/gradebook")
    assert "Nothing is sent yet: so far there is no number for this column." in read.text
    assert "finished." not in read.text


def test_someone_with_no_capability_is_told_so_kindly(course: Course) -> None:
    course.world.enter("guest", ("http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",))
    course.roles = {"guest": ("http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",)}
    read = page(course, "guest", course.home)
    assert "Nothing here is waiting for you" in read.text
