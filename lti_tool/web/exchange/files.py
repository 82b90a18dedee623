"""Files in and out: bring one, see what would change, decide; or take one along."""

from collections.abc import Mapping
from functools import wraps
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool.access import Capability
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.separated import SEPARATORS
from lti_tool.documents.table_out import people_csv
from lti_tool.documents.text_in import ENCODINGS
from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import bringing, taking_along
from lti_tool.services.exchange.bringing import BroughtFile
from lti_tool.services.exchange.file_jobs import Choices
from lti_tool.web import current
from lti_tool.web.access import AnyView, needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.exchange import file_words
from lti_tool.web.paging import page_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext, language
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("files", __name__)

ON_A_PAGE = 100
MULTIPART = 100_000
"""What a form with a file needs around it."""
LONGEST_LANGUAGE = 20
READERS = (
    Capability.PROGRAM_LEAD,
    Capability.REVIEWER,
    Capability.INSTRUCTOR,
    Capability.SUPERVISOR,
    Capability.OBSERVER,
)
REWRITE = {"yes": True, "no": False}


def _roomy(view: AnyView) -> AnyView:
    """Outermost: a file is larger than any form, and the limit counts before the form is looked at."""

    @wraps(view)
    def with_room(*args: object, **values: object) -> ResponseReturnValue:
        request.max_content_length = bringing.LARGEST + MULTIPART
        try:
            return view(*args, **values)
        except RequestEntityTooLarge:
            if Capability.PROGRAM_LEAD not in current.capabilities():
                raise
            return _files_page(gettext("This file is larger than 20 MB. Please bring it in parts."), {}), 413

    return with_room  # type: ignore[return-value]  # a view of the same shape


@bp.route("/files", methods=["GET", "POST"])
@_roomy
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def files() -> ResponseReturnValue:
    """One's own files, and bringing another."""
    if request.method == "GET":
        return _files_page()
    given = request.files.get("file")
    if given is None or not given.filename:
        return _files_page(gettext("Please choose a file first.")), 422
    try:
        file_id = bringing.bring(
            current.db(), current.visitor(), given.filename, given.stream.read(), _choices(), current.now()
        )
    except Refused as refused:
        give_up()
        return _files_page(in_words(refused)), 422
    current.look_at(Kind.FILE, file_id)
    return redirect(url_for("files.file", file_id=file_id), 303)


@bp.get("/files/<uuid:file_id>")
@needs_in_organization(Capability.PROGRAM_LEAD)
def file(file_id: UUID) -> ResponseReturnValue:
    """One file: how far it is, what it would change, and the decision."""
    return _file_page(file_id)


@bp.get("/files/<uuid:file_id>/progress")
@needs_in_organization(Capability.PROGRAM_LEAD)
def progress(file_id: UUID) -> ResponseReturnValue:
    """How far the file is: the part of its page that says so, for `progress.js`."""
    found = bringing.file(current.db(), current.visitor(), file_id)
    return render_template("files/_progress.html", file=found)


@bp.post("/files/<uuid:file_id>/take-in")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def take_in(file_id: UUID) -> ResponseReturnValue:
    """Have it taken in as it was shown."""
    rewrite = REWRITE.get(request.form.get("rewrite", ""))
    try:
        bringing.want(
            current.db(),
            current.visitor(),
            file_id,
            shown=request.form.get("shown", ""),
            rewrite=rewrite,
            now=current.now(),
        )
    except Refused as refused:
        give_up()
        return _file_page(file_id, in_words(refused)), 422
    current.look_at(Kind.FILE, file_id)
    return redirect(url_for("files.file", file_id=file_id), 303)


@bp.post("/files/<uuid:file_id>/again")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def again(file_id: UUID) -> ResponseReturnValue:
    """Have it read once more, with other choices."""
    try:
        bringing.read_again(current.db(), current.visitor(), file_id, _choices(), current.now())
    except Refused as refused:
        give_up()
        return _file_page(file_id, in_words(refused)), 422
    current.look_at(Kind.FILE, file_id)
    return redirect(url_for("files.file", file_id=file_id), 303)


@bp.get("/files/<uuid:file_id>/problems")
@needs_in_organization(Capability.PROGRAM_LEAD)
def problems(file_id: UUID) -> ResponseReturnValue:
    """What is to be mended, as a list to keep beside the file."""
    found = bringing.file(current.db(), current.visitor(), file_id)
    rows = [(gettext("Where"), gettext("What to do")), *file_words.sentences(found.problems)]
    return _sent(taking_along.File("please-check.csv", "text/csv", people_csv(rows)))


@bp.post("/files/<uuid:file_id>/take-away")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def take_away(file_id: UUID) -> ResponseReturnValue:
    """Take it from the list; what was taken in of it stays."""
    bringing.take_away(current.db(), current.visitor(), file_id, current.now())
    return redirect(url_for("files.files", said="file_taken_away"), 303)


