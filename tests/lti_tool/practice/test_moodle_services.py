"""The moodle profile: tokens, columns, scores, people and registration, as they were measured."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_tool.practice import NotRegistered, Offer, PracticeLms
from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.names import (
    CLAIM,
    LINE_ITEM_SCOPE,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULTS_TYPE,
    ROSTER_CLAIM,
    ROSTER_TYPE,
    SCORE_SCOPE,
    TOOL_CONFIGURATION,
)
from tests.lti_tool.practice.stub_tool import Answer, StubTool, below, call, score, send

COLUMN = {"label": "Decoupled", "scoreMaximum": 10, "resourceId": "cert-1", "tag": "cert"}


def make(tool: StubTool, media_type: str = LINE_ITEM_TYPE, **changes: Any) -> Answer:
    body = {name: value for name, value in (COLUMN | changes).items() if value is not ...}
    return call("POST", tool.endpoint["lineitems"], {**tool.bearer(), "Content-Type": media_type}, json.dumps(body))


def results(tool: StubTool, column: str, query: str = "") -> Answer:
    return call("GET", below(column, "/results") + query, {**tool.bearer(), "Accept": RESULTS_TYPE})


def at(second: int) -> str:
    return f"2026-03-01T10:00:{second:02}.500Z"


# Tokens


def test_a_token_comes_as_json_that_calls_itself_html(moodle_tool: StubTool) -> None:
    answer = moodle_tool.ask_for_token()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.json["expires_in"] == 3600


@pytest.mark.parametrize("changes", [{"aud": "elsewhere"}, {"iss": "elsewhere"}, {"jti": None}, {"exp": None}])
def test_much_of_an_assertion_is_not_looked_at(moodle_tool: StubTool, changes: dict[str, Any]) -> None:
    assert moodle_tool.ask_for_token(client_assertion=moodle_tool.assertion(**changes)).status == 200


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"iat": int(time.time()) + 3000}, "Cannot handle token with iat prior to"),
        ({"nbf": int(time.time()) + 3000}, "Cannot handle token with nbf prior to"),
        ({"exp": int(time.time()) - 1}, "Expired token"),
        ({"sub": "stranger"}, "invalid_client"),
    ],
)
def test_clocks_have_no_leeway(moodle_tool: StubTool, claims: dict[str, Any], error: str) -> None:
    answer = moodle_tool.ask_for_token(client_assertion=moodle_tool.assertion(**claims))
    assert answer.status == 400
    assert answer.json["error"].startswith(error)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "https://example.org/x"}, "invalid_scope"),
        ({"scope": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "other"}, "unsupported_grant_type"),
    ],
)
def test_a_form_that_is_wrong_is_answered_with_one_word(
    moodle_tool: StubTool, changes: dict[str, Any], error: str
) -> None:
    answer = moodle_tool.ask_for_token(**changes)
    assert (answer.status, answer.json) == (400, {"error": error})


def test_an_unknown_kid_is_answered_with_json_that_is_none(moodle_tool: StubTool) -> None:
    own = moodle_tool.key
    moodle_tool.key = PlatformKey("unknown", own.private)
    assertion = moodle_tool.assertion()
    moodle_tool.key = own
    answer = moodle_tool.ask_for_token(client_assertion=assertion)
    assert answer.status == 400
    with pytest.raises(ValueError, match="delimiter"):
        json.loads(answer.body)


def test_unknown_scopes_are_left_out(moodle_tool: StubTool) -> None:
    assert moodle_tool.ask_for_token(f"https://example.org/x {SCORE_SCOPE}").json["scope"] == SCORE_SCOPE


def test_a_token_without_the_scope_is_as_good_as_none(moodle_tool: StubTool) -> None:
    columns = moodle_tool.endpoint["lineitems"]
    for headers in (moodle_tool.bearer(SCORE_SCOPE), {}, {"Authorization": "Bearer x"}):
        answer = call("GET", columns, headers)
        assert answer.status == 401
        assert "www-authenticate" not in answer.headers
        assert answer.json["reason"] == "Unauthorized"


# Columns


def test_only_the_exact_media_type_or_none_lists_columns(moodle_tool: StubTool) -> None:
    columns, bearer = moodle_tool.endpoint["lineitems"], moodle_tool.bearer()
    assert call("GET", columns, bearer).status == 200
    assert call("GET", columns, {**bearer, "Accept": LINE_ITEMS_TYPE}).status == 200
    for accept in ("*/*", "application/json", f"{LINE_ITEMS_TYPE}, */*"):
        assert call("GET", columns, {**bearer, "Accept": accept}).status == 400
    assert make(moodle_tool, "application/json").status == 400
    assert make(moodle_tool, LINE_ITEM_TYPE + "; charset=utf-8").status == 201


@pytest.mark.parametrize("maximum", [0, -5, 2.5, 1000, "10"])
def test_any_maximum_is_taken_and_the_answer_repeats_what_was_sent(moodle_tool: StubTool, maximum: Any) -> None:
    answer = make(moodle_tool, scoreMaximum=maximum, gradesReleased=False)
    assert answer.status == 201
    assert answer.json["scoreMaximum"] == maximum
    assert answer.json["gradesReleased"] is False
    assert "gradesReleased" not in call("GET", answer.json["id"], moodle_tool.bearer()).json


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"label": ...}, 400),
        ({"scoreMaximum": ...}, 400),
        ({"resourceLinkId": "9999"}, 403),
        ({"label": "x" * 300}, 502),
        ({"tag": "x" * 300}, 502),
    ],
)
def test_a_column_that_cannot_be_made(
    moodle: PracticeLms, moodle_tool: StubTool, changes: dict[str, Any], status: int
) -> None:
    assert make(moodle_tool, **changes).status == status
    listed = call("GET", moodle_tool.endpoint["lineitems"], moodle_tool.bearer()).json
    assert len(listed) == 1
    assert len(moodle.line_items()) == (2 if "tag" in changes else 1)


def test_pages_of_columns_have_links_that_cannot_be_read(moodle_tool: StubTool) -> None:
    make(moodle_tool)
    make(moodle_tool)
    answer = call("GET", moodle_tool.endpoint["lineitems"] + "&limit=2", moodle_tool.bearer())
    assert len(answer.json) == 2
    link = answer.headers["link"].encode("latin-1").decode()
    assert "rel=”next”" in link
    assert "&amp;limit=2&amp;from=2" in link


def test_a_change_of_the_maximum_turns_empty_cells_into_zero(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    column = make(moodle_tool).json["id"]
    send(moodle_tool, column, score(timestamp=at(1)))
    send(moodle_tool, column, score(userId="7", gradingProgress="Pending", timestamp=at(1)))
    assert [row.get("resultScore") for row in results(moodle_tool, column).json] == [5, None]
    headers = {**moodle_tool.bearer(), "Content-Type": LINE_ITEM_TYPE}
    assert call("PUT", column, headers, json.dumps({"label": "Wider"})).status == 400
    changed = call("PUT", column, headers, json.dumps({"label": "Wider", "scoreMaximum": 20}))
    assert changed.status == 200
    assert [row["resultScore"] for row in results(moodle_tool, column).json] == [10, 0]
    kept = call("GET", column, moodle_tool.bearer()).json
    assert (kept["resourceId"], kept["tag"]) == ("", "")


def test_a_column_that_is_gone_is_not_found(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    column = moodle_tool.endpoint["lineitem"]
    assert call("DELETE", column, moodle_tool.bearer()).status == 204
    assert send(moodle_tool, column, score()).status == 404
    assert len(moodle.activities()) == 1


def test_columns_of_a_link_of_the_course_and_of_nobody_else(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    columns, column, bearer = moodle_tool.endpoint["lineitems"], moodle_tool.endpoint["lineitem"], moodle_tool.bearer()
    link = moodle_tool.claims[CLAIM + "resource_link"]["id"]
    assert [each["id"] for each in call("GET", f"{columns}&resource_link_id={link}", bearer).json] == [column]
    assert call("GET", columns.replace("type_id=", "type_id=9"), bearer).status == 401
    assert call("GET", columns.replace("/2/", "/999/"), bearer).status == 404
    moodle.register_tool(moodle_tool.registration_address)
    ours = column.partition("type_id=")[0] + f"type_id={moodle_tool.deployment_id}"
    assert call("GET", ours, moodle_tool.bearer()).status == 403


# Scores


def test_a_score_that_is_not_right_is_repeated_in_the_status_line(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    answer = send(moodle_tool, moodle_tool.endpoint["lineitem"], score(timestamp="yesterday"))
    assert (answer.status, answer.body) == (400, b"[]")
    assert answer.reason.startswith("Incorrect score received{")
    assert "yesterday" in answer.reason
    assert "yesterday" not in moodle.calls("scores")[-1].note


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"userId": ...}, 400),
        ({"userId": "99"}, 400),
        ({"userId": "3"}, 400),
        ({"userId": "4"}, 400),
        ({"userId": "sam"}, 502),
        ({"timestamp": ...}, 400),
        ({"timestamp": 1767225600}, 400),
        ({"activityProgress": ...}, 400),
        ({"activityProgress": "Bogus"}, 200),
        ({"gradingProgress": "Bogus"}, 200),
        ({"scoreGiven": "A"}, 400),
        ({"scoreGiven": "7"}, 200),
        ({"scoreMaximum": ...}, 400),
        ({"userId": 6}, 200),
        ({"timestamp": "2026-03-01T10:00:00"}, 200),
        ({"anything": "else"}, 200),
        ("no object", 400),
    ],
)
def test_what_a_score_needs(moodle_tool: StubTool, changes: dict[str, Any] | str, status: int) -> None:
    body = changes if isinstance(changes, str) else score(**changes)
    assert send(moodle_tool, moodle_tool.endpoint["lineitem"], body).status == status


@pytest.mark.parametrize(
    "changes",
    [
        {"gradingProgress": "PendingManual"},
        {"gradingProgress": "fullygraded"},
        {"scoreGiven": ..., "scoreMaximum": ...},
        {"scoreGiven": None},
    ],
)
def test_anything_but_a_final_score_erases_the_grade(
    moodle: PracticeLms, moodle_tool: StubTool, changes: dict[str, Any]
) -> None:
    column = moodle_tool.endpoint["lineitem"]
    send(moodle_tool, column, score(timestamp=at(1), comment="well done"))
    assert results(moodle_tool, column).json[0]["comment"] == "well done"
    assert send(moodle_tool, column, score(timestamp=at(2), **changes)).status == 200
    row = results(moodle_tool, column).json[0]
    assert set(row) == {"id", "userId"}
    assert send(moodle_tool, column, score(timestamp=at(0))).status == 200


def test_a_column_of_the_tools_own_keeps_its_time_where_nothing_changed(
    moodle: PracticeLms, moodle_tool: StubTool
) -> None:
    column = make(moodle_tool).json["id"]
    assert send(moodle_tool, column, score(timestamp=at(5))).status == 200
    assert send(moodle_tool, column, score(timestamp=at(5), scoreGiven=60)).status == 409
    assert send(moodle_tool, column, score(timestamp=at(9))).status == 200
    assert send(moodle_tool, column, score(timestamp=at(7), scoreGiven=60)).status == 200


@pytest.mark.parametrize(
    ("given", "maximum", "shown"), [(15, 10, 20), (-3, 10, 0), (5, 0, 5), (1, 3, 6.67), (5, -10, 0)]
)
def test_what_a_cell_shows_is_between_0_and_the_maximum(
    moodle_tool: StubTool, given: float, maximum: float, shown: float
) -> None:
    column = moodle_tool.endpoint["lineitem"]
    send(moodle_tool, column, score(scoreGiven=given, scoreMaximum=maximum))
    assert results(moodle_tool, column).json[0]["resultScore"] == shown


def test_a_teachers_grade_stays_on_the_activitys_column(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    column = moodle_tool.endpoint["lineitem"]
    send(moodle_tool, column, score())
    moodle.teacher_grades("sam", 9, comment="teacher says")
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert send(moodle_tool, column, score(scoreGiven=20, timestamp=later)).status == 200
    row = results(moodle_tool, column).json[0]
    assert (row["resultScore"], row["comment"]) == (9, "teacher says")


def test_a_teachers_grade_on_the_tools_column_gives_way_to_a_later_score(
    moodle: PracticeLms, moodle_tool: StubTool
) -> None:
    column = make(moodle_tool).json["id"]
    moodle.teacher_grades("sam", 9)
    assert send(moodle_tool, column, score()).status == 409
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert send(moodle_tool, column, score(scoreGiven=20, timestamp=later)).status == 200
    assert results(moodle_tool, column).json[0]["resultScore"] == 2


def test_a_closed_column_answers_500(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.change_line_item(moodle.line_items()[0], closed=True)
    answer = send(moodle_tool, moodle_tool.endpoint["lineitem"], score())
    assert (answer.status, answer.body) == (500, b"[]")


def test_results_with_a_limit_are_a_page_that_is_not_found(moodle_tool: StubTool) -> None:
    answer = results(moodle_tool, moodle_tool.endpoint["lineitem"], "&limit=50")
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (404, "text/html")
    assert send(moodle_tool, moodle_tool.endpoint["lineitem"], score(), "application/json").status == 400
    assert call("GET", below(moodle_tool.endpoint["lineitem"], "/scores"), moodle_tool.bearer()).status == 405


# People


def roster(tool: StubTool, query: str = "", accept: str = ROSTER_TYPE) -> Answer:
    address = tool.claims[ROSTER_CLAIM]["context_memberships_url"]
    return call("GET", address + query, {**tool.bearer(), "Accept": accept})


def test_supervisors_are_learners_in_the_list(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    rows = {row["user_id"]: row["roles"] for row in roster(moodle_tool).json["members"]}
    assert rows == {"3": ["Instructor"], **{key: ["Learner"] for key in "45678"}}
    assert len(roster(moodle_tool, "?role=Instructor").json["members"]) == 1
    assert len(roster(moodle_tool, "?role=Observer").json["members"]) == 6


def test_only_the_active_are_listed_page_by_page_where_asked(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.remove_member("noor", status="Inactive")
    answer = roster(moodle_tool, "?limit=3")
    assert [row["user_id"] for row in answer.json["members"]] == ["3", "4", "5"]
    assert 'limit=3&from=3>; rel="next"' in answer.headers["link"]
    assert [row["user_id"] for row in roster(moodle_tool, "?limit=3&from=3").json["members"]] == ["6", "8"]
    assert roster(moodle_tool, accept="application/json").status == 400
    assert roster(moodle_tool, accept="*/*").status == 200
    link = moodle_tool.claims[CLAIM + "resource_link"]["id"]
    assert all("message" in row for row in roster(moodle_tool, f"?rlid={link}").json["members"])
    address, bearer = moodle_tool.claims[ROSTER_CLAIM]["context_memberships_url"], moodle_tool.bearer()
    assert call("GET", address.replace("/bindings/", "/bindings/9"), bearer).status == 401
    assert call("GET", address.replace("/CourseSection/2/", "/CourseSection/999/"), bearer).status == 404
    assert send(moodle_tool, moodle_tool.endpoint["lineitem"], score(userId="7")).status == 200


def test_with_privacy_the_list_has_ids_only(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    moodle.set_privacy("anonymous")
    row = roster(moodle_tool).json["members"][0]
    assert row == {"status": "Active", "roles": ["Instructor"], "user_id": "3", "lis_person_sourcedid": "P003"}


# Registration


def test_a_registration_is_answered_with_less_than_was_said(moodle: PracticeLms, stub: StubTool) -> None:
    messages = [
        {"type": "LtiResourceLinkRequest", "placements": ["ContentArea"]},
        {"type": "LtiDeepLinkingRequest", "label": "Choose", "custom_parameters": {"a": "b"}},
        {"type": "LtiSubmissionReviewRequest"},
    ]
    configuration = stub.description()[TOOL_CONFIGURATION] | {"messages": messages, "custom_parameters": {"k": "v"}}
    stub.registration_changes = {TOOL_CONFIGURATION: configuration, "scope": f"{LINE_ITEM_SCOPE} other"}
    tool = moodle.register_tool(stub.registration_address)
    answered = stub.registered[TOOL_CONFIGURATION]
    assert answered["messages"] == [{"type": "LtiDeepLinkingRequest", "target_link_uri": stub.base_url + "/launch"}]
    assert answered["custom_parameters"] == {"k": "v"}
    assert answered["deployment_id"] == tool.deployment_id
    assert stub.registered["scope"] == LINE_ITEM_SCOPE
    assert len(tool.client_id) == 15


def test_a_renewed_registration_keeps_its_ids(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    before = moodle.tools()[0]
    renewed = moodle.register_tool(moodle_tool.registration_address, offer=Offer(True, updates=before.client_id))
    assert (renewed.client_id, renewed.deployment_id) == (before.client_id, before.deployment_id)
    assert len(moodle.tools()) == 1
    assert moodle.register_tool(moodle_tool.registration_address).client_id != before.client_id


def test_a_registration_without_addresses_is_refused(moodle: PracticeLms, stub: StubTool) -> None:
    stub.registration_changes = {"jwks_uri": "https://keys.example/keys"}
    with pytest.raises(NotRegistered, match="jwks_uri"):
        moodle.register_tool(stub.registration_address)
    assert moodle.calls("registration")[-1].status == 400
    stub.registration_changes = {"client_name": None}
    with pytest.raises(NotRegistered, match="client_name is missing"):
        moodle.register_tool(stub.registration_address)
    address = moodle.base_url + "/mod/lti/openid-registration.php"
    assert call("POST", address, {"Authorization": "Bearer x", "Content-Type": "application/json"}, "{}").status == 401
