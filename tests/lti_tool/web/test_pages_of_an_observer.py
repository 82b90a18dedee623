"""What an observer sees and does: the queue, beginning, rating, stopping, sharing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.observations import observe
from lti_tool.store.records import ReadLogRow
from rubrics.observation import Mode
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_times_pages import proposed


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def keys(course: Course, observation_id: UUID) -> list[str]:
    rubric = observe.form(course.world.session, course.world.visitor("jo"), observation_id).rubric
    course.kept()
    return [criterion.key for criterion in rubric.criteria]


def everything(course: Course, observation_id: UUID) -> dict[str, str]:
    fields = {"strength": "Let the silence be.", "growth": "", "next_step": ""}
    for key in keys(course, observation_id):
        fields |= {f"level.{key}": "4", f"evidence.{key}": "Waited, then asked."}
    return fields


def autosave(course: Course, observation_id: UUID, fields: object, who: str = "jo") -> Any:
    browser = course.browser(who)
    return browser.post(f"/o/{observation_id}/save", json=fields, headers={"X-CSRFToken": browser.token()})


def test_the_queue_says_who_what_and_since_when_with_one_button_each(course: Course) -> None:
    asked, begun, answered = course.asked(), course.begun(), course.answered()
    read = page(course, "jo", course.home)
    assert "3 things wait for you, oldest first." in read.text
    for path in (f"/o/{asked}/begin", f"/o/{begun}/rate", f"/o/{answered}/sign/peer"):
        assert path in read.links
    assert "asked on March 2, 2026" in read.text
    each_row_and_its_link = 2
    assert page(course, "jo", "/waiting").text.count("Sam Example") == 3 * each_row_and_its_link


def test_an_empty_queue_says_what_will_be_here(course: Course) -> None:
    assert "Nothing waits for you now." in page(course, "jo", "/waiting").text


def test_ux_o1_beginning_asks_whether_the_person_supported_agreed_and_says_what_is_kept(course: Course) -> None:
    read = page(course, "jo", f"/o/{course.asked()}/begin")
    assert "Did the person who is supported agree to an observer?" in read.text
    assert "Only your answer is kept" in read.text
    assert read.checked("person_served") == []


def test_nothing_chosen_opens_nothing(course: Course) -> None:
    observation_id = course.asked()
    answer = course.browser("jo").act(f"/o/{observation_id}/begin")
    assert answer.status_code == 422
    assert "Please choose one." in Read(answer.text).text
    assert course.browser("jo").get(f"/o/{observation_id}/rate").status_code == 303


@pytest.mark.parametrize("fields", [{}, {"person_served": "not_applicable"}])
def test_a_request_that_is_shown_again_is_in_the_read_log(course: Course, fields: dict[str, str]) -> None:
    observation_id = course.keep(course.world.ask(Mode.LIVE))
    assert course.browser("jo").act(f"/o/{observation_id}/begin", **fields).status_code == 422
    course.kept()
    logged = course.world.session.scalars(select(ReadLogRow)).all()
    assert {row.reader_id for row in logged} == {course.world.visitor("jo").person_id}


def test_a_no_is_respected_and_not_kept(course: Course) -> None:
    observation_id = course.keep(course.world.ask(Mode.LIVE))
    answer = course.browser("jo").act(f"/o/{observation_id}/begin", person_served="no")
    assert answer.location == f"/o/{observation_id}/not-now"
    assert "not even the no" in page(course, "jo", answer.location).text
    assert "The person supported" not in page(course, "jo", f"/o/{observation_id}").text


def test_nobody_supported_is_an_answer_only_where_nobody_is(course: Course) -> None:
    live = course.keep(course.world.ask(Mode.LIVE))
    answer = course.browser("jo").act(f"/o/{live}/begin", person_served="not_applicable")
    assert answer.status_code == 422
    assert "their agreement comes first" in Read(answer.text).text
    role_play = course.asked()
    assert course.browser("jo").act(f"/o/{role_play}/begin", person_served="not_applicable").status_code == 303


def test_the_form_has_no_rating_chosen_and_a_strength_first(course: Course) -> None:
    observation_id = course.begun()
    read = page(course, "jo", f"/o/{observation_id}/rate")
    assert read.headings[1] == "First: a strength you saw"
    for key in keys(course, observation_id):
        assert read.checked(f"level.{key}") == []
    assert "2 of 8" in read.text


def test_ux_f3_not_seen_is_offered_apart_from_the_levels(course: Course) -> None:
    observation_id = course.begun()
    html = course.browser("jo").get(f"/o/{observation_id}/rate").text
    assert html.count("choice-not-seen") == 7  # one criterion is looked at every time


def test_a_field_is_saved_as_one_goes_and_is_there_after_a_reload(course: Course) -> None:
    observation_id = course.begun()
    first, _, second = keys(course, observation_id)[:3]
    saved = autosave(course, observation_id, {f"level.{first}": "3", f"evidence.{first}": "Asked where to sit."})
    assert saved.status_code == 200
    assert saved.json == {"saved_at": "2026-03-02T09:00:00+00:00"}
    autosave(course, observation_id, {f"level.{second}": "not_observed", f"evidence.{second}": ""})
    autosave(course, observation_id, {"growth": "Slower."})
    read = page(course, "jo", f"/o/{observation_id}/rate")
    assert "Asked where to sit." in read.text
    assert read.checked(f"level.{first}") == ["3"]
    assert read.checked(f"level.{second}") == ["not_observed"]
    assert "Slower." in read.text


def test_evidence_can_come_before_the_level(course: Course) -> None:
    observation_id = course.begun()
    key = keys(course, observation_id)[0]
    assert autosave(course, observation_id, {f"evidence.{key}": "Asked first."}).status_code == 200
    read = page(course, "jo", f"/o/{observation_id}/rate")
    assert "Asked first." in read.text
    assert read.checked(f"level.{key}") == []


@pytest.mark.parametrize("body", [[], {}, "text", {"strength": 3}, {"level.x": "many", "evidence.x": ""}, None])
def test_what_no_form_of_ours_sends_is_not_understood(course: Course, body: object) -> None:
    assert autosave(course, course.begun(), body).status_code == 400


def test_a_level_of_another_rubric_is_told_in_a_sentence(course: Course) -> None:
    answer = autosave(course, course.begun(), {"level.agreed-contact": "9", "evidence.agreed-contact": ""})
    assert answer.status_code == 409
    assert answer.json["code"] == "not_in_rubric"


def test_nobody_but_the_observer_saves(course: Course) -> None:
    observation_id = course.begun()
    for who in ("sam", "ines", "amara", "noor"):
        assert autosave(course, observation_id, {"strength": "x"}, who).status_code == 404


def test_autosave_needs_the_token_of_our_own_page(course: Course) -> None:
    answer = course.browser("jo").post(f"/o/{course.begun()}/save", json={"strength": "x"})
    assert answer.status_code == 400


def test_without_scripts_one_plain_form_saves_everything(course: Course) -> None:
    observation_id = course.begun()
    answer = course.browser("jo").act(f"/o/{observation_id}/rate", then="stay", **everything(course, observation_id))
    assert answer.status_code == 303
    read = page(course, "jo", answer.location)
    assert "Saved with Attune." in read.text
    assert "Waited, then asked." in read.text


def test_a_text_that_is_too_long_is_shown_again_with_everything_else(course: Course) -> None:
    observation_id = course.begun()
    fields = everything(course, observation_id) | {"growth": "word " * 5_000}
    answer = course.browser("jo").act(f"/o/{observation_id}/rate", **fields)
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "longer than 20000 characters" in read.text
    assert "word word" in read.text
    assert read.checked(f"level.{keys(course, observation_id)[0]}") == ["4"]


def test_what_is_still_needed_is_listed_with_links_to_its_place(course: Course) -> None:
    observation_id = course.begun()
    key = keys(course, observation_id)[0]
    answer = course.browser("jo").act(f"/o/{observation_id}/rate", then="share", **{f"evidence.{key}": "Asked."})
    read = page(course, "jo", answer.location)
    assert "Still needed before you can share it" in read.text
    form = course.browser("jo").get(f"/o/{observation_id}/rate").text
    places = [link.split("#")[1] for link in read.links if "/rate#" in link]
    assert {"strength", f"ratings.{key}"} <= set(places)
    for place in places:
        assert f'id="{place}"' in form
    assert "Share with Sam Example" not in read.text


def test_the_next_step_of_a_growth_note_has_its_place_too(course: Course) -> None:
    observation_id = course.begun()
    fields = everything(course, observation_id) | {"growth": "Slower."}
    course.browser("jo").act(f"/o/{observation_id}/rate", **fields)
    read = page(course, "jo", f"/o/{observation_id}/share")
    assert f"/o/{observation_id}/rate#next_step" in read.links


def test_before_sharing_one_sees_what_is_shared_with_whom_and_when(course: Course) -> None:
    observation_id = course.begun()
    answer = course.browser("jo").act(f"/o/{observation_id}/rate", then="share", **everything(course, observation_id))
    read = page(course, "jo", answer.location)
    assert "This is what Sam Example will read, as soon as you share it." in read.text
    assert "the trainee: Sam Example" in read.text
    assert read.before("Let the silence be.", "Share with Sam Example")
    shared = course.browser("jo").act(f"/o/{observation_id}/share")
    assert "It is shared." in page(course, "jo", shared.location).text
    assert "Let the silence be." in page(course, "sam", f"/o/{observation_id}").text


def test_sharing_too_early_leads_back_to_what_is_still_needed(course: Course) -> None:
    observation_id = course.begun()
    assert course.browser("jo").act(f"/o/{observation_id}/share").location == f"/o/{observation_id}/share"


def test_a_closed_form_leads_to_the_page_that_explains_it(course: Course) -> None:
    observation_id = course.shared()
    for path in ("rate", "share", "begin"):
        answer = course.browser("jo").get(f"/o/{observation_id}/{path}")
        assert answer.location == f"/o/{observation_id}"


def test_stopping_asks_no_reason_and_keeps_nothing(course: Course) -> None:
    observation_id = course.begun()
    autosave(course, observation_id, {"strength": "Let the silence be."})
    read = page(course, "jo", f"/o/{observation_id}/stop")
    assert "No reason is asked, of anyone." in read.text
    assert "reason" not in read.fields
    answer = course.browser("jo").act(f"/o/{observation_id}/stop")
    assert "Nothing of it counts" in page(course, "jo", answer.location).text
    assert "nobody has to say why" in page(course, "sam", f"/o/{observation_id}").text


def test_declining_leaves_the_trainee_free_to_ask_someone_else(course: Course) -> None:
    observation_id = course.asked()
    page(course, "jo", f"/o/{observation_id}/decline")
    course.browser("jo").act(f"/o/{observation_id}/decline")
    read = page(course, "sam", f"/o/{observation_id}")
    assert "That says nothing about you or your practice." in read.text
    assert f"{course.home}/ask" in read.links


@pytest.mark.parametrize(("way", "kept"), [("decline", "that you were asked"), ("stop", "that it was stopped")])
def test_what_stays_after_an_end_is_said_and_what_was_told_beforehand_is_gone(
    course: Course, way: str, kept: str
) -> None:
    jo = str(course.world.visitor("jo").person_id)
    asked = course.browser("sam").act(
        f"{course.home}/ask", observer=jo, mode="role_play", recorded="no", note="Tuesday at ten"
    )
    observation = asked.location.partition("?")[0]
    assert "Tuesday at ten" in page(course, "jo", observation).text
    assert "told you beforehand is taken away" in page(course, "jo", f"{observation}/{way}").text
    ended = course.browser("jo").act(f"{observation}/{way}")
    read = page(course, "jo", ended.location)
    assert kept in read.text
    assert "nothing that was written" in read.text
    for who in ("sam", "jo"):
        assert "Tuesday at ten" not in page(course, who, observation).text


def test_only_the_observer_declines_begins_and_stops(course: Course) -> None:
    observation_id = course.asked()
    for path in ("decline", "begin", "stop", "not-now"):
        assert course.browser("sam").get(f"/o/{observation_id}/{path}").status_code == 404
    for path in ("decline", "stop"):
        assert course.browser("ines").act(f"/o/{observation_id}/{path}").status_code == 404


def test_someone_with_several_capabilities_gets_simple_links_to_each(make_course: Callable[..., Course]) -> None:
    course = make_course()
    course.world.grant(course.world.visitor("sam"), None)
    course.kept()
    read = page(course, "sam", course.home)
    assert f"{course.home}?tab=waiting" in read.links
    assert "Waiting for you" in page(course, "sam", f"{course.home}?tab=waiting").headings


def test_what_no_page_of_ours_offers_an_observer_changes_nothing(course: Course) -> None:
    jo, asked = course.browser("jo"), course.asked()
    assert jo.act(f"/o/{asked}/begin", person_served="perhaps").status_code == 400
    not_agreed = proposed(course)
    assert jo.act(f"{not_agreed}/begin", person_served="not_applicable").status_code == 409
    begun = course.begun()
    assert jo.act(f"/o/{begun}/go-on", without=str(course.world.visitor("noor").person_id)).status_code == 404
    odd = everything(course, begun) | {f"level.{key}": "9" for key in keys(course, begun)}
    assert jo.act(f"/o/{begun}/rate", **odd).status_code == 409
    shared = course.shared()
    assert jo.get(f"/o/{shared}/share").status_code == 303
    assert jo.act(f"/o/{shared}/share").status_code == 409
