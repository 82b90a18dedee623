"""Programs of the organization: what there is, what each asks, taking one into use."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.telling.differences import differences
from lti_tool.access import Capability
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.shipped_programs import MOST_BYTES
from lti_tool.services.entering import first_steps
from lti_tool.services.programs import program_lists, programs_in_use, sample_program
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import Version
from lti_tool.services.programs.programs_in_use import Looked
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.entering.first_steps import panel
from lti_tool.web.exchange.file_problems import said_of
from lti_tool.web.programs.program_rules import changes, published_otherwise, rules_of, to_look_at
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("programs", __name__)

LEADS = Capability.PROGRAM_LEAD
_LARGE = _N("The file is larger than any such document. Please look whether it is the one.")
_LETTERS = _N("These letters are not UTF-8. Please save the file as UTF-8.")


@bp.get("/programs")
@needs_in_organization(LEADS)
def everything() -> ResponseReturnValue:
    """The programs in use, those that are being written, and those that come with Attune."""
    lines = program_lists.everything(current.db(), current.visitor().organization_id)
    taken = {line.key for line in lines if line.editions}
    return render_template(
        "programs/programs.html",
        first_steps=panel(first_steps.of_lead(current.db(), current.visitor())),
        in_use=[line for line in lines if line.editions],
        being_written=[line for line in lines if not line.editions and line.being_written],
        sample_in_place=sample_program.is_in_place(current.db(), current.visitor().organization_id),
        shipped=[file for file in program_lists.that_come_with_attune() if file.editions[0].id not in taken],
    )


@bp.get("/programs/open")
@signed_in
def every_open() -> ResponseReturnValue:
    """What the organization offers: everybody of it may read each program that is in use."""
    visitor = current.visitor()
    lines = program_lists.everything(current.db(), visitor.organization_id)
    return render_template(
        "programs/open.html",
        programs=[line for line in lines if line.editions],
        mine=program_lists.mine(current.db(), visitor.person_id),
    )


@bp.route("/programs/shipped/<shipped>", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def take(shipped: str) -> ResponseReturnValue:
    """Look at a program that comes with Attune, and take it into use by a deliberate act."""
    text = program_lists.one_that_comes(shipped).path.read_text(encoding="utf-8")
    if request.method == "GET":
        return _take_page(shipped, text)
    if request.form.get("looked") != "yes":
        return _take_page(shipped, text, [gettext("your tick: that you looked at its rules")]), 422
    return _published(text, lambda problems: _take_page(shipped, text, problems), shipped=True)


@bp.route("/programs/new", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def new() -> ResponseReturnValue:
    """Publish a document of one's own, that was looked at before."""
    if request.method == "GET":
        return _new_page("")
    text = request.form.get("text", "")
    return _published(text, lambda problems: _new_page(text, problems), shipped=False)


@bp.post("/programs/new/look")
@needs_in_organization(LEADS)
@repeatable
def look() -> ResponseReturnValue:
    """Look at a document that was pasted or brought: what would be published, and what is to look at first."""
    pasted = request.form.get("text", "")
    try:
        text = _brought(pasted)
    except DocumentProblems as found:
        return _new_page(pasted, _said(found)), 422
    try:
        return _new_page(text, looked=_looked(text))
    except DocumentProblems as found:
        return _new_page(text, _said(found)), 422


@bp.get("/programs/<uuid:program_id>")
@needs_in_organization(LEADS)
def program(program_id: UUID) -> ResponseReturnValue:
    """One program for who leads it: who may come in, its editions, its rules in full."""
    return _rules_page(program_id, i_lead=True)


@bp.get("/programs/<uuid:program_id>/rules")
@signed_in
def rules(program_id: UUID) -> ResponseReturnValue:
    """The rules in full, for everybody of the organization, also before they start."""
    return _rules_page(program_id, i_lead=False)


