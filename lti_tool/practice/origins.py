"""Where an LMS is: three origins, which most have in one."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Origins:
    """The institution (pages and services), where people are signed in, and the issuer. No slash at the end."""

    institution: str
    auth: str = ""
    issuer: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """Each address once, the institution's first."""
        return tuple(dict.fromkeys((self.institution, self.auth or self.institution, self.issuer or self.institution)))


def port_of(origin: str) -> int:
    """The port that an origin names or implies."""
    parts = urlsplit(origin)
    return parts.port or {"https": 443}.get(parts.scheme, 80)
