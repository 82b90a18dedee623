"""Example performances with agreed master ratings, for calibrating observers: program leads write and agree on them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.example import MOST_BYTES
from lti_tool.documents.sentences import Sentence
from lti_tool.services.authoring import drafts, example_lists, examples, library, rubric_lists
from lti_tool.services.authoring.examples import CHANGED_MEANWHILE, PUT_AWAY_KEPT, Agreement, Edit, Opened
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import examples_in_files
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.example_fields import typed, values_of
from lti_tool.web.authoring.library import language_name
from lti_tool.web.exchange.file_problems import said_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext, readers_languages
from rubrics.example import hints, is_safe_address, problems
from rubrics.language import for_reader, languages
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

bp = Blueprint("examples", __name__)

WRITE = Capability.PROGRAM_LEAD


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is still to be done: a sentence, the criterion that it is about, and where it is on the form."""

    sentence: str
    about: str
    anchor: str


@bp.get("/examples")
@needs_in_organization(WRITE)
def every() -> ResponseReturnValue:
    """The examples of the organization by rubric, or (`rubric=`) those of one edition."""
    organization_id, wanted = current.visitor().organization_id, readers_languages()
    since = current.now() - PUT_AWAY_KEPT
    version_id = request.args.get("rubric", type=UUID)
    found = example_lists.listed(current.db(), organization_id, wanted, since=since, version_id=version_id)
    if version_id is not None:
        if not found:
            raise NotHere
        return render_template("examples/of_edition.html", edition=found[0], language_name=language_name)
    with_some = {edition.rubric_id for edition in found}
    others = rubric_lists.published(current.db(), organization_id, wanted)
    return render_template(
        "examples/examples.html",
        editions=found,
        without=[each for each in others if each.rubric_id not in with_some and each.retired_at is None],
        language_name=language_name,
    )


