"""The state of a login: signed and handed to the browser, stored nowhere until it is spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LoginState:
    """What is remembered between login and launch (Security Framework 1.0, sections 5.1.1.2 and 7.3.1)."""

    registration_id: UUID
    issuer: str
    client_id: str
    nonce: str
    browser: str
    """Digest of the browser's secret."""
    target_link_uri: str
    deployment_id: str
    """What the login said, or ""."""
    expires_at: datetime

    @property
    def digest(self) -> str:
        """What is spent: SHA-256 of the nonce, so that no other spelling of the state is another state."""
        raise NotImplementedError


class StateSigner:
    """Signs and reads states with `settings.secret_keys`: the first signs, all of them read."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        raise NotImplementedError

    def sign(self, state: LoginState) -> str:
        """The text that travels through the platform."""
        raise NotImplementedError

    def read(self, text: str, *, now: datetime) -> LoginState:
        """The state behind a text. Raises `LaunchRejected` for one that is not ours or is too old."""
        raise NotImplementedError
