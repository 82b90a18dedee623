"""Deep linking with Canvas: its data is in the address, and what may be chosen depends on the place."""

from collections.abc import Mapping
from typing import Any

from lti_tool.practice.launches import Launch
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool

PLACES = {
    "assignment_selection": (["ltiResourceLink"], False),
    "course_assignments_menu": (["ltiResourceLink"], True),
    "editor_button": (["link", "file", "html", "ltiResourceLink", "image"], True),
    "homework_submission": (["file", "ltiResourceLink"], False),
    "link_selection": (["ltiResourceLink"], True),
    "module_index_menu_modal": (["ltiResourceLink"], True),
    "module_menu_modal": (["ltiResourceLink"], True),
    "submission_type_selection": (["ltiResourceLink"], False),
}
"""What each placement takes, and whether it takes several."""


def settings(lms: Platform, _tool: Tool, launch: Launch) -> dict[str, Any]:
    """What Canvas says about the choice it asks for; without a data claim."""
    types, several = PLACES.get(launch.placement, PLACES["assignment_selection"])
    back = lms.url(lms.profile.paths.deep_linking)
    return {
        "deep_link_return_url": f"{back}?data={lms.choices.issue(launch)}",
        "accept_types": types,
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
        "auto_create": launch.placement in ("module_index_menu_modal", "module_menu_modal"),
        "accept_multiple": several,
    }


def ticket(_claims: Mapping[str, Any], query: Mapping[str, str]) -> object:
    """The word in the address."""
    return query.get("data")


def problems(items: list[Any], _tool: Tool) -> list[str]:
    """What keeps items from being added."""
    wrong = []
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
            wrong.append(f"Item {place}: its type is not supported.")
            continue
        column = item.get("lineItem")
        if column is not None and (not isinstance(column, dict) or column.get("scoreMaximum") is None):
            wrong.append(f"Item {place}: lineItem.scoreMaximum must be a number.")
    return wrong
