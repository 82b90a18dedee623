"""What a launch says: the claims of an id_token."""

from typing import Any

from lti_tool.practice.names import (
    CLAIM,
    COURSE_SECTION,
    DEEP_LINKING_CLAIM,
    DEEP_LINKING_REQUEST,
    ENDPOINT_CLAIM,
    GRADEBOOK_SCOPES,
    RESOURCE_LINK_REQUEST,
    ROSTER_CLAIM,
    ROSTER_SCOPE,
    VERSION,
)
from lti_tool.practice.people import COURSE, Person
from lti_tool.practice.platform import Launch, Platform
from lti_tool.practice.state import Activity, Tool

SECONDS_TO_LIVE = 60


def target_of(launch: Launch, tool: Tool, activity: Activity | None) -> str:
    """The tool's address that this launch is about."""
    if activity is not None:
        return activity.url
    return tool.targets.get(DEEP_LINKING_REQUEST, tool.target)


def launch_claims(platform: Platform, tool: Tool, launch: Launch, *, person: Person, nonce: str) -> dict[str, Any]:
    """Everything that is signed for one launch."""
    activity = platform.state.activities[launch.activity_id] if launch.activity_id else None
    now = int(platform.clock().timestamp())
    return {
        "iss": platform.base_url,
        "aud": tool.client_id,
        "sub": person.id,
        "iat": now,
        "exp": now + SECONDS_TO_LIVE,
        "nonce": nonce,
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
        CLAIM + "version": VERSION,
        CLAIM + "message_type": RESOURCE_LINK_REQUEST if activity else DEEP_LINKING_REQUEST,
        CLAIM + "deployment_id": tool.deployment_id,
        CLAIM + "target_link_uri": target_of(launch, tool, activity),
        CLAIM + "roles": [person.role.address],
        CLAIM + "context": _context(),
        CLAIM + "launch_presentation": _presentation(platform, launch),
        CLAIM + "tool_platform": _platform(platform),
        **_services(platform, tool, activity),
        **(_link(tool, activity) if activity else _choice(platform, tool, launch)),
    }


def _context() -> dict[str, Any]:
    return {"id": COURSE.id, "label": COURSE.label, "title": COURSE.title, "type": [COURSE_SECTION]}


def _presentation(platform: Platform, launch: Launch) -> dict[str, str]:
    target = "window" if launch.in_window else "iframe"
    return {"locale": "en", "document_target": target, "return_url": platform.url("/course/return")}


def _platform(platform: Platform) -> dict[str, str]:
    return {
        "guid": platform.state.guid,
        "name": "Practice LMS",
        "description": "A practice LMS for demonstrations and tests",
        "product_family_code": "practice-lms",
        "version": "1",
    }


def _services(platform: Platform, tool: Tool, activity: Activity | None) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    scopes = [scope for scope in tool.scopes if scope.startswith(GRADEBOOK_SCOPES)]
    if scopes:
        endpoint: dict[str, Any] = {"scope": scopes, "lineitems": platform.line_items_address(tool)}
        item = platform.only_line_item(activity) if activity else None
        if item is not None:
            endpoint["lineitem"] = platform.line_item_address(item)
        claims[ENDPOINT_CLAIM] = endpoint
    if ROSTER_SCOPE in tool.scopes:
        claims[ROSTER_CLAIM] = {
            "context_memberships_url": platform.roster_address(tool),
            "service_versions": ["2.0"],
        }
    return claims


def _link(tool: Tool, activity: Activity) -> dict[str, Any]:
    link = {"id": activity.id, "title": activity.title}
    if activity.text:
        link["description"] = activity.text
    return {CLAIM + "resource_link": link, CLAIM + "custom": {**activity.custom, **tool.custom}}


def _choice(platform: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    settings = {
        "deep_link_return_url": platform.url("/deep-linking/return"),
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": True,
        "data": platform.choices.issue(launch),
    }
    return {DEEP_LINKING_CLAIM + "deep_linking_settings": settings, CLAIM + "custom": dict(tool.custom)}