@bp.route("/examples/new", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def new() -> ResponseReturnValue:
    """Write an example of the edition that `rubric=` names."""
    version = _version()
    if request.method == "GET":
        return _form(version, {"language": for_reader(version.rubric, readers_languages()).language})
    found = typed(request.form, version.rubric)
    if found.problems:
        return _form(version, request.form, lacking=found.problems), 422
    by = drafts.author(current.visitor())
    example_id = examples.write(current.db(), by, version.id, found.example, current.now())
    return redirect(url_for("examples.example", example_id=example_id, said="example_saved"), 303)


@bp.get("/examples/<uuid:example_id>")
@needs_in_organization(WRITE)
def example(example_id: UUID) -> ResponseReturnValue:
    """One example: what is done and said in it, what it is rated, and what is still to be done."""
    return _page(_opened(example_id))


@bp.route("/examples/<uuid:example_id>/edit", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def edit(example_id: UUID) -> ResponseReturnValue:
    """Change the example. Where someone else did meanwhile, both are shown."""
    opened = _opened(example_id)
    if opened.put_away_at is not None:
        raise NotHere
    if request.method == "GET":
        return _form(opened.version, values_of(opened.example), opened=opened)
    found = typed(request.form, opened.version.rubric)
    if found.problems:
        return _form(opened.version, request.form, opened=opened, lacking=found.problems), 422
    wanted = Edit(found.example, request.form.get("revision", 0, int))
    try:
        examples.change(current.db(), drafts.author(current.visitor()), example_id, wanted, current.now())
    except Refused as refused:
        if refused.code != CHANGED_MEANWHILE:
            raise
        transactions.give_up()
        return _form(opened.version, request.form, opened=_opened(example_id), both=True), 422
    return redirect(url_for("examples.example", example_id=example_id, said="example_saved"), 303)


@bp.post("/examples/<uuid:example_id>/agree")
@needs_in_organization(WRITE)
@act
def agree(example_id: UUID) -> ResponseReturnValue:
    """Record who agreed on its ratings, and when."""
    form, by = request.form, drafts.author(current.visitor())
    try:
        on = date.fromisoformat(form.get("agreed_on", ""))
    except ValueError:
        said = gettext("Please give the day on which it was agreed, such as 2026-05-01.")
        return _page(_opened(example_id), said), 422
    agreement = Agreement(form.get("agreed_by", "").replace("\0", ""), on, form.get("revision", 0, int))
    try:
        examples.agree(current.db(), by, example_id, agreement, current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(_opened(example_id), in_words(refused)), 422
    return redirect(url_for("examples.example", example_id=example_id, said="example_agreed"), 303)


@bp.post("/examples/<uuid:example_id>/put-away")
@needs_in_organization(WRITE)
@act
def put_away(example_id: UUID) -> ResponseReturnValue:
    """Use it no more, from now on; it can be brought back for a day."""
    examples.put_away(current.db(), drafts.author(current.visitor()), example_id, current.now())
    return redirect(url_for("examples.example", example_id=example_id, said="example_put_away"), 303)


@bp.post("/examples/<uuid:example_id>/bring-back")
@needs_in_organization(WRITE)
@act
def bring_back(example_id: UUID) -> ResponseReturnValue:
    """Have it again as it was."""
    examples.bring_back(current.db(), drafts.author(current.visitor()), example_id, current.now())
    return redirect(url_for("examples.example", example_id=example_id, said="example_brought_back"), 303)


@bp.post("/examples/<uuid:example_id>/carry-over")
@needs_in_organization(WRITE)
@act
def carry_over(example_id: UUID) -> ResponseReturnValue:
    """Have it for the newest edition of its rubric too."""
    by = drafts.author(current.visitor())
    try:
        there = examples.carry_over(current.db(), by, example_id, current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(_opened(example_id), in_words(refused)), 422
    return redirect(url_for("examples.example", example_id=there, said="example_carried_over"), 303)


@bp.route("/examples/bring", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def bring() -> ResponseReturnValue:
    """Examples for the edition that `rubric=` names, from a file or pasted."""
    version = _version()
    if request.method == "GET":
        return _bring_page(version)
    by, text = drafts.author(current.visitor()), request.form.get("text", "")
    try:
        count = examples_in_files.bring(current.db(), by, version.id, brought(text), current.now())
    except DocumentProblems as found:
        transactions.give_up()
        return _bring_page(version, text, [said_of(each) for each in found.problems]), 422
    said = "examples_brought" if count else "examples_known"
    return redirect(url_for("examples.every", rubric=version.id, said=said), 303)


@bp.get("/examples/file")
@needs_in_organization(WRITE)
def file() -> ResponseReturnValue:
    """The examples of the edition that `rubric=` names, as TOML."""
    found = examples_in_files.take_along(current.db(), current.visitor().organization_id, _version().id)
    response = Response(found.content, mimetype=found.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def _version() -> library.Version:
    version_id = request.values.get("rubric", type=UUID)
    if version_id is None:
        raise NotHere
    return library.version(current.db(), current.visitor().organization_id, version_id)


def _opened(example_id: UUID) -> Opened:
    return examples.opened(current.db(), current.visitor().organization_id, example_id, current.now())


def _page(opened: Opened, problem: str | None = None) -> str:
    rubric = for_reader(opened.version.rubric, (opened.example.language,))
    return render_template(
        "examples/example.html",
        opened=opened,
        example=opened.example,
        rubric=rubric,
        to_do=_to_do(opened, rubric),
        hints=hints(opened.example),
        others=examples.in_its_place(current.db(), current.visitor().organization_id, opened, current.now()),
        opens=is_safe_address(opened.example.address),
        typed=request.form,
        today=current.now().date().isoformat(),
        back_until=opened.put_away_at and opened.put_away_at + PUT_AWAY_KEPT,
        problem=problem,
        language_name=language_name,
    )


def _to_do(opened: Opened, rubric: Rubric) -> list[ToDo]:
    found = []
    for each in problems(opened.example, rubric):
        _, _, rated = each.place.partition("ratings.")
        criterion = rubric.criterion(rated.removesuffix(".reason"))
        anchor = f"rating-{criterion.key}" if criterion else f"field-{each.place}"
        found.append(ToDo(each.sentence, criterion.statement if criterion else "", anchor))
    return found


def _form(
    version: library.Version, values: Any, *, opened: Opened | None = None, lacking: Any = None, both: bool = False
) -> str:
    own = values.get("language", "")
    tags = languages(version.rubric)
    return render_template(
        "examples/edit.html",
        version=version,
        rubric=for_reader(version.rubric, (own,)),
        values=values,
        opened=opened,
        theirs=opened if both else None,
        lacking=lacking or {},
        languages=[(tag, language_name(tag)) for tag in (*tags, *((own,) if own and own not in tags else ()))],
        opens=is_safe_address(opened.example.address) if opened else False,
        language_name=language_name,
    )


def _bring_page(version: library.Version, text: str = "", said: list[str] | None = None) -> str:
    rubric = for_reader(version.rubric, readers_languages())
    return render_template("examples/bring.html", version=version, rubric=rubric, typed=text, problems=said or [])


def brought(pasted: str) -> str:
    """What the file says, or what was pasted. Raises `DocumentProblems`."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return pasted
    content: bytes = sent.read(MOST_BYTES + 1)
    said = None
    if len(content) > MOST_BYTES:
        said = Sentence(_N("The file is larger than 1 MB. Please bring a smaller one, with fewer examples."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = said or Sentence(_N("These letters are not UTF-8. Please save the file as UTF-8."))
    if said is not None:
        raise DocumentProblems(DocumentProblem(sent.filename, "", said))
    return text
