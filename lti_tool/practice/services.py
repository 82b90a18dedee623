"""The services that tools call: columns, scores, results, people of the course."""

from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import ServiceProblem, json_answer, note, platform, read_json, wants
from lti_tool.practice.gradebook import (
    PLAIN,
    line_item,
    line_item_body,
    line_item_problems,
    score,
    score_problems,
    shown_score,
)
from lti_tool.practice.names import (
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    MEMBERSHIP,
    RESULT_SCOPE,
    RESULTS_TYPE,
    ROSTER_SCOPE,
    ROSTER_TYPE,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from lti_tool.practice.people import COURSE, PEOPLE, Person, find_person
from lti_tool.practice.state import LineItem, Tool
from lti_tool.practice.tokens import authorized

FILTERS = {"resource_link_id": "activity_id", "resource_id": "resource_id", "tag": "tag"}
ONE = "/services/courses/<course>/lineitems/<number>/lineitem"

blueprint = Blueprint("services", __name__)


@blueprint.route("/services/courses/<course>/lineitems", methods=["GET", "POST"])
def lineitems(course: str) -> Response:
    """List the tool's columns, or make one."""
    if request.method == "POST":
        return _make_line_item(course)
    tool = authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE)
    _in_course(tool, course)
    wants(LINE_ITEMS_TYPE)
    found = [item for item in platform().state.line_items.values() if item.client_id == tool.client_id]
    for name, attribute in FILTERS.items():
        if name in request.args:
            found = [item for item in found if getattr(item, attribute) == request.args[name]]
    return json_answer([_shown(item) for item in found], media_type=LINE_ITEMS_TYPE)


def _make_line_item(course: str) -> Response:
    tool = authorized(LINE_ITEM_SCOPE)
    _in_course(tool, course)
    body = _line_item_request()
    activity_id = body.get("resourceLinkId", "")
    activity = platform().state.activities.get(activity_id)
    if activity_id and (activity is None or activity.client_id != tool.client_id):
        raise ServiceProblem(404, f"resourceLinkId {activity_id} is no link of this tool", code="not_found")
    item = platform().add_line_item(line_item(body, id="", client_id=tool.client_id, activity_id=activity_id))
    return json_answer(_shown(item), status=201, media_type=LINE_ITEM_TYPE)


@blueprint.route(ONE, methods=["GET", "PUT", "DELETE"])
def lineitem(course: str, number: str) -> Response:
    """Read, replace or remove one column."""
    if request.method == "GET":
        item = _line_item(authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE), course, number)
        wants(LINE_ITEM_TYPE)
        return json_answer(_shown(item), media_type=LINE_ITEM_TYPE)
    item = _line_item(authorized(LINE_ITEM_SCOPE), course, number)
    if request.method == "DELETE":
        platform().remove_line_item(item)
        return Response(status=204)
    body = _line_item_request()
    changed = line_item(body, id=item.id, client_id=item.client_id, activity_id=item.activity_id)
    platform().change_line_item(changed)
    return json_answer(_shown(changed), media_type=LINE_ITEM_TYPE)


@blueprint.post(ONE + "/scores")
def scores(course: str, number: str) -> Response:
    """Take a score. Answers 200 and nothing more, as Moodle does."""
    item = _line_item(authorized(SCORE_SCOPE), course, number)
    body = read_json(SCORE_TYPE)
    if beyond := sorted(set(body) - PLAIN):
        note(f"beyond the score itself: {', '.join(beyond)}")
    if wrong := score_problems(body):
        raise ServiceProblem(400, "; ".join(wrong))
    person = find_person(body["userId"])
    if person is None or person.id != body["userId"] or not person.gets_scores:
        raise ServiceProblem(400, f"userId {body['userId']} is nobody who gets scores in this course")
    now = platform().clock()
    kept = score(body, item, now)
    if kept.second > now.timestamp():
        note("the timestamp is later than now")
    if not platform().keep_score(kept):
        sentence = "a score with the same or a later timestamp, in whole seconds, is on record"
        raise ServiceProblem(409, sentence, code="conflict")
    return Response(b"", content_type=SCORE_TYPE)


@blueprint.get(ONE + "/results")
def results(course: str, number: str) -> Response:
    """What the gradebook shows in one column."""
    item = _line_item(authorized(RESULT_SCOPE), course, number)
    wants(RESULTS_TYPE)
    wanted = request.args.get("user_id")
    rows = []
    for kept in platform().state.scores.values():
        if kept.line_item_id != item.id or wanted not in (None, kept.person_id):
            continue
        row = {"id": f"{platform().line_item_address(item, '/results')}&user_id={kept.person_id}"}
        row |= {"userId": kept.person_id, "scoreOf": platform().line_item_address(item)}
        shown = shown_score(kept, item)
        rows.append(row if shown is None else {**row, "resultScore": shown, "resultMaximum": item.maximum})
    return json_answer(rows, media_type=RESULTS_TYPE)


@blueprint.get("/services/courses/<course>/memberships")
def memberships(course: str) -> Response:
    """The people of the course."""
    tool = authorized(ROSTER_SCOPE)
    _in_course(tool, course)
    wants(ROSTER_TYPE)
    role = request.args.get("role", "")
    role = role if not role or "#" in role else f"{MEMBERSHIP}#{role}"
    body = {
        "id": platform().roster_address(tool),
        "context": {"id": COURSE.id, "label": COURSE.label, "title": COURSE.title},
        "members": [_member(person) for person in PEOPLE if role in ("", person.role.address)],
    }
    return json_answer(body, media_type=ROSTER_TYPE)


def _member(person: Person) -> dict[str, Any]:
    return {
        "status": "Active",
        "user_id": person.id,
        "roles": [person.role.address],
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
    }


def _line_item_request() -> dict[str, Any]:
    body = read_json(LINE_ITEM_TYPE)
    if wrong := line_item_problems(body):
        raise ServiceProblem(400, "; ".join(wrong))
    return body


def _in_course(tool: Tool, course: str) -> None:
    """The address is one that this tool was given: its course, and its query kept."""
    if course != COURSE.id or request.args.get("type_id") != tool.deployment_id:
        sentence = f"{request.full_path} is no address that this tool was given (its query belongs to it)"
        raise ServiceProblem(404, sentence, code="not_found")


def _line_item(tool: Tool, course: str, number: str) -> LineItem:
    _in_course(tool, course)
    item = platform().state.line_items.get(number)
    if item is None or item.client_id != tool.client_id:
        raise ServiceProblem(404, f"there is no column {number} of this tool", code="not_found")
    return item


def _shown(item: LineItem) -> dict[str, Any]:
    return line_item_body(item, platform().line_item_address(item))
