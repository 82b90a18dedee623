"""Mischief on request, and the doors it comes through."""

import json
import time
from http.client import RemoteDisconnected
from typing import Any

import pytest

from lti_tool.practice import PracticeLms
from tests.lti_tool.practice.stub_tool import Answer, StubTool, call, score, send


def control(lms: PracticeLms, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    text = None if body is None else json.dumps(body)
    return call(method, f"{lms.base_url}/_control/{path}", {"Content-Type": "application/json", **headers}, text)


def test_a_status_is_answered_as_often_as_asked_and_nothing_is_done(
    lms: PracticeLms, tool: StubTool, column: str
) -> None:
    lms.misbehave("scores", "429", times=2, value=7)
    first = send(tool, column, score())
    assert (first.status, first.headers["retry-after"]) == (429, "7")
    assert send(tool, column, score()).status == 429
    assert lms.scores() == ()
    assert send(tool, column, score()).status == 200
    assert [call.note for call in lms.calls("scores")] == ["misbehaving: 429", "misbehaving: 429", ""]


def test_a_page_comes_instead_of_an_answer(lms: PracticeLms, tool: StubTool) -> None:
    lms.misbehave("token", "html")
    answer = tool.ask_for_token()
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert tool.ask_for_token().status == 200


def test_an_answer_comes_late(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.misbehave("scores", "slow", value=0.2)
    began = time.monotonic()
    assert send(tool, column, score()).status == 200
    assert time.monotonic() - began >= 0.2


def test_a_connection_is_dropped_before_anything_is_done(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.misbehave("scores", "drop")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        send(tool, column, score())
    assert lms.scores() == ()
    assert lms.calls("scores")[-1].status == 0


def test_an_answer_is_lost_after_everything_was_done(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.misbehave("scores", "lost-answer")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        send(tool, column, score())
    assert len(lms.scores()) == 1
    assert send(tool, column, score()).status == 409


def test_another_process_asks_by_http(lms: PracticeLms, tool: StubTool, column: str) -> None:
    assert control(lms, "POST", "misbehave", {"place": "scores", "kind": "503"}).status == 204
    assert send(tool, column, score()).status == 503
    calls = control(lms, "GET", "calls?place=scores").json
    assert [call["status"] for call in calls] == [503]
    assert control(lms, "DELETE", "calls").status == 204
    assert control(lms, "POST", "register-tool", {"address": 5}).status == 400
    assert lms.calls() == ()
    control(lms, "POST", "misbehave", {"place": "scores", "kind": "500", "times": 9, "value": 0})
    assert control(lms, "DELETE", "misbehave").status == 204
    assert send(tool, column, score()).status == 200
    kid = control(lms, "POST", "rotate-key").json["kid"]
    assert kid in [key["kid"] for key in call("GET", lms.base_url + "/oidc/keys").json["keys"]]
    assert control(lms, "POST", "forget-tokens").status == 204
    registered = control(lms, "POST", "register-tool", {"address": tool.registration_address})
    assert registered.json["client_id"] == lms.tools()[-1].client_id
    assert control(lms, "POST", "register-tool", {"address": tool.base_url + "/nothing"}).status == 502


def test_another_process_asks_for_what_people_do(own_lms: PracticeLms, own_tool: StubTool) -> None:
    def act(wanted: str, /, **arguments: Any) -> Answer:
        return control(own_lms, "POST", f"acts/{wanted}", arguments)

    assert act("add_activity", title="Added", maximum=10).json["title"] == "Added"
    assert act("add_person", key="pat", name="Pat Quinn", roles=["trainee"]).json["name"] == "Pat Quinn"
    act("change_roles", who="pat", roles=["supervisor", "observer"])
    act("remove_member", who="noor", status="Inactive")
    assert own_lms.person("pat").role == "supervisor"
    assert act("copy_course", title="Again").json["history"] == ["2"]
    assert act("add_deployment").json == own_lms.tools()[0].deployments[1]
    assert act("teacher_grades", person="sam", given=7.5).status == 200
    assert act("teacher_grades", person="nobody", given=1).status == 400
    assert act("change_line_item").status == 404


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"place": "scores"},
        {"place": "elsewhere", "kind": "500"},
        {"place": "scores", "kind": "200"},
        {"place": "scores", "kind": "500", "times": 0},
        {"place": "scores", "kind": "500", "times": "2"},
        {"place": "scores", "kind": "500", "more": 1},
    ],
)
def test_a_wish_that_makes_no_sense_is_told_so(lms: PracticeLms, wish: dict[str, Any]) -> None:
    assert control(lms, "POST", "misbehave", wish).status == 400


def test_a_web_page_cannot_ask(lms: PracticeLms) -> None:
    assert control(lms, "GET", "calls", Origin="https://elsewhere.example").status == 404
