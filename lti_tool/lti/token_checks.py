"""Whether a token is meant for us, now (Security Framework 1.0, section 5.1.3)."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti_tool.lti.errors import LaunchProblem, LaunchRejected

LEEWAY = 60.0
"""Seconds by which clocks may differ."""
OLDEST = 600.0
"""Seconds since it was issued: no longer than a state lives."""
LONGEST_LIFE = 7_200.0


def check_addressee(claims: Mapping[str, Any], *, issuer: str, client_id: str) -> None:
    """Exactly our issuer, only us as audience, nobody else as authorized party (steps 2 to 5).

    Raises `LaunchRejected`.
    """
    if claims.get("iss") != issuer:
        raise not_for_us(LaunchProblem.ISSUER_WRONG)
    if claims.get("aud") not in (client_id, [client_id]):
        raise not_for_us(LaunchProblem.AUDIENCE_WRONG)
    if claims.get("azp") not in (None, client_id):
        raise not_for_us(LaunchProblem.AUTHORIZED_PARTY_WRONG)


def check_times(claims: Mapping[str, Any], now: datetime) -> None:
    """Issued lately and still good, by the platform's clock or ours (steps 7 and 8). Raises `LaunchRejected`."""
    issued, ends = _seconds(claims, "iat"), _seconds(claims, "exp")
    begins = _seconds(claims, "nbf") if "nbf" in claims else issued
    moment = now.timestamp()
    if ends + LEEWAY <= moment or issued + OLDEST + LEEWAY < moment:
        raise LaunchRejected(
            LaunchProblem.TOKEN_TOO_OLD,
            "What your LMS sent is too old to be used. Please open the activity again from your course; if it "
            "happens again, the clock of the LMS may be wrong.",
        )
    if max(issued, begins) > moment + LEEWAY:
        raise LaunchRejected(
            LaunchProblem.TOKEN_FROM_THE_FUTURE,
            "The clock of your LMS is ahead, so Attune cannot tell whether this is fresh. "
            "Please tell your LMS's administrator.",
        )
    if ends - issued > LONGEST_LIFE:
        raise LaunchRejected(
            LaunchProblem.LIFETIME_TOO_LONG,
            "Your LMS sends launches that stay open for more than two hours, which is too long to be safe. "
            "Please tell your LMS's administrator.",
        )


def not_for_us(code: LaunchProblem) -> LaunchRejected:
    """For a token whose origin or addressee is not as registered."""
    return LaunchRejected(
        code,
        "What arrived does not come from the LMS that this way in began with, or is not meant for Attune. Please "
        "open the activity again from your course; if it happens again, tell your LMS's administrator.",
        status=401,
    )


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LaunchRejected(
            LaunchProblem.TIME_MISSING,
            "Your LMS did not say until when this is good. Please tell your LMS's administrator; "
            "the reference below leads to the reason.",
            detail=name,
        )
    return float(value)
