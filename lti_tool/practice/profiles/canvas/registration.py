"""Canvas's Dynamic Registration: a token that is good once, and an administrator who may take things away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, read_json
from lti_tool.practice.launches import Offer
from lti_tool.practice.names import TOOL_CONFIGURATION
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool
from lti_tool.practice.registration import ANSWERED, address_problems, described_tool

EXTENSION = "https://canvas.instructure.com/lti/"
ALLOWED = ("domain", "description", "target_link_uri", "custom_parameters", "claims", "messages", "secondary_domains")
OF_MESSAGES = ("type", "target_link_uri", "label", "icon_uri", "placements", "roles", "custom_parameters")
LEVELS = ("public", "name_only", "email_only", "anonymous")

blueprint = Blueprint("canvas_registration", __name__)


@blueprint.post("/api/lti/registrations")
def registration() -> Response:
    """Register a tool, or renew the registration that the administrator chose. Answers 200."""
    lms = platform()
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    if token in lms.spent_offers:
        raise _unauthorized(f"{token} has already been used")
    if lms.offers.value(token) is None:
        raise _unauthorized("JWT did not include expected contents")
    body = read_json("application/json")
    if wrong := _problems(lms, body):
        raise ServiceProblem(422, "; ".join(wrong), answer={"errors": wrong})
    offer = lms.offers.spend(token)
    if offer is None:
        raise _unauthorized(f"{token} has already been used")
    lms.spent_offers.add(token)
    tool = _registered(lms, body, offer)
    lms.registered[token] = g.client_id = tool.client_id
    return json_answer(_answer(lms, body, tool, offer))


def _problems(lms: Platform, body: Mapping[str, Any]) -> list[str]:
    configuration = body.get(TOOL_CONFIGURATION)
    if not isinstance(configuration, dict):
        return [f"object at root is missing required properties: {TOOL_CONFIGURATION}"]
    wrong = []
    for name, value in {"application_type": "web", "token_endpoint_auth_method": "private_key_jwt"}.items():
        if body.get(name) != value:
            wrong.append(f"value at `/{name}` is not: {value}")
    for name, values in {"grant_types": ("client_credentials", "implicit"), "response_types": ("id_token",)}.items():
        if not set(values) <= set(body.get(name) or ()):
            wrong.append(f"value at `/{name}` does not contain: {', '.join(values)}")
    if not body.get("client_name") or not body.get("redirect_uris"):
        wrong.append("object at root is missing required properties: client_name, redirect_uris")
    unknown = set(str(body.get("scope") or "").split()) - {"openid", *lms.profile.scopes}
    wrong += [f"value at `/scope` is not one of the known scopes: {scope}" for scope in sorted(unknown)]
    if not isinstance(configuration.get("claims"), list) or not isinstance(configuration.get("messages"), list):
        return [*wrong, "object at root is missing required properties: claims, messages"]
    return wrong + address_problems(body, configuration, lms.authority.neighbors)


def _registered(lms: Platform, body: Mapping[str, Any], offer: Offer) -> Tool:
    scopes = [scope for scope in lms.profile.scopes if scope not in offer.without_scopes]
    tool = replace(described_tool(body, scopes), privacy=_privacy(body[TOOL_CONFIGURATION]))
    former = lms.state.tools.get(offer.updates)
    if former is None:
        return lms.add_tool(tool)
    changed = replace(
        tool,
        client_id=former.client_id,
        deployment_id=former.deployment_id,
        more_deployments=former.more_deployments,
    )
    lms.change_tool(changed)
    return changed


def _privacy(configuration: Mapping[str, Any]) -> str:
    """The level that the tool names, or the one that follows from the claims it wants."""
    level = configuration.get(EXTENSION + "privacy_level")
    if level in LEVELS:
        return str(level)
    claims = set(configuration["claims"])
    name = bool({"name", "given_name", "family_name"} & claims)
    if "picture" in claims or (name and "email" in claims):
        return "public"
    return "name_only" if name else "email_only" if "email" in claims else "anonymous"


def _answer(lms: Platform, body: Mapping[str, Any], tool: Tool, offer: Offer) -> dict[str, Any]:
    """What was understood, without what was not, and without what the administrator took away."""
    configuration = body[TOOL_CONFIGURATION]
    number = tool.deployment_id.split(":")[0]
    kept = {name: value for name, value in configuration.items() if name in ALLOWED or name.startswith(EXTENSION)}
    kept["messages"] = [_message(message, offer) for message in configuration["messages"]]
    kept[EXTENSION + "registration_config_url"] = lms.url(f"/api/lti/accounts/1/registrations/{number}/view")
    answer = {
        "client_id": tool.client_id,
        **{name: body[name] for name in ANSWERED if name in body},
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: kept,
        "registration_client_uri": lms.url(f"/api/lti/registrations/{number}"),
    }
    return answer | ({"deployment_id": tool.deployment_id} if offer.announce_deployment else {})


def _message(message: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    kept = {name: value for name, value in message.items() if name in OF_MESSAGES or name.startswith(EXTENSION)}
    placements = [str(one).removeprefix(EXTENSION) for one in message.get("placements") or ["link_selection"]]
    kept["placements"] = [one for one in placements if one not in offer.without_placements]
    return kept


def _unauthorized(sentence: str) -> ServiceProblem:
    return ServiceProblem(401, sentence.split(" ", 1)[-1], answer={"errorMessage": sentence})
