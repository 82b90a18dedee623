"""Dynamic Registration, the platform's side: the endpoint, and what it insists on."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, read_json
from lti_tool.practice.launches import Offer
from lti_tool.practice.names import MESSAGES, SCOPES, TOOL_CONFIGURATION, VERSION
from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool

ANSWERED = (
    "application_type",
    "response_types",
    "grant_types",
    "initiate_login_uri",
    "redirect_uris",
    "client_name",
    "jwks_uri",
    "logo_uri",
    "client_uri",
    "policy_uri",
    "tos_uri",
    "contacts",
    "token_endpoint_auth_method",
)

blueprint = Blueprint("registration", __name__)


def registration_address(
    lms: Platform, address: str, *, announce_deployment: bool = True, offer: Offer | None = None
) -> tuple[str, str]:
    """The tool's registration address as an administrator opens it, and the token in it (good once, one hour)."""
    token = lms.offers.issue(offer or Offer(announce_deployment))
    configuration = lms.configuration_address.format(token=token)
    query = {"openid_configuration": configuration, "registration_token": token}
    return address + ("&" if "?" in address else "?") + urlencode(query), token


@blueprint.post("/oidc/registration")
def registration() -> Response:
    """Register the tool that describes itself. Answers 200, as Moodle does."""
    lms = platform()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or lms.offers.value(token) is None:
        raise ServiceProblem(401, "the registration token is missing, unknown or used", code="invalid_token")
    body = read_json("application/json")
    if wrong := registration_problems(body, lms.authority.neighbors):
        raise ServiceProblem(400, "; ".join(wrong), code="invalid_client_metadata")
    offer = lms.offers.spend(token)
    if offer is None:
        raise ServiceProblem(401, "the registration token is used", code="invalid_token")
    tool = lms.add_tool(described_tool(body, SCOPES))
    lms.registered[token] = tool.client_id
    g.client_id = tool.client_id
    return json_answer(_answer(body, tool, announce=offer.announce_deployment))


def registration_problems(body: Mapping[str, Any], neighbors: Neighbors) -> list[str]:
    """What is missing or wrong in a tool's description of itself."""
    wrong = [
        f"{name} is not {value}"
        for name, value in {"application_type": "web", "token_endpoint_auth_method": "private_key_jwt"}.items()
        if body.get(name) != value
    ]
    if body.get("response_types") != ["id_token"]:
        wrong.append("response_types is not [id_token]")
    if sorted(_texts(body.get("grant_types"))) != ["client_credentials", "implicit"]:
        wrong.append("grant_types is not implicit and client_credentials")
    if not isinstance(body.get("client_name"), str) or not body["client_name"].strip():
        wrong.append("client_name is missing")
    if not _texts(body.get("redirect_uris")):
        wrong.append("redirect_uris is not a list of addresses")
    if not isinstance(body.get("scope"), str):
        wrong.append("scope is not text")
    elif unknown := set(body["scope"].split()) - {"openid", *SCOPES}:
        wrong.append(f"scope asks for what was not offered: {', '.join(sorted(unknown))}")
    configuration = body.get(TOOL_CONFIGURATION)
    if not isinstance(configuration, dict):
        return [*wrong, "lti-tool-configuration is missing"]
    return wrong + _configuration_problems(configuration) + address_problems(body, configuration, neighbors)


def _configuration_problems(configuration: Mapping[str, Any]) -> list[str]:
    wrong = []
    if not isinstance(configuration.get("domain"), str):
        wrong.append("domain is missing")
    if not _texts(configuration.get("claims")):
        wrong.append("claims is not a list of names")
    custom = configuration.get("custom_parameters", {})
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        wrong.append("custom_parameters are not texts")
    messages = configuration.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        return [*wrong, "messages is not a list of messages"]
    unknown = [str(message.get("type")) for message in messages if message.get("type") not in MESSAGES]
    return wrong + [f"message {kind} was not offered" for kind in unknown]


def address_problems(body: Mapping[str, Any], configuration: Mapping[str, Any], neighbors: Neighbors) -> list[str]:
    """Every address is on this machine, and under the domain that the tool names."""
    addresses = {name: body.get(name) for name in ("initiate_login_uri", "jwks_uri")}
    addresses["target_link_uri"] = configuration.get("target_link_uri")
    addresses |= {f"redirect_uris[{i}]": address for i, address in enumerate(_texts(body.get("redirect_uris")))}
    for message in configuration.get("messages") or []:
        if isinstance(message, dict) and "target_link_uri" in message:
            addresses[f"target_link_uri of {message.get('type')}"] = message["target_link_uri"]
    wrong = []
    for name, address in addresses.items():
        if not isinstance(address, str) or not neighbors.reach(address):
            wrong.append(f"{name} is not an address on this machine")
        elif configuration.get("domain") not in (urlsplit(address).netloc, urlsplit(address).hostname):
            wrong.append(f"{name} is not under the domain {configuration.get('domain')}")
    return wrong


def _texts(value: Any) -> list[str]:
    """A list of texts, or nothing where it is anything else."""
    return value if isinstance(value, list) and all(isinstance(text, str) and text for text in value) else []


def described_tool(body: Mapping[str, Any], scopes: Iterable[str]) -> Tool:
    """The tool that describes itself, with those of these scopes that it asks for."""
    configuration = body[TOOL_CONFIGURATION]
    target = configuration["target_link_uri"]
    asked = body.get("scope", "").split()
    return Tool(
        client_id="",
        deployment_id="",
        name=body["client_name"].strip(),
        login_address=body["initiate_login_uri"],
        redirect_addresses=tuple(body["redirect_uris"]),
        key_set_address=body["jwks_uri"],
        target=target,
        targets={message["type"]: message.get("target_link_uri", target) for message in configuration["messages"]},
        scopes=tuple(scope for scope in scopes if scope in asked),
        custom=configuration.get("custom_parameters", {}),
        domain=configuration["domain"],
        message_custom={
            message["type"]: message["custom_parameters"]
            for message in configuration["messages"]
            if message.get("custom_parameters")
        },
    )


def _answer(body: Mapping[str, Any], tool: Tool, *, announce: bool) -> dict[str, Any]:
    deployment = {"deployment_id": tool.deployment_id} if announce else {}
    return {
        "client_id": tool.client_id,
        **{name: body[name] for name in ANSWERED if name in body},
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: {**body[TOOL_CONFIGURATION], "version": VERSION, **deployment},
    }
