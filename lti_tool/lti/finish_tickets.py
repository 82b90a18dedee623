"""The ticket that goes with a verified launch whose browser has yet to show that it began the login.

It stands in the page that asks the platform's storage, and is good for a minute, for that one launch.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, Signer

from lti_tool.lti.errors import LaunchProblem, LaunchRejected

LIFETIME = timedelta(seconds=60)


def issue(secret_keys: Sequence[str], state_digest: str, now: datetime) -> str:
    """A ticket for the launch of this state."""
    return _signer(secret_keys).sign(f"{state_digest}.{int(now.timestamp())}").decode()


def check(secret_keys: Sequence[str], ticket: str, state_digest: str, now: datetime) -> None:
    """That this is the launch's own ticket, and not older than a minute. Raises `LaunchRejected`."""
    try:
        digest, _, issued = _signer(secret_keys).unsign(ticket).decode().partition(".")
    except BadSignature:
        raise _not_this_launch() from None
    if not hmac.compare_digest(digest, state_digest):
        raise _not_this_launch()
    if now - datetime.fromtimestamp(int(issued), UTC) > LIFETIME:
        raise LaunchRejected(
            LaunchProblem.FINISHED_TOO_LATE,
            "The last step of this way in took longer than a minute, so it has closed. "
            "Please open the activity again from your course.",
        )


def _signer(secret_keys: Sequence[str]) -> Signer:
    return Signer(
        list(reversed(secret_keys)),  # it wants the newest last
        salt="attune.lti.finish",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )


def _not_this_launch() -> LaunchRejected:
    return LaunchRejected(
        LaunchProblem.FINISHED_ELSEWHERE,
        "This is not the last step of this way in. Please open the activity again from your course.",
    )
