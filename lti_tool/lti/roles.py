"""From the platform's roles to our capabilities: an exact table, nothing guessed.

LTI Core 1.3, appendix A.2. Only roles in the course count; what a person is in the institution gives nothing.
A role that is not in the table gives nothing either, however much it looks like one that is.
Data privacy launches are the one exception: they come without a course, see `administers`.
"""

from collections.abc import Mapping, Sequence

from lti_tool.access import Capability
from lti_tool.lti.names import CONTEXT_ROLES

LEARNER = CONTEXT_ROLES + "#Learner"
INSTRUCTOR = CONTEXT_ROLES + "#Instructor"
ADMINISTRATOR = CONTEXT_ROLES + "#Administrator"
ASSISTANT = CONTEXT_ROLES + "/Instructor#TeachingAssistant"

MENTOR = CONTEXT_ROLES + "#Mentor"

TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

ADMINISTRATORS = frozenset(
    {
        ADMINISTRATOR,
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
    }
)

LEARNER_KINDS = ("Learner", "ExternalLearner", "GuestLearner", "Instructor", "NonCreditLearner")
"""Sub-roles of Learner; yes, one of them is called Instructor."""

CAPABILITIES: Mapping[str, Capability] = {
    LEARNER: Capability.TRAINEE,
    "Learner": Capability.TRAINEE,
    **{f"{CONTEXT_ROLES}/Learner#{kind}": Capability.TRAINEE for kind in LEARNER_KINDS},
    INSTRUCTOR: Capability.INSTRUCTOR,
    "Instructor": Capability.INSTRUCTOR,
    ADMINISTRATOR: Capability.INSTRUCTOR,
    "Administrator": Capability.INSTRUCTOR,
    ASSISTANT: Capability.OBSERVER,
    "TeachingAssistant": Capability.OBSERVER,
}
STRONGEST_LAST = (Capability.TRAINEE, Capability.INSTRUCTOR, Capability.OBSERVER)
"""An assistant is named by a sub-role beside the principal role Instructor, so the sub-role decides."""


def capability(roles: Sequence[str]) -> Capability | None:
    """What a person may do in the course of a launch with these roles; None is the least."""
    given = {CAPABILITIES[role] for role in roles if role in CAPABILITIES}
    return max(given, key=STRONGEST_LAST.index, default=None)


def is_mentor(roles: Sequence[str]) -> bool:
    """Whether these are a mentor's roles in the course. Of whom, the launch says beside; by itself it gives nothing."""
    return MENTOR in roles


def reviews_others(roles: Sequence[str]) -> bool:
    """Whether a submission review with these roles may be about someone else (Submission Review 1.0)."""
    return capability(roles) in (Capability.INSTRUCTOR, Capability.OBSERVER)


def administers(roles: Sequence[str]) -> bool:
    """Whether these are an administrator's roles. Asked in data privacy launches only; elsewhere it gives nothing."""
    return not ADMINISTRATORS.isdisjoint(roles)


def is_test_user(roles: Sequence[str]) -> bool:
    """Whether this is the platform's test user, as in Canvas's student view (LTI Core 1.3, appendix A.2.4)."""
    return TEST_USER in roles
