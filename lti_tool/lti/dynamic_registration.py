"""Dynamic Registration 1.0: a platform's administrator adds Attune by opening one address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble
from lti_tool.lti.lenient import storable
from lti_tool.lti.names import TOOL_CONFIGURATION
from lti_tool.lti.platform_offer import PlatformOffer, offer_of, places
from lti_tool.lti.tool_configuration import registration_request
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable

TIMEOUT = 10.0
LIMIT = 500_000
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
    registration_client_uri: str | None
    """Where the platform lets us read and change the registration; None where it offers no such place."""
    registration_access_token: str | None = field(repr=False)


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


Id = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[!-~]+$")]


class _ToolConfiguration(_Model):
    deployment_id: Id | None = None


class _Answer(_Model):
    client_id: Id
    deployment_id: Id | None = None  # Canvas has it here
    scope: str = ""
    registration_client_uri: object = None
    registration_access_token: object = None
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
    offer: PlatformOffer, *, registration_token: str | None, public_url: str, http: SafeHttp
) -> RegistrationAnswer:
    """Ask to be registered, for no more than the platform supports. To be done once for each token.

    Raises `RegistrationProblem`; what the platform said stands in its `details`.
    """
    body = json.dumps(registration_request(offer, public_url)).encode()
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
        registration_client_uri=_web_address(made.registration_client_uri),
        registration_access_token=_token(made.registration_access_token),
    )


def _web_address(url: object) -> str | None:
    return url if isinstance(url, str) and may_be_opened(url, lab=True) else None


def _token(token: object) -> str | None:
    return token if isinstance(token, str) and _can_be_sent(token) else None


def _can_be_sent(token: str) -> bool:
    return 0 < len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable() and " " not in token


def _ask(http: SafeHttp, method: str, url: str, token: str | None, body: bytes | None = None) -> HttpAnswer:
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token:
        if not _can_be_sent(token):
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
