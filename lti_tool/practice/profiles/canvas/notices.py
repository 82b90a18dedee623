"""Canvas's notices: one handler for each type of each deployment, and each notice is sent once."""

import secrets
import threading
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from lti_tool.practice.answers import json_answer, platform, read_json
from lti_tool.practice.calls import Delivery
from lti_tool.practice.names import CLAIM, NOTICES_SCOPE, VERSION
from lti_tool.practice.outbound import Unreachable, post_json
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.answers import authorized, nowhere, refusal
from lti_tool.practice.profiles.canvas.claims import NOTICE_TYPES, context
from lti_tool.practice.profiles.canvas.ids import account_id, hexadecimal
from lti_tool.practice.records import Course, NoticeHandler, Tool

HELLO, COPY = "LtiHelloWorldNotice", "LtiContextCopyNotice"
SECONDS_TO_LIVE = 3600

blueprint = Blueprint("canvas_notices", __name__)


@blueprint.route("/api/lti/notice-handlers/<number>", methods=["GET", "PUT"])
def noticehandlers(number: str) -> Response:
    """Read the handlers of a deployment, or set one; an empty address removes it."""
    lms, tool = platform(), authorized(NOTICES_SCOPE)
    deployment = next((one for one in tool.deployments if one.split(":")[0] == number), None)
    if deployment is None:
        raise nowhere()
    if request.method == "GET":
        return json_answer(_handlers(lms, tool, deployment))
    body = read_json("application/json")
    kind, address = body.get("notice_type"), body.get("handler")
    if kind not in NOTICE_TYPES or not isinstance(address, str):
        raise refusal(400, "notice_type or handler is not supported")
    if address and urlsplit(address).netloc != urlsplit(tool.target).netloc:
        raise refusal(400, "handler must be a valid URL of the tool's domain")
    with lms.changing() as state:
        state.handlers = {**state.handlers, (deployment, kind): NoticeHandler(deployment, kind, address)}
    if kind == HELLO and address:
        hello = _hello(lms)
        threading.Thread(target=_send, args=(lms, tool, deployment, HELLO, hello), daemon=True).start()
    return json_answer({"notice_type": kind, "handler": address})


def tell_of_copy(lms: Platform, course: Course) -> None:
    """Send a notice to every deployment that asked for it, and do not try again."""
    body = {
        CLAIM + "context": context(lms, course.id),
        CLAIM + "origin_contexts": [hexadecimal(lms, f"course {course.history[0]}")],
    }
    for tool in lms.state.tools.values():
        for deployment in tool.deployments:
            _send(lms, tool, deployment, COPY, body)


def _hello(lms: Platform) -> dict[str, Any]:
    return {
        CLAIM + "context": {"id": account_id(lms), "title": "Practice institution", "type": ["Account"]},
        "https://www.instructure.com/hello_world": {"title": "Hello World!", "message": "Congratulations!"},
    }


def _send(lms: Platform, tool: Tool, deployment: str, kind: str, body: dict[str, Any]) -> None:
    handler = lms.state.handlers.get((deployment, kind))
    if handler is None or not handler.address:
        return
    now = lms.clock()
    claims = {
        "iss": lms.issuer,
        "aud": tool.client_id,
        "azp": tool.client_id,
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + SECONDS_TO_LIVE,
        "nonce": secrets.token_hex(16),
        CLAIM + "version": VERSION,
        CLAIM + "deployment_id": deployment,
        CLAIM + "notice": {
            "id": secrets.token_hex(16),
            "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": kind,
        },
        **body,
    }
    problem = ""
    try:
        post_json(handler.address, {"notices": [{"jwt": lms.key.sign(claims)}]}, lms.authority.neighbors)
    except Unreachable as unreachable:
        problem = str(unreachable)
    lms.deliveries.append(Delivery(kind, handler.address, problem))


def _handlers(lms: Platform, tool: Tool, deployment: str) -> dict[str, Any]:
    kept = {kind: lms.state.handlers.get((deployment, kind)) for kind in NOTICE_TYPES}
    rows = [{"notice_type": kind, "handler": one.address if one else ""} for kind, one in kept.items()]
    return {"client_id": int(tool.client_id), "deployment_id": deployment, "notice_handlers": rows}
