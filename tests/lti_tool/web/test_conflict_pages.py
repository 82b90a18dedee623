"""Stepping aside, by either side, without a reason."""

import pytest

from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def test_somebody_is_found_by_name_and_it_is_noted_and_taken_back(course: Course) -> None:
    sam, jo = course.browser("sam"), course.world.visitor("jo").person_id
    assert f"/conflicts/{jo}" in Read(sam.get("/conflicts?name=jo").text).links
    asked = Read(sam.get(f"/conflicts/{jo}").text).text
    assert "No reason is asked, and none is kept." in asked
    assert "textarea" not in sam.get(f"/conflicts/{jo}").text
    assert sam.act(f"/conflicts/{jo}").status_code == 303
    mine = sam.get("/conflicts").text
    assert "Jo Example" in mine
    conflict = mine.split('name="conflict" value="')[1].split('"')[0]
    assert course.browser("jo").act("/conflicts/take-back", conflict=conflict).status_code == 404
    assert sam.act("/conflicts/take-back", key="another-key-of-1-form", conflict=conflict).status_code == 303
    assert "Jo Example" not in sam.get("/conflicts").text


def test_ux_p7_the_other_side_sees_nothing_of_it(course: Course) -> None:
    course.asked()
    course.browser("sam").act(f"/conflicts/{course.world.visitor('jo').person_id}")
    assert "Sam Example" not in Read(course.browser("jo").get("/conflicts").text).text
    waiting = Read(course.browser("jo").get("/waiting").text).text
    assert "Someone else will observe: Sam Example. Nothing is needed from you." in waiting
    assert "Nothing waits for you now." in waiting


def test_an_observer_steps_aside_in_two_taps_and_the_record_is_closed_to_them(course: Course) -> None:
    asked, jo = course.asked(), course.browser("jo")
    assert "Step aside for Sam Example?" in Read(jo.get(f"/o/{asked}/step-aside").text).text
    answer = jo.act(f"/o/{asked}/step-aside", person=str(course.world.visitor("sam").person_id))
    assert answer.location.startswith("/waiting")
    assert jo.get(f"/o/{asked}").status_code == 404


def test_ux_c3_a_trainee_would_rather_have_someone_else(course: Course) -> None:
    asked, sam = course.asked(), course.browser("sam")
    assert "rather have someone else than Jo Example?" in Read(sam.get(f"/o/{asked}/step-aside").text).text
    answer = sam.act(f"/o/{asked}/step-aside", person=str(course.world.visitor("jo").person_id))
    assert answer.location.startswith(f"/o/{asked}")
    assert sam.get(answer.location).status_code == 200


def test_whom_it_is_about_has_to_be_one_of_the_observation(course: Course) -> None:
    asked, sam = course.asked(), course.browser("sam")
    answer = sam.act(f"/o/{asked}/step-aside", person=str(course.world.visitor("amara").person_id))
    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "about"), [("sam", "jo"), ("jo", "sam")])
def test_cap_c11_signing_is_refused_where_a_conflict_stands(course: Course, who: str, about: str) -> None:
    answered = course.answered()
    course.browser(who).act(f"/conflicts/{course.world.visitor(about).person_id}")
    jo = course.browser("jo")
    assert jo.get(f"/o/{answered}/sign/peer").status_code in (403, 404, 409)
    assert jo.act(f"/o/{answered}/sign/peer", digest="0" * 64).status_code in (403, 404, 409)


def test_strangers_are_nobody_here(course: Course) -> None:
    sam = course.browser("sam")
    assert sam.get(f"/conflicts/{course.world.registration_id}").status_code == 404
    assert sam.act(f"/conflicts/{course.world.registration_id}").status_code == 404
    assert sam.get(f"/conflicts/{course.world.visitor('sam').person_id}").status_code == 404
