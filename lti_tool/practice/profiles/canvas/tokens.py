"""Canvas's token endpoint, at the origin of the sign-in and at each institution."""

from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform
from lti_tool.practice.names import CLIENT_ASSERTION_TYPE
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool
from lti_tool.practice.tokens import granting, unproven_claims
from lti_tool.practice.tool_keys import NotTrusted

OLDEST, NEWEST = 300, 30
"""Seconds that an assertion may be old, and may be ahead."""
NOT_GRANTED = (
    "A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner. "
    "The following scopes were requested, but not granted: "
)

shared = Blueprint("canvas_tokens", __name__)
institution = Blueprint("canvas_tokens", __name__)


@institution.post("/login/oauth2/token")
@shared.post("/login/oauth2/token")
def token() -> Response:
    """An access token; every scope that is asked for has to be granted to the tool."""
    if request.form.get("grant_type") != "client_credentials":
        raise _refusal("unsupported_grant_type", "The grant_type you requested is not currently supported")
    if request.form.get("client_assertion_type") != CLIENT_ASSERTION_TYPE:
        raise _refusal("invalid_request", "client_assertion_type is not supported")
    tool, lms = _proven(request.form.get("client_assertion", ""))
    asked = request.form.get("scope", "").split()
    refused = [scope for scope in asked if scope not in tool.scopes]
    if refused or not asked:
        raise _refusal("invalid_scope", NOT_GRANTED + " ".join(refused))
    answer = granting(tool, frozenset(asked))
    now = int(lms.clock().timestamp())
    claims = {"iss": lms.issuer, "sub": tool.client_id, "aud": request.base_url, "iat": now, "exp": now + 3600}
    answer["access_token"] = lms.key.sign({**claims, "jti": answer["access_token"], "scopes": " ".join(asked)})
    return json_answer(answer)


def _proven(assertion: str) -> tuple[Tool, Platform]:
    """The tool that signed this; its key set is fetched anew each time."""
    try:
        client_id = str(unproven_claims(assertion).get("sub", ""))
    except NotTrusted as problem:
        raise _refusal("invalid_request", f"JWT format is invalid ({problem})") from problem
    g.lms = lms = platform().authority.platform_of_client(client_id)
    g.client_id = client_id
    tool = lms.state.tools.get(client_id)
    if tool is None:
        raise _refusal("invalid_client", "unknown client", status=401)
    try:
        claims = lms.authority.tool_keys.signed(tool, assertion, fresh=True)
    except NotTrusted as problem:
        raise _refusal("invalid_request", f"JWS signature invalid. ({problem})") from problem
    if wrong := _claim_problem(claims, lms.clock().timestamp()):
        raise _refusal("invalid_request", wrong)
    return tool, lms


def _claim_problem(claims: dict[str, object], now: float) -> str | None:
    missing = [name for name in ("aud", "exp", "iat", "iss", "jti", "sub") if not claims.get(name)]
    if missing:
        return f"the following assertions are missing: {','.join(missing)}"
    aud, exp, iat = claims["aud"], claims["exp"], claims["iat"]
    if request.base_url not in (aud if isinstance(aud, list) else [aud]):
        return "the 'aud' is invalid"
    if not isinstance(exp, int | float) or exp <= now:
        return "the JWT has expired"
    if not isinstance(iat, int | float) or iat <= now - OLDEST:
        return f"the 'iat' must be less than {OLDEST} seconds old"
    return "the 'iat' must not be in the future" if iat > now + NEWEST else None


def _refusal(error: str, description: str, *, status: int = 400) -> ServiceProblem:
    return ServiceProblem(status, description, code=error)
