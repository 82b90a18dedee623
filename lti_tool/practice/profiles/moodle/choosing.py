"""Deep linking with Moodle: no data claim, no word about columns, and whole maxima from 1 to 100."""

from collections.abc import Mapping
from typing import Any

from lti_tool.practice.deep_linking import LONGEST_TITLE, column_problems
from lti_tool.practice.launches import Launch
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool


def settings(lms: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    """What Moodle says about the choice it asks for."""
    back = lms.url(lms.profile.paths.deep_linking)
    return {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": f"{back}?course={launch.course_id}&id={tool.deployment_id}"
        f"&sesskey={lms.choices.issue(launch)}",
        "title": tool.name,
        "text": "",
    }


def ticket(_claims: Mapping[str, Any], query: Mapping[str, str]) -> object:
    """The session key in the address."""
    return query.get("sesskey")


def problems(items: list[Any], _tool: Tool) -> list[str]:
    """What keeps the teacher from saving. Among several items a maximum that cannot be is let pass."""
    wrong = []
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict):
            wrong.append(f"Item {place}: it is not an object.")
            continue
        if len(str(item.get("title") or "")) > LONGEST_TITLE:
            wrong.append(f"Item {place}: title is longer than {LONGEST_TITLE}.")
        if not _flat(item.get("custom", {})):
            wrong.append(f"Item {place}: Exception - an array or object in custom.")
        if len(items) == 1 and "lineItem" in item:
            wrong += [f"Item {place}: {problem}." for problem in column_problems(item["lineItem"])]
    return wrong


def _flat(custom: Any) -> bool:
    return isinstance(custom, dict) and not any(isinstance(value, dict | list) for value in custom.values())
