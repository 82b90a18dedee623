"""What a trainee sees and does: the path, asking, reading, answering, taking back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from rubrics.observation import State
from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def page(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def asking(course: Course, **changes: str) -> dict[str, str]:
    jo = str(course.world.visitor("jo").person_id)
    return {"observer": jo, "mode": "live", "recorded": "no", "note": ""} | changes


def test_the_path_says_where_one_stands_and_offers_one_thing_to_do(course: Course) -> None:
    read = page(course, "noor", course.home)
    assert "Good to see you, Noor Example." in read.text
    assert "0 of 1 observation finished" in read.text
    assert "not started" in read.text
    assert f"{course.home}/ask" in read.links


def test_the_path_offers_reading_before_asking(make_course: Callable[..., Course]) -> None:
    course = make_course(required_observations=3)
    observation_id = course.shared()
    read = page(course, "sam", course.home)
    assert read.before("Read what Jo Example wrote", "Ask for an observation")
    assert f"/o/{observation_id}" in read.links
    assert "1 waits for you" in read.text


def test_ux_t6_the_rubric_is_readable_in_full_before_anything_is_asked(course: Course) -> None:
    read = page(course, "noor", f"{course.home}/rubric")
    assert "Edition 1" in read.text
    assert "Not yet reviewed by people with lived experience" in read.text
    assert read.text.count("The levels, by the help that was needed") == 8


def test_asking_has_no_answer_chosen_beforehand(course: Course) -> None:
    read = page(course, "sam", f"{course.home}/ask")
    for name in ("observer", "mode", "recorded"):
        assert read.fields[name]
        assert read.checked(name) == []


def test_ux_p4_asking_says_beforehand_what_happens_next_who_sees_it_and_that_it_can_be_taken_back(
    course: Course,
) -> None:
    read = page(course, "sam", f"{course.home}/ask")
    for words in ("What you agree to, and what happens next", "Who can see this:", "take it back at any time"):
        assert read.before(words, "Ask, and agree to be observed")


def test_one_act_asks_and_agrees(course: Course) -> None:
    answer = course.browser("sam").act(f"{course.home}/ask", **asking(course, note="Tuesday at ten"))
    assert answer.status_code == 303
    read = page(course, "sam", answer.location)
    assert "Your request is on its way" in read.text
    assert "live, no recording" in read.text
    assert "Tuesday at ten" in read.text


def test_what_was_typed_is_shown_again_with_a_message_beside_what_is_still_needed(course: Course) -> None:
    answer = course.browser("sam").act(f"{course.home}/ask", **asking(course, recorded="", note="Tuesday"))
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "Please choose yes or no." in read.text
    assert "Tuesday" in read.text
    assert read.checked("mode") == ["live"]


def test_watching_later_needs_a_yes_to_the_recording(course: Course) -> None:
    answer = course.browser("sam").act(f"{course.home}/ask", **asking(course, mode="recorded"))
    assert answer.status_code == 422
    assert "it has to be recorded" in Read(answer.text).text


def test_someone_who_does_not_observe_cannot_be_asked_and_the_page_says_so(course: Course) -> None:
    noor = str(course.world.visitor("noor").person_id)
    answer = course.browser("sam").act(f"{course.home}/ask", **asking(course, observer=noor))
    assert answer.status_code == 422
    assert "Please choose someone from the list" in Read(answer.text).text


@pytest.mark.parametrize("field", ["observer", "mode"])
def test_a_value_that_the_form_does_not_offer_is_not_understood(course: Course, field: str) -> None:
    answer = course.browser("sam").act(f"{course.home}/ask", **asking(course, **{field: "something else"}))
    assert answer.status_code == 400


def test_observers_and_instructors_have_nothing_to_ask_for(course: Course) -> None:
    for who in ("jo", "ines"):
        assert course.browser(who).get(f"{course.home}/ask").status_code == 403


def test_ux_f1_a_strength_is_read_first_then_the_levels_in_words(course: Course) -> None:
    read = page(course, "sam", f"/o/{course.shared()}")
    assert read.headings.index("A strength") < read.headings.index("What was seen, one by one")
    assert read.before("Let the silence be.", "On their own")


def test_what_is_only_a_draft_is_not_there_for_the_trainee(course: Course) -> None:
    read = page(course, "sam", f"/o/{course.begun()}")
    assert "A strength" not in read.headings
    assert "What was seen is being written down by Jo Example." in read.text


def test_ux_p2_the_time_to_answer_is_a_date_and_never_a_countdown(course: Course) -> None:
    read = page(course, "sam", f"/o/{course.shared()}")
    assert "You can answer until March 9, 2026" in read.text
    assert "days left" not in read.text


def test_words_are_kept_while_they_are_written_and_are_there_after_a_reload(course: Course) -> None:
    observation_id = course.shared()
    sam = course.browser("sam")
    saved = sam.post(
        f"/o/{observation_id}/answer/save", json={"words": "I was nervous."}, headers={"X-CSRFToken": sam.token()}
    )
    assert saved.status_code == 200
    assert saved.json["saved_at"].startswith("2026-03-02T09:00")
    assert "I was nervous." in page(course, "sam", f"/o/{observation_id}").text
    assert "I was nervous." not in page(course, "jo", f"/o/{observation_id}").text


def test_ux_t5_an_answer_is_looked_over_before_others_see_it(course: Course) -> None:
    observation_id = course.shared()
    sam = course.browser("sam")
    looking = sam.act(f"/o/{observation_id}/answer/save", words="I was nervous.")
    assert looking.location == f"/o/{observation_id}/answer"
    read = page(course, "sam", looking.location)
    assert "This is what others will read: I was nervous." in read.text
    assert "Who can see this:" in read.text
    given = sam.act(f"/o/{observation_id}/answer", words="I was nervous.")
    assert "said=answered" in given.location
    assert "I was nervous." in page(course, "jo", f"/o/{observation_id}").text


def test_answering_without_words_is_a_full_answer(course: Course) -> None:
    observation_id = course.shared()
    assert "You answer without words." in page(course, "sam", f"/o/{observation_id}/answer").text
    course.browser("sam").act(f"/o/{observation_id}/answer", words="")
    assert "answered without words on March 2, 2026" in page(course, "jo", f"/o/{observation_id}").text


def test_words_that_are_too_long_are_shown_again_and_not_lost(course: Course) -> None:
    observation_id = course.shared()
    answer = course.browser("sam").act(f"/o/{observation_id}/answer/save", words="word " * 5_000)
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "longer than 20000 characters" in read.text
    assert "word word word" in read.text


def test_after_the_window_silence_is_recorded_as_silence(course: Course) -> None:
    observation_id = course.shared()
    course.app.extensions["attune"].clock.advance(days=8)
    course.world.now += timedelta(days=8)
    course.world.sign("jo", observation_id)
    course.kept()
    course.renew("sam")
    read = page(course, "sam", f"/o/{observation_id}")
    assert "No answer was given until March 9, 2026. It is recorded as silence and as nothing else." in read.text


def typed(course: Course, observation_id: UUID, words: str) -> None:
    sam = course.browser("sam")
    address = f"/o/{observation_id}/answer/save"
    assert sam.post(address, json={"words": words}, headers={"X-CSRFToken": sam.token()}).status_code == 200


def after_the_window(course: Course, observation_id: UUID, *, signed: bool = True) -> None:
    course.app.extensions["attune"].clock.advance(days=8)
    course.world.now += timedelta(days=8)
    if signed:
        course.world.sign("jo", observation_id)
    course.app.extensions["attune"].clock.advance(minutes=1)
    course.kept()
    for who in ("sam", "jo", "amara"):
        course.renew(who)


def test_what_was_typed_and_not_given_is_said_to_be_no_answer_yet(course: Course) -> None:
    observation_id = course.shared()
    typed(course, observation_id, "I was nervous.")
    assert "What you typed is saved, and is not yet an answer." in page(course, "sam", f"/o/{observation_id}").text


def test_what_was_typed_is_there_after_the_window_and_can_be_added(course: Course) -> None:
    observation_id = course.shared()
    typed(course, observation_id, "I was nervous.")
    after_the_window(course, observation_id)
    sam = course.browser("sam")
    read = page(course, "sam", f"/o/{observation_id}")
    assert "I was nervous." in read.text
    assert "kept beside what was signed, with their date, and are not part of it" in read.text
    assert "Add these words" in read.text
    assert "I was nervous." not in page(course, "jo", f"/o/{observation_id}").text
    looking = sam.act(f"/o/{observation_id}/answer/save", words="I was nervous.")
    shown = page(course, "sam", looking.location)
    assert "They are not part of it, and can no longer be changed." in shown.text
    assert "There is time until" not in shown.text
    given = sam.act(f"/o/{observation_id}/answer", words="I was nervous.")
    assert "Your words are added, with today's date." in page(course, "sam", given.location).text
    read = page(course, "jo", f"/o/{observation_id}")
    assert "I was nervous." in read.text
    assert "Sam Example added these words on March 10, 2026." in read.text
    assert "They came after the signature in the peer lane" in read.text


def test_with_nothing_to_add_the_place_for_late_words_stays_open(course: Course) -> None:
    observation_id = course.shared()
    after_the_window(course, observation_id)
    sam = course.browser("sam")
    assert sam.get(f"/o/{observation_id}/answer").location == f"/o/{observation_id}"
    assert sam.act(f"/o/{observation_id}/answer", words=" ").location == f"/o/{observation_id}"
    read = page(course, "sam", f"/o/{observation_id}")
    assert "It is recorded as silence and as nothing else." in read.text
    assert "Add these words" in read.text


def test_late_words_are_signed_where_a_signature_is_still_to_come(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    observation_id = course.shared()
    after_the_window(course, observation_id)
    read = page(course, "sam", f"/o/{observation_id}")
    assert "What is signed later is signed together with them: clinical lane." in read.text
    course.browser("sam").act(f"/o/{observation_id}/answer", words="I was nervous.")
    read = page(course, "amara", f"/o/{observation_id}/sign/clinical")
    assert "I was nervous." in read.text
    assert "The trainee's words came after the signature in the peer lane" in read.text


def test_an_answer_after_the_day_and_before_any_signature_is_an_answer(course: Course) -> None:
    observation_id = course.shared()
    after_the_window(course, observation_id, signed=False)
    assert "As long as nobody has signed, you can still answer" in page(course, "sam", f"/o/{observation_id}").text
    assert "There is time until" not in page(course, "sam", f"/o/{observation_id}/answer").text
    given = course.browser("sam").act(f"/o/{observation_id}/answer", words="I was nervous.")
    read = page(course, "sam", given.location)
    assert "You gave this answer on March 10, 2026." in read.text
    assert "came after" not in read.text


def test_taking_back_is_asked_once_and_hides_it_from_everyone_else(course: Course) -> None:
    observation_id = course.shared()
    read = page(course, "sam", f"/o/{observation_id}/withdraw")
    assert "No reason is asked" in read.text
    answer = course.browser("sam").act(f"/o/{observation_id}/withdraw")
    assert "You took it back. Nobody else can see it now." in page(course, "sam", answer.location).text
    for who in ("jo", "ines"):
        assert course.browser(who).get(f"/o/{observation_id}").status_code == 404


def test_only_the_trainee_is_asked_about_taking_back(course: Course) -> None:
    observation_id = course.shared()
    assert course.browser("jo").get(f"/o/{observation_id}/withdraw").status_code == 404
    assert course.browser("jo").act(f"/o/{observation_id}/withdraw").status_code == 404


def test_what_is_signed_cannot_be_taken_back_and_the_page_does_not_offer_it(course: Course) -> None:
    observation_id = course.signed()
    assert f"/o/{observation_id}/withdraw" not in page(course, "sam", f"/o/{observation_id}").links
    assert course.browser("sam").get(f"/o/{observation_id}/withdraw").status_code == 303


def test_a_signed_observation_shows_who_signed_what_and_whom_to_talk_with(course: Course) -> None:
    read = page(course, "sam", f"/o/{course.signed()}")
    assert "Jo Example , peer lane" in read.text
    assert "I observed this practice myself." in read.text
    assert "You can talk with Jo Example, Ines Example (instructor)." in read.text
    assert "Fingerprint" in read.text


def test_another_trainee_finds_nothing(course: Course) -> None:
    observation_id = course.shared()
    for path in ("", "/who", "/answer", "/withdraw", "/rate", "/share", "/begin", "/stop"):
        assert course.browser("noor").get(f"/o/{observation_id}{path}").status_code == 404, path


def test_ux_t3_the_trainee_sees_who_opened_their_record_and_what_they_saw(course: Course) -> None:
    observation_id = course.shared()
    assert "Nobody has opened your record so far." in page(course, "sam", "/opened").text
    page(course, "jo", f"/o/{observation_id}")
    read = page(course, "sam", "/opened")
    assert "Jo Example" in read.text
    assert "what was seen, what was agreed to, how far it is" in read.text


def states(course: Course) -> dict[State, UUID]:
    course.world.grant(course.world.visitor("jo"), None)
    return {State.CONSENTED: course.asked(), State.IN_PROGRESS: course.begun(), State.SHARED: course.shared()}


def test_ux_t7_each_state_says_in_a_sentence_what_comes_next(make_course: Callable[..., Course]) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    found = states(course) | {State.ANSWERED: course.answered()}
    said = {state: page(course, "sam", f"/o/{observation_id}").text for state, observation_id in found.items()}
    assert "Nothing is needed from you now." in said[State.CONSENTED]
    assert "You read it before anyone signs" in said[State.IN_PROGRESS]
    assert "Read it in your own time." in said[State.SHARED]
    assert "It waits for a signature: clinical lane, peer lane." in said[State.ANSWERED]


def test_ux_e1_a_page_that_comes_back_says_in_its_title_that_it_is_not_done_and_begins_at_what_is_needed(
    course: Course,
) -> None:
    sam = course.browser("sam")
    title = "<title>Not done yet: Ask for an observation"
    first = sam.get(f"{course.home}/ask").text
    assert title not in first
    assert "still_needed.js" not in first
    again = sam.act(f"{course.home}/ask")
    assert again.status_code == 422
    assert title in again.text
    assert "still_needed.js" in again.text
    assert 'role="alert" tabindex="-1" data-needed' in again.text
