"""Entries from a spreadsheet: bring it, see what each row would do, take it in, or undo all of it."""

from collections.abc import Callable, Mapping
from io import BytesIO
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.documents import DocumentProblems
from lti_tool.documents.ledger_rows import DayOrder, header_of, read, template_csv, template_xlsx
from lti_tool.services.hours import ledger, ledger_import
from lti_tool.services.hours.ledger_import_plan import Fate
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.caseload.assignment_file import KINDS
from lti_tool.web.exchange.file_problems import told_of
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext, language
from rubrics.refusal import Refused

bp = Blueprint("ledger_import", __name__)
TEMPLATES: Mapping[str, Callable[[str], bytes]] = {"xlsx": template_xlsx, "csv": template_csv}
FATES: Mapping[Fate, str] = {
    Fate.NEW: _N("new"),
    Fate.THERE: _N("there already"),
    Fate.UNCLEAR: _N("please check"),
}


@bp.get("/ledger/import/template/<kind>")
@signed_in
def template(kind: str) -> ResponseReturnValue:
    """An empty spreadsheet to fill in."""
    if kind not in TEMPLATES:
        abort(404)
    content = BytesIO(TEMPLATES[kind](language()))
    return send_file(content, mimetype=KINDS[kind], as_attachment=True, download_name=f"hours.{kind}", max_age=0)


@bp.route("/ledger/import", methods=["GET", "POST"])
@signed_in
@act
def bring() -> ResponseReturnValue:
    """Bring a file: it is read, and nothing is written."""
    if request.method == "GET":
        return _bring_page()
    given = request.files.get("file")
    if given is None or not given.filename:
        return _bring_page([("", gettext("Please choose a file first."))]), 422
    try:
        rows = read(given.stream.read(), source=given.filename)
    except DocumentProblems as problems:
        transactions.give_up()
        return _bring_page([told_of(one) for one in problems.problems]), 422
    if not rows:
        transactions.give_up()
        return _bring_page([("", gettext("There are no rows below the header line yet."))]), 422
    import_id = ledger_import.bring(current.db(), current.visitor(), rows, file_name=given.filename, now=current.now())
    return redirect(url_for("ledger_import.one", import_id=import_id), 303)


@bp.get("/ledger/import/<uuid:import_id>")
@signed_in
def one(import_id: UUID) -> ResponseReturnValue:
    """What each row would do; or what became of the file."""
    return _page(import_id)


@bp.post("/ledger/import/<uuid:import_id>/order")
@signed_in
@act
def order(import_id: UUID) -> ResponseReturnValue:
    """Say in which order the file writes its days."""
    chosen = request.form.get("order", "")
    if chosen not in set(DayOrder):
        transactions.give_up()
        return _page(import_id, gettext("Please say how the days in your file are to be read.")), 422
    ledger_import.choose_order(current.db(), current.visitor(), import_id, DayOrder(chosen))
    return redirect(url_for("ledger_import.one", import_id=import_id), 303)


@bp.post("/ledger/import/<uuid:import_id>/take-in")
@signed_in
@act
def take_in(import_id: UUID) -> ResponseReturnValue:
    """Write the good rows down."""
    shown, signer = request.form.get("shown", ""), request.form.get("signer", "")
    try:
        ledger_import.take_in(current.db(), current.visitor(), import_id, shown=shown, signer=signer, now=current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(import_id, in_words(refused)), 422
    return redirect(url_for("ledger_import.one", import_id=import_id, said="import_taken_in"), 303)


@bp.post("/ledger/import/<uuid:import_id>/put-away")
@signed_in
@act
def put_away(import_id: UUID) -> ResponseReturnValue:
    """Take nothing of it."""
    ledger_import.put_away(current.db(), current.visitor(), import_id, current.now())
    return redirect(url_for("ledger_import.bring", said="import_put_away"), 303)


@bp.post("/ledger/import/<uuid:import_id>/undo")
@signed_in
@act
def undo(import_id: UUID) -> ResponseReturnValue:
    """Take all of its entries away again."""
    try:
        ledger_import.undo(current.db(), current.visitor(), import_id, current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(import_id, in_words(refused)), 422
    return redirect(url_for("ledger_import.bring", said="import_undone"), 303)


def _bring_page(told: list[tuple[str, str]] | None = None) -> str:
    found = ledger_import.imports(current.db(), current.visitor())
    return render_template("ledger_import/bring.html", told=told or [], imports=found)


def _page(import_id: UUID, problem: str | None = None) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    brought = ledger_import.found(session, visitor, import_id)
    if not brought.is_open:
        return render_template("ledger_import/done.html", brought=brought, problem=problem)
    plan = ledger_import.plan(session, visitor, import_id, now)
    lines = sorted(plan.lines, key=lambda line: line.fate is not Fate.UNCLEAR)
    return render_template(
        "ledger_import/plan.html",
        brought=brought,
        plan=plan,
        counts=[(FATES[fate], plan.count(fate)) for fate in Fate if plan.count(fate)],
        lines=one_page(lines),
        looks={
            line.row.line: [(_header(look.column), in_words(look.refused)) for look in line.looks] for line in lines
        },
        fates=FATES,
        readers=ledger.readers_to_be(visitor, ()),
        problem=problem,
    )


def _header(column: str) -> str:
    return header_of(column, language())
