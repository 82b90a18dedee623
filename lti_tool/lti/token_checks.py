"""Whether a token comes from the platform and is meant for us, now (Security Framework 1.0, section 5.1.3)."""

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti_tool.lti import jws
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.key_sets import KeySets

LEEWAY = 60.0
"""Seconds by which clocks may differ."""
OLDEST = 600.0
"""Seconds since it was issued: no longer than a state lives."""
LONGEST_LIFE = 7_200.0
LARGEST = sys.float_info.max
"""JSON knows whole numbers of any length, of which longer ones are none that can be counted with."""


def read_token(text: str) -> jws.Jws:
    """The parts of a token, of which nothing is to be believed yet (RFC 7515, section 7.1).

    Raises `LaunchRejected` for what is no token, and for one with an extension that must be known.
    """
    try:
        token = jws.take_apart(text)
    except jws.NotAToken:
        raise _malformed() from None
    if "crit" in token.header:
        raise _malformed()
    return token


def check_signature(token: jws.Jws, key_sets: KeySets, jwks_url: str, *, now: datetime) -> None:
    """RS256 with the platform's key of this kid (steps 1 and 6).

    Raises `LaunchRejected`, or `PlatformUnavailable` where the platform's keys cannot be had.
    """
    kid = token.header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise _not_signed(LaunchProblem.KID_MISSING)
    if token.header.get("alg") != jws.ALGORITHM:
        raise _not_signed(LaunchProblem.ALGORITHM_NOT_RS256)
    if not jws.verified(token, key_sets.key(jwks_url, kid, now=now)):
        raise _not_signed(LaunchProblem.SIGNATURE_WRONG)


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


def check_times(claims: Mapping[str, Any], now: datetime, *, oldest: float = OLDEST) -> None:
    """Issued at most `oldest` seconds ago and still good, by the platform's clock or ours (steps 7 and 8).

    Raises `LaunchRejected`.
    """
    issued, ends = _seconds(claims, "iat"), _seconds(claims, "exp")
    begins = _seconds(claims, "nbf") if "nbf" in claims else issued
    moment = now.timestamp()
    if ends + LEEWAY <= moment or issued + oldest + LEEWAY < moment:
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


def _malformed() -> LaunchRejected:
    return LaunchRejected(
        LaunchProblem.TOKEN_MALFORMED,
        "What arrived is not something that an LMS sends. Please go back to your course and open the activity again.",
    )


def _not_signed(code: LaunchProblem) -> LaunchRejected:
    return LaunchRejected(
        code,
        "Attune cannot tell that this really comes from your LMS: its signature is not as it should be. Please open "
        "the activity again from your course; if it happens again, tell your LMS's administrator.",
        status=401,
    )


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:  # also for NaN
        raise LaunchRejected(
            LaunchProblem.TIME_MISSING,
            "Your LMS did not say until when this is good. Please tell your LMS's administrator; "
            "the reference below leads to the reason.",
            detail=name,
        )
    return float(value)