@bp.get("/files/template/<format>")
@needs_in_organization(Capability.PROGRAM_LEAD)
def template(format: str) -> ResponseReturnValue:  # the word in the address
    """A file to fill in."""
    return _sent(taking_along.template(_format(format), language()))


@bp.get("/rubrics/versions/<uuid:version_id>/file/<format>")
@needs_in_organization(*READERS)
def version(version_id: UUID, format: str) -> ResponseReturnValue:
    """A published rubric, to take along."""
    organization_id = current.visitor().organization_id
    return _sent(taking_along.rubric_version(current.db(), organization_id, version_id, _format(format)))


@bp.get("/frameworks/<uuid:framework_id>/file/<format>")
@needs_in_organization(*READERS)
def framework(framework_id: UUID, format: str) -> ResponseReturnValue:
    """A framework, to take along."""
    organization_id = current.visitor().organization_id
    return _sent(taking_along.framework(current.db(), organization_id, framework_id, _format(format)))


def _files_page(problem: str | None = None, typed: Mapping[str, str] | None = None) -> str:
    return render_template(
        "files/files.html",
        files=bringing.mine(current.db(), current.visitor()),
        problem=problem,
        typed=request.form if typed is None else typed,
        templates=[(kind, known) for kind, known in FORMATS.items() if known.template],
        **_choices_on_offer(),
    )


def _file_page(file_id: UUID, problem: str | None = None) -> str:
    found = bringing.file(current.db(), current.visitor(), file_id)
    plan = None if found.is_open else bringing.plan_of(current.db(), current.visitor(), file_id)
    return render_template(
        "files/file.html",
        file=found,
        problem=problem,
        typed=request.form,
        told=file_words.sentences(found.problems),
        place_in_words=file_words.place_in_words,
        **_plan(found, plan),
        **_choices_on_offer(),
    )


def _plan(found: BroughtFile, plan: dict[str, Any] | None) -> dict[str, Any]:
    if plan is None:
        return {"plan": None}
    filters = file_words.filters(plan["counts"])
    chosen = file_words.chosen(request.args.get("show"), filters)
    lines = file_words.lines_of(plan, chosen)
    return {
        "plan": plan,
        "notes": file_words.sentences(plan["notes"]),
        "filters": filters,
        "chosen": chosen,
        "lines": page_of(len(lines), lambda first, most: lines[first : first + most], most=ON_A_PAGE),
        "changes": sum(plan["counts"].get(fate, 0) for fate in file_words.SHOWN["changes"]),
        "format": FORMATS[Format(plan["format"])],
        "here": url_for("files.file", file_id=found.id, show=chosen),
        "came_in": _came_in(plan.get("result") or {"rubrics": (), "frameworks": ()}),
    }


def _came_in(result: dict[str, Any]) -> list[dict[str, Any]]:
    rubrics = [
        {
            "title": each["title"],
            "is_draft": True,
            "stays": each["way"] == "nothing",
            "address": _page(f"/drafts/{each['draft']}") if each["draft"] else None,
        }
        for each in result["rubrics"]
    ]
    return rubrics + [
        {
            "title": each["title"],
            "is_draft": False,
            "stays": not each["anything"],
            "address": _page(f"/frameworks/{each['framework']}"),
        }
        for each in result["frameworks"]
    ]


def _page(address: str) -> str | None:
    """The address, if there is a page."""
    return address if current_app.url_map.bind("attune").test(address, method="GET") else None


def _choices_on_offer() -> dict[str, Any]:
    recognized = ("", gettext("Let Attune recognize it"))
    return {
        "formats": [recognized, *((kind.value, gettext(known.label)) for kind, known in FORMATS.items())],
        "encodings": [recognized, *ENCODINGS.items()],
        "separators": [recognized, *((name, gettext(_SEPARATORS[name])) for name in SEPARATORS)],
    }


_SEPARATORS = {"comma": _N("comma"), "semicolon": _N("semicolon"), "tab": _N("tab"), "bar": _N("upright bar")}


def _choices() -> Choices:
    """What the form says; what it cannot have said is for Attune to recognize."""
    named = request.form.get("format", "")
    encoding, separator = request.form.get("encoding", ""), request.form.get("separator", "")
    return Choices(
        format=Format(named) if named in FORMATS else None,
        encoding=encoding if encoding in ENCODINGS else None,
        separator=separator if separator in SEPARATORS else None,
        language=request.form.get("language", "").strip()[:LONGEST_LANGUAGE] or None,
    )


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise NotHere
    return Format(name)


def _sent(found: taking_along.File) -> ResponseReturnValue:
    return send_file(BytesIO(found.content), mimetype=found.content_type, as_attachment=True, download_name=found.name)
