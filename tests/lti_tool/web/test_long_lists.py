"""Pages of an instructor with many people: a page at a time, however many there are."""

import pytest

from lti_tool.access import Capability
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.web.paging import ON_A_PAGE
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

MANY = 95


@pytest.fixture
def crowded(course: Course) -> Course:
    session, now = course.world.session, course.world.now
    here = session.query(CourseRow).one()
    for number in range(MANY):
        person = PersonRow(
            id=new_id(), organization_id=here.organization_id, name=f"Crowd {number:03d}", created_at=now
        )
        session.add(person)
        session.flush()
        session.add(
            MembershipRow(
                organization_id=here.organization_id, course_id=here.id, person_id=person.id, roles=["Learner"],
                capability=Capability.TRAINEE, seen_at=now,
            )
        )  # fmt: skip
    course.kept()
    return course


@pytest.mark.parametrize("path", ["?tab=activity", "/people", "/gradebook"])
def test_everyone_is_on_exactly_one_page_of_the_list(crowded: Course, path: str) -> None:
    ines = crowded.browser("ines")
    mark = "&" if "?" in path else "?"
    texts = [Read(ines.get(f"{crowded.home}{path}{mark}page={page}").text).text for page in (1, 2, 3)]
    for number in range(MANY):
        assert sum(f"Crowd {number:03d}" in text for text in texts) == 1, number
    for text in texts:
        assert sum(f"Crowd {number:03d}" in text for number in range(MANY)) <= ON_A_PAGE


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_not_there_is_the_nearest_one(crowded: Course, page: str) -> None:
    assert crowded.browser("ines").get(f"{crowded.home}/gradebook?page={page}").status_code == 200
