"""Progress or hours of a program, placed in a course: where a launch of such a link lands."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.scores import placed_view, reading_back
from lti_tool.services.scores.placed_view import Placed, PlacedColumn
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.scores.sync_page import Addresses, as_it_was, asked_for, person_asked, shown

bp = Blueprint("placed_programs", __name__)


@bp.get("/p/<uuid:placed_id>")
@signed_in
def landing(placed_id: UUID) -> ResponseReturnValue:
    """An instructor sees the column, a trainee comes to their own path, others to what waits for them."""
    placed = placed_view.placed(current.db(), current.visitor(), placed_id)
    if Capability.INSTRUCTOR in placed.capabilities:
        return _column(placed)
    if placed.enrollment_id is not None:
        return redirect(f"/path/{placed.enrollment_id}", 303)
    if Capability.TRAINEE in placed.capabilities:
        return render_template("placed_programs/not_enrolled.html", placed=placed)
    return redirect(url_for("landing.queue"), 303)


@bp.get("/p/<uuid:placed_id>/progress")
@signed_in
def progress(placed_id: UUID) -> ResponseReturnValue:
    """How far the column is: the part of its page that says so, for `progress.js`."""
    asked = asked_for()
    found = placed_view.column(current.db(), current.visitor(), placed_id, asked)
    return render_template("gradebook/_progress.html", sync=shown(found.page, _addresses(placed_id), asked))


@bp.post("/p/<uuid:placed_id>/resend")
@signed_in
@act
def resend(placed_id: UUID) -> ResponseReturnValue:
    """Send one score again now, or all that the LMS did not take where the form names nobody."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if "person" in request.form:
        found = placed_view.resend(session, visitor, placed_id, person_asked(), now)
    else:
        found = placed_view.resend_all(session, visitor, placed_id, now)
    for delivery_id in found[:1]:  # all go to one LMS: looking at one sends the others, too
        current.look_at(Kind.DELIVERY, delivery_id)
    at = url_for("placed_programs.landing", placed_id=placed_id, said="sent_again", **as_it_was())
    return redirect(at, 303)


@bp.post("/p/<uuid:placed_id>/compare")
@signed_in
@act
def compare(placed_id: UUID) -> ResponseReturnValue:
    """Compare the column now with what the LMS shows."""
    session, visitor = current.db(), current.visitor()
    line_item_id = placed_view.column_to_send(session, visitor, placed_id).line_item_id
    reading_back.ask(session, visitor, line_item_id, current.now())
    current.look_at(Kind.READ_BACK, line_item_id)
    return redirect(url_for("placed_programs.landing", placed_id=placed_id, said="compared_now"), 303)


def _column(placed: Placed) -> ResponseReturnValue:
    asked = asked_for()
    found: PlacedColumn = placed_view.column(current.db(), current.visitor(), placed.id, asked)
    sync = shown(found.page, _addresses(placed.id), asked)
    return render_template("placed_programs/column.html", placed=placed, found=found, sync=sync)


def _addresses(placed_id: UUID) -> Addresses:
    resend = url_for("placed_programs.resend", placed_id=placed_id)
    return Addresses(
        page=url_for("placed_programs.landing", placed_id=placed_id),
        progress=url_for("placed_programs.progress", placed_id=placed_id),
        resend=resend,
        resend_all=resend,
        compare=url_for("placed_programs.compare", placed_id=placed_id),
    )
