"""Each personal field says who can see it, and means it."""

from collections.abc import Callable

import pytest

from lti_tool.access import ACCESS, Field
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations.read import read
from lti_tool.web.words import word
from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(lanes=(Lane.PEER, Lane.CLINICAL))


def words_of(course: Course) -> dict[Field, str]:
    with course.app.test_request_context():
        course.app.preprocess_request()
        return {field: word(field) for field in Field}


def test_ux_t2_the_page_names_exactly_those_who_can_open_the_words(course: Course) -> None:
    observation_id = course.answered()
    page = Read(course.browser("sam").get(f"/o/{observation_id}/who").text)
    named = page.facts[words_of(course)[Field.ASSESSMENT]]
    for who in ("sam", "jo", "amara", "ines", "noor"):
        visitor = course.world.visitor(who)
        try:
            seen = read(course.world.session, visitor, observation_id, course.world.now).assessment is not None
        except NotHere:
            seen = False
        assert (str(visitor.name) in named) is seen, who


def test_every_field_has_its_words_and_its_readers(course: Course) -> None:
    page = Read(course.browser("sam").get(f"/o/{course.answered()}/who").text)
    assert list(page.facts) == [words_of(course)[field] for field in ACCESS]
    assert all(page.facts.values())


@pytest.mark.parametrize(
    ("who", "state", "path"),
    [
        ("sam", "shared", ""),
        ("sam", "shared", "/answer"),
        ("sam", "signed", ""),
        ("jo", "asked", "/begin"),
        ("jo", "begun", "/rate"),
        ("jo", "answered", "/sign/peer"),
        ("jo", "answered", "/differ/peer"),
        ("jo", "signed", "/take-back/peer"),
    ],
)
def test_ux_t1_pages_with_personal_fields_say_who_can_see_them(course: Course, who: str, state: str, path: str) -> None:
    observation_id = getattr(course, state)()
    answer = course.browser(who).get(f"/o/{observation_id}{path}")
    assert answer.status_code == 200
    assert "Who can see this:" in Read(answer.text).text


def test_ux_t1_asking_names_beforehand_who_will_see_it(course: Course) -> None:
    page = Read(course.browser("sam").get(f"{course.home}/ask").text)
    assert "supervisors who sign: Amara Example, Jo Example" in page.text
    assert "instructors of the course: Ines Example" in page.text
    assert page.before("supervisors who sign: Amara Example", "Ask, and agree to be observed")
