"""Moodle's Dynamic Registration: much of what a tool says is dropped without a word."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, read_json
from lti_tool.practice.names import DEEP_LINKING_REQUEST, TOOL_CONFIGURATION, VERSION
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool
from lti_tool.practice.registration import ANSWERED, address_problems, described_tool

DROPPED = {"client_uri", "policy_uri", "tos_uri", "contacts"}

blueprint = Blueprint("moodle_registration", __name__)


@blueprint.post("/mod/lti/openid-registration.php")
def registration() -> Response:
    """Register a tool, or renew the registration that the administrator chose. Answers 200."""
    lms = platform()
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    if lms.offers.value(token) is None:
        raise ServiceProblem(401, "the registration token is missing, unknown or used", code="invalid_token")
    body = read_json("application/json")
    configuration = body.get(TOOL_CONFIGURATION)
    if not isinstance(configuration, dict) or not isinstance(body.get("client_name"), str):
        raise ServiceProblem(400, "lti-tool-configuration or client_name is missing", code="invalid_client_metadata")
    if wrong := address_problems(body, configuration, lms.authority.neighbors):
        raise ServiceProblem(400, "; ".join(wrong), code="invalid_client_metadata")
    offer = lms.offers.spend(token)
    if offer is None:
        raise ServiceProblem(401, "the registration token is used", code="invalid_token")
    described = replace(described_tool(body, lms.profile.scopes), message_custom={})
    tool = _registered(lms, described, renewed=offer.updates)
    lms.registered[token] = g.client_id = tool.client_id
    return json_answer(_answer(body, tool))


def _registered(lms: Platform, tool: Tool, *, renewed: str) -> Tool:
    former = lms.state.tools.get(renewed)
    if former is None:
        return lms.add_tool(tool)
    changed = replace(tool, client_id=former.client_id, deployment_id=former.deployment_id)
    lms.change_tool(changed)
    return changed


def _answer(body: dict[str, Any], tool: Tool) -> dict[str, Any]:
    configuration = body[TOOL_CONFIGURATION]
    chosen = [
        {"type": message["type"], "target_link_uri": message.get("target_link_uri", tool.target)}
        for message in configuration.get("messages", [])
        if message.get("type") == DEEP_LINKING_REQUEST
    ]
    kept = {name: configuration[name] for name in ("description", "custom_parameters") if name in configuration}
    return {
        "client_id": tool.client_id,
        **{name: body[name] for name in ANSWERED if name in body and name not in DROPPED},
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: {
            "version": VERSION,
            "deployment_id": tool.deployment_id,
            "target_link_uri": tool.target,
            "domain": tool.domain,
            "messages": chosen,
            **kept,
        },
    }
