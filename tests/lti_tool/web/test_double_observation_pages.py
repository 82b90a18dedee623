"""Planned double observation on its pages: the share, the trainee's yes or no, who is chosen."""

from uuid import UUID

import pytest

from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import BOUND, counted


def read(browser: Browser, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert not list(problems_of(answer.text))
    return Read(answer.text)


@pytest.fixture
def planned(course: Course) -> Course:
    assert course.browser("ines").act(f"{course.home}/double", share="100").status_code == 303
    return course


def amara(course: Course) -> str:
    person_id = str(course.world.visitor("amara").person_id)
    course.kept()
    return person_id


def test_cap_c2_from_the_plan_to_a_second_observer(planned: Course) -> None:
    ines, sam = planned.browser("ines"), planned.browser("sam")
    assert "asked before anybody else" in read(sam, f"{planned.home}/ask").text
    observation_id = planned.asked()
    assert "the trainee is asked" in read(ines, f"{planned.home}/double").text
    assert "May Amara Example observe too?" in read(sam, f"/o/{observation_id}").text
    assert "Amara Example" in read(sam, f"/o/{observation_id}/second").headings[0]
    assert planned.browser("amara").get(f"/o/{observation_id}").status_code == 404
    assert sam.act(f"/o/{observation_id}/second", answer="yes", person=amara(planned)).status_code == 303
    assert "two are asked to observe" in read(ines, f"{planned.home}/double").text
    assert read(planned.browser("amara"), f"/o/{observation_id}")
    assert sam.get(f"/o/{observation_id}/second").status_code == 303


def test_ux_c3_a_no_is_kept_without_a_reason(planned: Course) -> None:
    observation_id, sam = planned.asked(), planned.browser("sam")
    unsaid = sam.act(f"/o/{observation_id}/second")
    assert unsaid.status_code == 422
    assert "Either is fine." in Read(unsaid.text).text
    assert sam.act(f"/o/{observation_id}/second", answer="no").status_code == 303
    assert "drawn" not in read(sam, f"/o/{observation_id}").text
    assert "stays with one" in read(planned.browser("ines"), f"{planned.home}/double").text
    changed = sam.act(f"/o/{observation_id}/second", answer="yes", person=amara(planned))
    assert changed.status_code in (303, 422)


def test_nobody_else_answers_for_the_trainee(planned: Course) -> None:
    observation_id = planned.asked()
    for who in ("jo", "amara", "ines", "noor"):
        assert planned.browser(who).get(f"/o/{observation_id}/second").status_code == 404, who
        answer = planned.browser(who).act(f"/o/{observation_id}/second", answer="no")
        assert answer.status_code == 404, who


def test_an_instructor_chooses_who_is_asked(planned: Course) -> None:
    observation_id, ines = planned.asked(), planned.browser("ines")
    path = f"{planned.home}/double/{observation_id}"
    assert "Amara Example" in read(ines, path).text
    assert ines.act(path).status_code == 422
    assert ines.act(path, person=amara(planned)).status_code == 303
    jo = str(planned.world.visitor("jo").person_id)
    planned.kept()
    assert ines.act(path, person=jo).status_code == 422


def test_what_is_no_share_says_what_is_needed(course: Course) -> None:
    ines = course.browser("ines")
    for share in ("", "0", "101", "ten"):
        answer = ines.act(f"{course.home}/double", share=share)
        assert answer.status_code == 422
        assert "from 1 to 100" in Read(answer.text).text
    assert ines.act(f"{course.home}/double", share="15").status_code == 303
    assert "15 percent" in read(ines, f"{course.home}/double").text
    assert ines.act(f"{course.home}/double/end").status_code == 303
    assert "15 percent" not in read(ines, f"{course.home}/double").text


def test_the_list_asks_the_database_no_more_with_more_observations(planned: Course) -> None:
    observation_id = planned.asked()
    before = numbers(planned, observation_id)
    for _ in range(5):
        planned.asked()
    assert numbers(planned, observation_id) == before
    assert max(before) <= BOUND


def numbers(course: Course, observation_id: UUID) -> list[int]:
    found = []
    for path in (f"{course.home}/double", f"{course.home}/double/{observation_id}"):
        with counted(course.app.extensions["attune"].sessions.engine) as asked:
            assert course.browser("ines").get(path).status_code == 200
        found.append(len(asked))
    return found
