"""Launches as Moodle 4.5 sent them, and as Canvas does by its source; each with what we make of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lti_tool.access import Capability
from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.roles import capability
from tests.lti_tool.lti.platform import LTI, REGISTRATION, Platform, finder, signed

RECORDED = Path(__file__).parent / "recorded"


def launch(name: str) -> Launch:
    said: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    target = said[LTI + "target_link_uri"]
    platform = Platform(launch_url=target)
    platform.registrations = finder(replace(REGISTRATION, issuer=said["iss"], client_id=said["aud"]))
    asked = platform.login(iss=said["iss"], client_id=said["aud"])
    times = {name: platform.claims("")[name] for name in ("iat", "exp")}
    return platform.post(signed({**said, **times, "nonce": asked["nonce"]}), asked["state"]).launch


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("moodle-learner", Capability.TRAINEE),
        ("moodle-deep-linking", Capability.INSTRUCTOR),
        ("canvas-course-navigation", Capability.INSTRUCTOR),
        ("canvas-deep-linking", Capability.INSTRUCTOR),
        ("canvas-test-student", Capability.TRAINEE),
    ],
)
def test_recorded_roles_give_what_they_should(name: str, given: Capability) -> None:
    assert capability(launch(name).roles) is given


def test_moodle_r10_with_privacy_a_launch_has_no_name() -> None:
    said = launch("moodle-privacy-off")
    assert (said.name, said.email) == (None, None)
    assert said.sub


def test_moodle_c1_unknown_variables_and_nulls_are_absent() -> None:
    assert launch("moodle-learner").custom == {
        "rubric": "r1",
        "Camel-Case.key": "v=1;2",
        "num": "5",
        "context_id_history": "",
        "moodle_person_usergroupids": "1",
        "resourcelink_id": "1",
        "result_sourcedid": launch("moodle-learner").custom["result_sourcedid"],
        "ltilink_custom_url": launch("moodle-learner").custom["ltilink_custom_url"],
    }


def test_moodle_l3_an_empty_line_item_is_none() -> None:
    ags = launch("moodle-empty-line-item").ags
    assert ags is not None
    assert ags.line_item is None
    assert ags.line_items


def test_moodle_d1_a_deep_linking_request_has_no_data_and_does_not_speak_of_columns() -> None:
    settings = launch("moodle-deep-linking").deep_linking
    assert settings is not None
    assert (settings.data, settings.accept_line_item, settings.accept_multiple) == (None, None, True)


def test_moodle_r14_submission_review_names_the_person_by_id_only() -> None:
    said = launch("moodle-submission-review")
    assert said.message_type == "LtiSubmissionReviewRequest"
    assert said.for_user is not None
    assert (said.for_user.sub, said.for_user.name) == ("8", None)


def test_canvas_numbers_in_custom_parameters_become_texts() -> None:
    custom = launch("canvas-course-navigation").custom
    assert custom["canvas_user_id"] == "11"
    assert "assignment_id" not in custom


def test_canvas_sends_members_that_nobody_asked_for() -> None:
    said = launch("canvas-course-navigation")
    assert said.context is not None
    assert said.resource_link is not None
    assert said.resource_link.id == said.context.id
    assert said.ags is not None
    assert said.ags.line_item is None
    assert said.memberships_url == "https://school.instructure.com/api/lti/courses/52/names_and_roles"


def test_canvas_without_a_user_is_asked_for_one() -> None:
    with pytest.raises(LaunchRejected) as caught:
        launch("canvas-anonymous")
    assert caught.value.code is LaunchProblem.USER_MISSING
