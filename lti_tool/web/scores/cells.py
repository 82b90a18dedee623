"""What an instructor decides about one cell of the gradebook, or about a column of it, wherever that belongs."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.delivery import DeliveryState
from lti_tool.queue import Kind
from lti_tool.services.scores import clearing, column_acts, differing_scores
from lti_tool.services.scores.differing_scores import CellThere
from lti_tool.services.scores.lms_columns import WhereItIs
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.scores.sync_page import as_it_was

bp = Blueprint("cells", __name__)


@bp.post("/cells/<uuid:delivery_id>/ours")
@signed_in
@act
def ours(delivery_id: UUID) -> ResponseReturnValue:
    """Attune's score stands: it is sent."""
    session, visitor = current.db(), current.visitor()
    cell = differing_scores.cell_of(session, visitor, delivery_id, closed_too=True)
    if differing_scores.decide_ours(session, visitor, delivery_id, current.now()) is not None:
        current.look_at(Kind.DELIVERY, delivery_id)
    return _back(cell.where, cell.line_item_id, "sent_again")


@bp.post("/cells/<uuid:delivery_id>/let-stand")
@signed_in
@act
def let_stand(delivery_id: UUID) -> ResponseReturnValue:
    """The LMS's score stands: nothing is sent."""
    session, visitor = current.db(), current.visitor()
    cell = differing_scores.cell_of(session, visitor, delivery_id, closed_too=True)
    differing_scores.let_stand(session, visitor, delivery_id, current.now())
    return _back(cell.where, cell.line_item_id, "let_stand")


@bp.route("/cells/<uuid:delivery_id>/clear", methods=["GET", "POST"])
@signed_in
@act
def clear(delivery_id: UUID) -> ResponseReturnValue:
    """Have a cell emptied, once it was read what that means."""
    session, visitor = current.db(), current.visitor()
    cell = clearing.to_clear(session, visitor, delivery_id)
    if request.method == "GET":
        return _clear_page(cell)
    if clearing.ask_to_clear(session, visitor, delivery_id, current.now()) is not None:
        current.look_at(Kind.DELIVERY, delivery_id)
    return _back(cell.where, cell.line_item_id, "cell_to_clear")


@bp.post("/line-items/<uuid:line_item_id>/ours")
@signed_in
@act
def all_ours(line_item_id: UUID) -> ResponseReturnValue:
    """Wherever the LMS shows another score, Attune's stands."""
    where = column_acts.where(current.db(), current.visitor(), line_item_id)
    sent = differing_scores.decide_all_ours(current.db(), current.visitor(), line_item_id, current.now())
    for delivery_id in sent[:1]:  # all go to one LMS: looking at one sends the others, too
        current.look_at(Kind.DELIVERY, delivery_id)
    return _back(where, line_item_id, "sent_again")


@bp.post("/line-items/<uuid:line_item_id>/let-stand")
@signed_in
@act
def let_all_stand(line_item_id: UUID) -> ResponseReturnValue:
    """Wherever the LMS shows another score, that stands."""
    where = column_acts.where(current.db(), current.visitor(), line_item_id)
    differing_scores.let_all_stand(current.db(), current.visitor(), line_item_id, current.now())
    return _back(where, line_item_id, "let_stand")


@bp.post("/line-items/<uuid:line_item_id>/make-again")
@signed_in
@act
def make_again(line_item_id: UUID) -> ResponseReturnValue:
    """Have a column made anew that was deleted in the LMS."""
    where = column_acts.where(current.db(), current.visitor(), line_item_id)
    column_acts.make_again(current.db(), current.visitor(), line_item_id, current.now())
    current.look_at(Kind.COLUMN, line_item_id)
    return _back(where, line_item_id, "column_made_again")


@bp.post("/line-items/<uuid:line_item_id>/stop")
@signed_in
@act
def stop(line_item_id: UUID) -> ResponseReturnValue:
    """Send nothing to the column any more."""
    where = column_acts.where(current.db(), current.visitor(), line_item_id)
    column_acts.stop(current.db(), current.visitor(), line_item_id, current.now())
    return _back(where, line_item_id, "column_stopped")


@bp.post("/line-items/<uuid:line_item_id>/go-on")
@signed_in
@act
def go_on(line_item_id: UUID) -> ResponseReturnValue:
    """Send to the column again."""
    where = column_acts.where(current.db(), current.visitor(), line_item_id)
    registration_id = column_acts.go_on(current.db(), current.visitor(), line_item_id, current.now())
    if registration_id is not None:
        current.look_at(Kind.PLATFORM, registration_id)
    return _back(where, line_item_id, "column_goes_on")


def _clear_page(cell: CellThere) -> str:
    return render_template(
        "cells/clear.html",
        cell=cell,
        name=cell.person_name,
        stands=cell.state is DeliveryState.ACCEPTED and not cell.nothing_left,
        back=_page(cell.where, cell.line_item_id),
    )


def _back(where: WhereItIs, line_item_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(_page(where, line_item_id, said), 303)


def _page(where: WhereItIs, line_item_id: UUID, said: str | None = None) -> str:
    """The page of the column, with the list as the form was in it."""
    asked = as_it_was()
    if where.placed_program_id is not None:
        return url_for("placed_programs.landing", placed_id=where.placed_program_id, said=said, **asked)
    further = line_item_id if where.further else None
    return url_for("gradebook.gradebook", activity_id=where.activity_id, column=further, said=said, **asked)
