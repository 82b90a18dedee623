"""Tables to take along: which there are, small ones at once, large ones as files that the worker makes."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.file_store import Away, FileStore, NotStored
from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.exchange import exporting
from lti_tool.services.exchange.exporting import MEDIA_TYPES, SMALL, Export
from lti_tool.services.exchange.exporting_tables import Asked, Of, count
from lti_tool.services.languages import nearest
from lti_tool.services.programs.program_versions import found_program
from lti_tool.web import current
from lti_tool.web.access import needs, needs_in_organization, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import language
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("exports", __name__)

PRIVATE = "private, no-store"


@bp.route("/exports", methods=["GET", "POST"])
@signed_in
@act
def everything() -> ResponseReturnValue:
    """The visitor's own tables, those of the organization for program leads, and the files that they asked for."""
    if request.method == "POST":
        of = Of.ORGANIZATION if request.form.get("of") == Of.ORGANIZATION.value else Of.MINE
        return _asked_for(of, None, lambda problem: _own_page(problem))
    return _own_page()


@bp.get("/exports/file")
@signed_in
@writes
def own_file() -> ResponseReturnValue:
    """A small table of the visitor's own, or of the organization."""
    of = Of.ORGANIZATION if request.args.get("of") == Of.ORGANIZATION.value else Of.MINE
    return _at_once(of, None, url_for("exports.everything"))


