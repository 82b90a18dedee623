"""The observer's pages after the trainee's words: answering, rewriting, leaving it."""

from collections.abc import Callable

import pytest

from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_the_observer_answers_and_the_trainee_reads_it_beside_their_words(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    assert f"/o/{observation_id}/reply" in page(course, "jo", f"/o/{observation_id}").links
    form = page(course, "jo", f"/o/{observation_id}/reply")
    assert form.before("I was nervous at first.", "Your answer")
    assert "Who can see this:" in form.text
    saved = jo.post(f"/o/{observation_id}/reply/save", json={"reply": "I"}, headers={"X-CSRFToken": jo.token()})
    assert saved.status_code == 200
    assert "Jo Example's answer" not in page(course, "sam", f"/o/{observation_id}").text
    given = jo.act(f"/o/{observation_id}/reply", reply="I could not tell. You seemed at ease.")
    assert "said=replied" in given.location
    seen = page(course, "sam", f"/o/{observation_id}")
    assert seen.before("I was nervous at first.", "I could not tell. You seemed at ease.")
    assert "Jo Example's answer to these words" in seen.headings


def test_an_answer_without_words_is_asked_for_again_with_what_was_typed(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    empty = jo.act(f"/o/{observation_id}/reply", reply="  ")
    assert (empty.status_code, "a sentence or two" in Read(empty.text).text) == (422, True)
    long = jo.act(f"/o/{observation_id}/reply", reply="x" * 20_001)
    assert (long.status_code, "x" * 20_001 in long.text) == (422, True)
    assert jo.act(f"/o/{observation_id}/reply").status_code == 400


def test_cap_c1_what_was_shared_is_rewritten_and_shared_again_with_what_was_there_before(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    said = page(course, "jo", f"/o/{observation_id}/amend")
    assert "sees both: what you write now and what was there before" in said.text
    assert jo.act(f"/o/{observation_id}/amend").location == f"/o/{observation_id}/rate"
    jo.post(f"/o/{observation_id}/save", json={"strength": "Stayed."}, headers={"X-CSRFToken": jo.token()})
    assert "Let the silence be." in page(course, "sam", f"/o/{observation_id}").text
    assert "Stayed." not in page(course, "sam", f"/o/{observation_id}").text
    look = page(course, "jo", f"/o/{observation_id}/amend/share")
    assert "Stayed." in look.text
    assert "said=shared_again" in jo.act(f"/o/{observation_id}/amend/share").location
    both = page(course, "sam", f"/o/{observation_id}")
    assert both.before("Stayed.", "Let the silence be.")
    assert "What Jo Example had written before, shared on March 2, 2026" in both.text
    assert "What you answered on March 2, 2026 stays as it is unless you change it here." in both.text
    assert "I was nervous at first." in both.text


def test_the_rating_form_leads_to_looking_it_over_again(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    jo.act(f"/o/{observation_id}/amend")
    assert page(course, "jo", f"/o/{observation_id}/rate").fields["strength"]
    led = jo.act(f"/o/{observation_id}/rate", strength="Stayed.", then="share")
    assert led.location == f"/o/{observation_id}/amend/share"


def test_what_is_still_needed_stands_on_the_page_and_nothing_is_shared(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    jo.act(f"/o/{observation_id}/amend")
    jo.post(f"/o/{observation_id}/save", json={"strength": ""}, headers={"X-CSRFToken": jo.token()})
    assert jo.act(f"/o/{observation_id}/amend/share").location == f"/o/{observation_id}/amend/share"
    assert "Still needed before you can share it" in page(course, "jo", f"/o/{observation_id}/amend/share").headings


def test_it_can_be_left_as_it_was(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    jo.act(f"/o/{observation_id}/amend")
    assert "Nothing was rewritten so far" in page(course, "jo", f"/o/{observation_id}/amend/share").text
    jo.post(f"/o/{observation_id}/save", json={"strength": "Stayed."}, headers={"X-CSRFToken": jo.token()})
    assert "is taken away and cannot be brought back" in page(course, "jo", f"/o/{observation_id}/amend/leave").text
    assert "said=left_as_it_was" in jo.act(f"/o/{observation_id}/amend/leave").location
    read = page(course, "jo", f"/o/{observation_id}")
    assert "Let the silence be." in read.text
    assert "Stayed." not in read.text


def test_what_is_complete_is_neither_answered_nor_rewritten(course: Course) -> None:
    observation_id = course.signed()
    jo = course.browser("jo")
    for path in ("reply", "amend", "amend/share", "amend/leave"):
        assert jo.get(f"/o/{observation_id}/{path}").status_code == 303
    assert jo.act(f"/o/{observation_id}/amend").status_code >= 400


@pytest.mark.parametrize("path", ["reply", "amend", "amend/share", "amend/leave"])
@pytest.mark.parametrize("who", ["sam", "amara", "ines", "noor"])
def test_these_pages_are_the_observers(course: Course, who: str, path: str) -> None:
    observation_id = course.answered()
    assert course.browser(who).get(f"/o/{observation_id}/{path}").status_code == 404
    assert course.browser(who).act(f"/o/{observation_id}/{path}", reply="Mine").status_code == 404


def test_with_one_of_two_lanes_signed_nothing_is_rewritten(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = course.signed()
    text = page(course, "jo", f"/o/{observation_id}").text
    assert "It was signed as it is (peer lane), so nothing of it is rewritten any more." in text


def test_what_no_page_of_ours_sends_of_an_answer_is_not_kept(course: Course) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    sent = jo.post(f"/o/{observation_id}/reply/save", json={"words": "x"}, headers={"X-CSRFToken": jo.token()})
    assert sent.status_code == 400
    assert jo.act(f"/o/{observation_id}/amend/share").status_code == 409
    assert jo.act(f"/o/{observation_id}/amend").location == f"/o/{observation_id}/rate"
    assert jo.get(f"/o/{observation_id}/amend").location == f"/o/{observation_id}/rate"
    assert jo.act(f"/o/{observation_id}/reply", reply="Too late for this.").status_code == 409
