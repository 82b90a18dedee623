"""Rows V01 to V18: what a role gives, and what it does not."""

import pytest

from lti_tool.access import Capability
from lti_tool.lti.roles import capability
from tests.lti_tool.lti.platform import MEMBERSHIP

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
LEARNER, INSTRUCTOR = MEMBERSHIP + "#Learner", MEMBERSHIP + "#Instructor"
ASSISTANT = MEMBERSHIP + "/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("row", "roles", "given"),
    [
        ("v01", [LEARNER], Capability.TRAINEE),
        ("v01", [INSTRUCTOR], Capability.INSTRUCTOR),
        ("v01", [MEMBERSHIP + "#Administrator"], Capability.INSTRUCTOR),
        ("v02", [INSTITUTION + "Staff", INSTITUTION + "Other", INSTRUCTOR], Capability.INSTRUCTOR),
        ("v02", [INSTITUTION + "Student", INSTITUTION + "Mentor", LEARNER], Capability.TRAINEE),
        ("v03", ["Instructor"], Capability.INSTRUCTOR),
        ("v03", ["Learner"], Capability.TRAINEE),
        ("v03", ["TeachingAssistant"], Capability.OBSERVER),
        ("v04", ["http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"], None),
        ("v04", ["http://purl.imsglobal.org/vocab/lis/v2/unknown/x#Instructor"], None),
        ("v05", [LEARNER, "http://purl.imsglobal.org/vocab/lis/v2/unknown/x#Instructor"], Capability.TRAINEE),
        ("v06", [], None),
        ("v06", [""], None),
        ("v13", [ASSISTANT], Capability.OBSERVER),
        ("v13", [ASSISTANT, INSTRUCTOR], Capability.OBSERVER),
        ("v13", [INSTRUCTOR, ASSISTANT], Capability.OBSERVER),
        ("v14", [MEMBERSHIP + "/Learner#Instructor"], Capability.TRAINEE),
        ("v14", [MEMBERSHIP + "/Learner#GuestLearner", LEARNER], Capability.TRAINEE),
        ("v15", [INSTITUTION + "Instructor", LEARNER], Capability.TRAINEE),
        ("v15", [INSTITUTION + "Instructor", INSTITUTION + "Administrator"], None),
        ("v15", [SYSTEM + "Administrator", SYSTEM + "SysAdmin"], None),
        ("v16", ["urn:lti:role:ims/lis/Instructor"], None),
        ("v16", ["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], None),
        ("v16", ["http://purl.imsglobal.org/vocab/lis/v2evil/membership#Instructor"], None),
        ("v16", [INSTRUCTOR.lower(), INSTRUCTOR.replace("http:", "https:"), INSTRUCTOR + " "], None),
        ("v17", [MEMBERSHIP + "#Mentor"], None),
        ("v17", [MEMBERSHIP + "#ContentDeveloper", MEMBERSHIP + "#Manager", MEMBERSHIP + "#Member"], None),
        ("v18", [SYSTEM + "TestUser", LEARNER], Capability.TRAINEE),
        ("moodle r7", [INSTRUCTOR, INSTITUTION + "Administrator", SYSTEM + "Administrator"], Capability.INSTRUCTOR),
    ],
)
def test_lti_roles_give_exactly_what_the_table_says(row: str, roles: list[str], given: Capability | None) -> None:
    assert capability(roles) is given


@pytest.mark.parametrize("role", [LEARNER, INSTRUCTOR, ASSISTANT, MEMBERSHIP + "#Mentor", "Instructor"])
def test_no_role_makes_a_supervisor_or_an_operator(role: str) -> None:
    assert capability([role]) not in (Capability.SUPERVISOR, Capability.OPERATOR)
