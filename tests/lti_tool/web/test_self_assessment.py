"""How the trainee sees it: a page of their own, optional, given or kept."""

from typing import Any
from uuid import UUID

import pytest

from lti_tool.services.observations import self_assessment
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def write(course: Course, observation_id: UUID, then: str, **fields: str) -> Any:
    key = self_assessment.form(course.world.session, course.world.visitor("sam"), observation_id).rubric.criteria[0].key
    course.kept()
    usual = {"strength": "I waited.", f"level.{key}": "3", f"evidence.{key}": "It took a while.", "then": then}
    return course.browser("sam").act(f"/o/{observation_id}/self", **(usual | fields))


def test_cap_c1_ux_c2_the_page_says_that_it_is_optional_and_preselects_nothing(course: Course) -> None:
    observation_id = course.asked()
    assert f"/o/{observation_id}/self" in page(course, "sam", f"/o/{observation_id}").links
    html = course.browser("sam").get(f"/o/{observation_id}/self").text
    assert "Leaving it, or leaving parts of it, changes nothing" in Read(html).text
    assert '" checked' not in html


def test_ux_f10_saved_for_oneself_it_is_read_by_nobody_else(course: Course) -> None:
    observation_id = course.shared()
    answer = write(course, observation_id, "stay")
    assert answer.location.endswith(f"/o/{observation_id}/self?said=draft_saved")
    assert "I waited." in page(course, "sam", f"/o/{observation_id}").text
    assert "I waited." not in page(course, "jo", f"/o/{observation_id}").text


def test_ux_f10_given_it_stands_beside_each_rating_and_says_that_it_never_counts(course: Course) -> None:
    observation_id = course.shared()
    answer = write(course, observation_id, "give")
    assert answer.location.endswith(f"/o/{observation_id}?said=self_given")
    read = page(course, "jo", f"/o/{observation_id}").text
    for sentence in (
        "How Sam Example sees it",
        "It took a while.",
        "It never counts, and nothing is averaged with it.",
    ):
        assert sentence in read


def test_ux_t4_what_was_given_can_be_kept_to_oneself_again(course: Course) -> None:
    observation_id = course.shared()
    write(course, observation_id, "give")
    assert "Keep it to myself again" in page(course, "sam", f"/o/{observation_id}/self").text
    course.browser("sam").act(f"/o/{observation_id}/self/keep")
    assert "I waited." not in page(course, "jo", f"/o/{observation_id}").text
    assert "Give it" in page(course, "sam", f"/o/{observation_id}/self").text


def test_every_field_is_saved_as_one_types(course: Course) -> None:
    observation_id = course.asked()
    sam = course.browser("sam")
    headers = {"X-CSRFToken": sam.token()}
    saved = sam.post(f"/o/{observation_id}/self/save", json={"strength": "I asked"}, headers=headers)
    assert "saved_at" in saved.json
    assert "I asked" in sam.get(f"/o/{observation_id}/self").text


def test_a_text_that_is_too_long_is_shown_again(course: Course) -> None:
    observation_id = course.asked()
    answer = write(course, observation_id, "stay", growth="x" * 20_001)
    assert answer.status_code == 422
    assert "I waited." in answer.text


def test_giving_nothing_is_not_needed(course: Course) -> None:
    observation_id = course.asked()
    answer = course.browser("sam").act(f"/o/{observation_id}/self", strength="", then="give")
    assert answer.status_code == 422
    assert "it is optional" in Read(answer.text).text


def test_once_answered_the_form_leads_to_the_record(course: Course) -> None:
    assert course.browser("sam").get(f"/o/{course.answered()}/self").status_code == 303


@pytest.mark.parametrize("who", ["jo", "ines", "noor"])
def test_nobody_else_opens_or_writes_it(course: Course, who: str) -> None:
    observation_id = course.shared()
    assert course.browser(who).get(f"/o/{observation_id}/self").status_code == 404
    assert course.browser(who).act(f"/o/{observation_id}/self", strength="x", then="stay").status_code == 404
