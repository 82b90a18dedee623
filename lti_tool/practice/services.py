"""The gradebook's services, as the specifications have them: columns, scores, results."""

from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import ServiceProblem, json_answer, note, platform, read_json, wants
from lti_tool.practice.courses import add_line_item, change_line_item, keep_score, remove_line_item, scores_of
from lti_tool.practice.enrollment import gets_scores_in, person_with_id
from lti_tool.practice.gradebook import (
    PLAIN,
    described,
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
    RESULT_SCOPE,
    RESULTS_TYPE,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from lti_tool.practice.places import course_at, line_item_at
from lti_tool.practice.records import LineItem, Score
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
    course_at(tool, course)
    wants(LINE_ITEMS_TYPE)
    items = platform().state.line_items.values()
    found = [item for item in items if item.client_id == tool.client_id and item.course_id == course]
    for name, attribute in FILTERS.items():
        if name in request.args:
            found = [item for item in found if getattr(item, attribute) == request.args[name]]
    return json_answer([_shown(item) for item in found], media_type=LINE_ITEMS_TYPE)


def _make_line_item(course: str) -> Response:
    tool = authorized(LINE_ITEM_SCOPE)
    course_at(tool, course)
    body = _line_item_request()
    activity_id = body.get("resourceLinkId", "")
    activity = platform().state.activities.get(activity_id)
    if activity_id and (activity is None or activity.client_id != tool.client_id or activity.course_id != course):
        raise ServiceProblem(404, f"resourceLinkId {activity_id} is no link of this tool", code="not_found")
    blank = LineItem("", tool.client_id, activity_id, "", 0, course_id=course)
    item = add_line_item(platform(), described(blank, body))
    return json_answer(_shown(item), status=201, media_type=LINE_ITEM_TYPE)


@blueprint.route(ONE, methods=["GET", "PUT", "DELETE"])
def lineitem(course: str, number: str) -> Response:
    """Read, replace or remove one column."""
    if request.method == "GET":
        item = line_item_at(authorized(LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE), course, number)
        wants(LINE_ITEM_TYPE)
        return json_answer(_shown(item), media_type=LINE_ITEM_TYPE)
    item = line_item_at(authorized(LINE_ITEM_SCOPE), course, number)
    if request.method == "DELETE":
        remove_line_item(platform(), item)
        return Response(status=204)
    changed = described(item, _line_item_request())
    change_line_item(platform(), changed)
    return json_answer(_shown(changed), media_type=LINE_ITEM_TYPE)


@blueprint.post(ONE + "/scores")
def scores(course: str, number: str) -> Response:
    """Take a score. Answers 200 and nothing more, as Moodle does."""
    lms = platform()
    item = line_item_at(authorized(SCORE_SCOPE), course, number)
    body = read_json(SCORE_TYPE)
    if beyond := sorted(set(body) - PLAIN):
        note(f"beyond the score itself: {', '.join(beyond)}")
    if wrong := score_problems(body):
        raise ServiceProblem(400, "; ".join(wrong))
    person = person_with_id(lms.state, body["userId"])
    if person is None or not gets_scores_in(lms.state, person, course):
        raise ServiceProblem(400, f"userId {body['userId']} is nobody who gets scores in this course")
    now = lms.clock()
    following = score(body, item, person.id, now)
    if following.second > now.timestamp():
        note("the timestamp is later than now")

    def later(former: Score | None) -> Score:
        if former is not None and following.second <= former.second:
            sentence = "a score with the same or a later timestamp, in whole seconds, is on record"
            raise ServiceProblem(409, sentence, code="conflict")
        return following

    keep_score(lms, item, person, later, sent=body["timestamp"])
    return Response(b"", content_type=SCORE_TYPE)


@blueprint.get(ONE + "/results")
def results(course: str, number: str) -> Response:
    """What the gradebook shows in one column."""
    item = line_item_at(authorized(RESULT_SCOPE), course, number)
    wants(RESULTS_TYPE)
    wanted = request.args.get("user_id")
    rows = []
    for kept in scores_of(platform().state, item, wanted):
        row = {"id": f"{platform().line_item_address(item, '/results')}&user_id={kept.person_id}"}
        row |= {"userId": kept.person_id, "scoreOf": platform().line_item_address(item)}
        shown = shown_score(kept, item)
        rows.append(row if shown is None else {**row, "resultScore": shown, "resultMaximum": item.maximum})
    return json_answer(rows, media_type=RESULTS_TYPE)


def _line_item_request() -> dict[str, Any]:
    body = read_json(LINE_ITEM_TYPE)
    if wrong := line_item_problems(body):
        raise ServiceProblem(400, "; ".join(wrong))
    return body


def _shown(item: LineItem) -> dict[str, Any]:
    return line_item_body(item, platform().line_item_address(item))
