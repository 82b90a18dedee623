"""The token endpoint, and the check of its tokens at a service."""

from typing import Any

import jwt
from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform
from lti_tool.practice.names import CLIENT_ASSERTION_TYPE
from lti_tool.practice.platform import TOKEN_LIFETIME, Access
from lti_tool.practice.state import Tool
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
    return json_answer(
        {
            "access_token": platform().tokens.issue(Access(tool.client_id, granted)),
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LIFETIME.total_seconds()),
            "scope": " ".join(sorted(granted)),
        }
    )


def authorized(*scopes: str) -> Tool:
    """The tool whose access token this call carries, if the token allows one of the scopes."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    access = platform().tokens.value(bearer.strip()) if scheme.lower() == "bearer" else None
    tool = platform().state.tools.get(access.client_id) if access else None
    if access is None or tool is None:
        raise ServiceProblem(
            401,
            "the access token is missing, unknown or over",
            code="invalid_token",
            challenge='Bearer error="invalid_token"',
        )
    g.client_id = tool.client_id
    if not access.scopes & set(scopes):
        raise ServiceProblem(403, f"the access token has not {' or '.join(scopes)}", code="insufficient_scope")
    return tool


def _proven(assertion: str) -> Tool:
    tool = platform().state.tools.get(_unproven_subject(assertion))
    if tool is None:
        raise _unknown_client("sub is not a client_id that this LMS gave out")
    try:
        claims = platform().tool_keys.verified(
            tool, assertion, audience=platform().token_address, now=platform().clock(), required=("sub", "jti")
        )
    except NotTrusted as problem:
        raise _unknown_client(str(problem)) from problem
    if not platform().assertions.spend(f"{tool.client_id} {claims['jti']}"):
        raise _unknown_client("jti was used before")
    return tool


def _unproven_subject(assertion: str) -> str:
    try:
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError as problem:
        raise _unknown_client(str(problem)) from problem
    return str(claims.get("sub", ""))


def _unknown_client(sentence: str) -> ServiceProblem:
    return ServiceProblem(400, f"client_assertion: {sentence}", code="invalid_client")
