"""What the column of a placed program shows: choosing, looking at each cell, switching it on."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services.scores import placed_choices as service
from lti_tool.services.scores import placed_view
from lti_tool.services.scores.placed_programs import ProgramOffer
from lti_tool.services.scores.program_columns import ProgramColumn
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.linking.program_choice import columns, read_column
from lti_tool.web.paging import page_of

bp = Blueprint("placed_choices", __name__)


@bp.get("/p/<uuid:placed_id>/choice")
@signed_in
def choice(placed_id: UUID) -> str:
    """What it could show. Nothing changes by choosing: the next page shows each cell."""
    session, visitor = current.db(), current.visitor()
    offer = service.offer(session, visitor, placed_id)
    return render_template(
        "placed_programs/choice.html",
        placed=placed_view.placed(session, visitor, placed_id),
        choices=columns(offer),
        chosen=_value(offer, service.column_now(session, visitor, placed_id)),
    )


@bp.get("/p/<uuid:placed_id>/preview")
@signed_in
def preview(placed_id: UUID) -> ResponseReturnValue:
    """What each trainee's cell would be, a page at a time."""
    session, visitor = current.db(), current.visitor()
    chosen = request.args.get("column", "")
    column = _read(service.offer(session, visitor, placed_id), chosen)
    if column is None:
        return redirect(url_for("placed_choices.choice", placed_id=placed_id), 303)
    people = service.everybody(session, visitor, placed_id)
    return render_template(
        "placed_programs/preview.html",
        placed=placed_view.placed(session, visitor, placed_id),
        chosen=chosen,
        name=next(
            label for value, label, _hint in columns(service.offer(session, visitor, placed_id)) if value == chosen
        ),
        as_it_is=column == service.column_now(session, visitor, placed_id),
        address=url_for("placed_choices.preview", placed_id=placed_id, column=chosen),
        cells=page_of(
            len(people),
            lambda first, most: service.cells(
                session, visitor, placed_id, people[first : first + most], column, current.now()
            ),
        ),
    )


@bp.post("/p/<uuid:placed_id>/choose")
@signed_in
@act
def choose(placed_id: UUID) -> ResponseReturnValue:
    """Switch on what was looked at."""
    session, visitor = current.db(), current.visitor()
    column = _read(service.offer(session, visitor, placed_id), request.form.get("column", ""))
    if column is None:
        return redirect(url_for("placed_choices.choice", placed_id=placed_id), 303)
    for delivery_id in service.choose(session, visitor, placed_id, column, current.now())[:1]:
        current.look_at(Kind.DELIVERY, delivery_id)  # all go to one LMS: looking at one sends the others, too
    return redirect(url_for("placed_programs.landing", placed_id=placed_id, said="column_chosen"), 303)


def _read(offer: tuple[ProgramOffer, ...], value: str) -> ProgramColumn | None:
    chosen = read_column(value, offer)
    return None if chosen is None else chosen[1]


def _value(offer: tuple[ProgramOffer, ...], column: ProgramColumn) -> str:
    """How the form calls what it shows today."""
    return next((value for value, _label, _hint in columns(offer) if _read(offer, value) == column), "")
