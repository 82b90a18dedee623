"""The report for a funder: drawn up by an act, kept as it is."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.ledger import EntryKind
from grading.suppression import LEAST, MINIMUM
from lti_tool.access import Capability
from lti_tool.services.equity import funder, funder_schedules
from lti_tool.services.equity.funder import Span
from lti_tool.services.equity.funder_schedules import Wish
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.equity.equity_tables import COLUMNS
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("funder", __name__)

BY = {
    "kind": _N("By kind"),
    "category": _N("By category"),
    "setting": _N("By setting"),
    "model": _N("By practice model"),
}
EVERY = {3: _N("Every three months"), 6: _N("Every six months"), 12: _N("Every year")}
OF: dict[str, Any] = {"kind": EntryKind, "setting": Setting, "model": PracticeModel}


@bp.route("/reports/funder", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def everything() -> ResponseReturnValue:
    """Those that were drawn up, and drawing up another."""
    if request.method == "GET":
        return _page()
    try:
        release_id = funder.draw_up(current.db(), current.visitor(), _typed(), current.now())
    except Refused as refused:
        give_up()
        return _page(in_words(refused)), 422
    return redirect(url_for("funder.one", release_id=release_id), 303)


@bp.post("/reports/funder/schedule")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def ask_regularly() -> ResponseReturnValue:
    """Have one drawn up again and again."""
    try:
        funder_schedules.ask(current.db(), current.visitor(), _wish(), current.now())
    except Refused as refused:
        give_up()
        return _page(regularly=in_words(refused)), 422
    return redirect(url_for("funder.everything"), 303)


@bp.post("/reports/funder/schedule/<uuid:schedule_id>/end")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def end_schedule(schedule_id: UUID) -> ResponseReturnValue:
    """Draw no more up by the calendar."""
    funder_schedules.end(current.db(), current.visitor(), schedule_id, current.now())
    return redirect(url_for("funder.everything"), 303)


@bp.get("/reports/funder/<uuid:release_id>")
@needs_in_organization(Capability.PROGRAM_LEAD)
def one(release_id: UUID) -> ResponseReturnValue:
    """One of them, exactly as it was drawn up."""
    found = funder.report(current.db(), current.visitor().organization_id, release_id)
    people = funder.people_in(found)
    return render_template(
        "packages/funder_report.html",
        found=found,
        since=date.fromisoformat(found["since"]),
        until=date.fromisoformat(found["until"]),
        people=[(_("Entered in these days"), people.count(None, None))]
        + [(_(COLUMNS[each]), people.count(None, each)) for each in people.columns],
        hours=[(_(heading), _lines(by, found["hours"][by])) for by, heading in BY.items() if found["hours"][by]],
    )


def _lines(by: str, sums: dict[str, str | None]) -> list[tuple[str, str | None]]:
    return [(word(OF[by](name)) if by in OF else name.replace("_", " "), amount) for name, amount in sums.items()]


def _typed() -> Span:
    """Raises `Refused` with what to do."""
    program_id = uuid_if_any(request.form.get("program"))
    if program_id is None:
        raise Refused("program_needed", "Please choose a program.")
    try:
        since, until = day_of(request.form.get("since")), day_of(request.form.get("until"))
    except ValueError:
        since = until = None
    if since is None or until is None:
        raise Refused("days_needed", "Please write each day as year, month and day: 2026-03-31.")
    return Span(program_id, since, until, whole_number(request.form.get("minimum", "")) or 0)


def _wish() -> Wish:
    """Raises `Refused` with what to do."""
    program_id = uuid_if_any(request.form.get("every_program"))
    if program_id is None:
        raise Refused("program_needed", "Please choose a program.")
    try:
        since = day_of(request.form.get("every_since"))
    except ValueError:
        since = None
    if since is None:
        raise Refused("days_needed", "Please write each day as year, month and day: 2026-03-31.")
    months, minimum = whole_number(request.form.get("months", "")), whole_number(request.form.get("every_minimum", ""))
    return Wish(program_id, months or 0, since, minimum or 0)


def _page(problem: str | None = None, *, regularly: str | None = None) -> str:
    session, organization_id = current.db(), current.visitor().organization_id
    return render_template(
        "packages/funder.html",
        lines=funder.drawn_up(session, organization_id),
        programs=[(str(id_), name) for id_, name in funder.programs(session, organization_id)],
        typed=request.form if problem else {"minimum": MINIMUM},
        problem=problem,
        schedules=funder_schedules.standing(session, organization_id),
        every=[(str(months), _(words)) for months, words in EVERY.items()],
        asked=request.form if regularly else {"every_minimum": MINIMUM},
        asked_problem=regularly,
        least=LEAST,
    )
