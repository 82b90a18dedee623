"""Taking a signature back, saying that a record no longer stands, and that it was not oneself, on the pages."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.entering import visitors
from lti_tool.store.base import new_id
from lti_tool.store.observations import (
    ObservationRow,
    SignOffCopyRow,
    SignOffRow,
    SignOffWithdrawalRow,
    SupersessionRow,
)
from rubrics.observation import State
from rubrics.sign_off import Lane
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

SECRET = "a-secret-that-only-the-mail-has"


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(lanes=(Lane.PEER, Lane.CLINICAL))


def signed(course: Course, *, by_both: bool = False) -> UUID:
    observation_id = course.world.answered()
    course.world.sign("jo", observation_id, Lane.PEER)
    if by_both:
        course.world.sign("amara", observation_id, Lane.CLINICAL)
    return course.keep(observation_id)


def state_of(course: Course, observation_id: UUID) -> State:
    course.kept()
    state = course.world.session.get_one(ObservationRow, observation_id).state
    course.kept()
    return state


def link_of_copy(course: Course, who: str) -> str:
    """As the mail to the signer has it; its secret is kept nowhere."""
    session, person_id = course.world.session, course.world.visitor(who).person_id
    row = session.scalars(
        select(SignOffCopyRow)
        .join(SignOffRow, SignOffRow.id == SignOffCopyRow.sign_off_id)
        .where(SignOffRow.signer_id == person_id)
    ).one()
    row.link_digest = visitors.digest_of(SECRET)
    course.kept()
    return f"/copy/{SECRET}"


def test_a_signature_is_taken_back_with_a_reason_that_the_trainee_reads(course: Course) -> None:
    observation_id = signed(course)
    path = f"/o/{observation_id}/take-back/peer"
    read = Read(course.browser("jo").get(f"/o/{observation_id}").text)
    assert path in read.links
    form = hidden(course.browser("jo").get(path).text)
    wanting = course.browser("jo").act(path, key=form["act"], reason="  ")
    assert wanting.status_code == 422
    assert "Please say why" in Read(wanting.text).text
    done = course.browser("jo").act(path, key=form["act"], reason="I mixed up two names.")
    assert "The lane is open again." in course.browser("jo").get(done.location).text
    page = Read(course.browser("sam").get(f"/o/{observation_id}").text)
    assert "I mixed up two names." in page.text
    assert "Jo Example took it back on March 2, 2026." in page.text
    assert "no longer stands" in page.text
    assert Read(course.browser("jo").get("/signatures").text).text.count("taken back") == 1


@pytest.mark.parametrize("who", ["amara", "sam", "ines", "noor"])
def test_nobody_takes_back_somebody_elses_signature(course: Course, who: str) -> None:
    observation_id = signed(course)
    path = f"/o/{observation_id}/take-back/peer"
    assert course.browser(who).get(path).status_code == 404
    assert course.browser(who).act(path, reason="No.").status_code == 404
    assert course.world.session.scalars(select(SignOffWithdrawalRow.id)).all() == []


def test_after_final_taking_back_leads_to_saying_that_the_record_no_longer_stands(course: Course) -> None:
    observation_id = signed(course, by_both=True)
    led = course.browser("jo").get(f"/o/{observation_id}/take-back/peer")
    assert (led.status_code, led.location) == (303, f"/o/{observation_id}/supersede")


def test_what_was_typed_is_there_again_when_something_is_still_needed(course: Course) -> None:
    observation_id = signed(course, by_both=True)
    path = f"/o/{observation_id}/supersede"
    assert "Does this record no longer stand?" in course.browser("jo").get(path).text
    answered = course.browser("jo").act(path, reason="It was another day.")
    assert answered.status_code == 422
    assert "It was another day." in answered.text
    assert "Please choose what is to follow." in Read(answered.text).text
    answered = course.browser("jo").act(path, outcome="correct", reason="")
    assert answered.status_code == 422
    assert re.search(r'value="correct"\s+checked', answered.text)
    assert state_of(course, observation_id) is State.RELEASED


def test_a_record_that_no_longer_stands_is_read_as_it_was_signed_and_leads_to_its_successor(course: Course) -> None:
    observation_id = signed(course, by_both=True)
    done = course.browser("amara").act(
        f"/o/{observation_id}/supersede", reason="It was another day.", outcome="correct"
    )
    assert done.status_code == 303
    successor = done.location.split("?")[0]
    page = Read(course.browser("sam").get(f"/o/{observation_id}").text)
    for words in ("That it no longer stands says nothing about you.", "Amara Example wrote on March 2, 2026:",
                  "It was another day.", "Let the silence be.", "I was nervous at first."):  # fmt: skip
        assert words in page.text
    assert successor in page.links
    assert f"/o/{observation_id}/signed/peer?attempt=1" in page.links
    newer = Read(course.browser("jo").get(successor).text)
    assert "This record takes the place of an earlier one" in newer.text
    assert f"/o/{observation_id}" in newer.links


def test_a_record_that_should_not_count_says_so_and_nothing_takes_its_place(
    course: Course, looked_at: list[UUID]
) -> None:
    observation_id = signed(course, by_both=True)
    done = course.browser("jo").act(f"/o/{observation_id}/supersede", reason="Wrong person.", outcome="not_count")
    assert "This record no longer counts." in course.browser("jo").get(done.location).text
    page = Read(course.browser("sam").get(f"/o/{observation_id}").text)
    assert "Nothing takes its place. You can ask for a new observation at any time." in page.text
    again = course.browser("jo").act(f"/o/{observation_id}/supersede", key="another-key-of-a-form", reason="Again.",
                                     outcome="not_count")  # fmt: skip
    assert again.status_code == 409
    course.kept()
    assert len(course.world.session.scalars(select(SupersessionRow.id)).all()) == 1


@pytest.mark.parametrize("who", ["sam", "ines", "noor"])
def test_whoever_neither_signed_nor_observed_says_nothing_about_a_record(course: Course, who: str) -> None:
    observation_id = signed(course, by_both=True)
    path = f"/o/{observation_id}/supersede"
    assert course.browser(who).get(path).status_code == 404
    assert course.browser(who).act(path, reason="No.", outcome="not_count").status_code == 404
    assert state_of(course, observation_id) is State.RELEASED


def test_a_mail_scanner_that_opens_the_link_of_a_copy_changes_nothing(course: Course) -> None:
    observation_id = signed(course)
    link = link_of_copy(course, "jo")
    robot = course.app.test_client()
    for _ in range(20):
        assert robot.get(link).status_code == 200
        assert robot.head(link).status_code == 200
    read = Read(robot.get(link).text)
    for words in ("Jo Example, peer lane", "Sam Example: Observed practice, Peer support practicum"):
        assert words in read.text
    for words in ("Let the silence be.", "I was nervous at first.", "Waited, then asked."):
        assert words not in read.text
    assert course.world.session.scalars(select(SignOffWithdrawalRow.id)).all() == []
    course.kept()
    assert state_of(course, observation_id) is State.ANSWERED
    assert robot.get("/copy/another").status_code == 404


def test_this_was_not_me_is_one_tap_from_the_mail_and_twice_is_as_once(course: Course) -> None:
    observation_id = signed(course, by_both=True)
    link = link_of_copy(course, "jo")
    anybody = course.app.test_client()
    token = hidden(anybody.get(link).text)["csrf_token"]
    for _ in range(2):
        done = anybody.post(f"{link}/not-me", data={"csrf_token": token, "act": "a-key-of-one-form-1"})
        assert done.status_code == 303
    assert "It was said on March 2, 2026 that this was not you." in Read(anybody.get(link).text).text
    assert state_of(course, observation_id) is State.SUPERSEDED
    assert len(course.world.session.scalars(select(SignOffWithdrawalRow.id)).all()) == 1
    course.kept()
    assert "said: it was not me" in Read(course.browser("jo").get("/signatures").text).text


def test_this_was_not_me_needs_a_form_of_ours(course: Course) -> None:
    observation_id = signed(course)
    link = link_of_copy(course, "jo")
    assert course.app.test_client().post(f"{link}/not-me", data={}).status_code in (400, 403)
    assert state_of(course, observation_id) is State.ANSWERED
    assert course.world.session.scalars(select(SignOffWithdrawalRow.id)).all() == []


def test_signed_in_the_signer_says_so_on_their_own_page_and_nobody_else_can(course: Course) -> None:
    signed(course)
    sign_off_id = course.world.session.scalars(select(SignOffRow.id)).one()
    course.kept()
    path = f"/signatures/{sign_off_id}/not-me"
    for who in ("amara", "sam", "ines", "noor"):
        assert course.browser(who).act(path).status_code == 404
    assert course.browser("jo").act(f"/signatures/{new_id()}/not-me").status_code == 404
    done = course.browser("jo").act(path)
    assert "It is noted that this was not you." in course.browser("jo").get(done.location).text


def test_cap_a2_i_see_this_differently_asks_for_a_meeting_with_a_reason(course: Course) -> None:
    observation_id = signed(course)
    sign_page = Read(course.browser("amara").get(f"/o/{observation_id}/sign/clinical").text)
    path = f"/o/{observation_id}/differ/clinical"
    assert path in sign_page.links
    assert "Nobody is overruled." in course.browser("amara").get(path).text
    assert course.browser("amara").act(path, reason="").status_code == 422
    done = course.browser("amara").act(path, reason="I saw a different pace.")
    assert "A meeting is asked for." in course.browser("amara").get(done.location).text
    assert state_of(course, observation_id) is State.IN_RECONCILIATION
    assert course.browser("amara").get(f"/o/{observation_id}/sign/clinical").status_code == 409


def test_a_signature_on_another_device_is_said_to_be_ones_own_from_the_page_and_from_the_mail(course: Course) -> None:
    signed(course)
    link, jo = link_of_copy(course, "jo"), course.browser("jo")
    sign_off_id = course.world.session.scalars(select(SignOffRow.id)).one()
    course.kept()
    own = jo.act(f"/signatures/{sign_off_id}/me")
    assert (own.status_code, own.location) == (303, "/signatures?said=was_me")
    anybody = course.app.test_client()
    token = hidden(anybody.get(link).text)["csrf_token"]
    assert anybody.post(f"{link}/me", data={"csrf_token": token}).location == f"{link}?said=was_me"
