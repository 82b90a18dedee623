"""Canvas's scores and results: a score clears, counts as a submission and comments, unless it says otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import json_answer, note, platform, read_json
from lti_tool.practice.courses import keep_score, scores_of
from lti_tool.practice.enrollment import gets_scores_in
from lti_tool.practice.gradebook import is_number, shown_score
from lti_tool.practice.names import (
    ACTIVITY_PROGRESS,
    GRADING_PROGRESS,
    RESULT_SCOPE,
    RESULTS_TYPE,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.answers import authorized, course_at, field, listed, nowhere, refusal
from lti_tool.practice.profiles.canvas.pages_of import page_of
from lti_tool.practice.profiles.canvas.services import ONE, line_item_at
from lti_tool.practice.records import LineItem, Score

SUBMISSION = "https://canvas.instructure.com/lti/submission"
NEEDED = ("activityProgress", "gradingProgress", "timestamp")
FINAL = ("FullyGraded", "PendingManual")
NOT_A_STUDENT = "User not found in course or is not a student"
CONCLUDED = "This course has concluded. AGS requests will no longer be accepted for this course."

blueprint = Blueprint("canvas_scores", __name__)


@blueprint.post(ONE + "/scores")
def scores(course: str, number: str) -> Response:
    """Take a score. What is checked comes in Canvas's order: the column, the person, the score."""
    lms = platform()
    tool = authorized(SCORE_SCOPE)
    _course_takes_scores(lms, course)
    item = line_item_at(tool, course, number)
    body = read_json(SCORE_TYPE, "application/json")
    person = _student(lms, course, body.get("userId"))
    at = _checked(lms, item, body)
    if at > lms.clock():
        note("the timestamp is later than now")
    if not item.secondary:
        _assignment_takes_scores(item)

    def following(former: Score | None) -> Score:
        if former is not None and former.timestamp and at < datetime.fromisoformat(former.timestamp):
            sentence = f"Provided timestamp of {body['timestamp']} before last updated timestamp of {former.timestamp}"
            raise refusal(400, sentence)
        return _following(former, item, person, body, at)

    keep_score(lms, item, person, following, sent=body["timestamp"])
    answer = {"resultUrl": _result_address(lms, item, person), SUBMISSION: {"content_items": []}}
    return json_answer(answer, media_type=SCORE_TYPE)


def _course_takes_scores(lms: Platform, course_id: str) -> None:
    if course_at(course_id).state == "concluded":
        raise refusal(422, CONCLUDED) if lms.profile.says_concluded else nowhere()


def _assignment_takes_scores(item: LineItem) -> None:
    reason = "This assignment is still unpublished" if not item.published else "The grading period is closed"
    if not item.published or item.closed:
        raise field("grade", f"cannot be changed at this time: {reason}")


def _student(lms: Platform, course_id: str, user_id: Any) -> Person:
    """An active student of a course that is open; the test student only where the profile takes it."""
    person = lms.user(str(user_id)) if user_id else None
    if person is None or course_at(course_id).state != "available":
        raise refusal(422, NOT_A_STUDENT)
    test = Role.TEST_TRAINEE in person.roles and not lms.profile.takes_test_trainee
    if test or not gets_scores_in(lms.state, person, course_id):
        raise refusal(422, NOT_A_STUDENT)
    return person


def _checked(lms: Platform, item: LineItem, body: Mapping[str, Any]) -> datetime:
    """The time of a score that is right in every point."""
    for name in NEEDED:
        if not body.get(name):
            raise listed(400, f"{name} is missing")
    for name, known in (("activityProgress", ACTIVITY_PROGRESS), ("gradingProgress", GRADING_PROGRESS)):
        if body[name] not in known:
            raise listed(400, f"{name} does not have a valid value")
    at = _time(body["timestamp"])
    if at is None:
        raise refusal(400, f"Provided timestamp of {body['timestamp']} not a valid timestamp")
    given, maximum = body.get("scoreGiven"), body.get("scoreMaximum")
    if given is not None and maximum is None:
        raise refusal(422, "ScoreMaximum not supplied when ScoreGiven present.")
    if maximum is not None and (not is_number(maximum) or maximum < 0):
        raise refusal(422, "ScoreMaximum must be greater than or equal to 0")
    if maximum == 0 and item.maximum != 0:
        raise refusal(422, "cannot be zero if line item's maximum is not zero")
    if given is not None and (not is_number(given) or given < 0):
        raise refusal(422, "ScoreGiven must be greater than or equal to 0")
    _check_submission(lms, body)
    return at


