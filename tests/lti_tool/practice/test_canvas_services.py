"""The canvas profile: tokens, columns, scores and people, as Canvas's source and documents have them."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest

from lti_tool.practice import PracticeLms, running_practice_lms
from lti_tool.practice.names import CLAIM, LINE_ITEM_TYPE, ROSTER_CLAIM, SCORE_SCOPE, SCORE_TYPE
from lti_tool.practice.profiles.canvas.services import LAUNCH_URL
from tests.lti_tool.practice.stub_tool import Answer, StubTool, call, registered, score

COLUMN = {"label": "Certification", "scoreMaximum": 100, "resourceId": "cert-17", "tag": "certification"}
SUBMISSION = "https://canvas.instructure.com/lti/submission"
SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"
SAME_ATTEMPT = {SUBMISSION: {"new_submission": False}}


def make(tool: StubTool, **changes: Any) -> Answer:
    body = {name: value for name, value in (COLUMN | changes).items() if value is not ...}
    return call("POST", tool.endpoint["lineitems"], {**tool.bearer(), "Content-Type": LINE_ITEM_TYPE}, json.dumps(body))


def send(canvas: PracticeLms, tool: StubTool, column: str = "", **changes: Any) -> Answer:
    body = score(**({"userId": canvas.user_id("sam")} | changes))
    headers = {**tool.bearer(SCORE_SCOPE), "Content-Type": SCORE_TYPE}
    return call("POST", (column or tool.endpoint["lineitem"]) + "/scores", headers, json.dumps(body))


def at(second: int) -> str:
    return f"2026-03-01T10:00:{second:02}.500Z"


# Tokens


@pytest.mark.parametrize(
    ("claims", "description"),
    [
        ({"aud": "http://127.0.0.1:1/login/oauth2/token"}, "the 'aud' is invalid"),
        ({"jti": None, "iat": None}, "the following assertions are missing: iat,jti"),
        ({"exp": int(time.time()) - 1}, "the JWT has expired"),
        ({"iat": int(time.time()) - 3000}, "the 'iat' must be less than 300 seconds old"),
        ({"iat": int(time.time()) + 3000}, "the 'iat' must not be in the future"),
    ],
)
def test_an_assertion_is_looked_at_in_every_point(
    canvas_tool: StubTool, claims: dict[str, Any], description: str
) -> None:
    answer = canvas_tool.ask_for_token(client_assertion=canvas_tool.assertion(**claims))
    assert (answer.status, answer.json) == (400, {"error": "invalid_request", "error_description": description})


def test_a_clock_may_be_ahead_a_little(canvas_tool: StubTool) -> None:
    ahead = canvas_tool.assertion(iat=int(time.time()) + 10)
    assert canvas_tool.ask_for_token(client_assertion=ahead).status == 200
    assert canvas_tool.ask_for_token(client_assertion=canvas_tool.assertion(sub="stranger")).status == 401


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, "invalid_request"),
        ({"client_assertion": "no.token.at-all"}, "invalid_request"),
        ({"client_assertion": "secret"}, "invalid_request"),
        ({"client_assertion": "nameless"}, "invalid_request"),
    ],
)
def test_a_form_that_is_wrong_is_answered_with_what_is_wrong(
    canvas_tool: StubTool, changes: dict[str, str], error: str
) -> None:
    claims = jwt.decode(canvas_tool.assertion(), options={"verify_signature": False})
    made = {
        "secret": jwt.encode(claims, "x" * 40, "HS256", {"kid": canvas_tool.key.kid}),
        "nameless": jwt.encode(claims, canvas_tool.key.private, "RS256"),
    }
    answer = canvas_tool.ask_for_token(**{name: made.get(value, value) for name, value in changes.items()})
    assert (answer.status, answer.json["error"]) == (400, error)


def test_of_a_key_set_only_keys_for_signatures_count_and_without_one_nothing_is_believed(canvas_tool: StubTool) -> None:
    own = canvas_tool.key.jwk()
    others = [5, {"kty": "EC", "kid": "e"}, {"kty": "RSA"}, own | {"use": "enc"}, own | {"alg": "PS256"}]
    canvas_tool.key_set = {"keys": [*others, own]}
    assert canvas_tool.ask_for_token().status == 200
    for key_set, why in ((others, "holds no key set"), ({"keys": others}, "is not in the tool's key set")):
        canvas_tool.key_set = key_set
        answer = canvas_tool.ask_for_token()
        assert (answer.status, why in answer.json["error_description"]) == (400, True)


def test_every_scope_has_to_be_granted_and_the_key_set_is_fetched_each_time(canvas_tool: StubTool) -> None:
    before = canvas_tool.key_set_fetches
    assert canvas_tool.ask_for_token(SCORE_SCOPE).json["scope"] == SCORE_SCOPE
    assert canvas_tool.ask_for_token(SCORE_SCOPE).json["access_token"].count(".") == 2
    assert canvas_tool.key_set_fetches == before + 2
    refused = canvas_tool.ask_for_token(f"{SCORE_SCOPE} https://example.org/x")
    assert (refused.status, refused.json["error"]) == (400, "invalid_scope")
    assert "https://example.org/x" in refused.json["error_description"]
    assert canvas_tool.ask_for_token(scope=None).json["error"] == "invalid_scope"


def test_the_institution_gives_tokens_too_for_its_own_address(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    address = canvas.base_url + "/login/oauth2/token"
    canvas_tool.platform["token_endpoint"] = address
    assert canvas_tool.ask_for_token().status == 200


def test_a_service_says_what_is_wrong_with_a_token(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    columns = canvas_tool.endpoint["lineitems"]
    for headers, message in (
        ({}, "Missing access token"),
        ({"Authorization": "Bearer x"}, "Access token expired"),
        (canvas_tool.bearer(SCORE_SCOPE), "Insufficient permissions"),
    ):
        answer = call("GET", columns, headers)
        assert (answer.status, answer.json) == (401, {"errors": {"type": "unauthorized", "message": message}})


# Columns


def test_a_column_is_an_assignment_and_a_change_is_partial(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    made = make(canvas_tool)
    assert made.status == 201
    assert made.json == COLUMN | {"id": made.json["id"], "scoreMaximum": 100.0}
    headers = {**canvas_tool.bearer(), "Content-Type": LINE_ITEM_TYPE}
    changed = call("PUT", made.json["id"], headers, json.dumps({"label": "Renamed"}))
    assert changed.json == made.json | {"label": "Renamed"}
    assert call("PUT", made.json["id"], headers, json.dumps({"scoreMaximum": "many"})).status == 422
    launched = call("GET", canvas_tool.endpoint["lineitem"] + "?include[]=launch_url", canvas_tool.bearer()).json
    assert launched[LAUNCH_URL] == canvas.activities()[0].url


def test_a_column_of_another_tool_is_nobodys_to_read(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    column = canvas_tool.endpoint["lineitem"]
    canvas.register_tool(canvas_tool.registration_address)
    answer = call("GET", column, canvas_tool.bearer())
    assert (answer.status, "does not have permission" in answer.body.decode()) == (412, True)


def test_an_assignment_that_is_launched_finds_its_tool_by_the_address(
    canvas: PracticeLms, canvas_tool: StubTool
) -> None:
    url = canvas_tool.base_url + "/launch?rubric=r-17"
    made = make(canvas_tool, **{SUBMISSION_TYPE: {"type": "external_tool", "external_tool_url": url}})
    assert made.json["resourceLinkId"] == canvas.link_id(canvas.activities()[-1])
    canvas.visitor().open("sam", canvas.activities()[-1].id)
    assert canvas_tool.claims[CLAIM + "target_link_uri"] == url
    assert canvas_tool.endpoint["lineitem"] == made.json["id"]
    elsewhere = {"type": "external_tool", "external_tool_url": "https://elsewhere.example/"}
    assert "resourceLinkId" not in make(canvas_tool, **{SUBMISSION_TYPE: elsewhere}).json
    refused = make(canvas_tool, **{SUBMISSION_TYPE: {"type": "online_upload"}})
    assert refused.json == {"error": "Invalid submission_type for new assignment: online_upload"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"label": ...}, 422), ({"scoreMaximum": ...}, 422), ({"resourceLinkId": "unknown"}, 404)],
)
def test_a_column_that_cannot_be_made(canvas_tool: StubTool, changes: dict[str, Any], status: int) -> None:
    assert make(canvas_tool, **changes).status == status


def test_a_second_column_of_a_link_never_reaches_the_gradebook(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    link = canvas.link_id(canvas.activities()[0])
    second = make(canvas_tool, resourceLinkId=link).json
    assert second["resourceLinkId"] == link
    assert send(canvas, canvas_tool, second["id"]).status == 200
    visitor = canvas.visitor()
    visitor.be("ines")
    assert "Certification" not in visitor.get(canvas.base_url + "/course/gradebook").words
    canvas.visitor().open("sam", "A link")
    assert canvas_tool.endpoint["lineitem"] != second["id"]


def test_a_link_without_a_column_takes_no_second_one(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    link = canvas.add_activity("No column")
    answer = make(canvas_tool, resourceLinkId=canvas.link_id(link))
    assert (answer.status, answer.body) == (412, b"")


def test_a_column_that_came_with_its_assignment_is_not_removed(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    answer = call("DELETE", canvas_tool.endpoint["lineitem"], canvas_tool.bearer())
    assert (answer.status, answer.body) == (401, b"")
    own = make(canvas_tool).json["id"]
    assert call("DELETE", own, canvas_tool.bearer()).status == 204
    gone = call("GET", own, canvas_tool.bearer())
    assert (gone.status, gone.body) == (404, b"")
    never = call("GET", own.rsplit("/", 1)[0] + "/999", canvas_tool.bearer())
    assert never.json == {"errors": [{"message": "The specified resource does not exist."}]}


def test_columns_come_ten_a_page(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    for number in range(11):
        make(canvas_tool, label=f"Column {number}", tag="many")
    first = call("GET", canvas_tool.endpoint["lineitems"] + "?tag=many", canvas_tool.bearer())
    assert len(first.json) == 10
    address = first.headers["link"].split(">")[0][1:]
    assert first.headers["link"].endswith('rel="next"')
    second = call("GET", address, canvas_tool.bearer())
    assert [row["label"] for row in second.json] == ["Column 10"]
    assert "link" not in second.headers


# Scores


def test_a_score_is_answered_with_where_its_result_is(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    answer = send(canvas, canvas_tool, scoreGiven=50, scoreMaximum=100)
    assert answer.status == 200
    assert answer.json[SUBMISSION] == {"content_items": []}
    result = call("GET", answer.json["resultUrl"], canvas_tool.bearer()).json
    assert (result["userId"], result["resultScore"], result["resultMaximum"]) == (canvas.user_id("sam"), 10, 20)
    assert send(canvas, canvas_tool, userId="6", timestamp=at(9)).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"gradingProgress": "Pending"},
        {"gradingProgress": "Failed"},
        {"scoreGiven": ..., "scoreMaximum": ...},
    ],
)
def test_a_score_that_is_not_final_clears_the_grade_unless_it_is_to_be_kept(
    canvas: PracticeLms, canvas_tool: StubTool, changes: dict[str, Any]
) -> None:
    send(canvas, canvas_tool, timestamp=at(1))
    send(canvas, canvas_tool, timestamp=at(2), **changes, **{SUBMISSION: {"preserve_score": True}})
    kept = canvas.score("sam")
    assert kept is not None
    assert kept.given == 50
    send(canvas, canvas_tool, timestamp=at(3), **changes)
    cleared = canvas.score("sam")
    assert cleared is not None
    assert cleared.given is None


def test_a_score_for_review_is_shown(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    send(canvas, canvas_tool, gradingProgress="PendingManual")
    kept = canvas.score("sam")
    assert kept is not None
    assert kept.given == 50


def test_any_score_at_all_goes_before_one_that_gives_way(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    gives_way = {SUBMISSION: {"prioritize_non_tool_grade": True}}
    send(canvas, canvas_tool, timestamp=at(1), **gives_way)
    send(canvas, canvas_tool, timestamp=at(2), scoreGiven=60, **gives_way)
    kept = canvas.score("sam")
    assert kept is not None
    assert kept.given == 50
    canvas.teacher_grades("sam", 3)
    send(canvas, canvas_tool, timestamp=at(3), scoreGiven=60)
    kept = canvas.score("sam")
    assert kept is not None
    assert kept.given == 60


def test_each_score_is_an_attempt_and_each_comment_is_added(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    send(canvas, canvas_tool, timestamp=at(1), comment="Signed.")
    send(canvas, canvas_tool, timestamp=at(2), comment="Signed.")
    send(canvas, canvas_tool, timestamp=at(3), **SAME_ATTEMPT)
    send(canvas, canvas_tool, timestamp=at(4), **{SUBMISSION: {"submission_type": "none"}})
    kept = canvas.score("sam")
    assert kept is not None
    assert (kept.attempts, kept.comments) == (2, ("Signed.", "Signed."))


def test_an_equal_timestamp_is_taken_and_an_older_one_is_not(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    assert send(canvas, canvas_tool, timestamp=at(5)).status == 200
    assert send(canvas, canvas_tool, timestamp=at(5), scoreGiven=60).status == 200
    older = send(canvas, canvas_tool, timestamp=at(4))
    assert older.status == 400
    assert "before last updated timestamp" in older.json["errors"]["message"]


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"userId": ...}, 422, "User not found in course or is not a student"),
        ({"userId": "4"}, 422, "User not found in course or is not a student"),
        ({"activityProgress": ...}, 400, "activityProgress is missing"),
        ({"timestamp": ...}, 400, "timestamp is missing"),
        ({"activityProgress": "Asleep"}, 400, "activityProgress does not have a valid value"),
        ({"timestamp": "yesterday"}, 400, "not a valid timestamp"),
        ({"scoreMaximum": -1}, 422, "ScoreMaximum must be greater than or equal to 0"),
        ({"scoreMaximum": ...}, 422, "ScoreMaximum not supplied when ScoreGiven present."),
        ({"scoreMaximum": 0}, 422, "cannot be zero if line item's maximum is not zero"),
        ({"scoreGiven": -1}, 422, "ScoreGiven must be greater than or equal to 0"),
        ({SUBMISSION: {"submission_type": "online_upload"}}, 422, "Content items must be provided"),
        ({SUBMISSION: {"submitted_at": "2999-01-01T00:00:00Z"}}, 400, "in the future"),
    ],
)
def test_a_score_that_is_not_right_is_not_kept(
    canvas: PracticeLms, canvas_tool: StubTool, changes: dict[str, Any], status: int, message: str
) -> None:
    answer = send(canvas, canvas_tool, **changes)
    assert answer.status == status
    assert message in answer.body.decode()
    assert canvas.scores() == ()


def test_a_score_above_the_maximum_is_kept(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    assert send(canvas, canvas_tool, scoreGiven=150).status == 200


@pytest.mark.parametrize(("changes", "reason"), [({"published": False}, "still unpublished"), ({"closed": True}, "")])
def test_an_assignment_that_is_not_open_takes_no_score(
    canvas: PracticeLms, canvas_tool: StubTool, changes: dict[str, bool], reason: str
) -> None:
    canvas.change_line_item(canvas.line_items()[0], **changes)
    answer = send(canvas, canvas_tool)
    assert answer.status == 422
    assert answer.json["errors"][0]["field"] == "grade"
    assert reason in answer.json["errors"][0]["message"]


def test_a_course_that_is_not_open_takes_no_score(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.change_course(state="unpublished")
    assert send(canvas, canvas_tool).json["errors"]["message"] == "User not found in course or is not a student"
    canvas.change_course(state="concluded")
    answer = send(canvas, canvas_tool)
    assert answer.status == 422
    assert answer.json["errors"]["message"].startswith("This course has concluded.")


def test_somebody_who_left_gets_no_score(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.remove_member("sam")
    assert send(canvas, canvas_tool).status == 422


def test_an_older_canvas_refuses_the_test_student_and_hides_a_concluded_course(tmp_path: Path, stub: StubTool) -> None:
    with running_practice_lms(tmp_path, profile="canvas-older") as older:
        tool = registered(older, stub, maximum=20)
        assert send(older, tool, userId=older.user_id("test")).status == 422
        older.change_course(state="concluded")
        assert send(older, tool).status == 404


def test_the_test_student_gets_scores(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    assert send(canvas, canvas_tool, userId=canvas.user_id("test")).status == 200


def test_results_follow_the_teacher(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    send(canvas, canvas_tool, comment="Signed.")
    canvas.teacher_grades("sam", 7.5)
    address = canvas_tool.endpoint["lineitem"] + "/results"
    rows = call("GET", f"{address}?user_id={canvas.user_id('sam')}", canvas_tool.bearer()).json
    assert [row["resultScore"] for row in rows] == [7.5]
    assert call("GET", f"{address}?user_id={canvas.user_id('jo')}", canvas_tool.bearer()).json == []
    assert call("GET", f"{address}/0", canvas_tool.bearer()).status == 404


def test_the_rate_limit_is_a_403_with_its_words(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.misbehave("scores", "rate-limit")
    answer = send(canvas, canvas_tool)
    assert (answer.status, answer.body) == (403, b"403 Forbidden (Rate Limit Exceeded)\n")
    assert answer.headers["x-rate-limit-remaining"] == "0.0"
    assert send(canvas, canvas_tool).status == 200


def test_many_calls_at_once_are_too_many(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    bearer, statuses = canvas_tool.bearer(), []
    canvas.misbehave("lineitems", "slow", times=20, value=3)

    def ask() -> None:
        statuses.append(call("GET", canvas_tool.endpoint["lineitems"], bearer).status)

    together(ask, 20)
    assert statuses.count(403) >= 1
    alone = call("GET", canvas_tool.endpoint["lineitems"], bearer)
    assert alone.status == 200
    assert 0 < float(alone.headers["x-rate-limit-remaining"]) <= 600
    assert float(alone.headers["x-request-cost"]) > 0


def together(act: Any, times: int) -> None:
    threads = [Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# People


def roster(tool: StubTool, query: str = "") -> Answer:
    return call("GET", tool.claims[ROSTER_CLAIM]["context_memberships_url"] + query, tool.bearer())


def test_people_have_whole_roles_and_those_who_left_are_absent(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.remove_member("noor")
    canvas.change_roles("tess", "trainee", "supervisor")
    rows = {row["user_id"]: row for row in roster(canvas_tool).json["members"]}
    assert canvas.user_id("noor") not in rows
    assert canvas.user_id("ada") not in rows
    assert canvas.user_id("test") not in rows
    ends = [role.rsplit("/", 1)[1] for role in rows[canvas.user_id("tess")]["roles"]]
    assert ends == ["membership#Instructor", "membership#Learner", "Instructor#TeachingAssistant"]
    assert all(row["status"] == "Active" for row in rows.values())
    assert "message" not in rows[canvas.user_id("sam")]


def test_people_come_fifty_a_page(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.enroll_many(200)
    answer, seen = roster(canvas_tool, "?limit=100"), 0
    while True:
        assert len(answer.json["members"]) <= 50
        seen += len(answer.json["members"])
        if "link" not in answer.headers:
            break
        answer = call("GET", answer.headers["link"].split(">")[0][1:], canvas_tool.bearer())
    assert seen == 207


def test_a_link_brings_what_a_launch_would_say_and_a_foreign_one_nothing(
    canvas: PracticeLms, canvas_tool: StubTool
) -> None:
    link = canvas.link_id(canvas.activities()[0])
    first = roster(canvas_tool, f"?rlid={link}").json["members"][0]
    assert first["message"][0][CLAIM + "message_type"] == "LtiResourceLinkRequest"
    assert roster(canvas_tool, f"?rlid={canvas.context_id()}").status == 200
    assert roster(canvas_tool, "?rlid=elsewhere").status == 400
    learner = "http://purl.imsglobal.org/vocab/lis/v2/membership%23Learner"
    assert len(roster(canvas_tool, f"?role={learner}").json["members"]) == 3
    assert roster(canvas_tool, "?role=Learner").json["members"] == []


def test_the_list_keeps_the_privacy_level(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    canvas.set_privacy("anonymous")
    row = roster(canvas_tool).json["members"][0]
    assert set(row) == {"status", "user_id", "lti11_legacy_user_id", "roles"}


def test_a_score_from_a_clock_that_is_ahead_blocks_the_next_one(canvas: PracticeLms, canvas_tool: StubTool) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert send(canvas, canvas_tool, timestamp=ahead).status == 200
    assert send(canvas, canvas_tool, timestamp=datetime.now(UTC).isoformat()).status == 400
