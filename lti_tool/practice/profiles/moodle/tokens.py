"""Moodle's token endpoint: JSON that calls itself HTML, and no leeway for clocks."""

import json
from datetime import UTC, datetime

from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import ServiceProblem, platform
from lti_tool.practice.names import CLIENT_ASSERTION_TYPE
from lti_tool.practice.records import Tool
from lti_tool.practice.tokens import FORM, granting, unproven_claims
from lti_tool.practice.tool_keys import NotTrusted

HTML = "text/html; charset=utf-8"
BROKEN = '{\r\n  "error" : ""kid" invalid, unable to lookup correct key"\r\n}'
"""What is meant as JSON where the kid of an assertion is unknown."""
FIELDS = ("grant_type", "client_assertion_type", "client_assertion", "scope")

blueprint = Blueprint("moodle_tokens", __name__)


@blueprint.route("/mod/lti/token.php", methods=["GET", "POST"])
def token() -> Response:
    """An access token. aud, iss, jti and exp are not asked for; unknown scopes are left out."""
    if request.mimetype != FORM or not all(request.form.get(name) for name in FIELDS):
        raise _refusal("invalid_request", "a form field is missing")
    if request.form["client_assertion_type"] != CLIENT_ASSERTION_TYPE:
        raise _refusal("unsupported_grant_type", "client_assertion_type")
    if request.form["grant_type"] != "client_credentials":
        raise _refusal("unsupported_grant_type", "grant_type")
    tool = _proven(request.form["client_assertion"])
    g.client_id = tool.client_id
    granted = frozenset(request.form["scope"].split()) & frozenset(tool.scopes)
    if not granted:
        raise _refusal("invalid_scope", "scope names nothing that this tool may do")
    return Response(json.dumps(granting(tool, granted)), content_type=HTML)


def _proven(assertion: str) -> Tool:
    lms = platform()
    try:
        tool = lms.state.tools.get(str(unproven_claims(assertion).get("sub", "")))
        if tool is None:
            raise _refusal("invalid_client", "sub is not a client_id that this LMS gave out")
        claims = lms.authority.tool_keys.signed(tool, assertion)
    except NotTrusted as problem:
        if str(problem).endswith("is not in the tool's key set"):
            raise ServiceProblem(400, str(problem), answer=BROKEN, media_type=HTML) from problem
        raise _refusal(str(problem), str(problem)) from problem
    now = lms.clock().timestamp()
    for name in ("nbf", "iat"):
        if claims.get(name, now) > now:
            until = datetime.fromtimestamp(claims[name], UTC).strftime("%Y-%m-%dT%H:%M:%S%z")
            sentence = f"Cannot handle token with {name} prior to {until}"
            raise _refusal(sentence, sentence)
    if claims.get("exp", now + 1) <= now:
        raise _refusal("Expired token", "Expired token")
    return tool


def _refusal(error: str, sentence: str) -> ServiceProblem:
    return ServiceProblem(400, sentence, answer=json.dumps({"error": error}), media_type=HTML)
