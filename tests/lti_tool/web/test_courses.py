"""Launches that lead to no activity: of a queue, and of the course itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lti_tool.lti import claims
from lti_tool.lti.claims import ResourceLink
from lti_tool.services.authoring import author
from lti_tool.store.courses import ResourceLinkRow
from lti_tool.store.people import MembershipRow
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, TRAINEE
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

NAVIGATION = {
    "resource_link": ResourceLink(id="course-1", title="Peer support practicum"), "placement": "course_navigation",
}  # fmt: skip
"""Canvas gives the course's own id."""
QUEUE = {"custom": {"attune_place": "queue"}, "resource_link": ResourceLink(id="link-9", title="My queue")}
MENTOR = ("http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",)


def links(course: Course) -> int:
    course.kept()
    return course.world.session.scalars(select(func.count()).select_from(ResourceLinkRow)).one()


def address(course: Course) -> str:
    """The course's own page, as a launch from the course's menu finds it."""
    entered = course.world.enter("ines", INSTRUCTOR, **NAVIGATION, custom={})
    course.kept()
    return entered.path.removesuffix("/start")


def left_behind(course: Course) -> None:
    """Another activity, to which no link leads."""
    world = course.world
    entered = world.enter("ines", INSTRUCTOR)
    assert entered.course_id
    choice = author.ActivityChoice(version_id=version_of(world.session, world.organization_id), title="Left behind")
    author.place_activity(world.session, world.visitor("ines"), entered.course_id, choice, now=world.now)
    course.kept()


def page(course: Course, who: str, at: str) -> Read:
    answer = course.browser(who).get(at)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_a_link_to_the_queue_leads_there_and_is_not_remembered(course: Course) -> None:
    before = links(course)
    assert course.world.enter("jo", ASSISTANT, **QUEUE).path == "/waiting"
    by_address = {"custom": {}, "target_link_uri": "https://attune.school.example/lti/launch?place=queue"}
    assert course.world.enter("jo", ASSISTANT, **(QUEUE | by_address)).path == "/waiting"
    assert links(course) == before


def test_an_activity_that_was_placed_behind_a_link_stays_whatever_else_it_says(course: Course) -> None:
    link = ResourceLink(id="link-1", title="Observed practice")
    entered = course.world.enter("jo", ASSISTANT, custom={"attune_place": "queue"}, resource_link=link)
    assert entered.path == course.home


def test_a_launch_of_the_course_itself_is_never_asked_to_choose_an_activity(course: Course) -> None:
    before = links(course)
    for who, roles in (("ines", INSTRUCTOR), ("sam", TRAINEE), ("jo", ASSISTANT), ("guest", MENTOR)):
        entered = course.world.enter(who, roles, **NAVIGATION, custom={})
        assert entered.path == f"/courses/{entered.course_id}/start"
    assert links(course) == before


def test_a_launch_with_the_courses_id_that_names_an_activity_opens_it(course: Course) -> None:
    assert course.world.enter("sam", TRAINEE, **NAVIGATION).path == course.home
    other = {"attune_activity": str(uuid4())}
    assert course.world.enter("sam", TRAINEE, **NAVIGATION, custom=other).path.endswith("/start")


def test_a_link_whose_id_happens_to_be_the_courses_is_a_link_like_any_other(course: Course) -> None:
    same = {"resource_link": ResourceLink(id="course-1", title="Activity 1")}
    before = links(course)
    assert course.world.enter("ines", INSTRUCTOR, custom={}, **same).path.endswith("/choose")
    assert course.world.enter("ines", INSTRUCTOR, **same).path == course.home
    assert links(course) == before + 1


def test_those_who_only_observe_or_sign_come_to_what_waits_for_them(course: Course) -> None:
    at = address(course)
    assert course.browser("jo").get(f"{at}/start").location == "/waiting"
    for who in ("ines", "sam"):
        assert course.browser(who).get(f"{at}/start").location == at
    course.roles["guest"] = MENTOR
    course.token("guest")
    assert course.browser("guest").get(f"{at}/start").location == at


