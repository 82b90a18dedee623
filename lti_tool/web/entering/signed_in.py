"""Where one is signed in, and ending it elsewhere: after a shared device, or when something seems wrong."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.entering import signed_in
from lti_tool.web import current
from lti_tool.web.access import signed_in as for_whoever_is_signed_in
from lti_tool.web.acts import act

bp = Blueprint("signed_in", __name__)


@bp.get("/signed-in")
@for_whoever_is_signed_in
def page() -> ResponseReturnValue:
    """Every place where the visitor is signed in now."""
    places = signed_in.everywhere(current.db(), current.visitor(), current.now())
    return render_template("sign_in/signed_in.html", places=places)


@bp.post("/signed-in/end")
@for_whoever_is_signed_in
@act
def end() -> ResponseReturnValue:
    """Sign out in one other place."""
    signed_in.end_one(current.db(), current.visitor(), request.form.get("where", ""), current.now())
    return redirect(url_for("signed_in.page", said="ended_there"), 303)


@bp.post("/signed-in/end-others")
@for_whoever_is_signed_in
@act
def end_others() -> ResponseReturnValue:
    """Sign out in all other places."""
    signed_in.end_others(current.db(), current.visitor(), current.now())
    return redirect(url_for("signed_in.page", said="ended_elsewhere"), 303)
