"""Your data: what is kept, a copy of it, deleting what is only yours, and asking for all of it to be erased."""

import json

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services import erasure, own_data
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.privacy_words import PARTS, STAYS

bp = Blueprint("privacy_own", __name__)


@bp.get("/my-data")
@signed_in
def everything() -> ResponseReturnValue:
    """How much is kept about the visitor, and what they can do about it."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    return render_template(
        "privacy/own.html",
        counts=own_data.counts(session, visitor, now),
        parts=PARTS,
        asked=erasure.mine(session, visitor, now),
        stays=STAYS,
    )


@bp.get("/my-data/copy")
@signed_in
@writes
def copy() -> ResponseReturnValue:
    """All of it as a file."""
    found = own_data.copy(current.db(), current.visitor(), current.now())
    answer = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.route("/my-data/alone", methods=["GET", "POST"])
@signed_in
@act
def alone() -> ResponseReturnValue:
    """Delete what nobody else reads, at once; asked about once."""
    if request.method == "GET":
        return render_template("privacy/own_alone.html")
    erasure.delete_alone(current.db(), current.visitor(), current.now())
    return redirect(url_for("privacy_own.everything", said="alone_deleted"), 303)


@bp.route("/my-data/erase", methods=["GET", "POST"])
@signed_in
@act
def erase() -> ResponseReturnValue:
    """What would go, what would stay and why; then asking for it."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "GET":
        stands = erasure.what_of_mine_stands(session, visitor, now)
        return render_template("privacy/own_erase.html", stands=stands, stays=STAYS, days=erasure.TO_TAKE_BACK.days)
    erasure.ask(session, visitor, now)
    return redirect(url_for("privacy_own.everything", said="erasure_asked"), 303)


@bp.post("/my-data/erase/take-back")
@signed_in
@act
def take_back() -> ResponseReturnValue:
    """Not to be erased after all."""
    erasure.take_back(current.db(), current.visitor(), current.now())
    return redirect(url_for("privacy_own.everything", said="erasure_taken_back"), 303)
