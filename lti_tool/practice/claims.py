"""What a launch says: the claims of an id_token, as the specifications have them."""

from typing import Any

from flask import request

from lti_tool.practice.enrollment import roles_in
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import (
    CLAIM,
    COURSE_SECTION,
    DEEP_LINKING_CLAIM,
    DEEP_LINKING_REQUEST,
    ENDPOINT_CLAIM,
    GRADEBOOK_SCOPES,
    GROUPS_CLAIM,
    GROUPS_SCOPE,
    PRIVACY_REQUEST,
    RESOURCE_LINK_REQUEST,
    REVIEW_REQUEST,
    ROSTER_CLAIM,
    ROSTER_SCOPE,
    VERSION,
)
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Activity, LineItem, Tool

SECONDS_TO_LIVE = 60


def activity_of(lms: Platform, launch: Launch) -> Activity | None:
    """The link that a launch opens."""
    return lms.state.activities.get(launch.activity_id)


def message_of(launch: Launch) -> str:
    """What kind of message a launch sends."""
    return launch.message or (RESOURCE_LINK_REQUEST if launch.activity_id else DEEP_LINKING_REQUEST)


def target_of(lms: Platform, tool: Tool, launch: Launch) -> str:
    """The tool's address that this launch is about."""
    item = lms.state.line_items.get(launch.line_item_id)
    if item is not None and item.review.get("url"):
        return str(item.review["url"])
    activity = activity_of(lms, launch)
    return activity.url if activity else tool.targets.get(message_of(launch), tool.target)


def deployment_of(tool: Tool, launch: Launch) -> str:
    """The deployment that a launch names."""
    return launch.deployment_id or tool.deployment_id


def envelope(lms: Platform, tool: Tool, launch: Launch, *, nonce: str, seconds: int) -> dict[str, Any]:
    """What every message begins with."""
    now = int(lms.clock().timestamp())
    return {
        "iss": lms.issuer,
        "aud": tool.client_id,
        "iat": now,
        "exp": now + seconds,
        "nonce": nonce,
        CLAIM + "version": VERSION,
        CLAIM + "message_type": message_of(launch),
        CLAIM + "deployment_id": deployment_of(tool, launch),
        CLAIM + "target_link_uri": target_of(lms, tool, launch),
    }


def only_line_item(lms: Platform, activity: Activity | None) -> LineItem | None:
    """The link's column, where it has exactly one."""
    found = lms.line_items_of(activity) if activity else []
    return found[0] if len(found) == 1 else None


def launch_claims(lms: Platform, tool: Tool, launch: Launch, person: Person | None, nonce: str) -> dict[str, Any]:
    """Everything that the strict profile signs for one launch."""
    claims = envelope(lms, tool, launch, nonce=nonce, seconds=SECONDS_TO_LIVE)
    claims[CLAIM + "tool_platform"] = _platform(lms)
    claims[CLAIM + "launch_presentation"] = _presentation(lms, launch)
    if person is not None:
        claims |= _person(lms, person)
        claims[CLAIM + "roles"] = _roles(lms, person, launch)
    if launch.for_user:
        claims[CLAIM + "for_user"] = {"user_id": launch.for_user}
    if message_of(launch) == PRIVACY_REQUEST:
        return claims | {CLAIM + "custom": tool.words_for(PRIVACY_REQUEST)}
    claims[CLAIM + "context"] = _context(lms, launch)
    claims |= _services(lms, tool, launch)
    if message_of(launch) == DEEP_LINKING_REQUEST:
        settings = lms.profile.deep_linking.settings(lms, tool, launch)
        return claims | {
            DEEP_LINKING_CLAIM + "deep_linking_settings": settings,
            CLAIM + "custom": tool.words_for(DEEP_LINKING_REQUEST),
        }
    return claims | _link(lms, tool, launch)


def _person(lms: Platform, person: Person) -> dict[str, Any]:
    about = {"name": person.name, "given_name": person.given, "family_name": person.family, "email": person.email}
    return {"sub": lms.user_id(person), **({} if person.nameless else about)}


def _roles(lms: Platform, person: Person, launch: Launch) -> list[str]:
    roles = roles_in(lms.state, person, launch.course_id)
    if Role.ADMINISTRATOR in person.roles:
        roles = (*roles, Role.ADMINISTRATOR)
    return [role.address for role in roles]


def _context(lms: Platform, launch: Launch) -> dict[str, Any]:
    course = lms.state.courses[launch.course_id]
    return {"id": course.id, "label": course.label, "title": course.title, "type": [COURSE_SECTION]}


def _presentation(lms: Platform, launch: Launch) -> dict[str, str]:
    target = "window" if launch.in_window else "iframe"
    # An LMS speaks the language that somebody set there; people of the practice LMS set it in their browser.
    locale = (request.accept_languages.best or "en").partition("-")[0]
    return {"locale": locale, "document_target": target, "return_url": lms.url(lms.profile.paths.back)}


def _platform(lms: Platform) -> dict[str, str]:
    return {
        "guid": lms.state.guid,
        "name": "Practice LMS",
        "description": "A practice LMS for demonstrations and tests",
        "product_family_code": "practice-lms",
        "version": "1",
    }


def _services(lms: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    scopes = [scope for scope in tool.scopes if scope.startswith(GRADEBOOK_SCOPES)]
    if scopes:
        endpoint: dict[str, Any] = {"scope": scopes, "lineitems": lms.line_items_address(tool, launch.course_id)}
        item = lms.state.line_items.get(launch.line_item_id) or only_line_item(lms, activity_of(lms, launch))
        if item is not None:
            endpoint["lineitem"] = lms.line_item_address(item)
        claims[ENDPOINT_CLAIM] = endpoint
    if ROSTER_SCOPE in tool.scopes:
        address = lms.roster_address(tool, launch.course_id)
        claims[ROSTER_CLAIM] = {"context_memberships_url": address, "service_versions": ["2.0"]}
    if GROUPS_SCOPE in tool.scopes:
        claims[GROUPS_CLAIM] = {
            "scope": [GROUPS_SCOPE],
            "context_groups_url": lms.url(f"/services/courses/{launch.course_id}/groups?type_id={tool.deployment_id}"),
            "service_versions": ["1.0"],
        }
    return claims


def _link(lms: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    activity = lms.state.activities[launch.activity_id]
    link = {"id": activity.id, "title": activity.title}
    if activity.text:
        link["description"] = activity.text
    custom = {**activity.custom, **tool.words_for(message_of(launch))}
    item = lms.state.line_items.get(launch.line_item_id)
    if message_of(launch) == REVIEW_REQUEST and item is not None:
        custom |= item.review.get("custom", {})
    return {CLAIM + "resource_link": link, CLAIM + "custom": custom}
