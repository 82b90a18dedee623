"""How an activity is held: what can be changed later, and what is said before it is."""

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.services.courses import activity_settings
from lti_tool.store.courses import ActivityRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

SEEN = re.compile(r'name="seen" value="([0-9a-f]+)"')
USUAL = {
    "observers": "1", "threshold": "1", "request_days": "5", "response_days": "7", "required_observations": "1",
    "least_assurance": "link_with_code", "qualifications": "", "supervision_days": "2",
}  # fmt: skip


def post(course: Course, who: str = "ines", **fields: str) -> Any:
    return course.browser(who).act(f"{course.home}/settings", **(USUAL | fields))


def activity(course: Course) -> ActivityRow:
    course.kept()
    return course.world.session.get_one(ActivityRow, course.world.activity_id)


def test_ux_t6_ux_t8_what_changes_for_whom_is_said_before_it_is_saved(course: Course) -> None:
    observation_id = course.begun()
    looked = post(course, observers="2", qualifications="Bias training\n\nBias training")
    assert looked.status_code == 422
    read = Read(looked.text).text
    assert "1 observation is under way." in read
    assert (
        "1 becomes 2. For observations that are asked for from now on. What is under way keeps its observers." in read
    )
    assert "nothing in particular becomes Bias training." in read
    assert activity(course).observers == 1
    course.kept()
    (seen,) = SEEN.findall(looked.text)
    saved = post(course, observers="2", qualifications="Bias training", seen=seen)
    assert saved.location.endswith("/settings?said=settings_kept")
    row = activity(course)
    assert (row.observers, row.qualifications) == (2, ["Bias training"])
    assert course.world.session.get_one(ObservationRow, observation_id).needed_observers == 1
    entries = course.world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "activity.settings")).all()
    assert sorted(str(entry.facts["setting"]) for entry in entries) == ["observers", "qualifications"]
    assert "Bias" not in str([entry.facts for entry in entries])


def test_what_was_looked_at_is_what_is_saved(course: Course) -> None:
    (seen,) = SEEN.findall(post(course, observers="2").text)
    other = post(course, observers="3", seen=seen)
    assert other.status_code == 422
    assert "1 becomes 3." in Read(other.text).text
    assert activity(course).observers == 1


def test_what_is_still_needed_stands_at_its_field_with_what_was_typed(course: Course) -> None:
    answer = post(course, observers="11", threshold="x", least_assurance="", response_days="14")
    assert answer.status_code == 422
    read = Read(answer.text).text
    assert "Please give a number from 1 to 10." in read
    assert "Please give a number from 0 to 10." in read
    assert 'value="14"' in answer.text


def test_saving_nothing_new_changes_nothing(course: Course) -> None:
    assert post(course).status_code == 303
    course.kept()
    assert not course.world.session.scalars(
        select(AuditEntryRow).where(AuditEntryRow.act == "activity.settings")
    ).first()


def test_how_sure_it_has_to_be_who_signs_is_chosen_here(course: Course) -> None:
    (seen,) = SEEN.findall(post(course, least_assurance="in_person").text)
    post(course, least_assurance="in_person", seen=seen)
    assert activity(course).least_assurance is Assurance.IN_PERSON


def test_with_more_observations_asked_for_the_gradebook_follows(course: Course) -> None:
    course.signed()
    desired = select(DeliveryRow.desired_score)
    assert course.world.session.scalars(desired).all() == [100]
    course.kept()
    (seen,) = SEEN.findall(post(course, required_observations="2").text)
    post(course, required_observations="2", seen=seen)
    course.kept()
    assert course.world.session.scalars(desired).all() == [50]


def test_what_no_form_lets_through_is_refused_all_the_same(course: Course) -> None:
    world, ines = course.world, course.world.visitor("ines")
    place = world.place(ines)
    stands = activity_settings.settings_of(place.activity)
    for odd, code in (
        ({"observers": 99}, "observers"),
        ({"least_assurance": Assurance.LAUNCH_CONFIRMED}, "least_assurance"),
        ({"qualifications": ("",)}, "qualifications"),
    ):
        with pytest.raises(Refused) as refused:
            activity_settings.change(world.session, ines, place, replace(stands, **odd), world.now)
        assert refused.value.code == code


@pytest.mark.parametrize("who", ["jo", "sam"])
def test_only_instructors_change_how_it_is_held(course: Course, who: str) -> None:
    assert course.browser(who).get(f"{course.home}/settings").status_code == 403
    assert post(course, who).status_code == 403
