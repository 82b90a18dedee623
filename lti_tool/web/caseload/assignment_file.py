"""Assigning by a spreadsheet: download it as it stands, bring it back, see what would change, take it in."""

from io import BytesIO

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import DocumentProblems
from lti_tool.documents.assignment_rows import WORDS, YES, Entry, read, write_csv, write_xlsx
from lti_tool.documents.plain_tables import known_language
from lti_tool.services.caseload import assignment_file
from lti_tool.services.caseload.assignment_file import Fate
from lti_tool.services.courses.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs, repeatable
from lti_tool.web.acts import act
from lti_tool.web.caseload import assigned_words
from lti_tool.web.exchange.file_problems import told_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import _N, gettext, language
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("assignment_file", __name__)

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
MOST_SHOWN = 500
FATES: dict[Fate, str] = {
    Fate.MAKE: _N("new"),
    Fate.CHANGE: _N("changed"),
    Fate.END: _N("ends"),
    Fate.SAME: _N("as it is"),
    Fate.UNCLEAR: _N("please check"),
}


@bp.get("/a/<uuid:activity_id>/assignments/as-it-stands/<kind>")
@needs(Capability.INSTRUCTOR)
def as_it_stands(place: Place, kind: str) -> ResponseReturnValue:
    """The course's people and assignments as a file to fill in."""
    if kind not in KINDS:
        abort(404)
    spoken = known_language(language())
    words = {name: said[spoken] for name, said in WORDS.items()}
    rows = assignment_file.as_it_stands(current.db(), place, words, YES[spoken])
    content = write_xlsx(rows, spoken) if kind == "xlsx" else write_csv(rows, spoken)
    return send_file(
        BytesIO(content), mimetype=KINDS[kind], as_attachment=True, download_name=f"assignments.{kind}", max_age=0
    )


@bp.route("/a/<uuid:activity_id>/assignments/file", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@repeatable
def bring(place: Place) -> ResponseReturnValue:
    """Bring the file: what each row would do is shown, and nothing is taken in."""
    if request.method == "GET":
        return _bring_page(place)
    given = request.files.get("file")
    if given is None or not given.filename:
        return _bring_page(place, [("", gettext("Please choose a file first."))]), 422
    try:
        entries = read(given.stream.read(), source=given.filename)
    except DocumentProblems as problems:
        return _bring_page(place, [told_of(one) for one in problems.problems]), 422
    return _plan_page(place, entries)


@bp.post("/a/<uuid:activity_id>/assignments/file/take-in")
@needs(Capability.INSTRUCTOR)
@act
def take_in(place: Place) -> ResponseReturnValue:
    """Take in what was shown."""
    try:
        entries = assignment_file.unpacked(request.form.get("rows", ""))
    except (ValueError, TypeError, IndexError, RecursionError):
        abort(400)
    try:
        assignment_file.take_in(
            current.db(), current.visitor(), place, entries, shown=request.form.get("shown", ""), now=current.now()
        )
    except Refused as refused:
        give_up()
        return _plan_page(place, entries, in_words(refused)), 422
    return redirect(url_for("assignments.assignments", activity_id=place.activity.id, said="assignments_taken_in"), 303)


def _bring_page(place: Place, told: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "assignments/bring.html", place=place, told=told or [], tabs=tabs(place), tab=Tab.ASSIGNMENTS
    )


def _plan_page(place: Place, entries: tuple[Entry, ...], problem: str | None = None) -> str:
    plan = assignment_file.plan(current.db(), place, entries, current.now())
    return render_template(
        "assignments/plan.html",
        place=place,
        plan=plan,
        counts=[(FATES[fate], plan.count(fate)) for fate in Fate if plan.count(fate)],
        lines=[line for line in plan.lines if line.fate is not Fate.SAME][:MOST_SHOWN],
        fates=FATES,
        rows=assignment_file.packed(entries),
        what_words=assigned_words.what_words,
        problem=problem,
        tabs=tabs(place),
        tab=Tab.ASSIGNMENTS,
    )