@bp.route("/programs/<uuid:program_id>/exports", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def of_program(program_id: UUID) -> ResponseReturnValue:
    """Tables of the people of a program."""
    if request.method == "POST":
        return _asked_for(Of.PROGRAM, program_id, lambda problem: _program_page(program_id, problem))
    return _program_page(program_id)


@bp.get("/programs/<uuid:program_id>/exports/file")
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
def program_file(program_id: UUID) -> ResponseReturnValue:
    """A small table of a program."""
    return _at_once(Of.PROGRAM, program_id, url_for("exports.of_program", program_id=program_id))


@bp.route("/a/<uuid:activity_id>/exports", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def of_course(place: Place) -> ResponseReturnValue:
    """Tables of a course, for its instructors."""
    if request.method == "POST":
        return _asked_for(Of.COURSE, place.course.id, lambda problem: _course_page(place, problem), place)
    return _course_page(place)


@bp.get("/a/<uuid:activity_id>/exports/file")
@needs(Capability.INSTRUCTOR)
@writes
def course_file(place: Place) -> ResponseReturnValue:
    """A small table of a course."""
    return _at_once(Of.COURSE, place.course.id, url_for("exports.of_course", activity_id=place.activity.id))


# ---- one file ----


@bp.get("/exports/<uuid:export_id>")
@signed_in
def one(export_id: UUID) -> ResponseReturnValue:
    """How far a file is, and taking it along."""
    return render_template("exports/export.html", export=_one(export_id))


@bp.get("/exports/<uuid:export_id>/progress")
@signed_in
def progress(export_id: UUID) -> ResponseReturnValue:
    """How far it is: the part of its page that says so, for `progress.js`."""
    return render_template("exports/_progress.html", export=_one(export_id))


@bp.post("/exports/<uuid:export_id>/call-off")
@signed_in
@act
def call_off(export_id: UUID) -> ResponseReturnValue:
    """It is not to be made after all."""
    exporting.call_off(current.db(), current.visitor(), export_id, current.now())
    return redirect(url_for("exports.everything", said="export_called_off"), 303)


@bp.get("/exports/<uuid:export_id>/file")
@signed_in
@writes
def file(export_id: UUID) -> ResponseReturnValue:
    """The file, once it is ready, for whoever asked for it and nobody else."""
    found = exporting.take_along(current.db(), current.visitor(), export_id, current.now())
    answer = Response(_pieces(found), mimetype=MEDIA_TYPES[found.form])
    answer.content_length = found.size or 0
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.filename}"'
    answer.headers["Cache-Control"] = PRIVATE
    return answer


def _pieces(found: Export) -> Iterator[bytes]:
    try:
        return _store().read(found.stored_key or "")
    except NotStored:
        raise NotHere from None
    except Away:
        raise Refused("files_away", "Files cannot be read at the moment. Please try again in a few minutes.") from None


def _store() -> FileStore:
    store = current.joined().files
    if store is None:
        raise NotHere
    return store


def _one(export_id: UUID) -> Export:
    return exporting.one(current.db(), current.visitor(), export_id)


# ---- asking ----


def _asked_for(of: Of, subject_id: UUID | None, page: Any, place: Place | None = None) -> ResponseReturnValue:
    """Leads to the file itself where it is small, and to the page of one that is made otherwise."""
    session, visitor = current.db(), current.visitor()
    asked = exporting.asked(session, visitor, of, subject_id, current.now())
    try:
        table = exporting.table_of(of, request.form.get("what", ""))
        form = exporting.form_of(request.form.get("form", ""))
        if count(session, table, asked) < SMALL:
            return redirect(_file_address(of, subject_id, place, table.name, form.value), 303)
        if current.joined().files is None:
            raise Refused(
                "exports_need_files",
                "This table is too large to be made at once, and there is no place for files yet. Please ask your "
                "operator to name one.",
            )
        export_id = exporting.ask(session, table, asked, form=form, language=nearest([language()]))
    except Refused as refused:
        give_up()
        return page(in_words(refused)), 422
    current.look_at(Kind.EXPORT, export_id)
    return redirect(url_for("exports.one", export_id=export_id), 303)


def _file_address(of: Of, subject_id: UUID | None, place: Place | None, what: str, form: str) -> str:
    if of is Of.PROGRAM:
        return url_for("exports.program_file", program_id=subject_id, what=what, form=form)
    if place is not None:
        return url_for("exports.course_file", activity_id=place.activity.id, what=what, form=form)
    return url_for("exports.own_file", of=of.value, what=what, form=form)


def _at_once(of: Of, subject_id: UUID | None, back: str) -> ResponseReturnValue:
    session, visitor = current.db(), current.visitor()
    asked = exporting.asked(session, visitor, of, subject_id, current.now())
    try:
        table = exporting.table_of(of, request.args.get("what", ""))
        form = exporting.form_of(request.args.get("form", ""))
        with TemporaryDirectory(prefix="attune-export-") as folder:
            path = Path(folder) / "table"
            name = exporting.at_once(
                session, visitor, table, asked, form=form, language=nearest([language()]), path=path
            )
            content = path.read_bytes()
    except Refused:
        give_up()
        return redirect(back, 303)
    answer = send_file(BytesIO(content), mimetype=MEDIA_TYPES[form], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = PRIVATE
    return answer


# ---- pages ----


def _own_page(problem: str | None = None) -> str:
    sorts = [(Of.MINE, _("Your own"))]
    if Capability.PROGRAM_LEAD in current.capabilities():
        sorts.append((Of.ORGANIZATION, _("Of the organization")))
    return render_template(
        "exports/exports.html",
        sorts=[(of.value, heading, _offers(of, None)) for of, heading in sorts],
        exports=exporting.mine(current.db(), current.visitor()),
        action=url_for("exports.everything"),
        problem=problem,
        typed=request.form,
    )


def _program_page(program_id: UUID, problem: str | None = None) -> str:
    program = found_program(current.db(), current.visitor().organization_id, program_id)
    return _choice_page(
        Of.PROGRAM,
        program_id,
        problem,
        name=program.name,
        back=(url_for("enrolling.everyone", program_id=program_id), _("Back to the people of the program")),
    )


def _course_page(place: Place, problem: str | None = None) -> str:
    return _choice_page(
        Of.COURSE,
        place.course.id,
        problem,
        name=place.course.title,
        back=(url_for("landing.landing", activity_id=place.activity.id), _("Back to the activity")),
    )


def _choice_page(of: Of, subject_id: UUID, problem: str | None, *, name: str, back: tuple[str, str]) -> str:
    return render_template(
        "exports/choose.html",
        of=of.value,
        name=name,
        offers=_offers(of, subject_id),
        action=request.path,
        back=back,
        problem=problem,
        typed=request.form,
    )


def _offers(of: Of, subject_id: UUID | None) -> list[tuple[str, str, str]]:
    """As a group of choices: name, title, and how many rows there are."""
    asked: Asked = exporting.asked(current.db(), current.visitor(), of, subject_id, current.now())
    return [
        (each.name, _(each.title), _rows(each.rows, small=each.is_small))
        for each in exporting.offers(current.db(), of, asked)
    ]


def _rows(number: int, *, small: bool) -> str:
    if number == 0:
        return _("nothing in it yet")
    if small:
        return _("rows: %(number)s", number=number)
    return _("rows: %(number)s; it is made while you do something else", number=number)
