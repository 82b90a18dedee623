"""Tokens, columns, scores, results and roster: strict, and every call is written down."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import (
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULTS_TYPE,
    ROSTER_CLAIM,
    ROSTER_TYPE,
    SCOPES,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from tests.lti_tool.practice.stub_tool import StubTool, below, call, score, send

COLUMN = {"label": "Observed practice", "scoreMaximum": 100, "resourceId": "a-1", "tag": "completion"}


# Tokens


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type", "grant_type"),
        ({"client_assertion_type": None}, "invalid_request", "client_assertion_type"),
        ({"client_assertion": "a.b.c"}, "invalid_client", "client_assertion"),
        ({"scope": "https://example.org/scope"}, "invalid_scope", "scope"),
        ({"scope": None}, "invalid_scope", "scope"),
    ],
)
def test_a_token_request_that_is_not_exact_gets_no_token(
    lms: PracticeLms, tool: StubTool, changes: dict[str, Any], error: str, sentence: str
) -> None:
    answer = tool.ask_for_token(**changes)
    assert (answer.status, answer.json["error"]) == (400, error)
    assert sentence in lms.calls("token")[-1].note
    assert lms.calls("token")[-1].body is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"aud": "http://127.0.0.1:1"}, "Audience"),
        ({"iss": "stranger"}, "issuer"),
        ({"sub": "stranger"}, "sub is not a client_id"),
        ({"jti": None}, "jti"),
        ({"jti": 5}, "JWT ID must be a string"),
        ({"iat": int(time.time()) + 3000}, "iat is later than now"),
        ({"exp": int(time.time()) - 1}, "exp is not later than now"),
        ({"exp": int(time.time()) + 7200}, "longer than an hour"),
    ],
)
def test_an_assertion_with_a_wrong_claim_gets_no_token(
    lms: PracticeLms, tool: StubTool, changes: dict[str, Any], sentence: str
) -> None:
    answer = tool.ask_for_token(client_assertion=tool.assertion(**changes))
    assert answer.status == 400
    assert answer.json["error"] == "invalid_client"
    assert sentence in answer.json["error_description"]


def test_an_assertion_is_good_once(tool: StubTool) -> None:
    assertion = tool.assertion()
    assert tool.ask_for_token(client_assertion=assertion).status == 200
    assert "jti was used before" in tool.ask_for_token(client_assertion=assertion).json["error_description"]


def test_scopes_that_were_not_registered_are_left_out_of_the_grant(tool: StubTool) -> None:
    answer = tool.ask_for_token(f"{SCORE_SCOPE} https://example.org/scope")
    assert answer.json["scope"] == SCORE_SCOPE
    assert answer.json["expires_in"] == 3600


def test_a_token_request_is_a_form(tool: StubTool) -> None:
    answer = call("POST", tool.platform["token_endpoint"], {"Content-Type": "application/json"}, "{}")
    assert answer.status == 415


def test_a_call_without_a_known_token_is_401_and_with_another_scope_403(tool: StubTool, column: str) -> None:
    assert call("GET", column).status == 401
    assert call("GET", column, {"Authorization": "Bearer unknown"}).headers["www-authenticate"].startswith("Bearer")
    assert call("GET", column, tool.bearer(SCORE_SCOPE)).status == 403
    assert call("DELETE", column, tool.bearer(LINE_ITEM_READ_SCOPE)).status == 403
    headers = {**tool.bearer(LINE_ITEM_SCOPE), "Content-Type": SCORE_TYPE}
    assert call("POST", below(column, "/scores"), headers, json.dumps(score())).status == 403


def test_tokens_that_were_forgotten_are_unknown(lms: PracticeLms, tool: StubTool, column: str) -> None:
    bearer = tool.bearer()
    lms.forget_tokens()
    assert call("GET", column, bearer).status == 401


# Columns


def test_columns_are_made_found_changed_and_removed(lms: PracticeLms, tool: StubTool, column: str) -> None:
    bearer, columns = tool.bearer(), tool.endpoint["lineitems"]
    headers = {**bearer, "Content-Type": LINE_ITEM_TYPE}
    link = lms.activities()[0].id
    made = call("POST", columns, headers, json.dumps(COLUMN | {"resourceLinkId": link}))
    assert made.status == 201
    assert made.json == COLUMN | {"resourceLinkId": link, "id": made.json["id"]}
    for query in ("resource_id=a-1", "tag=completion", "resource_id=a-1&tag=completion"):
        found = call("GET", f"{columns}&{query}", {**bearer, "Accept": LINE_ITEMS_TYPE}).json
        assert [item["id"] for item in found] == [made.json["id"]]
    assert len(call("GET", f"{columns}&resource_link_id={link}", {**bearer, "Accept": LINE_ITEMS_TYPE}).json) == 2
    assert call("GET", f"{columns}&tag=other", bearer).json == []
    changed = call("PUT", made.json["id"], headers, json.dumps({"label": "New words", "scoreMaximum": 10}))
    assert changed.json == {"id": made.json["id"], "label": "New words", "scoreMaximum": 10, "resourceLinkId": link}
    assert call("GET", made.json["id"], {**bearer, "Accept": LINE_ITEM_TYPE}).json == changed.json
    assert call("DELETE", made.json["id"], bearer).status == 204
    assert call("GET", made.json["id"], bearer).status == 404


def test_a_second_column_of_a_link_leaves_the_launch_without_one(lms: PracticeLms, tool: StubTool, column: str) -> None:
    headers = {**tool.bearer(), "Content-Type": LINE_ITEM_TYPE}
    call("POST", tool.endpoint["lineitems"], headers, json.dumps(COLUMN | {"resourceLinkId": lms.activities()[0].id}))
    lms.visitor().open("sam", "A link")
    assert "lineitem" not in tool.endpoint


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"label": " "}, 400, "label"),
        ({"label": "x" * 256}, 400, "label"),
        ({"scoreMaximum": 0}, 400, "scoreMaximum"),
        ({"scoreMaximum": "10"}, 400, "scoreMaximum"),
        ({"tag": 5}, 400, "tag is not text"),
        ({"color": "red"}, 400, "color is not known"),
        ({"resourceLinkId": "999"}, 404, "resourceLinkId 999 is no link of this tool"),
    ],
)
def test_a_column_that_is_not_right_is_not_made(
    lms: PracticeLms, tool: StubTool, column: str, changes: dict[str, Any], status: int, sentence: str
) -> None:
    headers = {**tool.bearer(), "Content-Type": LINE_ITEM_TYPE}
    answer = call("POST", tool.endpoint["lineitems"], headers, json.dumps(COLUMN | changes))
    assert answer.status == status
    assert sentence in answer.json["error_description"]
    assert len(lms.line_items()) == 1


def test_media_types_are_exact(tool: StubTool, column: str) -> None:
    bearer, columns = tool.bearer(), tool.endpoint["lineitems"]
    for accept in ("*/*", "application/json", LINE_ITEM_TYPE):
        assert call("GET", columns, {**bearer, "Accept": accept}).status == 406
    json_type = {**bearer, "Content-Type": "application/json"}
    assert call("POST", columns, json_type, json.dumps(COLUMN)).status == 415
    assert call("PUT", column, json_type, json.dumps(COLUMN)).status == 415
    assert send(tool, column, score(), "application/json").status == 415
    assert send(tool, column, score(), SCORE_TYPE + "; charset=utf-8").status == 200


def test_an_address_without_its_query_is_nowhere(tool: StubTool, column: str) -> None:
    assert call("GET", column.split("?")[0], tool.bearer()).status == 404
    assert call("GET", column.replace("/courses/2/", "/courses/3/"), tool.bearer()).status == 404


def test_the_column_of_another_tool_is_nowhere(lms: PracticeLms, tool: StubTool, column: str) -> None:
    first = tool.deployment_id
    lms.register_tool(tool.registration_address)
    assert call("GET", column.replace(f"={first}", f"={tool.deployment_id}"), tool.bearer()).status == 404


# Scores


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"userId": ...}, "userId is missing"),
        ({"userId": 6}, "userId is missing or not text"),
        ({"userId": "99"}, "userId 99 is nobody who gets scores"),
        ({"userId": "4"}, "userId 4 is nobody who gets scores"),
        ({"userId": "sam"}, "userId sam is nobody who gets scores"),
        ({"timestamp": ...}, "timestamp"),
        ({"timestamp": "2026-03-01T10:00:00+00:00"}, "timestamp"),
        ({"timestamp": "2026-03-01T10:00:00.5"}, "timestamp"),
        ({"timestamp": "2026-13-01T10:00:00.5Z"}, "timestamp"),
        ({"timestamp": 1767225600}, "timestamp"),
        ({"activityProgress": "completed"}, "activityProgress is completed"),
        ({"gradingProgress": ...}, "gradingProgress is None"),
        ({"scoreGiven": -1}, "scoreGiven is not a number of 0 or more"),
        ({"scoreGiven": "5"}, "scoreGiven is not a number of 0 or more"),
        ({"scoreGiven": None}, "scoreGiven is not a number of 0 or more"),
        ({"scoreGiven": 10**400}, "scoreGiven is not a number of 0 or more"),
        ({"scoreMaximum": ...}, "scoreGiven came without scoreMaximum"),
        ({"scoreMaximum": 0}, "scoreMaximum is not above 0"),
        ({"comment": None}, "comment is not text"),
        ({"scoringUserId": ""}, "scoringUserId is not text"),
        ({"story": "what happened"}, "story is not known"),
    ],
)
def test_a_score_that_is_not_right_is_not_kept(
    lms: PracticeLms, tool: StubTool, column: str, changes: dict[str, Any], sentence: str
) -> None:
    answer = send(tool, column, score(**changes))
    assert answer.status == 400
    assert sentence in answer.json["error_description"]
    assert lms.scores() == ()


@pytest.mark.parametrize("body", ["{", "[]", '{"userId": "6", "userId": "7"}', '{"scoreGiven": NaN}', "[" * 100000])
def test_a_body_that_is_no_object_is_not_read(tool: StubTool, column: str, body: str) -> None:
    assert send(tool, column, body).status == 400


def test_an_unknown_name_and_a_comment_are_noted(lms: PracticeLms, tool: StubTool, column: str) -> None:
    assert send(tool, column, score(comment="well done")).status == 200
    assert lms.calls("scores")[-1].note == "beyond the score itself: comment"
    assert send(tool, column, score(story="what happened")).status == 400
    assert lms.calls("scores")[-1].note == "beyond the score itself: story; story is not known"
    later = score(timestamp="2026-03-01T10:00:09.0Z", **{"https://tool.example/extra": 1})
    assert send(tool, column, later).status == 200
    assert lms.calls("scores")[-1].note == "beyond the score itself: https://tool.example/extra"


def test_order_is_judged_by_whole_seconds(lms: PracticeLms, tool: StubTool, column: str) -> None:
    assert send(tool, column, score()).status == 200
    assert send(tool, column, score(timestamp="2026-03-01T10:00:00.900+00:00", scoreGiven=60)).status == 409
    assert send(tool, column, score(timestamp="2026-03-01T09:59:59.900+00:00", scoreGiven=60)).status == 409
    assert send(tool, column, score(timestamp="2026-03-01T12:00:01.000+02:00", scoreGiven=60)).status == 200
    assert send(tool, column, score(userId="7")).status == 200
    kept = lms.score("sam")
    assert kept is not None
    assert kept.given == 60


def test_a_timestamp_of_tomorrow_is_kept_and_noted(lms: PracticeLms, tool: StubTool, column: str) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert send(tool, column, score(timestamp=tomorrow)).status == 200
    assert lms.calls("scores")[-1].note == "the timestamp is later than now"


def test_anything_but_fully_graded_empties_the_cell(lms: PracticeLms, tool: StubTool, column: str) -> None:
    send(tool, column, score())
    later = score(timestamp="2026-03-01T10:00:01.0Z", gradingProgress="PendingManual")
    assert send(tool, column, later).status == 200
    kept = lms.score("sam")
    assert kept is not None
    assert kept.given is None


def test_results_show_what_the_gradebook_shows(lms: PracticeLms, tool: StubTool, column: str) -> None:
    send(tool, column, score(scoreGiven=5, scoreMaximum=10))
    send(tool, column, score(userId="7", gradingProgress="Pending"))
    headers = {**tool.bearer(), "Accept": RESULTS_TYPE}
    sam, noor = call("GET", below(column, "/results"), headers).json
    assert (sam["userId"], sam["resultScore"], sam["resultMaximum"], sam["scoreOf"]) == ("6", 50, 100, column)
    assert "resultScore" not in noor
    only = call("GET", below(column, "/results") + "&user_id=7", headers).json
    assert [row["userId"] for row in only] == ["7"]
    assert call("GET", below(column, "/scores"), headers).status == 405


# Roster and call log


def test_the_roster_names_everybody_and_narrows_by_role(tool: StubTool, column: str) -> None:
    address = tool.claims[ROSTER_CLAIM]["context_memberships_url"]
    headers = {**tool.bearer(), "Accept": ROSTER_TYPE}
    members = call("GET", address, headers).json["members"]
    assert [member["name"] for member in members][:2] == ["Ines Ferreira", "Jo Lindqvist"]
    learners = call("GET", address + "&role=Learner", headers).json["members"]
    assert [member["user_id"] for member in learners] == ["6", "7", "8"]
    assert call("GET", address, {**headers, "Accept": "application/json"}).status == 406


def test_every_call_is_written_down(lms: PracticeLms, tool: StubTool, column: str) -> None:
    send(tool, column, score())
    call("GET", lms.base_url + "/services/nowhere")
    token, sent, nowhere = lms.calls()
    assert (token.place, token.method, token.status, token.client_id) == ("token", "POST", 200, tool.client_id)
    assert (sent.place, sent.path, sent.status, sent.body) == (
        "scores",
        below(column, "/scores").removeprefix(lms.base_url),
        200,
        score(),
    )
    assert (nowhere.place, nowhere.status) == ("", 404)


def test_a_tool_that_asked_for_less_gets_less(lms: PracticeLms, stub: StubTool) -> None:
    stub.registration_changes = {"scope": f"openid {SCORE_SCOPE}"}
    lms.register_tool(stub.registration_address)
    lms.visitor().open("sam", lms.add_activity("A link", maximum=10).id)
    assert ROSTER_CLAIM not in stub.claims
    assert stub.endpoint["scope"] == [SCORE_SCOPE]
    assert stub.ask_for_token(" ".join(SCOPES)).json["scope"] == SCORE_SCOPE
