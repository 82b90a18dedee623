"""Several observers on their pages: blind, handing in, meeting, and what the trainee reads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.observations import observe
from lti_tool.services.observations.meetings import open_meeting
from lti_tool.services.observations.moves import move_on
from lti_tool.store.meetings import MeetingKind, MeetingRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Move, State
from tests.lti_tool.services.several import BOTH, begun_by, handed_in, in_moderation, written
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def state_of(course: Course, observation_id: UUID) -> State:
    course.kept()
    return course.world.session.get_one(ObservationRow, observation_id).state


def close(course: Course, who: str, observation_id: UUID, **fields: Any) -> Any:
    people = [str(course.world.visitor(one).person_id) for one in BOTH]
    usual = {"record": "We agree on the rest.", "held_on": course.world.now.date().isoformat(), "present": people}
    return course.browser(who).act(f"/o/{observation_id}/meeting", **(usual | fields))


def test_cap_c2_one_of_several_hands_in_and_reads_nothing_of_the_other(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    written(course.world, "amara", observation_id)
    written(course.world, "jo", observation_id)
    course.kept()
    assert "Amara Example also observes." in page(course, "jo", f"/o/{observation_id}").text
    over = page(course, "jo", f"/o/{observation_id}/share")
    assert "Hand in" in over.text
    assert "amara saw" not in over.text
    assert "Nobody else reads it until all of you have" in over.text
    answer = course.browser("jo").act(f"/o/{observation_id}/share")
    assert answer.location.endswith(f"/o/{observation_id}?said=handed_in")
    waiting = page(course, "jo", answer.location)
    assert "Still to hand in: Amara Example." in waiting.text
    assert "amara saw" not in waiting.text
    blind = page(course, "amara", f"/o/{observation_id}").text
    assert "You have handed in" not in blind
    assert "Still to hand in" not in blind
    assert state_of(course, observation_id) is State.IN_PROGRESS


def test_the_second_observer_is_not_asked_about_the_person_served_again(course: Course) -> None:
    observation_id = course.keep(begun_by(course.world, *BOTH))
    answer = course.browser("amara").get(f"/o/{observation_id}/begin")
    assert answer.location.endswith(f"/o/{observation_id}/rate")
    assert page(course, "amara", f"/o/{observation_id}/rate")


def test_what_was_handed_in_is_taken_up_again_with_one_button(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    handed_in(course.world, "jo", observation_id)
    course.kept()
    assert course.browser("jo").get(f"/o/{observation_id}/rate").status_code == 303
    assert "Change something in mine" in page(course, "jo", f"/o/{observation_id}").text
    answer = course.browser("jo").act(f"/o/{observation_id}/take-up-again")
    assert answer.location.endswith(f"/o/{observation_id}/rate")
    assert page(course, "jo", answer.location)


def test_ux_f1_ux_f2_ux_f9_the_trainee_reads_both_views_strengths_first_and_no_mean(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    handed_in(course.world, "jo", observation_id, 4)
    handed_in(course.world, "amara", observation_id, 3)
    course.kept()
    text = page(course, "sam", f"/o/{observation_id}").text
    assert "Jo Example, Amara Example watched, each for themselves." in text
    assert "no mean of them is shown here" in text
    places = [text.index(one) for one in ("jo saw a strength", "amara saw a strength", "What was seen, one by one")]
    assert places == sorted(places)
    assert "%" not in text


def test_ux_f3_not_seen_looks_different_from_any_level(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    rubric = observe.form(course.world.session, course.world.visitor("jo"), observation_id).rubric
    place = next(place for place, criterion in enumerate(rubric.criteria) if criterion.may_be_not_observed)
    handed_in(course.world, "jo", observation_id, 4)
    handed_in(course.world, "amara", observation_id, 4, **{f"c{place}": None})
    course.kept()
    html = course.browser("sam").get(f"/o/{observation_id}").text
    assert html.count("level not-seen") == 1


def test_cap_c2_those_who_differ_are_led_to_a_meeting_and_close_it_together(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    handed_in(course.world, "jo", observation_id)
    written(course.world, "amara", observation_id, c0=2)
    course.kept()
    answer = course.browser("amara").act(f"/o/{observation_id}/share")
    assert answer.location.endswith(f"/o/{observation_id}/meeting?said=views_differ")
    met = page(course, "amara", answer.location)
    assert "What you see differently" in met.text
    assert "jo saw it." in met.text
    assert f"/o/{observation_id}/meeting" in page(course, "jo", f"/o/{observation_id}").links
    assert "saw it." not in page(course, "sam", f"/o/{observation_id}").text
    closed = close(course, "jo", observation_id)
    assert closed.location.endswith(f"/o/{observation_id}?said=shared")
    read = page(course, "sam", f"/o/{observation_id}").text
    assert "The observers met about what they saw differently" in read
    assert "We agree on the rest." in read
    assert course.browser("amara").get(f"/o/{observation_id}/meeting").status_code == 303


def test_in_the_meeting_the_form_leads_back_to_the_meeting(course: Course) -> None:
    observation_id = course.keep(in_moderation(course.world))
    fields = {"strength": "Amara saw more.", "then": "share"}
    browser = course.browser("amara")
    answer = browser.post(f"/o/{observation_id}/rate", data={"csrf_token": browser.token(), **fields})
    assert answer.location.endswith(f"/o/{observation_id}/meeting")
    assert "Amara saw more." in page(course, "jo", f"/o/{observation_id}/meeting").text


def test_a_meetings_record_that_is_not_taken_is_shown_again_as_it_was_typed(course: Course) -> None:
    observation_id = course.keep(in_moderation(course.world))
    ahead = (course.world.now + timedelta(days=9)).date().isoformat()
    for fields, sentence in (
        ({"present": []}, "Please choose who was there."),
        ({"held_on": ""}, "Please give the day on which you met."),
        ({"held_on": ahead}, "It cannot lie ahead."),
    ):
        answer = close(course, "jo", observation_id, **fields)
        assert answer.status_code == 422
        assert sentence in Read(answer.text).text
        assert "We agree on the rest." in answer.text
    nothing = close(course, "jo", observation_id, record=" ")
    assert "please write what was said and agreed" in Read(nothing.text).text
    assert state_of(course, observation_id) is State.IN_MODERATION


def test_a_meetings_record_is_saved_as_one_types_and_both_see_it(course: Course) -> None:
    observation_id = course.keep(in_moderation(course.world))
    jo = course.browser("jo")
    headers = {"X-CSRFToken": jo.token()}
    saved = jo.post(f"/o/{observation_id}/meeting/save", json={"record": "So far we"}, headers=headers)
    assert "saved_at" in saved.json
    assert jo.post(f"/o/{observation_id}/meeting/save", json={"x": "y"}, headers=headers).status_code == 400
    assert "So far we" in course.browser("amara").get(f"/o/{observation_id}/meeting").text


def test_closing_a_meeting_twice_leads_to_the_same_place(course: Course) -> None:
    observation_id = course.keep(in_moderation(course.world))
    first, second = close(course, "jo", observation_id), close(course, "jo", observation_id)
    assert first.location == second.location
    course.kept()
    assert len(course.world.session.scalars(select(MeetingRow)).all()) == 1


@pytest.mark.parametrize("who", ["sam", "noor", "ines"])
def test_nobody_else_is_let_into_a_meeting_of_the_observers(course: Course, who: str) -> None:
    observation_id = course.keep(in_moderation(course.world))
    assert course.browser(who).get(f"/o/{observation_id}/meeting").status_code == 404
    assert close(course, who, observation_id).status_code == 404


def test_ux_t9_the_lanes_meet_on_the_same_page_and_the_trainee_reads_why_and_what_they_agreed_on(
    course: Course,
) -> None:
    observation_id = course.world.answered()
    world = course.world
    observation = world.session.get_one(ObservationRow, observation_id)
    jo = world.visitor("jo").person_id
    open_meeting(
        world.session, observation, MeetingKind.RECONCILIATION, by=jo, reason="I saw it differently.", now=world.now
    )
    move_on(world.session, observation, Move.DIFFER, person_id=jo, now=world.now)
    course.kept()
    met = page(course, "jo", f"/o/{observation_id}/meeting").text
    assert "Jo Example asked for it:" in met
    assert "I saw it differently." in met
    answer = close(course, "jo", observation_id, present=[str(jo)])
    assert answer.location.endswith(f"/o/{observation_id}?said=meeting_closed")
    assert state_of(course, observation_id) is State.ANSWERED
    read = page(course, "sam", f"/o/{observation_id}").text
    for sentence in (
        "Those who sign met about what they see differently",
        "I saw it differently.",
        "We agree on the rest.",
    ):
        assert sentence in read


def test_an_instructor_waits_no_longer_without_reading_anything(course: Course) -> None:
    observation_id = begun_by(course.world, *BOTH)
    handed_in(course.world, "amara", observation_id)
    course.kept()
    read = page(course, "ines", f"/o/{observation_id}")
    assert "Still to hand in: Jo Example." in read.text
    assert "amara saw" not in read.text
    waited = page(course, "ines", f"/o/{observation_id}/go-on")
    assert "No reason is asked." in waited.text
    assert course.browser("ines").act(f"/o/{observation_id}/go-on", without="x").status_code == 400
    jo = str(course.world.visitor("jo").person_id)
    answer = course.browser("ines").act(f"/o/{observation_id}/go-on", without=jo)
    assert answer.location.endswith(f"/o/{observation_id}?said=goes_on")
    assert state_of(course, observation_id) is State.SHARED


def test_waiting_no_longer_for_all_is_refused_on_the_page(course: Course) -> None:
    observation_id = course.keep(begun_by(course.world, *BOTH))
    everybody = [str(course.world.visitor(who).person_id) for who in BOTH]
    answer = course.browser("ines").act(f"/o/{observation_id}/go-on", without=everybody)
    assert answer.status_code == 422
    assert "Somebody has to observe." in Read(answer.text).text
    nobody = course.browser("ines").act(f"/o/{observation_id}/go-on")
    assert nobody.status_code == 422
    assert "Please choose for whom you wait no longer" in Read(nobody.text).text
