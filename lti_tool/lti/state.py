"""The state of a login: signed and handed to the browser, stored nowhere until it is spent."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

from lti_tool.lti.errors import LaunchProblem, LaunchRejected

LIFETIME = timedelta(minutes=10)
LONGEST = 8_000
FIELDS = 9
PREFIX = "state-"
"""What PyLTI1p3 puts before the text it is given."""


def new_nonce() -> str:
    """256 random bits, for one login."""
    return secrets.token_urlsafe(32)


def browser_digest(browser_secret: str) -> str:
    """What a state may show of the secret in the browser's cookie."""
    return hashlib.sha256(browser_secret.encode()).hexdigest()


def nonce_digest(nonce: str) -> str:
    """What names a login and is spent with it: another spelling of the same state is not another state."""
    return hashlib.sha256(nonce.encode()).hexdigest()


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
    storage: str = ""
    """Which window of the platform keeps the browser's secret where cookies are kept out; "" where cookies must do."""

    @property
    def digest(self) -> str:
        """What names this login and is spent."""
        return nonce_digest(self.nonce)

    def belongs_to(self, browser_secret: str) -> bool:
        """Whether the login was begun in the browser that holds this secret."""
        return hmac.compare_digest(self.browser, browser_digest(browser_secret))


class StateSigner:
    """Signs and reads states with `settings.secret_keys`: the first signs, all of them read."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._signer = Signer(
            list(reversed(secret_keys)),  # it wants the newest last
            salt="attune.lti.state",
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )

    def sign(self, state: LoginState) -> str:
        """The text that travels through the platform."""
        fields = (
            state.registration_id.hex,
            state.issuer,
            state.client_id,
            state.nonce,
            state.browser,
            state.target_link_uri,
            state.deployment_id,
            int(state.expires_at.timestamp()),
            state.storage,
        )
        return self._signer.sign(base64_encode(json.dumps(fields, separators=(",", ":")))).decode()

    def read(self, text: str, *, now: datetime) -> LoginState:
        """The state behind a text. Raises `LaunchRejected` for one that is not ours or is too old."""
        if len(text) > LONGEST:
            raise _unknown()
        try:
            fields = json.loads(base64_decode(self._signer.unsign(text.removeprefix(PREFIX))).decode())
        except (BadSignature, UnicodeError):
            raise _unknown() from None
        if len(fields) != FIELDS:  # signed by the version before an upgrade
            raise _unknown()
        registration_id, issuer, client_id, nonce, browser, target_link_uri, deployment_id, expires, storage = fields
        state = LoginState(
            registration_id=UUID(hex=registration_id),
            issuer=issuer,
            client_id=client_id,
            nonce=nonce,
            browser=browser,
            target_link_uri=target_link_uri,
            deployment_id=deployment_id,
            expires_at=datetime.fromtimestamp(expires, UTC),
            storage=storage,
        )
        if state.expires_at <= now:
            raise LaunchRejected(
                LaunchProblem.STATE_TOO_OLD,
                "This way in was open for ten minutes and has closed. Please open the activity again from your course.",
            )
        return state


def _unknown() -> LaunchRejected:
    return LaunchRejected(
        LaunchProblem.STATE_UNKNOWN,
        "This page can only be opened from your course. Please go back to it and open the activity there.",
    )
