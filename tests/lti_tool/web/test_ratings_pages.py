"""How a rubric was rated, for program leads: spread, months and gaps; of nobody by name, and nothing of few."""

from typing import Any
from uuid import UUID

import pytest

from lti_tool.services.cohorts.rated import rated
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.rubrics import RubricVersionRow
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.services.terms import NEXT
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import lead
from tests.lti_tool.web.test_progress_pages import keep


@pytest.fixture
def lea(course: Course) -> Any:
    return lead(course)


def version_of(course: Course) -> RubricVersionRow:
    activity = course.world.session.get_one(ActivityRow, course.world.activity_id)
    return course.world.session.get_one(RubricVersionRow, activity.rubric_version_id)


def some(course: Course, count: int, *, days: int = -1, level: int = 4, **more: Any) -> list[UUID]:
    """So many trainees, each observed once."""
    return [
        observed(course.world, course.world.visitor(f"trainee{number}", TRAINEE).person_id, level, days=days, **more)
        for number in range(count)
    ]


def test_cap_c13_program_leads_see_how_criteria_were_rated_and_what_nobody_was_observed_in(
    course: Course, lea: Any
) -> None:
    version = version_of(course)
    never, rarely, *_ = [each["key"] for each in version.document["criteria"]]
    gaps = {"left_out": frozenset({never}), "unseen": frozenset({rarely})}
    some(course, 6, **gaps)
    some(course, 6, days=-100, level=2, left_out=gaps["left_out"])
    course.kept()
    answer = lea.get(f"/rubrics/{version.rubric_id}/ratings")
    assert answer.status_code == 200, answer.text
    keep("ratings", answer.text)
    read = Read(answer.text)
    assert "From 12 released observations of 6 people." in read.text
    assert read.text.count("Nobody has been observed in it yet.") == 1
    assert read.text.count("Nobody has been observed in it for 90 days.") == 1
    assert read.text.count("In at least half of the observations there was no occasion for it.") == 1
    assert not list(problems_of(answer.text))
    for name in ("Sam", "Trainee0", "Jo "):
        assert name not in read.text


def test_of_fewer_than_five_people_no_level_is_told(course: Course, lea: Any) -> None:
    for _ in range(3):
        some(course, 4)
    course.kept()
    page = lea.get(f"/rubrics/{version_of(course).rubric_id}/ratings").text
    assert "There are too few released observations to say how anything was rated." in Read(page).text
    assert 'class="picture"' not in page


def test_a_course_of_few_people_is_not_shown_by_itself_and_cannot_be_worked_out(course: Course, lea: Any) -> None:
    """Twelve people in all, nine of them here: the others would be three."""
    some(course, 9)
    world = course.world
    entered = world.enter("ines", course.roles["ines"], **NEXT)
    assert entered.course_id is not None
    version = version_of(course)
    first = world.session.get_one(ActivityRow, world.activity_id)
    there = ActivityRow(
        course_id=entered.course_id, rubric_version_id=version.id, title="Other", lanes=first.lanes,
        column_shows=first.column_shows, required_observations=1, response_days=7, created_by=first.created_by,
        created_at=world.now, organization_id=world.organization_id,
    )  # fmt: skip
    world.session.add(there)
    world.session.flush()
    for number in range(9, 12):
        id_ = observed(world, world.visitor(f"trainee{number}", TRAINEE).person_id)
        world.session.get_one(ObservationRow, id_).activity_id = there.id
    course.kept()
    page = lea.get(f"/rubrics/{version.rubric_id}/ratings").text
    assert "From 12 released observations of 12 people." in Read(page).text
    assert "2 courses are not shown by themselves" in Read(page).text
    asked = lea.get(f"/rubrics/{version.rubric_id}/ratings?course={first.course_id}").text
    assert "From 12 released observations of 12 people." in Read(asked).text


def test_only_program_leads_see_it(course: Course, lea: Any) -> None:
    for who in ("ines", "jo", "sam"):
        assert course.browser(who).get(f"/rubrics/{version_of(course).rubric_id}/ratings").status_code == 404


def test_only_the_latest_observations_are_looked_at(course: Course) -> None:
    some(course, 6)
    version = version_of(course)
    keys = [each["key"] for each in version.document["criteria"]]
    found = rated(course.world.session, version.id, keys, most=5)
    assert (found.observations, found.people) == (5, 5)
    assert all(each.looked_at == 5 for each in found.tallies)
