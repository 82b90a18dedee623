"""Signing in person, on the trainee's device: its lower assurance is named, and the signer gets a copy."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.records import ReadLogRow
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.web.course import Course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    activity = course.world.session.get_one(ActivityRow, course.world.activity_id)
    activity.least_assurance = Assurance.IN_PERSON
    course.kept()
    return course


def page_of(course: Course, observation_id: UUID, who: str, lane: str) -> str:
    return f"/o/{observation_id}/in-person/{lane}/{course.world.visitor(who).person_id}"


def digest_on(page: str) -> str:
    found = re.search(r'name="digest" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sign(course: Course, observation_id: UUID, name: str = "Amara Example") -> int:
    sam, path = course.browser("sam"), page_of(course, observation_id, "amara", "clinical")
    digest = digest_on(sam.get(path).text)
    return int(sam.act(path, digest=digest, name=name).status_code)


def test_ux_s5_a_supervisor_signs_on_the_trainees_device_and_its_lower_assurance_is_named(course: Course) -> None:
    observation_id = course.answered()
    sam = course.browser("sam")
    assert f"/o/{observation_id}/in-person" in sam.get(f"/o/{observation_id}").text
    chosen = sam.get(f"/o/{observation_id}/in-person").text
    assert "Amara Example" in chosen
    assert "Jo Example" in chosen
    page = sam.get(page_of(course, observation_id, "amara", "clinical")).text
    assert "in person, on another" in page
    assert "cannot know that it is you" in page
    assert sign(course, observation_id) == 303
    with course.app.extensions["attune"].sessions.writing() as session:
        row = session.scalars(select(SignOffRow)).one()
    assert row.assurance is Assurance.IN_PERSON
    assert row.signer_id == course.world.visitor("amara").person_id
    assert row.device_of == course.world.visitor("sam").person_id


def test_after_signing_the_device_shows_the_trainees_own_things_again(course: Course) -> None:
    observation_id = course.answered()
    assert sign(course, observation_id) == 303
    sam = course.browser("sam")
    assert sam.get("/waiting").status_code == 200
    assert "Amara Example" not in sam.get("/waiting").text
    assert sam.get(f"/o/{observation_id}/sign/clinical").status_code == 409


def test_the_signer_types_their_name_and_may_do_so_again(course: Course) -> None:
    observation_id = course.answered()
    assert sign(course, observation_id, "Sam") == 422
    assert sign(course, observation_id, "  amara   EXAMPLE ") == 303


def test_opening_the_page_does_not_say_that_the_signer_read_anything(course: Course) -> None:
    observation_id = course.answered()
    amara = course.world.visitor("amara").person_id
    course.browser("sam").get(page_of(course, observation_id, "amara", "clinical"))
    with course.app.extensions["attune"].sessions.writing() as session:
        assert session.scalars(select(ReadLogRow.id).where(ReadLogRow.reader_id == amara)).first() is None
    sign(course, observation_id)
    with course.app.extensions["attune"].sessions.writing() as session:
        assert session.scalars(select(ReadLogRow.id).where(ReadLogRow.reader_id == amara)).first() is not None


@pytest.mark.parametrize("who", ["jo", "amara", "ines", "noor"])
def test_only_the_trainee_hands_their_device_over(course: Course, who: str) -> None:
    observation_id = course.answered()
    assert course.browser(who).get(f"/o/{observation_id}/in-person").status_code == 404
    assert course.browser(who).get(page_of(course, observation_id, "amara", "clinical")).status_code == 404


@pytest.mark.parametrize(("who", "lane"), [("jo", "clinical"), ("noor", "peer"), ("ines", "peer"), ("sam", "peer")])
def test_nobody_signs_in_person_who_may_not_sign_otherwise(course: Course, who: str, lane: str) -> None:
    observation_id = course.answered()
    assert course.browser("sam").get(page_of(course, observation_id, who, lane)).status_code in (404, 409)


def test_one_person_does_not_sign_both_lanes_in_person_either(course: Course) -> None:
    course.world.grant(course.world.visitor("amara"), Lane.PEER)
    course.kept()
    observation_id = course.answered()
    assert sign(course, observation_id) == 303
    refused = course.browser("sam").get(page_of(course, observation_id, "amara", "peer"))
    assert refused.status_code == 409
    assert "other lane" in refused.text


def test_an_activity_can_ask_for_more_than_a_signature_in_person(course: Course) -> None:
    observation_id = course.answered()
    activity = course.world.session.get_one(ActivityRow, course.world.activity_id)
    activity.least_assurance = Assurance.LINK_WITH_CODE
    course.kept()
    assert "/in-person" not in course.browser("sam").get(f"/o/{observation_id}").text
    refused = course.browser("sam").get(f"/o/{observation_id}/in-person")
    assert refused.status_code == 409
    assert "on their own" in refused.text


def test_before_the_answer_nobody_can_sign(course: Course) -> None:
    observation_id = course.shared()
    assert "Nobody can sign this now" in course.browser("sam").get(f"/o/{observation_id}/in-person").text
