"""What each trainee's cell would be if progress in a program were added: looked at in the picker first."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.scores import placed_programs, program_cells
from lti_tool.services.scores.program_columns import ProgramColumn
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.linking.picker import asked_by_visitor
from lti_tool.web.linking.program_choice import ProgramForm, columns, read_program_choice
from lti_tool.web.paging import page_of

bp = Blueprint("picker_cells", __name__, url_prefix="/deep-link/<uuid:deep_link_id>")


@bp.get("/program/cells")
@signed_in
def cells(deep_link_id: UUID) -> ResponseReturnValue:
    """The cells, a page at a time, for an instructor who chose a title and a column. Nothing is made by looking."""
    asked, session = asked_by_visitor(deep_link_id), current.db()
    offers = placed_programs.offers(session, current.visitor().organization_id)
    choice = read_program_choice(request.args, offers)
    if isinstance(choice, ProgramForm):
        return redirect(url_for("picker.program", deep_link_id=asked.id), 303)
    people = program_cells.everybody(session, asked.course_id, choice.program_id)
    column, value = ProgramColumn(choice.shows, choice.requirement), request.args["column"]
    return render_template(
        "picker/program_cells.html",
        asked=asked,
        title=choice.title,
        chosen=value,
        shows=next(label for each, label, _hint in columns(offers) if each == value),
        address=url_for("picker_cells.cells", deep_link_id=asked.id, title=choice.title, column=value),
        cells=page_of(
            len(people),
            lambda first, most: program_cells.cells(session, None, people[first : first + most], column, current.now()),
        ),
    )
