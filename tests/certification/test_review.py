"""Section 14: whoever reviews comes from the gradebook to one trainee's page."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool.lti.errors import LaunchProblem
from tests.certification.course import Course, set_up
from tests.certification.lms import AGS, ENDPOINT, INSTRUCTOR, LEARNER, LTI, Change, Lms
from tests.certification.place import Answer, Browser, words_of
from tests.lti_tool.lti.platform import Claims, drop, put

COLUMN = "/items/7"


def column(lms: Lms, path: str = COLUMN) -> Change:
    """The gradebook service, with the column of the activity."""
    scopes = [AGS + "scope/score", AGS + "scope/lineitem"]
    return put(ENDPOINT, {"scope": scopes, "lineitems": f"{lms.issuer}/items", "lineitem": f"{lms.issuer}{path}"})


def about(sub: str | None, **more: Any) -> Change:
    """The launch is a review of this person's work."""

    def change(claims: Claims) -> None:
        claims[LTI + "message_type"] = "LtiSubmissionReviewRequest"
        if sub is not None:
            claims[LTI + "for_user"] = {"user_id": sub, "roles": [LEARNER], **more}
        claims[LTI + "launch_presentation"] |= {"return_url": f"{claims['iss']}/gradebook?course=1"}

    return change


@pytest.fixture
def course(lms: Lms, new_browser: Callable[[], Browser]) -> Course:
    """Ines set an activity up, its column is known, and Sam and Noor came in once."""
    course = set_up(lms, column(lms))
    for sub, name in (("sam", "Sam Rivera"), ("noor", "Noor Aziz")):
        course.enter(put("sub", sub), put("name", name), browser=new_browser())
    return course


def review(course: Course, *changes: Change, sub: str = "ines", role: str = INSTRUCTOR, **how: Any) -> Answer:
    return course.lms.launch(*course.claims, put("sub", sub), put("name", "Ines Flores"), *changes, role=role, **how)


def test_W01_a_reviewer_comes_to_the_page_of_that_learner(course: Course) -> None:
    page = course.lms.opened(review(course, about("sam")))
    assert "Sam Rivera" in words_of(page.text)
    assert "Noor Aziz" not in words_of(page.text)
    assert page.url.startswith(f"{course.url}/trainees/")


@pytest.mark.parametrize("person", [{}, {"user_id": ""}, {"user_id": 5}, "sam", []])
def test_W02_a_person_that_is_none_opens_nothing(course: Course, person: Any) -> None:
    answer = review(course, about("sam"), put(LTI + "for_user", person))
    course.lms.refused(answer, LaunchProblem.FOR_USER_WRONG)


def test_W02_without_a_column_and_without_a_link_nothing_opens(course: Course) -> None:
    answer = review(course, about("sam"), drop(ENDPOINT, LTI + "resource_link"))
    course.lms.refused(answer, LaunchProblem.LINE_ITEM_NOT_OURS)


def test_W02_where_nobody_is_named_the_activity_opens(course: Course) -> None:
    """Moodle does so where the head of the column was clicked."""
    page = course.lms.opened(review(course, about(None)))
    assert page.url.startswith(f"{course.url}?tab=activity")


def test_W03_without_a_resource_link_the_column_is_enough(course: Course) -> None:
    page = course.lms.opened(review(course, about("sam"), drop(LTI + "resource_link")))
    assert "Sam Rivera" in words_of(page.text)


def test_W04_a_column_that_is_not_of_this_course_opens_nothing(course: Course) -> None:
    elsewhere = drop(LTI + "resource_link"), column(course.lms, "/items/of-another")
    answer = review(course, about("sam"), *elsewhere)
    course.lms.refused(answer, LaunchProblem.LINE_ITEM_NOT_OURS, 404, "belongs to no activity")
    another = put(LTI + "context", {"id": "course-2", "title": "Another"}), drop(LTI + "resource_link")
    answer = review(course, about("sam"), *another)
    assert answer.status_code == 404
    assert "Sam Rivera" not in answer.text


def test_W04_another_platform_cannot_name_our_column(course: Course, make_lms: Callable[..., Lms]) -> None:
    other = make_lms()
    theirs = other.launch(
        put("sub", "ines"), column(course.lms), about("sam"), drop(LTI + "resource_link"), role=INSTRUCTOR
    )
    other.kept["deployment"] += 1  # it was new, and is theirs
    other.refused(theirs, LaunchProblem.LINE_ITEM_NOT_OURS, 404)


def test_W05_a_learner_sees_only_their_own(course: Course, new_browser: Callable[[], Browser]) -> None:
    browser = new_browser()
    theirs = review(course, about("noor"), put("name", "Sam Rivera"), sub="sam", role=LEARNER, browser=browser)
    if theirs.status_code == 303:
        theirs = browser.get(course.lms.attune.url + theirs.headers["Location"])
    assert theirs.status_code == 403, words_of(theirs.text)
    assert "Noor" not in theirs.text
    own = review(course, about("sam"), put("name", "Sam Rivera"), sub="sam", role=LEARNER, browser=browser)
    page = course.lms.opened(own, browser)
    assert page.url.startswith(f"{course.url}?tab=path")


def test_W06_the_way_back_leads_to_where_the_review_began(course: Course) -> None:
    page = course.lms.opened(review(course, about("sam")))
    assert f'href="{course.lms.issuer}/gradebook?course=1&amp;lti_msg=' in page.text


def test_W08_someone_whom_we_never_saw_has_a_page_that_says_so(course: Course) -> None:
    answer = review(course, about("never-seen"))
    assert answer.status_code == 303
    page = course.lms.browser.get(course.lms.attune.url + answer.headers["Location"])
    assert page.status_code == 200
    assert "None" not in words_of(page.text)
