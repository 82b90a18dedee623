"""My record over all courses: it stays a trainee's own, also after they left the course."""

from sqlalchemy import select

from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow
from rubrics.observation import State
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def leaves(course: Course, who: str) -> None:
    """The LMS's list does not have them any more."""
    row = course.world.session.scalars(
        select(MembershipRow).where(MembershipRow.person_id == course.world.visitor(who).person_id)
    ).one()
    row.ended_at = course.world.now
    course.kept()


def test_cap_d9_a_record_names_each_course_and_leads_to_each_observation(course: Course) -> None:
    observation_id = course.signed()
    page = Read(course.browser("sam").get("/record").text)
    assert "Peer support practicum" in page.text
    assert f"/o/{observation_id}" in page.links


def test_nobody_elses_observations_are_in_it(course: Course) -> None:
    course.signed()
    for other in ("noor", "jo", "ines"):
        assert "No observation of your practice" in course.browser(other).get("/record").text


def test_cap_d9_whoever_left_the_course_still_reads_their_own_record(course: Course) -> None:
    observation_id = course.signed()
    sam = course.browser("sam")
    leaves(course, "sam")
    assert f"/o/{observation_id}" in Read(sam.get("/record").text).links
    assert "Let the silence be." in sam.get(f"/o/{observation_id}").text


def test_cap_c7_whoever_left_the_course_can_still_take_an_observation_back(course: Course) -> None:
    observation_id = course.shared()
    sam = course.browser("sam")
    leaves(course, "sam")
    assert sam.get(f"/o/{observation_id}/withdraw").status_code == 200
    assert sam.act(f"/o/{observation_id}/withdraw").status_code == 303
    course.kept()
    assert course.world.session.get_one(ObservationRow, observation_id).state is State.WITHDRAWN


def test_an_observer_who_left_the_course_reads_nothing_of_it(course: Course) -> None:
    observation_id = course.signed()
    jo = course.browser("jo")
    leaves(course, "jo")
    assert jo.get(f"/o/{observation_id}").status_code == 404
