"""Moodle's columns: exact media types, no checks of maxima, and links to further pages that cannot be read."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, read_json
from lti_tool.practice.courses import add_line_item, change_line_item, remove_line_item
from lti_tool.practice.names import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, LINE_ITEM_TYPE, LINE_ITEMS_TYPE
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.moodle.answers import accepts, authorized, broken_gateway, content_of, refusal
from lti_tool.practice.records import LineItem, Tool
from lti_tool.practice.roster import whole

LONGEST = {"label": 255, "tag": 255, "resourceId": 512}
ONE = "/mod/lti/services.php/<course>/lineitems/<number>/lineitem"

blueprint = Blueprint("moodle_services", __name__)


@blueprint.route("/mod/lti/services.php/<course>/lineitems", methods=["GET", "POST"])
def lineitems(course: str) -> Response:
    """List the tool's columns, or make one."""
    if request.method == "POST":
        return _make(course)
    accepts(LINE_ITEMS_TYPE)
    tool = authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    in_course(tool, course)
    items = platform().state.line_items.values()
    found = [item for item in items if item.client_id == tool.client_id and item.course_id == course]
    link = request.args.get("resource_link_id")
    if link is not None:
        _own_link(tool, course, link)
        found = [item for item in found if item.activity_id == link]
    for name, attribute in {"resource_id": "resource_id", "tag": "tag"}.items():
        if name in request.args:
            found = [item for item in found if getattr(item, attribute) == request.args[name]]
    return _listed(tool, course, found)


def _listed(tool: Tool, course: str, found: list[LineItem]) -> Response:
    size, first = whole("limit") or 0, whole("from") or 0
    shown = found[first : first + size] if size else found
    answer = json_answer([_shown(item) for item in shown], media_type=LINE_ITEMS_TYPE)
    if size:
        base = platform().line_items_address(tool, course)
        places = {"first": 0, "canonical": first, "next": first + size, "last": len(found) // size * size}
        places = {name: place for name, place in places.items() if name != "next" or place < len(found)}
        links = [f"<{base}&amp;limit={size}&amp;from={place}>; rel=”{name}”" for name, place in places.items()]
        answer.headers["Link"] = ", ".join(links).encode().decode("latin-1")
    return answer


def _make(course: str) -> Response:
    content_of(LINE_ITEM_TYPE)
    tool = authorized(LINE_ITEM_SCOPE)
    in_course(tool, course)
    body = _body("No label or Score Maximum")
    link = str(body.get("resourceLinkId") or "")
    if link:
        _own_link(tool, course, link)
    item = _described(LineItem("", tool.client_id, link, "", 0, course_id=course), body, review=False)
    _fits(platform(), item, body)
    item = add_line_item(platform(), item)
    body["id"] = platform().line_item_address(item)
    return json_answer(body, status=201, media_type=LINE_ITEM_TYPE)


@blueprint.route(ONE, methods=["GET", "PUT", "DELETE"])
def lineitem(course: str, number: str) -> Response:
    """Read, replace or remove one column; also one that came with its activity."""
    if request.method == "GET":
        item = line_item_at(authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE), course, number)
        accepts(LINE_ITEM_TYPE)
        return json_answer(_shown(item), media_type=LINE_ITEM_TYPE)
    item = line_item_at(authorized(LINE_ITEM_SCOPE), course, number)
    if request.method == "DELETE":
        remove_line_item(platform(), item)
        return Response(status=204)
    content_of(LINE_ITEM_TYPE)
    body = _body("Bad Request")
    changed = _described(item, body)
    change_line_item(platform(), changed)
    if changed.maximum != item.maximum:
        _fill_with_zeros(platform(), changed)
    return json_answer({**body, "id": platform().line_item_address(item)}, media_type=LINE_ITEM_TYPE)


def in_course(tool: Tool, course: str) -> None:
    """The course is there, and the address names this tool, or none."""
    if request.args.get("type_id", tool.deployment_id) not in tool.deployments:
        raise refusal(401, "Unauthorized")
    if platform().course(course) is None:
        raise refusal(404, f"Not Found: Course {course} doesn't exist")


def line_item_at(tool: Tool, course: str, number: str) -> LineItem:
    """The tool's column with this number."""
    in_course(tool, course)
    item = platform().state.line_items.get(number)
    if item is None:
        raise refusal(404, f"Not Found: Grade item {number} doesn't exist")
    if item.client_id != tool.client_id:
        raise refusal(403, "Forbidden")
    return item


def _own_link(tool: Tool, course: str, link: str) -> None:
    activity = platform().state.activities.get(link)
    if activity is None or activity.client_id != tool.client_id or activity.course_id != course:
        raise refusal(403, "Forbidden")


def _body(reason: str) -> dict[str, Any]:
    try:
        body = read_json(LINE_ITEM_TYPE)
        float(body["scoreMaximum"])
    except (ServiceProblem, KeyError, TypeError, ValueError) as problem:
        raise refusal(400, reason) from problem
    if not body.get("label"):
        raise refusal(400, reason)
    return body


def _fits(lms: Platform, item: LineItem, body: dict[str, Any]) -> None:
    """What is too long for the database: no label makes nothing, the others leave a column that nobody owns."""
    long = [name for name, most in LONGEST.items() if len(str(body.get(name) or "")) > most]
    if long and "label" not in long:
        add_line_item(lms, replace(item, client_id=""))
    if long:
        raise broken_gateway(f"{', '.join(long)} is too long for Moodle's database")


def _described(item: LineItem, body: dict[str, Any], *, review: bool = True) -> LineItem:
    return replace(
        item,
        label=str(body["label"]),
        maximum=float(body["scoreMaximum"]),
        resource_id=str(body.get("resourceId") or ""),
        tag=str(body.get("tag") or ""),
        review=(body.get("submissionReview") or {}) if review else {},
    )


def _fill_with_zeros(lms: Platform, item: LineItem) -> None:
    """A new maximum rescales what is there, and turns what is empty into 0.00."""
    with lms.changing() as state:
        state.scores = {
            key: replace(kept, given=0, maximum=item.maximum) if key[0] == item.id and kept.given is None else kept
            for key, kept in state.scores.items()
        }


def _shown(item: LineItem) -> dict[str, Any]:
    whole_number = int(item.maximum) if float(item.maximum).is_integer() else item.maximum
    row: dict[str, Any] = {"id": platform().line_item_address(item), "label": item.label, "scoreMaximum": whole_number}
    row |= {"resourceId": item.resource_id, "tag": item.tag}
    if item.activity_id:
        row |= {"resourceLinkId": item.activity_id, "ltiLinkId": item.activity_id}
    return row | ({"submissionReview": dict(item.review)} if item.review else {})
