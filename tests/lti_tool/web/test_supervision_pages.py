"""Supervision on screen: one tap for the trainee, one list for whoever supervises, names and days for instructors."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from lti_tool.services.supervising import supervision, supervision_watch
from lti_tool.store.courses import ActivityRow
from rubrics.supervision import USUAL
from tests.lti_tool.services.supervision_rows import agreed, assign
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

A_DIGEST = re.compile(r'name="digest" value="([0-9a-f]+)"')
AN_ID = re.compile(r"/supervision/\w+/([0-9a-f-]{36})")
WORDS = "We met and spoke about endings."


def get(course: Course, who: str, path: str = "/supervision") -> Any:
    answer = course.browser(who).get(f"{course.home}{path}")
    assert answer.status_code == 200, answer.text
    return answer


def read(course: Course, who: str, path: str = "/supervision") -> str:
    return str(Read(get(course, who, path).text).text)


def act(course: Course, who: str, path: str, **fields: Any) -> Any:
    return course.browser(who).act(f"{course.home}{path}", **fields)


def person(course: Course, who: str) -> UUID:
    return course.world.visitor(who).person_id


def wish(course: Course) -> UUID:
    sam = course.world.visitor("sam")
    found = supervision.own(course.world.session, sam, course.world.place(sam), course.world.now)
    assert found is not None
    course.kept()
    return found.id


def proposed(course: Course, who: str = "jo", other: str = "sam", **changes: str) -> Any:
    fields = {
        "person": str(person(course, other)), "lane": "peer", "after": "0", "every_days": "14",
        "expectations": USUAL.expectations, "channels": USUAL.channels, "confidentiality": USUAL.confidentiality,
    }  # fmt: skip
    return act(course, who, "/supervision/agreements/new", **(fields | changes))


def recorded(course: Course, who: str = "jo", **changes: Any) -> Any:
    fields = {
        "kind": "individual", "held": "video", "held_on": "2026-03-01", "minutes": "50", "agenda": WORDS, "goals": "",
        "there": [f"{person(course, 'sam')}:trainee", f"{person(course, 'jo')}:peer"],
    }  # fmt: skip
    return act(course, who, "/supervision/sessions/new", **(fields | changes))


def test_cap_c10_ux_p7_ux_p4_one_tap_and_the_promised_day_and_who_has_it_stand_on_the_page(course: Course) -> None:
    assert "You get an answer within 2 days." in read(course, "sam")
    assert "reason" not in set(re.findall(r'name="(\w+)"', get(course, "sam").text))
    assert act(course, "sam", "/supervision/ask").location.endswith("/supervision?said=supervision_asked")
    page = read(course, "sam")
    assert "You get an answer by March 4, 2026." in page
    assert "It is with: Amara Example, Jo Example." in page
    assert "If nobody has answered by then, the instructors of the course see to it." in page


def test_cap_c10_after_an_observation_it_is_asked_from_its_page_and_a_strangers_is_not_here(course: Course) -> None:
    observation_id = course.begun()
    assert act(course, "noor", "/supervision/ask", observation=str(observation_id)).status_code == 404
    assert act(course, "sam", "/supervision/ask", observation=str(observation_id)).status_code == 303


def test_cap_c10_ux_p7_it_waits_on_the_list_of_whoever_can_answer_and_the_first_one_takes_it(course: Course) -> None:
    act(course, "sam", "/supervision/ask")
    for who in ("jo", "amara"):
        listed = str(Read(course.browser(who).get("/waiting").text).text)
        assert "Supervision wished for" in listed
        assert "1 thing waits for you" in listed
    course.kept()
    request_id = wish(course)
    taken = act(course, "jo", f"/supervision/requests/{request_id}/take", proposed="Tuesday at ten?")
    assert taken.status_code == 303, taken.text
    assert taken.location.endswith("said=supervision_taken")
    mine = read(course, "sam")
    assert "Jo Example sees to it." in mine
    assert "Tuesday at ten?" in mine
    for who in ("amara", "ines"):
        assert "Tuesday at ten?" not in read(course, who)
    late = act(course, "amara", f"/supervision/requests/{request_id}/take", proposed="I could at noon.")
    assert late.status_code == 422
    assert "Somebody else sees to this already. Nothing is needed from you." in Read(late.text).text
    assert "Supervision wished for" not in course.browser("amara").get("/waiting").text


def test_cap_c10_who_took_it_gives_it_back_and_the_trainee_takes_it_back(course: Course) -> None:
    act(course, "sam", "/supervision/ask")
    course.kept()
    at = f"/supervision/requests/{wish(course)}"
    act(course, "jo", f"{at}/take")
    assert act(course, "jo", f"{at}/give-back").status_code == 303
    assert act(course, "jo", f"{at}/give-back", key="a-key-of-one-form-2").status_code == 404
    assert act(course, "sam", f"{at}/take-back").status_code == 303
    assert "You get an answer within" in read(course, "sam")


def test_cap_c10_the_trainee_reads_that_the_instructors_see_to_it_and_nobody_is_blamed(course: Course) -> None:
    act(course, "sam", "/supervision/ask")
    course.kept()
    supervision_watch.escalate(course.world.session, course.world.now + timedelta(days=2))
    course.kept()
    page = read(course, "sam")
    assert "The instructors see to it now." in page
    assert "You need to do nothing." in page
    assert "Sam Example" in read(course, "ines")


def test_cap_c4_ux_p4_an_agreement_is_written_read_and_signed_by_both_word_for_word(course: Course) -> None:
    form = get(course, "jo", f"/supervision/agreements/new?person={person(course, 'sam')}&lane=peer").text
    assert USUAL.expectations.split(".")[0] in form
    assert "Step 2 of 3" in form
    led = proposed(course, channels="By phone on Mondays.").location
    (agreement_id,) = AN_ID.findall(led)
    at = f"/supervision/agreements/{agreement_id}"
    for who, last in (("sam", False), ("jo", True)):
        page = get(course, who, at).text
        assert "By phone on Mondays." in page
        assert "the two of you" in page
        signed = act(course, who, f"{at}/sign", digest=A_DIGEST.findall(page)[0])
        assert signed.location.endswith("said=agreement_in_force" if last else "said=agreement_signed")
    assert "in force since March 2, 2026" in read(course, "sam")
    for stranger in ("amara", "noor"):
        assert course.browser(stranger).get(f"{course.home}{at}").status_code == 404
    assert act(course, "sam", f"{at}/end").location.endswith("said=agreement_ended")


def test_cap_c4_what_was_typed_is_shown_again_where_something_is_still_needed(course: Course) -> None:
    again = proposed(course, every_days="often", channels="", expectations="Ours alone")
    assert again.status_code == 422
    assert "Ours alone" in again.text
    assert "Please give a number from 1 to 366." in again.text
    course.kept()
    proposed(course)
    crossed = proposed(course, "sam", "jo", expectations="Written at the same time")
    assert crossed.status_code == 422
    assert "Meanwhile the other one of you wrote an edition." in Read(crossed.text).text
    assert "Written at the same time" in crossed.text


def test_cap_c4_without_an_address_it_is_chosen_with_whom(course: Course) -> None:
    chosen = get(course, "sam", "/supervision/agreements/new").text
    assert f"{person(course, 'jo')}:peer" in chosen
    assert f"{person(course, 'noor')}" not in chosen
    get(course, "sam", f"/supervision/agreements/new?whom={person(course, 'jo')}:peer")


def test_cap_c4_before_an_agreement_a_signature_is_refused_with_the_way_to_one(course: Course) -> None:
    observation_id = course.answered()
    course.world.session.get_one(ActivityRow, course.world.activity_id).needs_agreement = True
    course.kept()
    refused = course.browser("jo").get(f"/o/{observation_id}/sign/peer")
    assert refused.status_code == 409
    assert "Propose an agreement to Sam Example" in refused.text
    assert course.browser("jo").act(f"/o/{observation_id}/sign/peer", digest="0" * 64).status_code == 409
    agreed(course.world)
    course.kept()
    assert course.browser("jo").get(f"/o/{observation_id}/sign/peer").status_code == 200


def test_cap_c4_instructors_see_who_has_no_agreement_where_the_activity_asks(course: Course) -> None:
    assign(course.world, "jo")
    course.kept()
    assert "No agreement in force yet" not in read(course, "ines")
    course.world.session.get_one(ActivityRow, course.world.activity_id).needs_agreement = True
    course.kept()
    page = read(course, "ines")
    assert "No agreement in force yet" in page
    assert "with Jo Example, peer lane" in page


def test_cap_c5_ux_o6_the_record_has_the_trainees_agenda_first_and_quiet_questions(course: Course) -> None:
    form = get(course, "jo", f"/supervision/sessions/new?person={person(course, 'sam')}").text
    assert form.index('name="agenda"') < form.index('name="goals"')
    for value in ("Mutuality", "Choice", "Hope", "Boundaries", "Strain"):
        assert f"{value}:" in form
    assert "<details>" in form
    led = recorded(course).location
    (session_id,) = AN_ID.findall(led)
    at = f"/supervision/sessions/{session_id}"
    for who in ("sam", "jo"):
        page = read(course, who, at)
        assert WORDS in page
        assert "everybody who was there" in page
    for stranger in ("ines", "amara", "noor"):
        assert course.browser(stranger).get(f"{course.home}{at}").status_code == 404
        assert WORDS not in get(course, stranger).text
    assert act(course, "sam", f"{at}/say", so="differs", differs="").status_code == 422
    both = act(course, "sam", f"{at}/say", so="yes", differs="Not lost")
    assert both.status_code == 422
    assert "Not lost" in both.text
    assert act(course, "sam", f"{at}/say", so="differs", differs="Also the week.").status_code == 303
    assert "Also the week." in read(course, "jo", at)
    assert act(course, "sam", f"{at}/say", so="yes", differs="").location.endswith("said=session_confirmed")
    assert act(course, "jo", f"{at}/take-back").status_code == 303
    assert WORDS not in get(course, "sam", at).text


def test_cap_c6_a_joint_session_with_one_lane_is_shown_again_as_it_was_typed(course: Course) -> None:
    again = recorded(course, kind="joint")
    assert again.status_code == 422
    assert "A joint session has a supervisor of the peer lane and one of the clinical lane." in Read(again.text).text
    assert WORDS in again.text
    assert f'value="{person(course, "jo")}:peer" checked' in " ".join(again.text.split())


def test_cap_c5_the_goals_of_the_last_session_stand_on_the_trainees_page(course: Course) -> None:
    recorded(course, goals="Two endings until Friday")
    assert "Two endings until Friday" in read(course, "sam")
    assert "Two endings until Friday" not in read(course, "noor")


def test_cap_c4_ux_p1_a_supervisor_reads_a_date_for_the_next_session_and_no_countdown(course: Course) -> None:
    agreed(course.world)
    course.kept()
    page = read(course, "jo")
    assert "agreement in force" in page
    assert "the next one by March 16, 2026, as you agreed" in page
    assert "days left" not in page


def test_what_is_still_to_choose_about_a_meeting_is_said_with_what_was_typed(course: Course) -> None:
    answer = recorded(course, kind="", held="by pigeon")
    assert answer.status_code == 422
    assert Read(answer.text).text.count("Please choose one.") >= 2
    assert WORDS in answer.text
    assert recorded(course, there=[f"{person(course, 'sam')}:guest"]).status_code == 400
    jo, stranger = course.browser("jo"), course.world.organization_id
    assert jo.get(f"{course.home}/supervision/sessions/new?person={stranger}").status_code == 404
    assert jo.get(f"{course.home}/supervision/agreements/new?person=sam").status_code == 400
    agreement = proposed(course).location.partition("?")[0]
    changed = jo.act(f"{agreement}/sign", digest="0" * 64)
    assert changed.status_code == 422
    assert "Please read it again" in Read(changed.text).text
