"""Dynamic Registration 1.0: a platform's administrator adds Attune by opening one address."""

from dataclasses import dataclass

from lti_tool.safe_http import SafeHttp


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
    messages: tuple[str, ...]
    placements: tuple[str, ...]
    """Placements of deep linking that the platform names."""
    elsewhere: tuple[str, ...]
    """Hosts of its endpoints that are not the issuer's; to be shown to whoever decides."""


@dataclass(frozen=True, slots=True)
class RegistrationAnswer:
    """What the platform made of our request."""

    client_id: str
    deployment_id: str | None
    """None where the platform tells it only in launches."""
    scopes: tuple[str, ...]


def read_platform(
    openid_configuration_url: str, *, http: SafeHttp, registration_token: str | None = None
) -> PlatformOffer:
    """What the platform behind this address offers. Nothing is asked of it yet.

    Raises `RegistrationProblem`: the address is not https, is not allowed or does not answer; the issuer is
    another host; something needed is missing (`details` names it).
    """
    raise NotImplementedError


def request_registration(
    offer: PlatformOffer, *, registration_token: str | None, public_url: str, http: SafeHttp, name: str = "Attune"
) -> RegistrationAnswer:
    """Ask to be registered, for no more than the platform supports. To be done once for each token.

    Raises `RegistrationProblem`; what the platform said stands in its `details`.
    """
    raise NotImplementedError
