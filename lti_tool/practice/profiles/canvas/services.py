"""Canvas's columns: each is an assignment, or stands second beside one and reaches nobody's gradebook."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from lti_tool.practice.answers import json_answer, platform, read_json
from lti_tool.practice.courses import add_activity, add_line_item, change_line_item, remove_activity, remove_line_item
from lti_tool.practice.gradebook import is_number
from lti_tool.practice.names import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, LINE_ITEM_TYPE, LINE_ITEMS_TYPE
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.answers import (
    authorized,
    course_at,
    field,
    nowhere,
    refusal,
    silent,
)
from lti_tool.practice.profiles.canvas.pages_of import page_of
from lti_tool.practice.records import Activity, LineItem, Tool

SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"
LAUNCH_URL = "https://canvas.instructure.com/lti/launch_url"
ALL = "/api/lti/courses/<course>/line_items"
ONE = ALL + "/<number>"

blueprint = Blueprint("canvas_services", __name__)


@blueprint.route(ALL, methods=["GET", "POST"])
def lineitems(course: str) -> Response:
    """List the tool's columns, ten a page, or make one."""
    if request.method == "POST":
        return _make(course)
    tool = authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    course_at(course)
    items = platform().state.line_items.values()
    found = [item for item in items if item.client_id == tool.client_id and item.course_id == course]
    for name, attribute in {"resource_id": "resource_id", "tag": "tag"}.items():
        if name in request.args:
            found = [item for item in found if getattr(item, attribute) == request.args[name]]
    if "resource_link_id" in request.args:
        found = [item for item in found if _link_id(item) == request.args["resource_link_id"]]
    address = platform().line_items_address(tool, course)
    shown, headers = page_of(found, address, usual=10, most=100)
    answer = json_answer([_shown(item) for item in shown], media_type=LINE_ITEMS_TYPE)
    answer.headers.update(headers)
    return answer


def _make(course: str) -> Response:
    tool = authorized(LINE_ITEM_SCOPE)
    course_at(course)
    body = read_json(LINE_ITEM_TYPE, "application/json")
    item = _described(LineItem("", tool.client_id, "", "", 0, course_id=course), body)
    if wrong := _problem(item, body):
        raise wrong
    if body.get("resourceLinkId"):
        activity = _activity(tool, course, str(body["resourceLinkId"]))
        added = add_line_item(platform(), replace(item, activity_id=activity.id, secondary=True))
    else:
        added = _assignment(platform(), tool, item, body.get(SUBMISSION_TYPE) or {"type": "none"})
    return json_answer(_shown(added), status=201, media_type=LINE_ITEM_TYPE)


def _assignment(lms: Platform, tool: Tool, item: LineItem, submission: dict[str, Any]) -> LineItem:
    """A column is an assignment, published at once; one that is launched finds its tool by the address."""
    kind, url = submission.get("type"), str(submission.get("external_tool_url") or "")
    if kind not in ("none", "external_tool"):
        answer = refusal(400, f"Invalid submission_type for new assignment: {kind}")
        answer.answer = {"error": answer.sentence}
        raise answer
    if kind == "none":
        return add_line_item(lms, item)
    item = replace(item, more={SUBMISSION_TYPE: submission})
    if urlsplit(url).netloc != urlsplit(tool.target).netloc:
        return add_line_item(lms, item)
    with lms.changing():
        activity = add_activity(lms, tool, item.label, course_id=item.course_id, url=url)
        return add_line_item(lms, replace(item, activity_id=activity.id))


def _activity(tool: Tool, course: str, link_id: str) -> Activity:
    """The assignment behind a resource link of this tool."""
    lms = platform()
    found = [one for one in lms.state.activities.values() if lms.profile.ids.link(lms, one) == link_id]
    if not found:
        raise nowhere()
    if found[0].client_id != tool.client_id:
        raise refusal(422, "Resource link id points to Tool not associated with this Context")
    if found[0].course_id != course or not lms.line_items_of(found[0]):
        raise silent(412, "the resource link has no active line item here")
    return found[0]


@blueprint.route(ONE, methods=["GET", "PUT", "DELETE"])
def lineitem(course: str, number: str) -> Response:
    """Read, change or remove one column; what is left out of a change stays."""
    if request.method == "GET":
        item = line_item_at(authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE), course, number)
        return json_answer(_shown(item), media_type=LINE_ITEM_TYPE)
    item = line_item_at(authorized(LINE_ITEM_SCOPE), course, number)
    if request.method == "DELETE":
        return _remove(platform(), item)
    body = read_json(LINE_ITEM_TYPE, "application/json")
    changed = _described(item, body)
    if wrong := _problem(changed, body, partly=True):
        raise wrong
    change_line_item(platform(), changed)
    return json_answer(_shown(changed), media_type=LINE_ITEM_TYPE)


def _remove(lms: Platform, item: LineItem) -> Response:
    """A column that came with its assignment stays; one of the tool's own takes its assignment along."""
    if item.coupled:
        raise silent(401, "the column came with its assignment")
    activity = lms.state.activities.get(item.activity_id)
    if activity is not None and not item.secondary:
        remove_activity(lms, activity)
    else:
        remove_line_item(lms, item)
    return Response(status=204)


def line_item_at(tool: Tool, course: str, number: str) -> LineItem:
    """The tool's column with this number. One that was removed is not found without a word."""
    course_at(course)
    lms = platform()
    item = lms.state.line_items.get(number)
    if item is None and number.isdecimal() and int(number) <= lms.state.last_number:
        raise silent(404, f"the assignment of column {number} was deleted")
    if item is None or item.course_id != course:
        raise nowhere()
    if item.client_id != tool.client_id:
        raise refusal(412, "Tool does not have permission to view line_item")
    return item


def _described(item: LineItem, body: dict[str, Any]) -> LineItem:
    maximum = body.get("scoreMaximum", item.maximum)
    return replace(
        item,
        label=str(body.get("label", item.label) or ""),
        maximum=float(maximum) if is_number(maximum) else item.maximum,
        resource_id=str(body.get("resourceId", item.resource_id) or ""),
        tag=str(body.get("tag", item.tag) or ""),
    )


def _problem(item: LineItem, body: dict[str, Any], *, partly: bool = False) -> Exception | None:
    if not item.label.strip():
        return field("label", "can't be blank")
    if not is_number(body.get("scoreMaximum")) and not (partly and "scoreMaximum" not in body):
        return field("score_maximum", "is not a number")
    return None


def _link_id(item: LineItem) -> str:
    lms = platform()
    activity = lms.state.activities.get(item.activity_id)
    return lms.profile.ids.link(lms, activity) if activity else ""


def _shown(item: LineItem) -> dict[str, Any]:
    lms = platform()
    optional = {"resourceId": item.resource_id, "tag": item.tag, "resourceLinkId": _link_id(item)}
    row: dict[str, Any] = {"id": lms.line_item_address(item), "scoreMaximum": float(item.maximum), "label": item.label}
    row |= {name: value for name, value in optional.items() if value} | dict(item.more)
    activity = lms.state.activities.get(item.activity_id)
    if activity is not None and "launch_url" in request.args.getlist("include[]"):
        row[LAUNCH_URL] = activity.url
    return row
