"""Whether a program is fair: for program leads, with small numbers held back."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from grading.suppression import LEAST, MINIMUM
from lti_tool.access import Capability
from lti_tool.services.equity import questions, reports
from lti_tool.services.equity.reports import Asked
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.equity.equity_tables import page_tables
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("equity", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/equity")
@needs_in_organization(LEADS)
def report_list() -> ResponseReturnValue:
    """The reports that were drawn up, and a form for another one."""
    today = current.now().date()
    usual = {"since": date(today.year, 1, 1).isoformat(), "until": today.isoformat(), "minimum": str(MINIMUM)}
    return _page(MultiDict(usual))


@bp.post("/equity")
@needs_in_organization(LEADS)
@act
def draw_up() -> ResponseReturnValue:
    """Draw one up."""
    try:
        release_id = reports.draw_up(current.db(), current.visitor(), _asked(), current.now())
    except Refused as refused:
        give_up()
        return _page(request.form, in_words(refused)), 422
    return redirect(url_for("equity.report", release_id=release_id, said="report_drawn_up"), 303)


@bp.get("/equity/<uuid:release_id>")
@needs_in_organization(LEADS)
def report(release_id: UUID) -> ResponseReturnValue:
    """One report."""
    line, document = reports.report(current.db(), current.visitor().organization_id, release_id)
    return render_template("equity/report.html", told=line, tables=page_tables(document))


def _asked() -> Asked:
    try:
        since, until = day_of(request.form.get("since")), day_of(request.form.get("until"))
    except ValueError:
        since = until = None
    if since is None or until is None:
        raise Refused("days", _("Please write each day as year, month and day: 2026-03-31."))
    minimum = whole_number(request.form.get("minimum", "")) or 0
    return Asked(uuid_if_any(request.form.get("program")), since, until, minimum)


def _page(typed: MultiDict[str, str], problem: str | None = None) -> str:
    session, organization_id = current.db(), current.visitor().organization_id
    found = [(str(id_), name) for id_, name in reports.programs(session, organization_id)]
    return render_template(
        "equity/reports.html",
        lines=reports.reports(session, organization_id, drawn_up_only=True),
        programs=[("", _("Every program together")), *found],
        asked=questions.asked(session, organization_id),
        typed=typed,
        problem=problem,
        least=LEAST,
    )  # fmt: skip
