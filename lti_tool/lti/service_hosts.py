"""Where a platform's services may be: a token of ours is sent nowhere else."""

from typing import Protocol

from lti_tool.lti.addresses import PORTS, WEB, may_be_opened, origin
from lti_tool.lti.quirks import quirks_of


class Addressed(Protocol):
    """What is known of a platform's own addresses."""

    @property
    def issuer(self) -> str:
        """Who signs."""

    @property
    def auth_url(self) -> str:
        """Where logins go."""

    @property
    def token_url(self) -> str:
        """Where tokens come from."""

    @property
    def jwks_url(self) -> str:
        """Where its keys are."""

    @property
    def family(self) -> str:
        """Its product family code."""


def host_of(url: str) -> str | None:
    """The host of a web address, with its port where that is not the usual one; None for anything else."""
    match = WEB.fullmatch(url)
    if match is None:
        return None
    host, port = match["host"].lower(), match["port"]
    return host if port in (None, PORTS[match["scheme"].lower()]) else f"{host}:{port}"


def is_own(url: str, platform: Addressed) -> bool:
    """Whether a service is where the registration itself says the platform is.

    That is an origin of the registration, or, where the issuer is one that many schools share, a host that the
    platform's makers give to schools.
    """
    own = (platform.issuer, platform.auth_url, platform.token_url, platform.jwks_url)
    if origin(url) is None or origin(url) in {origin(one) for one in own}:
        return origin(url) is not None
    quirks = quirks_of(platform.family)
    if platform.issuer not in quirks.shared_issuers:
        return False
    host = host_of(url) or ""
    return may_be_opened(url, lab=False) and any(_fits(host, pattern) for pattern in quirks.service_hosts)


def is_accepted(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether a service is at one of the hosts that somebody accepted; never without https, but for the lab."""
    return host_of(url) in hosts and may_be_opened(url, lab=True)


def _fits(host: str, pattern: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern
