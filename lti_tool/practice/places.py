"""Addresses that a tool was given, and what is there."""

from flask import request

from lti_tool.practice.answers import ServiceProblem, platform
from lti_tool.practice.records import Course, LineItem, Tool


def course_at(tool: Tool, course_id: str) -> Course:
    """The course of an address that this tool was given: a course that is here, and the address's own query."""
    found = platform().course(course_id)
    if found is None or request.args.get("type_id") != tool.deployment_id:
        sentence = f"{request.full_path} is no address that this tool was given (its query belongs to it)"
        raise ServiceProblem(404, sentence, code="not_found")
    return found


def line_item_at(tool: Tool, course_id: str, number: str) -> LineItem:
    """The column of such an address."""
    course_at(tool, course_id)
    item = platform().state.line_items.get(number)
    if item is None or item.client_id != tool.client_id or item.course_id != course_id:
        raise ServiceProblem(404, f"there is no column {number} of this tool", code="not_found")
    return item
