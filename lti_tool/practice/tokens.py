"""The token endpoint, and the check of its tokens at a service."""

from typing import Any

import jwt
from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform
from lti_tool.practice.authority import TOKEN_LIFETIME
from lti_tool.practice.launches import Access
from lti_tool.practice.names import CLIENT_ASSERTION_TYPE
from lti_tool.practice.records import Tool
from lti_tool.practice.tool_keys import NotTrusted

FORM = "application/x-www-form-urlencoded"

blueprint = Blueprint("tokens", __name__)


@blueprint.post("/oidc/token")
def token() -> Response:
    """An access token for a tool that proves itself with an assertion it signed."""
    if request.mimetype != FORM:
        raise ServiceProblem(415, f"Content-Type is {request.mimetype or 'missing'}, and should be {FORM}")
    if request.form.get("grant_type") != "client_credentials":
        raise ServiceProblem(400, "grant_type is not client_credentials", code="unsupported_grant_type")
    if request.form.get("client_assertion_type") != CLIENT_ASSERTION_TYPE:
        raise ServiceProblem(400, f"client_assertion_type is not {CLIENT_ASSERTION_TYPE}")
    tool = _proven(request.form.get("client_assertion", ""))
    g.client_id = tool.client_id
    granted = frozenset(request.form.get("scope", "").split()) & frozenset(tool.scopes)
    if not granted:
        raise ServiceProblem(400, "scope names nothing that this tool may do", code="invalid_scope")
    return json_answer(granting(tool, granted))


def granting(tool: Tool, granted: frozenset[str]) -> dict[str, Any]:
    """A new access token with these scopes, as every LMS answers it."""
    return {
        "access_token": platform().tokens.issue(Access(tool.client_id, granted)),
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFETIME.total_seconds()),
        "scope": " ".join(sorted(granted)),
    }


def access_of_call() -> tuple[Tool, Access] | None:
    """The tool whose access token this call carries, and what the token allows."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    access = platform().tokens.value(bearer.strip()) if scheme.lower() == "bearer" else None
    tool = platform().state.tools.get(access.client_id) if access else None
    if access is None or tool is None:
        return None
    g.client_id = tool.client_id
    return tool, access


def authorized(*scopes: str) -> Tool:
    """The tool whose access token this call carries, if the token allows one of the scopes."""
    found = access_of_call()
    if found is None:
        raise ServiceProblem(
            401,
            "the access token is missing, unknown or over",
            code="invalid_token",
            challenge='Bearer error="invalid_token"',
        )
    tool, access = found
    if not access.scopes & set(scopes):
        raise ServiceProblem(403, f"the access token has not {' or '.join(scopes)}", code="insufficient_scope")
    return tool


def unproven_claims(assertion: str) -> dict[str, Any]:
    """What an assertion says about itself. Raises `NotTrusted` where it is no JWT."""
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as problem:
        raise NotTrusted(str(problem)) from problem
    return claims


def _proven(assertion: str) -> Tool:
    lms = platform()
    try:
        tool = lms.state.tools.get(str(unproven_claims(assertion).get("sub", "")))
        if tool is None:
            raise NotTrusted("sub is not a client_id that this LMS gave out")
        claims = lms.authority.tool_keys.verified(
            tool, assertion, audience=lms.token_address, now=lms.clock(), required=("sub", "jti")
        )
        if not lms.authority.assertions.spend(f"{tool.client_id} {claims['jti']}"):
            raise NotTrusted("jti was used before")
    except NotTrusted as problem:
        raise ServiceProblem(400, f"client_assertion: {problem}", code="invalid_client") from problem
    return tool