def test_a_trainee_who_also_observes_sees_the_course_and_the_way_to_what_waits(course: Course) -> None:
    course.world.grant(course.world.visitor("sam"), None)
    course.kept()
    at = address(course)
    assert course.browser("sam").get(f"{at}/start").location == at
    assert "Waiting for you" in page(course, "sam", at).text
    assert "Waiting for you" not in page(course, "noor", at).text


def test_lti_d22_what_no_link_leads_to_is_shown_to_instructors_only_and_called_so(course: Course) -> None:
    at = address(course)
    left_behind(course)
    for who in ("sam", "jo"):
        read = page(course, who, at)
        assert course.home in read.links
        assert "Left behind" not in read.text
    read = page(course, "ines", at)
    assert "Left behind not placed yet" in read.text
    assert read.text.count("not placed yet") == 1


def test_the_course_lists_nothing_else(course: Course) -> None:
    course.shared()
    read = page(course, "sam", address(course))
    assert read.headings == ["Peer support practicum", "Activities of this course"]
    assert "Jo Example" not in read.text


def test_an_instructor_finds_the_course_from_each_of_its_activities(course: Course) -> None:
    assert address(course) in page(course, "ines", course.home).links


@pytest.mark.parametrize("path", ["", "/start"])
def test_a_course_of_others_is_not_here(course: Course, path: str) -> None:
    at = address(course)
    elsewhere = course.world.enter("zoe", TRAINEE, context=claims.Course("course-2", "Another", None))
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", elsewhere.token, domain="attune.school.example", secure=True)
    assert browser.get(f"{at}{path}").status_code == 404
    assert browser.get(f"/courses/{elsewhere.course_id}{path}").status_code in (200, 303)


def test_whoever_is_not_listed_any_more_does_not_find_the_course(course: Course) -> None:
    at = address(course)
    sam = course.browser("sam")
    assert sam.get(at).status_code == 200
    person = course.world.visitor("sam").person_id
    row = course.world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == person)).one()
    row.ended_at = course.world.now + timedelta(minutes=1)
    course.kept()
    assert sam.get(at).status_code == 404


def test_an_empty_course_says_what_can_be_done(course: Course) -> None:
    course.world.activity_id = None
    context = {"context": claims.Course("course-3", "Empty", None)}
    for who, roles, words in (("ines", INSTRUCTOR, "Add one in your LMS"), ("sam", TRAINEE, "nothing you need to do")):
        entered = course.world.enter(who, roles, resource_link=None, **context)
        course.kept()
        browser = course.app.test_client()
        browser.set_cookie("__Host-attune", entered.token, domain="attune.school.example", secure=True)
        assert words in browser.get(f"/courses/{entered.course_id}").text


def test_each_thing_that_a_link_still_needs_is_said_beside_its_field(course: Course) -> None:
    same = {"resource_link": ResourceLink(id="another-link", title="Activity 1")}
    at = course.world.enter("ines", INSTRUCTOR, custom={}, **same).path
    course.kept()
    ines = course.browser("ines")
    typed = {"title": " ", "column_shows": "stars", "column_last": "21", "lanes": "legal", "response_days": "0",
             "required_observations": "51", "observers": "none"}  # fmt: skip
    answer = ines.act(at, **typed)
    assert answer.status_code == 422
    text = Read(answer.text).text
    for words in (
        "Please choose the rubric.", "a title of at most 255 characters", "Please choose what the gradebook shows.",
        "Please give a number from 1 to 20.", "Please choose at least one lane that signs.",
        "Please give a number from 1 to 50.", "Please give a number from 1 to 60.",
        "Please give a number from 1 to 10.",
    ):  # fmt: skip
        assert words in text, words
    assert 'value="51"' in answer.text
