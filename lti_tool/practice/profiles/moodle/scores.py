"""Moodle's scores and results: anything that is not FullyGraded with points empties the cell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import ServiceProblem, json_answer, note, platform, read_json
from lti_tool.practice.courses import keep_score, scores_of
from lti_tool.practice.enrollment import INACTIVE, gets_scores_in, person_with_id
from lti_tool.practice.gradebook import shown_score
from lti_tool.practice.names import RESULT_SCOPE, RESULTS_TYPE, SCORE_SCOPE, SCORE_TYPE
from lti_tool.practice.people import Person
from lti_tool.practice.profiles.moodle.answers import accepts, authorized, broken_gateway, content_of, score_refusal
from lti_tool.practice.profiles.moodle.services import ONE, line_item_at
from lti_tool.practice.records import LineItem, Score

REFUSED = "Incorrect score received"
HERE = timezone(timedelta(hours=11))
"""Where the server is, and so what a timestamp without a zone means."""
NEEDED = ("userId", "timestamp", "activityProgress", "gradingProgress")

blueprint = Blueprint("moodle_scores", __name__)


@blueprint.post(ONE + "/scores")
def scores(course: str, number: str) -> Response:
    """Take a score. Answers 200 and nothing more, also where it took something away."""
    content_of(SCORE_TYPE)
    item = line_item_at(authorized(SCORE_SCOPE), course, number)
    body = _body()
    person = _person(body, item, course)
    if item.closed:
        raise score_refusal(500, "Internal Server Error")
    at = _second(body["timestamp"])
    if at > platform().clock().timestamp():
        note("the timestamp is later than now")

    def following(former: Score | None) -> Score:
        if former is not None and at <= _stored_second(former, item):
            sentence = f"Refusing score with an earlier timestamp for item {item.id} and user {person.id}"
            raise score_refusal(409, sentence)
        if former is not None and former.by_teacher and item.coupled:
            note("the teacher's grade stays")
            return former
        return _kept(former, item, person, body)

    keep_score(platform(), item, person, following, sent=body["timestamp"])
    return Response(b"", content_type=SCORE_TYPE)


@blueprint.get(ONE + "/results")
def results(course: str, number: str) -> Response:
    """What the gradebook shows in one column. A limit of any kind leads to a page that is not found."""
    item = line_item_at(authorized(RESULT_SCOPE), course, number)
    accepts(RESULTS_TYPE)
    if "limit" in request.args:
        page = "<!DOCTYPE html><title>Error</title><p>Sorry, the requested file could not be found</p>"
        raise ServiceProblem(404, "results know no limit", answer=page, media_type="text/html")
    wanted = request.args.get("user_id")
    kept = scores_of(platform().state, item, wanted)
    return json_answer([_row(one, item) for one in kept], media_type=RESULTS_TYPE)


def shown(kept: Score, item: LineItem) -> float | None:
    """What the cell shows: never below 0, never above the column's maximum."""
    value = shown_score(kept, item)
    return None if value is None or item.maximum == 0 else min(max(value, 0), item.maximum)


def _body() -> dict[str, Any]:
    try:
        body = read_json(SCORE_TYPE)
    except ServiceProblem as problem:
        raise score_refusal(400, REFUSED, None) from problem
    numbers = {name: body.get(name) for name in ("scoreGiven", "scoreMaximum") if body.get(name) is not None}
    complete = all(body.get(name) for name in NEEDED) and ("scoreGiven" not in numbers or "scoreMaximum" in numbers)
    if not complete or not all(_numeric(value) for value in numbers.values()) or _time(body["timestamp"]) is None:
        raise score_refusal(400, REFUSED, body)
    return body


def _person(body: dict[str, Any], item: LineItem, course: str) -> Person:
    state, user_id = platform().state, str(body["userId"])
    if not user_id.isdecimal():
        raise broken_gateway("userId is not a number")
    person = person_with_id(state, user_id)
    membership = state.memberships.get((course, user_id))
    paused = membership is not None and membership.status == INACTIVE
    enrolled = person is not None and (gets_scores_in(state, person, course) or paused)
    if person is None or not enrolled or item.course_id != course:
        raise score_refusal(400, REFUSED, body)
    return person


def _kept(former: Score | None, item: LineItem, person: Person, body: dict[str, Any]) -> Score:
    final = body["gradingProgress"] == "FullyGraded" and body.get("scoreGiven") is not None
    given = float(body["scoreGiven"]) if final else None
    maximum = (float(body["scoreMaximum"]) or item.maximum) if final else None
    kept = Score(
        item.id,
        person.id,
        given,
        maximum,
        datetime.fromtimestamp(_second(body["timestamp"]), UTC).isoformat(),
        platform().clock(),
        str(body["activityProgress"]),
        str(body["gradingProgress"]),
        comment=str(body.get("comment") or ""),
    )
    if item.coupled and not final:
        return kept if kept.comment else replace(kept, timestamp="")
    unchanged = former is not None and (former.given, former.maximum, former.comment) == (given, maximum, kept.comment)
    return replace(kept, timestamp=former.timestamp) if former is not None and unchanged else kept


def _stored_second(former: Score, item: LineItem) -> int:
    """When the grade was last changed, in whole seconds; a teacher's edit of the tool's own column counts too."""
    by_hand = former.by_teacher and not item.coupled
    return max(former.second, int(former.received_at.timestamp())) if by_hand else former.second


def _row(kept: Score, item: LineItem) -> dict[str, Any]:
    lms = platform()
    row: dict[str, Any] = {
        "id": f"{lms.line_item_address(item, '/results')}&user_id={kept.person_id}",
        "userId": kept.person_id,
    }
    value = shown(kept, item)
    if value is None:
        return row
    at = datetime.fromtimestamp(_stored_second(kept, item), UTC).isoformat()
    comment = {"comment": kept.comment} if kept.comment else {}
    about = {"scoreOf": lms.line_item_address(item), "timestamp": at}
    return row | {"resultScore": value, "resultMaximum": item.maximum} | comment | about


def _numeric(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and float(value) == float(value)
    except (TypeError, ValueError):
        return False


def _second(text: str) -> int:
    at = _time(text)
    return 0 if at is None else int(at.timestamp())


def _time(text: Any) -> datetime | None:
    """The time that a text says, at this server's place where it names no zone; None where it says none."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=HERE)
