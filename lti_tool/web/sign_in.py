"""Coming in without an LMS, and signing out."""

from flask import Blueprint, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services import visitors
from lti_tool.web import cookies, current
from lti_tool.web.access import repeatable, signed_in

bp = Blueprint("sign_in", __name__)


@bp.post("/sign-out")
@signed_in
@repeatable
def sign_out() -> ResponseReturnValue:
    """End the session, here and for this cookie wherever it went."""
    visitors.end(current.db(), current.visitor(), current.now())
    response = make_response(redirect(url_for("health.start", said="signed_out"), 303))
    cookies.end_session(response, secure=current.settings().secure)
    return response
