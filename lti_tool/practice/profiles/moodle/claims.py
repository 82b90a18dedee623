"""What a launch from Moodle says."""

import json
import secrets
from typing import Any

from lti_tool.practice.claims import SECONDS_TO_LIVE, activity_of, envelope, message_of
from lti_tool.practice.enrollment import roles_in
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import (
    CLAIM,
    DEEP_LINKING_CLAIM,
    DEEP_LINKING_REQUEST,
    ENDPOINT_CLAIM,
    GRADEBOOK_SCOPES,
    INSTITUTION,
    MEMBERSHIP,
    REVIEW_REQUEST,
    ROSTER_CLAIM,
    ROSTER_SCOPE,
    SYSTEM,
)
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.moodle.variables import (
    STAFF,
    custom_words,
    hides_email,
    hides_name,
    sourced_id,
    username,
)
from lti_tool.practice.records import Activity, Tool

OUTCOME_CLAIM = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
RESERVED = {
    "lineitem_url": "lineitem", "lineitems_url": "lineitems",
    "score_url": "scores", "scores_url": "scores", "result_url": "results", "results_url": "results",
}  # fmt: skip
"""Custom words with these names end up in the gradebook's claim."""


def launch_claims(lms: Platform, tool: Tool, launch: Launch, person: Person | None, nonce: str) -> dict[str, Any]:
    """Everything that is signed for one launch."""
    if person is None:
        raise ValueError("Moodle launches nobody without an account")
    activity, course = activity_of(lms, launch), lms.state.courses[launch.course_id]
    words = custom_words(lms, tool, launch, person, _given(lms, tool, launch))
    claims = envelope(lms, tool, launch, nonce=nonce, seconds=SECONDS_TO_LIVE) | _person(tool, person)
    claims |= {
        CLAIM + "lis": {
            "person_sourcedid": sourced_id(person),
            "course_section_sourcedid": f"{course.label}-2026",
        },
        CLAIM + "roles": _roles(lms, person, launch),
        CLAIM + "context": {
            "id": course.id,
            "label": course.label,
            "title": course.title,
            "type": ["CourseSection"],
        },
        CLAIM + "tool_platform": {
            "product_family_code": "moodle",
            "version": "2024100706",
            "guid": lms.state.guid,
            "name": "LAB",
            "description": "Practice LMS as Moodle",
        },
        CLAIM + "launch_presentation": _presentation(lms, launch),
        CLAIM + "custom": {name: value for name, value in words.items() if name not in RESERVED},
        **_services(lms, tool, launch, {RESERVED[name]: words[name] for name in RESERVED if name in words}),
    }
    if launch.for_user:
        claims[CLAIM + "for_user"] = {"user_id": launch.for_user}
    if message_of(launch) == DEEP_LINKING_REQUEST:
        settings = lms.profile.deep_linking.settings(lms, tool, launch)
        claims[DEEP_LINKING_CLAIM + "deep_linking_settings"] = settings
    elif activity is not None:
        claims[CLAIM + "resource_link"] = {"id": activity.id, "title": activity.title, "description": activity.text}
        claims |= _outcome(lms, tool, person, activity)
    return claims


def _given(lms: Platform, tool: Tool, launch: Launch) -> dict[str, str]:
    activity, item = activity_of(lms, launch), lms.state.line_items.get(launch.line_item_id)
    given = {**(activity.custom if activity else {}), **tool.custom}
    if message_of(launch) == REVIEW_REQUEST and item is not None:
        given |= item.review.get("custom", {})
    return given


def _person(tool: Tool, person: Person) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": person.id, CLAIM + "ext": {"lms": "moodle-2"}}
    if not hides_name(tool, person):
        claims |= {"name": person.name, "given_name": person.given, "family_name": person.family}
        claims[CLAIM + "ext"]["user_username"] = username(person)
    if not hides_email(tool, person):
        claims["email"] = person.email
    return claims


def _roles(lms: Platform, person: Person, launch: Launch) -> list[str]:
    """Editing and non-editing teachers and managers all look the same."""
    roles = set(roles_in(lms.state, person, launch.course_id))
    if Role.ADMINISTRATOR in person.roles:
        return [INSTITUTION + "#Administrator", MEMBERSHIP + "#Instructor", SYSTEM + "#Administrator"]
    return [MEMBERSHIP + ("#Instructor" if roles & STAFF else "#Learner")]


def _presentation(lms: Platform, launch: Launch) -> dict[str, str]:
    if message_of(launch) == DEEP_LINKING_REQUEST:
        return {"locale": "en"}
    back = lms.url(lms.profile.paths.back)
    query = f"course={launch.course_id}&launch_container=3&instanceid={launch.activity_id}"
    return {
        "locale": "en",
        "document_target": "window" if launch.in_window else "iframe",
        "return_url": f"{back}?{query}&sesskey={secrets.token_hex(5)}",
    }


def _services(lms: Platform, tool: Tool, launch: Launch, reserved: dict[str, str | None]) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    scopes = [scope for scope in tool.scopes if scope.startswith(GRADEBOOK_SCOPES)]
    if scopes:
        endpoint = {"scope": scopes, "lineitems": lms.line_items_address(tool, launch.course_id)}
        claims[ENDPOINT_CLAIM] = endpoint | _line_item(lms, launch) | reserved
    if ROSTER_SCOPE in tool.scopes:
        claims[ROSTER_CLAIM] = {
            "context_memberships_url": lms.roster_address(tool, launch.course_id),
            "service_versions": ["1.0", "2.0"],
        }
    return claims


def _line_item(lms: Platform, launch: Launch) -> dict[str, str]:
    """The activity's own column where it is the only one; an empty text where the only one is the tool's."""
    activity = activity_of(lms, launch)
    items = lms.line_items_of(activity) if activity else []
    if len(items) != 1:
        return {}
    return {"lineitem": lms.line_item_address(items[0]) if items[0].coupled else ""}


def _outcome(lms: Platform, tool: Tool, person: Person, activity: Activity) -> dict[str, Any]:
    if not any(item.coupled for item in lms.line_items_of(activity)):
        return {}
    about = {"instanceid": activity.id, "userid": person.id, "typeid": tool.deployment_id, "launchid": 1}
    sourced = json.dumps({"data": about, "hash": secrets.token_hex(32)})
    address = lms.url("/mod/lti/service.php")
    return {OUTCOME_CLAIM: {"lis_result_sourcedid": sourced, "lis_outcome_service_url": address}}