def _check_submission(lms: Platform, body: Mapping[str, Any]) -> None:
    submission = body.get(SUBMISSION) or {}
    submitted = submission.get("submitted_at")
    at = _time(submitted) if submitted else None
    if submitted and (at is None or at > lms.clock() + timedelta(minutes=1)):
        raise refusal(400, f"Provided submitted_at timestamp of {submitted} in the future")
    if submission.get("submission_type") == "online_upload" and not submission.get("content_items"):
        raise refusal(422, "Content items must be provided with submission type 'online_upload'")


def _following(former: Score | None, item: LineItem, person: Person, body: Mapping[str, Any], at: datetime) -> Score:
    submission: dict[str, Any] = body.get(SUBMISSION) or {}
    before = former or Score(item.id, person.id, None, None, "", at, "", "")
    kept = replace(
        before,
        timestamp=at.isoformat(),
        received_at=platform().clock(),
        activity_progress=body["activityProgress"],
        grading_progress=body["gradingProgress"],
        more=submission,
    )
    if submission.get("new_submission", True) and submission.get("submission_type") != "none":
        same = "submitted_at" in submission and submission["submitted_at"] == before.more.get("submitted_at")
        kept = replace(kept, attempts=before.attempts + (0 if same else 1))
    if body.get("comment"):
        kept = replace(kept, comment=body["comment"], comments=(*before.comments, body["comment"]))
    if body["gradingProgress"] in FINAL and body.get("scoreGiven") is not None:
        if submission.get("prioritize_non_tool_grade") and before.given is not None:
            return kept
        return replace(kept, given=body["scoreGiven"], maximum=body["scoreMaximum"], by_teacher=False)
    return kept if submission.get("preserve_score") else replace(kept, given=None, maximum=None, by_teacher=False)


@blueprint.get(ONE + "/results")
def results(course: str, number: str) -> Response:
    """What stands in one column, ten a page; for somebody who is no student, nothing."""
    item = line_item_at(authorized(RESULT_SCOPE), course, number)
    wanted = None
    if "user_id" in request.args:
        person = platform().user(request.args["user_id"])
        wanted = person.id if person else ""
    found = scores_of(platform().state, item, wanted)
    shown, headers = page_of(found, platform().line_item_address(item, "/results"), usual=10, most=100)
    answer = json_answer([_row(platform(), kept, item) for kept in shown], media_type=RESULTS_TYPE)
    answer.headers.update(headers)
    return answer


@blueprint.get(ONE + "/results/<result>", endpoint="result")
def result_of(course: str, number: str, result: str) -> Response:
    """One result."""
    item = line_item_at(authorized(RESULT_SCOPE), course, number)
    kept = platform().state.scores.get((item.id, result))
    if kept is None:
        raise nowhere()
    return json_answer(_row(platform(), kept, item), media_type="application/vnd.ims.lis.v2.result+json")


def _row(lms: Platform, kept: Score, item: LineItem) -> dict[str, Any]:
    person = lms.user(kept.person_id)
    row: dict[str, Any] = {
        "id": f"{lms.line_item_address(item, '/results')}/{kept.person_id}",
        "scoreOf": lms.line_item_address(item),
        "userId": lms.user_id(person) if person else kept.person_id,
        "resultScore": shown_score(kept, item),
        "resultMaximum": float(item.maximum),
    }
    row |= {"comment": kept.comment} if kept.comment else {}
    return row | ({SUBMISSION: dict(kept.more)} if kept.more else {})


def _result_address(lms: Platform, item: LineItem, person: Person) -> str:
    return f"{lms.line_item_address(item, '/results')}/{person.id}"


def _time(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None
