"""A platform that knows us, as a value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PlatformRegistration:
    """One registration: issuer and client id together name it (LTI Core 1.3, section 3.1.3)."""

    id: UUID
    organization_id: UUID
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    token_audience: str | None
    """What client assertions are addressed to, where it is not `token_url`."""
    jwks_url: str
    active: bool
    deployments_announced: bool
    family: str
    """The platform's product family code: moodle, canvas, or whatever it says."""
    ended_at: datetime | None = None
    """Since when the platform is left for good; then it is not active."""
    service_hosts: tuple[str, ...] = ()
    """Hosts beyond these addresses at which somebody accepted the platform's services."""


FindRegistrations = Callable[[str, str | None], Sequence[PlatformRegistration]]
"""The registrations of exactly this issuer, and of exactly this client id where one is given."""
