"""Canvas's rate limit for the calls of services, all institutions of an issuer together."""

import time

import jwt
from flask import Blueprint, Response, g, request

from lti_tool.practice.answers import note, platform

LIMITED = ("/api/lti/courses/", "/api/lti/notice-handlers/")
WORDS = "403 Forbidden (Rate Limit Exceeded)\n"

blueprint = Blueprint("canvas_limit", __name__)


@blueprint.before_app_request
def begin() -> Response | None:
    """Let a call in, or answer with the words by which the limit is known."""
    if not request.path.startswith(LIMITED):
        return None
    client_id = _caller()
    if not platform().authority.throttle.enter(client_id):
        note("too many calls at once")
        return Response(WORDS, 403, {"X-Rate-Limit-Remaining": "0.0"}, content_type="text/plain; charset=utf-8")
    g.throttled, g.began = client_id, time.monotonic()
    return None


@blueprint.after_app_request
def end(answer: Response) -> Response:
    """Say what the call cost and what is left."""
    if "throttled" in g:
        cost = time.monotonic() - g.began
        left = platform().authority.throttle.leave(g.throttled, cost)
        answer.headers["X-Request-Cost"] = f"{cost:.4f}"
        answer.headers.setdefault("X-Rate-Limit-Remaining", f"{left:.4f}")
    return answer


def _caller() -> str:
    """Whose token it says it is; the services check that."""
    _, _, bearer = request.headers.get("Authorization", "").partition(" ")
    try:
        return str(jwt.decode(bearer, options={"verify_signature": False}).get("sub"))
    except jwt.PyJWTError:
        return ""
