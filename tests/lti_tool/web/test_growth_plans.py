"""Growth plans on screen, from the record of an observation to the yes of the trainee."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

A_DIGEST = re.compile(r'name="digest" value="([0-9a-f]+)"')
A_STEP = re.compile(r"/steps/([0-9a-f-]{36})")
FIELDS = {
    "begins_on": "2026-03-02", "ends_on": "2026-05-02", "goal-1": "Let a silence be.", "support-1": "", "due_on-1": "",
    "criterion-1": "", "goal-3": "Ask before helping.", "support-3": "Jo plays it through.",
}  # fmt: skip


def proposing(course: Course, observation_id: UUID, **changes: str) -> Any:
    sam = course.world.visitor("sam").person_id
    whom = {"trainee": str(sam), "about": str(observation_id)}
    return course.browser("jo").act(f"{course.home}/plans/new", **(FIELDS | whom | changes))


def proposed(course: Course) -> str:
    """Where the plan is."""
    answer = proposing(course, course.answered(), **{"support-1": "Jo waits with Sam."})
    assert answer.status_code == 303, answer.text
    return str(answer.location.partition("?")[0])


def test_cap_d3_from_the_record_to_the_trainees_yes(course: Course) -> None:
    at = proposed(course)
    sam = course.browser("sam")
    page = sam.get(at).text
    read = Read(page).text
    assert "Nothing of it holds before you say yes" in read
    assert "Who can see this" in read
    sam.act(f"{at}/answer", agreed="yes", words="With role play, please.", digest=A_DIGEST.findall(page)[0])
    agreed = Read(course.browser("jo").get(at).text).text
    assert "agreed on" in agreed
    assert "With role play, please." in agreed


def test_whoever_observed_finds_the_way_to_a_plan_on_the_record(course: Course) -> None:
    observation_id = course.answered()
    page = course.browser("jo").get(f"/o/{observation_id}").text
    assert "Propose a growth plan" in page
    assert "Propose a growth plan" not in course.browser("sam").get(f"/o/{observation_id}").text


def test_what_is_still_needed_stands_beside_its_row_and_nothing_typed_is_lost(course: Course) -> None:
    answer = proposing(course, course.answered())
    assert answer.status_code == 422
    text = Read(answer.text).text
    assert "Please write both: the step, and what helps with it." in text
    for words in ("Let a silence be.", "Ask before helping.", "Jo plays it through."):
        assert words in text


def test_a_day_that_is_none_is_asked_for_again(course: Course) -> None:
    answer = proposing(course, course.answered(), begins_on="soon")
    assert answer.status_code == 422
    assert "Please give a day." in Read(answer.text).text


def test_a_yes_after_a_change_is_asked_for_again_with_the_words_kept(course: Course) -> None:
    at = proposed(course)
    answer = course.browser("sam").act(f"{at}/answer", agreed="yes", words="Yes, gladly.", digest="0" * 64)
    assert answer.status_code == 422
    assert "Yes, gladly." in answer.text


def test_ux_p2_i_need_more_time_is_one_tap(course: Course) -> None:
    at = proposed(course)
    sam = course.browser("sam")
    sam.act(f"{at}/answer", agreed="yes", words="", digest=A_DIGEST.findall(sam.get(at).text)[0])
    step = A_STEP.findall(sam.get(at).text)[0]
    answer = sam.act(f"{at}/steps/{step}", state="more_time")
    assert "two more weeks" in sam.get(answer.location).text


def test_ux_f11_no_list_of_the_course_shows_that_somebody_has_a_plan(course: Course) -> None:
    at = proposed(course)
    plan_id = at.rpartition("/")[2]
    for who in ("ines", "amara"):
        for page in ("", "/people", f"/trainees/{course.world.visitor('sam').person_id}"):
            assert plan_id not in course.browser(who).get(f"{course.home}{page}").text
        assert course.browser(who).get(at).status_code == 404


def test_cap_d3_a_trainee_asks_to_be_observed_again_by_somebody_else(course: Course) -> None:
    observation_id = course.signed()
    sam = course.browser("sam")
    record = sam.get(f"/o/{observation_id}").text
    (again,) = re.findall(r'href="([^"]+instead_of=[^"]+)"', record)
    text = Read(sam.get(again.replace("&amp;", "&")).text).text
    assert "Not in this list, because you would like somebody else: Jo Example." in text
    assert "Nobody else observes in this course yet." in text or "Whom would you like to ask?" in text


def test_the_list_says_with_whom_and_until_when(course: Course) -> None:
    proposed(course)
    assert "With Jo Example" in course.browser("sam").get("/plans").text
    assert "For Sam Example" in course.browser("jo").get("/plans").text
    assert "There is no growth plan." in course.browser("amara").get("/plans").text


def test_the_form_begins_with_the_step_that_was_written_before_and_with_two_months(course: Course) -> None:
    observation_id, sam = course.answered(), course.world.visitor("sam").person_id
    jo = course.browser("jo")
    form = Read(
        jo.get(f"{course.home}/plans/new", query_string={"trainee": str(sam), "about": str(observation_id)}).text
    )
    today = course.world.now.date()
    assert form.fields["begins_on"][0]["value"] == today.isoformat()
    assert form.fields["ends_on"][0]["value"] == (today + timedelta(days=60)).isoformat()
    assert jo.get(f"{course.home}/plans/new").status_code == 404


def test_a_plan_is_written_differently_and_answered_anew(course: Course) -> None:
    at = proposed(course)
    jo, sam = course.browser("jo"), course.browser("sam")
    assert sam.get(f"{at}/change").status_code == 404
    form = Read(jo.get(f"{at}/change").text)
    assert form.fields["ends_on"][0]["value"] == "2026-05-02"
    for words in ("Let a silence be.", "Ask before helping.", "Jo plays it through."):
        assert words in form.text
    again = FIELDS | {"support-1": "Jo waits.", "goal-3": "", "support-3": ""}
    refused = jo.act(f"{at}/change", **(again | {"ends_on": "2026-01-01"}))
    assert refused.status_code == 422
    assert "The last day comes before the first one" in refused.text
    assert "Jo waits." in refused.text
    old = A_DIGEST.findall(sam.get(at).text)[0]
    assert jo.act(f"{at}/change", **again).status_code == 303
    assert sam.act(f"{at}/answer", agreed="yes", words="", digest=old).status_code == 422
    page = sam.get(at).text
    assert "Ask before helping." not in page
    sam.act(f"{at}/answer", "another-key-of-a-form", agreed="yes", words="", digest=A_DIGEST.findall(page)[0])
    step = f"{at}/steps/{A_STEP.findall(sam.get(at).text)[0]}"
    assert "It is noted" in jo.get(jo.act(step, state="shown").location).text
    for path, words in ((step, {"state": "given up"}), (f"{at}/answer", {"agreed": "perhaps"})):
        assert sam.act(path, **words).status_code == 400
    ended = sam.act(f"{at}/end")
    assert "The plan has ended. It leaves no mark anywhere else." in sam.get(ended.location).text
    assert jo.act(f"{at}/change", "a-third-key-of-a-form", **again).status_code == 422
