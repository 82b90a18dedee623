"""What a launch from Canvas says, with everything that its serializer lets slip."""

from typing import Any

from lti_tool.practice.claims import activity_of, envelope, message_of
from lti_tool.practice.enrollment import roles_in
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import (
    CLAIM,
    COURSE_OFFERING,
    DEEP_LINKING_CLAIM,
    DEEP_LINKING_REQUEST,
    ENDPOINT_CLAIM,
    GRADEBOOK_SCOPES,
    INSTITUTION,
    MEMBERSHIP,
    NOTICES_CLAIM,
    NOTICES_SCOPE,
    PRIVACY_REQUEST,
    ROSTER_CLAIM,
    ROSTER_SCOPE,
    SYSTEM,
    TEST_USER,
)
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.ids import hexadecimal
from lti_tool.practice.profiles.canvas.variables import custom_words, sourced_id
from lti_tool.practice.records import Tool

SECONDS_TO_LIVE = 3600
NOTICE_TYPES = ("LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "LtiContextCopyNotice")
SLIPS: dict[str, Any] = {"validation_context": None, "errors": {"errors": {}}}
"""Members that mean nothing, in most claims."""
IN_COURSE = {
    Role.INSTRUCTOR: ("#Instructor",),
    Role.MANAGER: ("#Instructor",),
    Role.SUPERVISOR: ("/Instructor#TeachingAssistant", "#Instructor"),
    Role.TRAINEE: ("#Learner",),
    Role.TEST_TRAINEE: ("#Learner",),
    Role.OBSERVER: ("#Mentor",),
    Role.DESIGNER: ("#ContentDeveloper",),
}
ELSEWHERE = {
    Role.INSTRUCTOR: INSTITUTION + "#Instructor",
    Role.MANAGER: INSTITUTION + "#Instructor",
    Role.SUPERVISOR: INSTITUTION + "#Instructor",
    Role.DESIGNER: INSTITUTION + "#Instructor",
    Role.TRAINEE: INSTITUTION + "#Student",
    Role.TEST_TRAINEE: INSTITUTION + "#Student",
    Role.ADMINISTRATOR: INSTITUTION + "#Administrator",
}


def launch_claims(lms: Platform, tool: Tool, launch: Launch, person: Person | None, nonce: str) -> dict[str, Any]:
    """Everything that is signed for one launch; of a person nobody knows, nothing."""
    activity = activity_of(lms, launch)
    claims = envelope(lms, tool, launch, nonce=nonce, seconds=SECONDS_TO_LIVE)
    claims |= {
        "azp": tool.client_id,
        "locale": "en",
        "errors": {"errors": {}},
        CLAIM + "roles": roles_of(lms, person, launch.course_id) if person else [SYSTEM + "#None"],
        CLAIM + "tool_platform": _platform(lms) | SLIPS,
        CLAIM + "launch_presentation": _presentation(lms, launch) | SLIPS,
        CLAIM + "lti11_legacy_user_id": hexadecimal(lms, f"opaque {person.id}") if person else "",
        CLAIM + "custom": custom_words(
            lms, launch, person, {**tool.words_for(message_of(launch)), **(activity.custom if activity else {})}
        ),
        "https://www.instructure.com/placement": launch.placement or None,
        **(about_person(lms, tool, person) if person else {}),
    }
    if launch.for_user:
        claims[CLAIM + "for_user"] = {"user_id": launch.for_user}
    if message_of(launch) == PRIVACY_REQUEST:
        return claims
    claims[CLAIM + "context"] = context(lms, launch.course_id) | SLIPS
    claims |= _services(lms, tool, launch)
    if message_of(launch) == DEEP_LINKING_REQUEST:
        settings = lms.profile.deep_linking.settings(lms, tool, launch)
        claims[DEEP_LINKING_CLAIM + "deep_linking_settings"] = settings | SLIPS
    else:
        claims[CLAIM + "resource_link"] = _link(lms, launch) | SLIPS
    return claims


def roles_of(lms: Platform, person: Person, course_id: str) -> list[str]:
    """What a person is here, in the institution and in the system, in the order of the alphabet."""
    found = {SYSTEM + "#User"}
    found |= {ELSEWHERE[role] for role in person.roles if role in ELSEWHERE}
    for role in roles_in(lms.state, person, course_id):
        found |= {MEMBERSHIP + end for end in IN_COURSE.get(role, ())}
    return sorted(found | ({TEST_USER} if Role.TEST_TRAINEE in person.roles else set()))


def about_person(lms: Platform, tool: Tool, person: Person) -> dict[str, Any]:
    """What this tool is told of a person, by its privacy level."""
    legacy = hexadecimal(lms, f"opaque {person.id}")
    claims: dict[str, Any] = {"sub": lms.user_id(person), CLAIM + "lti1p1": {"user_id": legacy} | SLIPS}
    if tool.privacy in ("public", "name_only"):
        claims |= {"name": person.name, "given_name": person.given, "family_name": person.family}
    if tool.privacy in ("public", "email_only") and Role.TEST_TRAINEE not in person.roles:
        claims["email"] = person.email
    if tool.privacy == "public":
        claims["picture"] = lms.url("/static/practice.svg")
        claims[CLAIM + "lis"] = {
            "person_sourcedid": sourced_id(person) or "$Person.sourcedId",
            "course_offering_sourcedid": "$CourseSection.sourcedId",
            **SLIPS,
        }
        if person.observes:
            observed = [lms.user_id(lms.state.people[key]) for key in person.observes]
            claims[CLAIM + "role_scope_mentor"] = observed
    return claims


def context(lms: Platform, course_id: str) -> dict[str, Any]:
    """A course, as launches and notices name it."""
    course = lms.state.courses[course_id]
    about = {"id": lms.profile.ids.course(lms, course), "label": course.label, "title": course.title}
    return about | {"type": [COURSE_OFFERING]}


def _platform(lms: Platform) -> dict[str, Any]:
    return {
        "guid": f"{lms.state.guid}:canvas-lms",
        "name": "Practice institution",
        "version": "cloud",
        "product_family_code": "canvas",
    }


def _presentation(lms: Platform, launch: Launch) -> dict[str, Any]:
    """document_target is always iframe, also in a window of its own."""
    back = f"{lms.profile.paths.back}?course={launch.course_id}"
    return {"document_target": "iframe", "return_url": lms.url(back), "locale": "en", "height": 700, "width": 800}


def _services(lms: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    scopes = [scope for scope in tool.scopes if scope.startswith(GRADEBOOK_SCOPES)]
    if scopes:
        endpoint: dict[str, Any] = {"scope": scopes, "lineitems": lms.line_items_address(tool, launch.course_id)}
        activity = activity_of(lms, launch)
        own = [item for item in lms.line_items_of(activity) if not item.secondary] if activity else []
        endpoint |= SLIPS | ({"lineitem": lms.line_item_address(own[0])} if own else {})
        claims[ENDPOINT_CLAIM] = endpoint
    if ROSTER_SCOPE in tool.scopes:
        address = lms.roster_address(tool, launch.course_id)
        claims[ROSTER_CLAIM] = {"context_memberships_url": address, "service_versions": ["2.0"]} | SLIPS
    if NOTICES_SCOPE in tool.scopes:
        number = (launch.deployment_id or tool.deployment_id).split(":")[0]
        claims[NOTICES_CLAIM] = {
            "service_versions": ["1.0"],
            "platform_notification_service_url": lms.url(f"/api/lti/notice-handlers/{number}"),
            "scope": [NOTICES_SCOPE],
            "notice_types_supported": list(NOTICE_TYPES),
        }
    return claims


def _link(lms: Platform, launch: Launch) -> dict[str, Any]:
    """Without a link of its own, a launch names the course in its place."""
    activity = activity_of(lms, launch)
    if activity is None:
        course = context(lms, launch.course_id)
        return {"id": course["id"], "description": None, "title": course["title"]}
    text = f"<p>{activity.text}</p>" if activity.text else None
    return {"id": lms.profile.ids.link(lms, activity), "description": text, "title": activity.title}
