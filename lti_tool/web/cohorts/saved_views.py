"""Ways of looking at a cohort that somebody gave a name, for themselves."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.access import Capability
from lti_tool.services.cohorts import saved_views
from lti_tool.services.cohorts.saved_views import Of, View
from lti_tool.services.courses.places import Place
from lti_tool.services.programs import program_lists
from lti_tool.web import current
from lti_tool.web.access import needs, needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.cohorts.cohort_fields import Query, address, columns_of, looking_of, most_of, query_of
from lti_tool.web.cohorts.course_cohort_fields import query_of as course_query_of
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("saved_views", __name__)


@bp.post("/programs/<uuid:program_id>/views")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def keep(program_id: UUID) -> ResponseReturnValue:
    """Keep a way of looking at a program's cohort."""
    program = program_lists.program(current.db(), current.visitor().organization_id, program_id)
    form: MultiDict[str, str] = request.form
    query = query_of(looking_of(form), columns_of(form), most_of(form))
    return _keep(Of(program_id=program.id), query, url_for("cohort.matrix", program_id=program.id))


@bp.post("/a/<uuid:activity_id>/views")
@needs(Capability.INSTRUCTOR)
@act
def keep_of_course(place: Place) -> ResponseReturnValue:
    """Keep a way of looking at a course's cohort."""
    query = course_query_of(request.form)
    return _keep(Of(course_id=place.course.id), query, url_for("course_cohort.matrix", activity_id=place.activity.id))


@bp.route("/views/<uuid:view_id>", methods=["GET", "POST"])
@signed_in
@act
def view(view_id: UUID) -> ResponseReturnValue:
    """Give one another name."""
    found = saved_views.found(current.db(), current.visitor(), view_id)
    if request.method == "GET":
        return _page(found, found.name)
    name = request.form.get("view", "")
    try:
        saved_views.rename(current.db(), current.visitor(), view_id, name, current.now())
    except Refused as refused:
        give_up()
        return _page(found, name, in_words(refused)), 422
    return redirect(address(_matrix(found.of), found.query, said="view_renamed"), 303)


@bp.post("/views/<uuid:view_id>/remove")
@signed_in
@act
def remove(view_id: UUID) -> ResponseReturnValue:
    """Remove one."""
    of = saved_views.remove(current.db(), current.visitor(), view_id, current.now())
    return redirect(address(_matrix(of), {}, said="view_removed"), 303)


def _keep(of: Of, query: Query, path: str) -> ResponseReturnValue:
    name = request.form.get("view", "")
    try:
        saved_views.keep(current.db(), current.visitor(), of, name, query, current.now())
    except Refused as refused:
        give_up()
        page = render_template(
            "cohort/keep_view.html", name=name, query=query, address=address(path, query), problem=in_words(refused)
        )
        return page, 422
    return redirect(address(path, query, said="view_kept"), 303)


def _page(found: View, name: str, problem: str | None = None) -> str:
    path = address(_matrix(found.of), found.query)
    return render_template("cohort/view.html", view=found, name=name, address=path, problem=problem)


def _matrix(of: Of) -> str:
    if of.program_id is not None:
        return url_for("cohort.matrix", program_id=of.program_id)
    if of.course_id is None:
        raise ValueError("a view is of a program or of a course")
    activity_id = saved_views.activity_of(current.db(), of.course_id)
    return url_for("course_cohort.matrix", activity_id=activity_id)
