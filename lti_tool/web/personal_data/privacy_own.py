"""Your data: what is kept, a copy of it, deleting what is only yours, and asking for all of it to be erased."""

from io import BytesIO

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.file_store import Away
from lti_tool.queue import Kind
from lti_tool.services.exchange import exporting
from lti_tool.services.languages import nearest
from lti_tool.services.personal_data import erasure, own_copy, own_data
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.personal_data.privacy_words import PARTS, STAYS
from lti_tool.web.texts import language
from rubrics.refusal import Refused

bp = Blueprint("privacy_own", __name__)


@bp.get("/my-data")
@signed_in
def everything() -> ResponseReturnValue:
    """How much is kept about the visitor, and what they can do about it."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    return render_template(
        "privacy/own.html",
        counts=own_data.counts(session, visitor, now),
        large=own_copy.size_of_files(session, visitor) >= own_copy.SMALL,
        parts=PARTS,
        asked=erasure.mine(session, visitor, now),
        stays=STAYS,
    )


@bp.get("/my-data/copy")
@signed_in
@writes
def copy() -> ResponseReturnValue:
    """All of it as an archive, where that is soon made."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if own_copy.size_of_files(session, visitor) >= own_copy.SMALL:
        return redirect(url_for("privacy_own.everything"), 303)
    into = BytesIO()
    try:
        said = own_data.copy(session, visitor, now)
        own_copy.write(into, said, own_copy.files(session, visitor), current.joined().files, now)
    except Away:
        raise Refused("files_away", "Files cannot be read at the moment. Please try again in a few minutes.") from None
    own_data.note_copy(session, visitor, now)
    into.seek(0)
    answer = send_file(into, "application/zip", as_attachment=True, download_name=own_copy.filename(now))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/my-data/copy")
@signed_in
@act
def large_copy() -> ResponseReturnValue:
    """Have it made by the worker, and lead to where it says how far it is."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    export_id = exporting.ask_for_own_copy(session, visitor, nearest([language()]), now)
    own_data.note_copy(session, visitor, now)
    current.look_at(Kind.EXPORT, export_id)
    return redirect(url_for("exports.one", export_id=export_id), 303)


@bp.route("/my-data/alone", methods=["GET", "POST"])
@signed_in
@act
def alone() -> ResponseReturnValue:
    """Delete what nobody else reads, at once; asked about once."""
    if request.method == "GET":
        return render_template("privacy/own_alone.html")
    erasure.delete_alone(current.db(), current.visitor())
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
