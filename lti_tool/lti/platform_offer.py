"""What a platform says of itself, read from its OpenID configuration (Dynamic Registration 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from lti_tool.lti.addresses import may_be_opened, origin
from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble
from lti_tool.lti.lenient import shown, storable
from lti_tool.lti.names import PLATFORM_CONFIGURATION
from lti_tool.lti.quirks import quirks_of

Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x20\x7f]+$")]


@dataclass(frozen=True, slots=True)
class PlatformOffer:
    """What a platform says of itself in its OpenID configuration."""

    issuer: str
    auth_url: str
    token_url: str
    token_audience: str | None
    jwks_url: str
    registration_url: str
    family: str
    version: str
    scopes: tuple[str, ...]
    placements: Mapping[str, tuple[str, ...]]
    """The messages that it sends, each with the placements that it names for it."""
    account: str | None
    """How the school is called, where the platform tells it."""
    elsewhere: tuple[str, ...]
    """Hosts of its endpoints that are not the issuer's; to be shown to whoever decides."""


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _MessageSupported(_Model):
    type: str
    placements: list[str] = []


class _Platform(_Model):
    product_family_code: str
    version: str = ""
    messages_supported: list[_MessageSupported]

    model_config = ConfigDict(strict=True, extra="allow")  # some say of their own how the school is called


class _Configuration(_Model):
    issuer: Text
    authorization_endpoint: Text
    token_endpoint: Text
    jwks_uri: Text
    registration_endpoint: Text
    authorization_server: Text | None = None
    scopes_supported: list[str] = []
    platform: _Platform = Field(validation_alias=PLATFORM_CONFIGURATION)


def offer_of(said: Mapping[str, Any], openid_configuration_url: str) -> PlatformOffer:
    """The offer in a configuration that was found at this address. Raises `RegistrationProblem`."""
    try:
        found = _Configuration.model_validate(said)
    except ValidationError as problem:
        raise _incomplete(places(problem)) from None
    return _offer(found, openid_configuration_url)


def _offer(found: _Configuration, openid_configuration_url: str) -> PlatformOffer:
    if origin(found.issuer) != origin(openid_configuration_url):
        raise RegistrationProblem(
            RegistrationTrouble.ISSUER_ELSEWHERE,
            "The LMS names an issuer at another machine than the one this address leads to. Attune takes only an "
            "LMS that speaks for itself; the administrator of the LMS can look at its address settings.",
            details=(storable(found.issuer)[:300],),
        )
    lab = openid_configuration_url.startswith("http:")  # it was answered, so this is the lab
    endpoints = {
        "authorization_endpoint": found.authorization_endpoint,
        "token_endpoint": found.token_endpoint,
        "jwks_uri": found.jwks_uri,
        "registration_endpoint": found.registration_endpoint,
    }
    if unsafe := [name for name, url in endpoints.items() if not may_be_opened(url, lab=lab)]:
        raise _incomplete(tuple(unsafe))
    family = storable(found.platform.product_family_code)[:100].lower()
    quirks = quirks_of(family)
    hosts = {urlsplit(url).netloc.lower() for url in endpoints.values()}
    return PlatformOffer(
        issuer=found.issuer,
        auth_url=found.authorization_endpoint,
        token_url=found.token_endpoint,
        token_audience=None if quirks.audience_is_token_url else found.authorization_server,
        jwks_url=found.jwks_uri,
        registration_url=found.registration_endpoint,
        family=family,
        version=storable(found.platform.version)[:100],
        scopes=tuple(found.scopes_supported),
        placements={message.type: tuple(message.placements) for message in found.platform.messages_supported},
        account=shown((found.platform.model_extra or {}).get(quirks.account_name)),
        elsewhere=tuple(sorted(hosts - {urlsplit(found.issuer).netloc.lower()})),
    )


def _incomplete(missing: tuple[str, ...]) -> RegistrationProblem:
    return RegistrationProblem(
        RegistrationTrouble.CONFIGURATION_INCOMPLETE,
        "The LMS does not say all that is needed to connect, or not in a form that can be used. "
        "What is missing stands below; its administrator may find it in the LMS's LTI settings.",
        details=missing,
    )


def places(problem: ValidationError) -> tuple[str, ...]:
    """Where something is missing or has another form than it should."""
    errors = problem.errors(include_url=False, include_context=False, include_input=False)
    return tuple(".".join(str(part) for part in error["loc"]) or "answer" for error in errors[:20])