@bp.get("/programs/<uuid:program_id>/changes")
@signed_in
def compare(program_id: UUID) -> ResponseReturnValue:
    """What an edition (`to=`) added, took away and changed since another one (`from=`)."""
    found = _found(program_id)
    before, after = (_chosen(found, request.args.get(name)) for name in ("from", "to"))
    return render_template(
        "programs/changes.html",
        program=found,
        before=before,
        after=after,
        changes=changes(differences(before.program, after.program), before.program, after.program),
    )


@bp.get("/programs/<uuid:program_id>/document")
@needs_in_organization(LEADS)
def document(program_id: UUID) -> ResponseReturnValue:
    """The document (TOML) that an edition was published with."""
    found = _found(program_id)
    version = _chosen(found, request.args.get("edition"))
    response = Response(programs_in_use.text_of(current.db(), version.id), mimetype="application/toml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.key}.toml")
    return response


@bp.post("/programs/<uuid:program_id>/change")
@needs_in_organization(LEADS)
@act
def change(program_id: UUID) -> ResponseReturnValue:
    """Who may come in from now on."""
    form = request.form
    programs_in_use.change(
        current.db(), current.visitor(), program_id,
        open_to_ask=form.get("open_to_ask") == "yes", closed=form.get("closed") == "yes", now=current.now(),
    )  # fmt: skip
    return redirect(url_for("programs.program", program_id=program_id, said="program_changed"), 303)


def _rules_page(program_id: UUID, *, i_lead: bool) -> str:
    visitor, found = current.visitor(), _found(program_id)
    named = request.args.get("edition")
    version = _chosen(found, named) if named else found.for_newcomers(current.now())
    place = found.versions.index(version)
    return render_template(
        "programs/program.html",
        program=found,
        version=version,
        rules=rules_of(version.program),
        before=found.versions[place - 1] if place else None,
        i_lead=i_lead,
        may_lead=LEADS in current.capabilities(),
        enrollment_id=program_lists.mine(current.db(), visitor.person_id).get(program_id),
        typed=request.form,
    )


def _found(program_id: UUID) -> InUse:
    return program_lists.program(current.db(), current.visitor().organization_id, program_id)


def _chosen(found: InUse, edition: str | None) -> Version:
    return found.of_edition(edition) if edition else found.versions[-1]


def _published(text: str, again: Callable[[list[str]], str], *, shipped: bool) -> ResponseReturnValue:
    visitor = current.visitor()
    try:
        program_id = programs_in_use.publish(
            current.db(), visitor, visitor.organization_id, text,
            why=request.form.get("why"), now=current.now(), shipped=shipped,
        )  # fmt: skip
    except DocumentProblems as found:
        give_up()
        return again(_said(found)), 422
    except Refused as refused:
        give_up()
        return again([in_words(refused)]), 422
    return redirect(url_for("programs.program", program_id=program_id, said="program_in_use"), 303)


def _looked(text: str) -> Looked:
    return programs_in_use.look_at(current.db(), current.visitor().organization_id, text)


def _take_page(key: str, text: str, problems: Sequence[str] = ()) -> str:
    return render_template(
        "programs/take.html", key=key, problems=problems, typed=request.form, **_shown(_looked(text))
    )


def _new_page(text: str, problems: Sequence[str] = (), looked: Looked | None = None) -> str:
    """`looked` is what publishing would do; without it the document is still to be looked at."""
    shown = _shown(looked) if looked else {"looked": None}
    return render_template("programs/new.html", text=text, problems=problems, typed=request.form, **shown)


def _shown(looked: Looked) -> dict[str, Any]:
    return {
        "looked": looked,
        "newest": looked.editions[-1],
        "rules": rules_of(looked.editions[-1]),
        "found": to_look_at(looked.found),
        "otherwise": published_otherwise(looked),
    }


def _said(found: DocumentProblems) -> list[str]:
    return [said_of(each) for each in found.problems]


def _brought(pasted: str) -> str:
    """What the file says, or what was pasted. Raises `DocumentProblems`."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return pasted
    content: bytes = sent.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DocumentProblems(DocumentProblem(sent.filename, "", Sentence(_LARGE)))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentProblems(DocumentProblem(sent.filename, "", Sentence(_LETTERS))) from error
