"""Rows W01 to W05 and X01 to X04 as far as the claims alone decide: who may come for whom."""

from typing import Any

import pytest

from lti_tool.lti.claims import ForUser, Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.roles import administers
from tests.lti_tool.lti.platform import ENDPOINT, LTI, MEMBERSHIP, Change, Platform, drop, put

TYPE, ROLES, FOR_USER, LINK, CONTEXT = (
    LTI + name for name in ("message_type", "roles", "for_user", "resource_link", "context")
)
INSTRUCTOR, LEARNER = MEMBERSHIP + "#Instructor", MEMBERSHIP + "#Learner"
ASSISTANT = MEMBERSHIP + "/Instructor#TeachingAssistant"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
LINE_ITEM = "https://lms.example/items/7"


def review(platform: Platform, roles: list[str], *changes: Change) -> Launch:
    """A submission review of user-9 by user-6."""
    return platform.launch(
        put(TYPE, "LtiSubmissionReviewRequest"),
        put(ROLES, roles),
        put(FOR_USER, {"user_id": "user-9"}),
        put(ENDPOINT, {"lineitem": LINE_ITEM, "scope": []}),
        *changes,
    ).launch


def privacy(
    platform: Platform, roles: list[str], *changes: Change, name: str = "LtiDataPrivacyLaunchRequest"
) -> Launch:
    """A data privacy launch of user-6 for user-9, without a course."""
    return platform.launch(
        put(TYPE, name), put(ROLES, roles), put(FOR_USER, {"user_id": "user-9"}), drop(LINK, CONTEXT), *changes
    ).launch


def problem_of(launch: Any, *given: Any) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as refused:
        launch(*given)
    return refused.value


@pytest.mark.parametrize("roles", [[INSTRUCTOR], [ASSISTANT, INSTRUCTOR], [MEMBERSHIP + "#Administrator"]])
def test_lti_w01_whoever_teaches_may_come_for_a_learner(platform: Platform, roles: list[str]) -> None:
    said = review(platform, roles)
    assert said.for_user == ForUser("user-9", None)
    assert said.ags is not None
    assert said.ags.line_item == LINE_ITEM


@pytest.mark.parametrize("value", [{}, {"user_id": None}, {"user_id": ""}, {"user_id": 9}, "user-9", ["user-9"]])
def test_lti_w02_someone_who_is_not_named_rightly_is_nobody(platform: Platform, value: object) -> None:
    assert problem_of(review, platform, [INSTRUCTOR], put(FOR_USER, value)).code is LaunchProblem.FOR_USER_WRONG


def test_moodle_r14_without_a_person_the_review_is_of_the_whole_column(platform: Platform) -> None:
    assert review(platform, [INSTRUCTOR], drop(FOR_USER)).for_user is None


def test_lti_w02_a_review_says_of_which_column_or_link(platform: Platform) -> None:
    problem = problem_of(review, platform, [INSTRUCTOR], drop(LINK, ENDPOINT))
    assert problem.code is LaunchProblem.LINE_ITEM_NOT_OURS


def test_lti_w03_a_review_needs_no_resource_link(platform: Platform) -> None:
    assert review(platform, [INSTRUCTOR], drop(LINK)).resource_link is None


@pytest.mark.parametrize(
    "roles",
    [[LEARNER], [], [MEMBERSHIP + "#Mentor"], [INSTITUTION + "Instructor", LEARNER], [SYSTEM + "Administrator"]],
)
def test_lti_w05_moodle_r15_nobody_else_may_come_for_another(platform: Platform, roles: list[str]) -> None:
    problem = problem_of(review, platform, roles)
    assert (problem.code, problem.status) == (LaunchProblem.FOR_USER_WRONG, 403)


def test_lti_w05_a_learner_may_come_for_themselves(platform: Platform) -> None:
    assert review(platform, [LEARNER], put(FOR_USER, {"user_id": "user-6"})).for_user == ForUser("user-6", None)


@pytest.mark.parametrize("name", ["LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest"])
@pytest.mark.parametrize(
    "role", [INSTITUTION + "Administrator", SYSTEM + "Administrator", MEMBERSHIP + "#Administrator"]
)
def test_lti_x01_x02_an_administrator_comes_for_a_person_under_either_name(
    platform: Platform, name: str, role: str
) -> None:
    said = privacy(platform, [role], name=name)
    assert said.message_type == "LtiDataPrivacyLaunchRequest"
    assert said.for_user == ForUser("user-9", None)
    assert said.context is None


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [LEARNER],
        [INSTRUCTOR],
        [INSTITUTION + "Staff"],
        [INSTITUTION + "Administrator "],
        [(INSTITUTION + "Administrator").lower()],
        ["Administrator"],
        ["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"],
        ["http://purl.imsglobal.org/vocab/lis/v2evil/institution/person#Administrator"],
    ],
)
def test_lti_x03_everyone_else_is_told_whom_to_ask(platform: Platform, roles: list[str]) -> None:
    assert not administers(roles)
    problem = problem_of(privacy, platform, roles)
    assert (problem.code, problem.status) == (LaunchProblem.NOT_AN_ADMINISTRATOR, 403)


def test_lti_x04_a_request_about_nobody_is_refused(platform: Platform) -> None:
    problem = problem_of(privacy, platform, [INSTITUTION + "Administrator"], drop(FOR_USER))
    assert problem.code is LaunchProblem.FOR_USER_WRONG


def test_without_roles_nobody_comes_for_a_submission_or_for_data(platform: Platform) -> None:
    for launch in (review, privacy):
        assert problem_of(launch, platform, [INSTRUCTOR], drop(ROLES)).code is LaunchProblem.ROLES_WRONG
