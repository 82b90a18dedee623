"""The canvas profile: notices go to the handler of each deployment, once."""

import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import CLAIM, CORE_SCOPES, NOTICES_CLAIM, NOTICES_SCOPE
from tests.lti_tool.practice.stub_tool import Answer, StubTool, call

COPY, HELLO = "LtiContextCopyNotice", "LtiHelloWorldNotice"


@pytest.fixture
def told(canvas: PracticeLms, stub: StubTool) -> StubTool:
    stub.scopes, stub.notices_status = (*CORE_SCOPES, NOTICES_SCOPE), 200
    canvas.register_tool(stub.registration_address)
    link = canvas.add_activity("A link", custom={"activity": "a-1", "history": "$Context.id.history"}, maximum=20)
    canvas.visitor().open("sam", link.id)
    return stub


def put(tool: StubTool, kind: str, address: str) -> Answer:
    service = tool.claims[NOTICES_CLAIM]["platform_notification_service_url"]
    headers = {**tool.bearer(NOTICES_SCOPE), "Content-Type": "application/json"}
    return call("PUT", service, headers, json.dumps({"notice_type": kind, "handler": address}))


def handlers(tool: StubTool) -> dict[str, Any]:
    found: dict[str, Any] = call(
        "GET", tool.claims[NOTICES_CLAIM]["platform_notification_service_url"], tool.bearer(NOTICES_SCOPE)
    ).json
    return found


def verified(canvas: PracticeLms, tool: StubTool, notice: str) -> dict[str, Any]:
    key = canvas.platform.key.private.public_key()
    claims: dict[str, Any] = jwt.decode(
        notice, key, algorithms=["RS256"], audience=tool.client_id, issuer=canvas.issuer
    )
    return claims


def until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_handler_is_kept_replaced_and_removed(canvas: PracticeLms, told: StubTool) -> None:
    first, second = told.base_url + "/notices", told.base_url + "/notices?2"
    assert put(told, COPY, first).json == {"notice_type": COPY, "handler": first}
    put(told, COPY, second)
    kept = {row["notice_type"]: row["handler"] for row in handlers(told)["notice_handlers"]}
    assert (kept[COPY], kept[HELLO]) == (second, "")
    assert handlers(told)["deployment_id"] == told.deployment_id
    put(told, COPY, "")
    canvas.copy_course()
    assert canvas.deliveries() == ()


def test_a_handler_elsewhere_or_of_an_unknown_kind_is_refused(canvas: PracticeLms, told: StubTool) -> None:
    assert put(told, COPY, "https://elsewhere.example/notices").status == 400
    assert put(told, "LtiUnknownNotice", told.base_url + "/notices").status == 400
    service = told.claims[NOTICES_CLAIM]["platform_notification_service_url"]
    assert call("GET", service.rsplit("/", 1)[0] + "/9999", told.bearer(NOTICES_SCOPE)).status == 404
    assert call("GET", service, told.bearer()).status == 200
    assert call("GET", service).status == 401


def test_the_first_notice_says_hello(canvas: PracticeLms, told: StubTool) -> None:
    put(told, HELLO, told.base_url + "/notices")
    until(lambda: len(canvas.deliveries()) == 1)
    claims = verified(canvas, told, told.notices[0])
    assert claims[CLAIM + "notice"]["type"] == HELLO
    assert claims[CLAIM + "context"]["type"] == ["Account"]
    assert claims[CLAIM + "deployment_id"] == told.deployment_id


def test_a_copied_course_is_told_with_what_it_came_from(canvas: PracticeLms, told: StubTool) -> None:
    put(told, COPY, told.base_url + "/notices")
    former = told.claims[CLAIM + "context"]["id"]
    copy = canvas.copy_course()
    claims = verified(canvas, told, told.notices[0])
    assert claims[CLAIM + "notice"]["type"] == COPY
    assert claims[CLAIM + "context"]["id"] == canvas.context_id(copy.id) != former
    assert claims[CLAIM + "origin_contexts"] == [former]
    copied = canvas.activities(copy.id)[0]
    canvas.visitor().open("sam", copied.id)
    assert told.claims[CLAIM + "resource_link"]["id"] == canvas.link_id(copied)
    assert told.claims[CLAIM + "custom"] == {"activity": "a-1", "history": former}
    assert told.claims[CLAIM + "target_link_uri"] == told.base_url + "/launch"
    assert (canvas.line_items()[-1].resource_id, canvas.line_items()[-1].tag) == ("", "")


def test_a_notice_that_is_not_taken_is_not_sent_again(canvas: PracticeLms, told: StubTool) -> None:
    put(told, COPY, told.base_url + "/notices")
    told.notices_status = 503
    canvas.copy_course()
    assert [one.problem.endswith("answered 503") for one in canvas.deliveries()] == [True]
    assert len(told.notices) == 1


def test_each_deployment_has_handlers_of_its_own(canvas: PracticeLms, told: StubTool) -> None:
    put(told, COPY, told.base_url + "/notices")
    added = canvas.add_deployment()
    canvas.visitor().open("sam", canvas.activities()[0].id, deployment=added)
    assert all(row["handler"] == "" for row in handlers(told)["notice_handlers"])
    put(told, COPY, told.base_url + "/notices")
    canvas.copy_course()
    deployments = [verified(canvas, told, notice)[CLAIM + "deployment_id"] for notice in told.notices]
    assert deployments == [told.deployment_id, added]
