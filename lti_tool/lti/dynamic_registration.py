"""Dynamic Registration 1.0: a platform's administrator adds Attune by opening one address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble
from lti_tool.lti.lenient import storable
from lti_tool.lti.names import (
    DEEP_LINKING_REQUEST,
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    RESOURCE_LINK_REQUEST,
    RESULT_SCOPE,
    ROSTER_SCOPE,
    SCORE_SCOPE,
    TOOL_CONFIGURATION,
)
from lti_tool.lti.platform_offer import PlatformOffer, offer_of, places
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable

TIMEOUT = 10.0
LIMIT = 500_000
WANTED_SCOPES = (LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE, ROSTER_SCOPE)
WANTED_PLACEMENTS = ("ContentArea",)
WANTED_CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
LONGEST_TOKEN = 8_000
LONGEST_DETAIL = 300

__all__ = ["PlatformOffer", "RegistrationAnswer", "read_platform", "request_registration"]


@dataclass(frozen=True, slots=True)
class RegistrationAnswer:
    """What the platform made of our request."""

    client_id: str
    deployment_id: str | None
    """None where the platform tells it only in launches."""
    scopes: tuple[str, ...]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


Id = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[!-~]+$")]


class _ToolConfiguration(_Model):
    deployment_id: Id | None = None


class _Answer(_Model):
    client_id: Id
    deployment_id: Id | None = None  # Canvas has it here
    scope: str = ""
    tool: _ToolConfiguration | None = Field(None, validation_alias=TOOL_CONFIGURATION)


def read_platform(
    openid_configuration_url: str, *, http: SafeHttp, registration_token: str | None = None
) -> PlatformOffer:
    """What the platform behind this address offers. Nothing is asked of it yet.

    Raises `RegistrationProblem`: the address is not https, is not allowed or does not answer; the issuer is
    another host; something needed is missing (`details` names it).
    """
    answer = _ask(http, "GET", openid_configuration_url, registration_token)
    said = _object(answer) if answer.status == 200 else None
    if said is None:
        raise RegistrationProblem(
            RegistrationTrouble.CONFIGURATION_NOT_UNDERSTOOD,
            "The address that the LMS gave does not show an LTI configuration. Please begin once more from the "
            "LMS's page for external tools.",
            details=(f"HTTP {answer.status}",),
        )
    return offer_of(said, openid_configuration_url)


def request_registration(
    offer: PlatformOffer, *, registration_token: str | None, public_url: str, http: SafeHttp, name: str = "Attune"
) -> RegistrationAnswer:
    """Ask to be registered, for no more than the platform supports. To be done once for each token.

    Raises `RegistrationProblem`; what the platform said stands in its `details`.
    """
    body = json.dumps(_request(offer, public_url, name)).encode()
    answer = _ask(http, "POST", offer.registration_url, registration_token, body)
    said = _object(answer)
    if answer.status not in (200, 201):  # Moodle and Canvas say 200
        raise RegistrationProblem(
            RegistrationTrouble.PLATFORM_SAID_NO,
            "The LMS did not register Attune. What it said stands below. Registration addresses work once: "
            "please begin once more from the LMS's page for external tools.",
            details=(f"HTTP {answer.status}", *_said(said or {})),
        )
    try:
        made = _Answer.model_validate(said)
    except ValidationError as problem:
        raise RegistrationProblem(
            RegistrationTrouble.ANSWER_NOT_UNDERSTOOD,
            "The LMS answered, but did not say under which client id it knows Attune. Please look in the LMS's "
            "list of external tools, remove what was made there, and begin once more.",
            details=places(problem),
        ) from None
    return RegistrationAnswer(
        client_id=made.client_id,
        deployment_id=(made.tool and made.tool.deployment_id) or made.deployment_id,
        scopes=tuple(made.scope.split()),
    )


def _request(offer: PlatformOffer, public_url: str, name: str) -> dict[str, Any]:
    launch_url = f"{public_url}/lti/launch"
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{public_url}/lti/login",
        "redirect_uris": [launch_url],
        "client_name": name,
        "client_uri": public_url,
        "jwks_uri": f"{public_url}/lti/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(_scopes(offer)),
        TOOL_CONFIGURATION: {
            "domain": urlsplit(public_url).netloc,
            "description": "Observed practice, signed by people who were there.",
            "target_link_uri": launch_url,
            "custom_parameters": {},
            "claims": list(WANTED_CLAIMS),
            "messages": _messages(offer, launch_url),
        },
    }


def _scopes(offer: PlatformOffer) -> list[str]:
    scopes = [scope for scope in WANTED_SCOPES if scope in offer.scopes]
    if LINE_ITEM_SCOPE not in scopes and LINE_ITEM_READ_SCOPE in offer.scopes:
        scopes.append(LINE_ITEM_READ_SCOPE)
    return scopes


def _messages(offer: PlatformOffer, launch_url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if RESOURCE_LINK_REQUEST in offer.messages:
        messages.append({"type": RESOURCE_LINK_REQUEST, "target_link_uri": launch_url})
    if DEEP_LINKING_REQUEST in offer.messages:
        placements = [placement for placement in WANTED_PLACEMENTS if placement in offer.placements]
        message = {"type": DEEP_LINKING_REQUEST, "target_link_uri": launch_url, "label": "Choose an activity"}
        messages.append({**message, "placements": placements} if placements else message)
    return messages


def _ask(http: SafeHttp, method: str, url: str, token: str | None, body: bytes | None = None) -> HttpAnswer:
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        if len(token) > LONGEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
            raise RegistrationProblem(
                RegistrationTrouble.REGISTRATION_TOKEN_NOT_USABLE,
                "The registration token in this address is not one that can be sent back. Please begin once more "
                "from the LMS's page for external tools.",
            )
        headers["Authorization"] = f"Bearer {token}"
    try:
        return http.request(method, url, headers=headers, body=body, timeout=TIMEOUT, limit=LIMIT)
    except Unreachable as problem:
        raise RegistrationProblem(problem.code, problem.sentence, details=(problem.host,)) from None


def _object(answer: HttpAnswer) -> dict[str, Any] | None:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _said(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The platform's own words, short and plain: OAuth's members, and Canvas's."""
    errors = said.get("errors")
    texts = [said.get("error"), said.get("error_description"), said.get("errorMessage")]
    texts += errors[:3] if isinstance(errors, list) else []
    return tuple(storable(text)[:LONGEST_DETAIL] for text in texts if isinstance(text, str) and text)
