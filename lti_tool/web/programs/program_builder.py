"""Writing a program in the browser: stages and requirements as sentences with blanks, and the TOML one tab away."""

from datetime import date
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.program import StageKind
from grading.telling.needs import asked, lines
from grading.telling.programs import STAGES, lifecycle_told
from grading.telling.said import told
from lti_tool.access import Capability
from lti_tool.documents.program_blanks import path_of, place_of, sentence
from lti_tool.documents.program_fields import fields_of
from lti_tool.documents.program_places import line_of_requirement
from lti_tool.documents.program_starts import CONDITIONS, REQUIREMENT_STARTS
from lti_tool.documents.shipped_programs import SHIPPED, shipped, text_in
from lti_tool.services.authoring import drafts
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import program_draft_steps, program_drafts, program_trying, program_versions
from lti_tool.services.programs.program_draft_steps import WENT_BACK, Step
from lti_tool.services.programs.program_drafts import Draft, NewProgram
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization, repeatable
from lti_tool.web.acts import act
from lti_tool.web.authoring.draft_posting import Sent, typed_in_json
from lti_tool.web.paging import page_of
from lti_tool.web.programs import program_builder_fields
from lti_tool.web.programs.program_builder_acts import posted
from lti_tool.web.programs.program_builder_fields import Fields, choice_word, fragments
from lti_tool.web.programs.program_trying import weighed_in_words
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext, plain
from rubrics.refusal import Refused

bp = Blueprint("program_builder", __name__)

WRITE = Capability.PROGRAM_LEAD
ON_A_PAGE = 25
_DONE = {
    "add": _N("%(what)s: added"),
    "move": _N("%(what)s: moved"),
    "take_out": _N("%(what)s: taken out"),
}


@bp.route("/programs/write", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def write() -> ResponseReturnValue:
    """Begin a program: from nothing, or from one that comes with Attune."""
    if request.method == "GET":
        return _new_page(request.args)
    form = request.form
    try:
        new = NewProgram(
            " ".join(form.get("name", "").split()),
            " ".join(form.get("body", "").split()),
            form.get("time_zone", "").strip(),
            _text_to_begin(form.get("from", "")),
        )
        program_id = program_drafts.begin_new(current.db(), drafts.author(current.visitor()), new, current.now())
    except Refused as refused:
        transactions.give_up()
        return _new_page(form, in_words(refused)), 422
    return redirect(url_for("program_builder.draft", program_id=program_id, said="draft_begun"), 303)


@bp.route("/programs/<uuid:program_id>/draft", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def draft(program_id: UUID) -> ResponseReturnValue:
    """The outline: the stages in order, what each asks, and what is to be looked at."""
    if request.method == "POST":
        here = url_for("program_builder.draft", program_id=program_id)
        return _posted(program_id, here, lambda sent: _outline(program_id, sent))
    try:
        return _outline(program_id, Sent())
    except NotHere:
        return _begin_page(program_id)


@bp.post("/programs/<uuid:program_id>/draft/begin")
@needs_in_organization(WRITE)
@act
def begin(program_id: UUID) -> ResponseReturnValue:
    """Begin the next edition from the newest one."""
    try:
        program_drafts.begin_next(
            current.db(), drafts.author(current.visitor()), program_id,
            edition=request.form.get("edition", "").strip(), since=_day(request.form.get("since", "")),
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        transactions.give_up()
        return _begin_page(program_id, in_words(refused)), 422
    return redirect(url_for("program_builder.draft", program_id=program_id, said="draft_begun"), 303)


@bp.post("/programs/<uuid:program_id>/draft/save")
@needs_in_organization(WRITE)
@repeatable
def save(program_id: UUID) -> ResponseReturnValue:
    """Autosave: places with `was` and `value` in; what became of each, and what to look at again, out."""
    organization_id = current.visitor().organization_id
    program_drafts.require_open(current.db(), organization_id, program_id)
    typed = typed_in_json(request.get_json(), most=program_builder_fields.MOST_FIELDS)
    outcomes = program_builder_fields.keep(program_id, typed)
    found = program_drafts.draft(current.db(), organization_id, program_id)
    return {
        "saved_at": current.now().isoformat(),
        "fields": program_builder_fields.told(found, outcomes),
    }


@bp.route("/programs/<uuid:program_id>/draft/requirements/<requirement>", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def requirement(program_id: UUID, requirement: str) -> ResponseReturnValue:
    """One requirement as a sentence with blanks, and what a trainee will read."""
    if request.method == "POST":
        here = url_for("program_builder.requirement", program_id=program_id, requirement=requirement)
        return _posted(program_id, here, lambda sent: _requirement(program_id, requirement, sent))
    return _requirement(program_id, requirement, Sent())


@bp.route("/programs/<uuid:program_id>/draft/stages/<stage>", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def stage(program_id: UUID, stage: str) -> ResponseReturnValue:
    """What a stage is called, and when it comes."""
    if request.method == "POST":
        here = url_for("program_builder.stage", program_id=program_id, stage=stage)
        return _posted(program_id, here, lambda sent: _stage(program_id, stage, sent))
    return _stage(program_id, stage, Sent())


@bp.route("/programs/<uuid:program_id>/draft/about", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def about(program_id: UUID) -> ResponseReturnValue:
    """What goes for the whole program: its name, words, editions, time, decisions."""
    if request.method == "POST":
        here = url_for("program_builder.about", program_id=program_id)
        return _posted(program_id, here, lambda sent: _about(program_id, sent))
    return _about(program_id, Sent())


@bp.route("/programs/<uuid:program_id>/draft/toml", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def toml(program_id: UUID) -> ResponseReturnValue:
    """The text itself. What cannot be read is kept as it was typed."""
    if request.method == "POST":
        here = url_for("program_builder.toml", program_id=program_id)
        return _posted(program_id, here, lambda sent: _toml(program_id, sent))
    return _toml(program_id, Sent())


@bp.route("/programs/<uuid:program_id>/draft/history", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def history(program_id: UUID) -> ResponseReturnValue:
    """Every step, the newest first; each can be gone back to."""
    if request.method == "POST":
        here = url_for("program_builder.history", program_id=program_id)
        return _posted(program_id, here, lambda sent: _history(program_id, sent))
    return _history(program_id, Sent())


@bp.route("/programs/<uuid:program_id>/draft/put-away", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def put_away(program_id: UUID) -> ResponseReturnValue:
    """Write it no more: asked once."""
    if request.method == "GET":
        return render_template("program_builder/put_away.html", draft=_draft(program_id), program=_row(program_id))
    program_drafts.put_away(current.db(), drafts.author(current.visitor()), program_id, current.now())
    return redirect(url_for("program_builder.draft", program_id=program_id), 303)


@bp.post("/programs/<uuid:program_id>/draft/take-up")
@needs_in_organization(WRITE)
@act
def take_up(program_id: UUID) -> ResponseReturnValue:
    """Write it again."""
    program_drafts.take_up(current.db(), drafts.author(current.visitor()), program_id, current.now())
    return redirect(url_for("program_builder.draft", program_id=program_id), 303)


# ---- pages ----


def _draft(program_id: UUID) -> Draft:
    return program_drafts.draft(current.db(), current.visitor().organization_id, program_id)


def _row(program_id: UUID) -> Any:
    return program_versions.found_program(current.db(), current.visitor().organization_id, program_id)


def _posted(program_id: UUID, here: str, page: Any) -> ResponseReturnValue:
    program_drafts.require_open(current.db(), current.visitor().organization_id, program_id)
    return posted(program_id, here, page)


def _page(template: str, program_id: UUID, sent: Sent, **values: Any) -> str:
    found = _draft(program_id)
    fields = Fields(found.text, sent.typed, sent.outcomes)
    return render_template(
        f"program_builder/{template}",
        draft=found,
        program=_row(program_id),
        fields=fields,
        looked=fields.looked,
        tables=fields.looked.said,
        problem=sent.problem,
        typed=request.form,
        starts={name: plain(each.said) for name, each in REQUIREMENT_STARTS.items()},
        part_starts={name: plain(each.said) for name, each in REQUIREMENT_STARTS.items() if each.part},
        conditions={name: plain(each) for name, each in CONDITIONS.items()},
        stage_kinds={kind.value: plain(STAGES[kind]) for kind in StageKind},
        place_of=lambda *path: place_of(fields.looked.said, path),
        words=(fragments, choice_word),
        **values,
    )


def _outline(program_id: UUID, sent: Sent) -> str:
    looked = program_builder_fields.looked_at(_draft(program_id).text)
    times = [told(each, plain) for each in lifecycle_told(looked.program.lifecycle)] if looked.program else []
    return _page("draft.html", program_id, sent, rules=_rules(looked), times=times)


def _rules(looked: program_builder_fields.Looked) -> dict[str, list[tuple[int, str]]]:
    """What each requirement asks, in words, by its key."""
    return {
        each.key: [(deep, told(line, plain)) for deep, line in lines(asked(each.need))]
        for program in looked.programs
        for each in program.requirements
    }


def _requirement(program_id: UUID, name: str, sent: Sent) -> str:
    found = _draft(program_id)
    looked = program_builder_fields.looked_at(found.text)
    if looked.said is None:
        return _page("unreadable.html", program_id, sent)
    path = path_of(looked.said, f"requirements/{name}")
    if path is None or len(path) != 2:
        raise NotHere
    table = looked.said["requirements"][path[1]]
    weighed = program_trying.answer(found, looked.programs, str(table.get("key", "")))
    return _page(
        "requirement.html",
        program_id,
        sent,
        at=f"requirements/{name}",
        table=table,
        asked_lines=sentence(looked.said, path),
        rule=_rules(looked).get(table.get("key", "")),
        tried=weighed_in_words(weighed, found.changed_at.date()) if weighed else None,
    )


def _stage(program_id: UUID, name: str, sent: Sent) -> str:
    looked = program_builder_fields.looked_at(_draft(program_id).text)
    if looked.said is None:
        return _page("unreadable.html", program_id, sent)
    path = path_of(looked.said, f"stages/{name}")
    if path is None or len(path) != 2:
        raise NotHere
    return _page("stage.html", program_id, sent, at=f"stages/{name}", table=looked.said["stages"][path[1]])


def _about(program_id: UUID, sent: Sent) -> str:
    looked = program_builder_fields.looked_at(_draft(program_id).text)
    if looked.said is None:
        return _page("unreadable.html", program_id, sent)
    own = {table: tuple(fields_of(table)) for table in ("editions", "lifecycle", "due_process")}
    return _page("about.html", program_id, sent, own=own)


def _toml(program_id: UUID, sent: Sent) -> str:
    text = _draft(program_id).text
    line = request.args.get("line", 0, type=int) or _line_of(text, request.args.get("place", ""))
    every = list(enumerate(text.split("\n"), 1))
    return _page("toml.html", program_id, sent, at_line=line, near=every[max(0, line - 4) : line + 8])


def _line_of(text: str, place: str) -> int:
    """The line in which a requirement begins; 0 where it is not known."""
    key = unquote(place.removeprefix("requirements/")).partition("~")[0]
    return (line_of_requirement(text, key, "") or 0) if place else 0


def _history(program_id: UUID, sent: Sent) -> str:
    found = _draft(program_id)
    count = program_draft_steps.how_many(current.db(), found.id)

    def load(first: int, most: int) -> tuple[Step, ...]:
        return program_draft_steps.history(current.db(), found, first=first, most=most)

    return _page("history.html", program_id, sent, paged=page_of(count, load, most=ON_A_PAGE), called=_called)


def _called(step: Step) -> str:
    """What a step was, in words."""
    if step.place.startswith(WENT_BACK):
        return gettext("Gone back to step %(number)s", number=step.place.removeprefix(WENT_BACK))
    if not step.place:
        return gettext("The TOML as a whole") if step.number else gettext("The beginning")
    what, colon, place = step.place.rpartition(":")
    words = unquote(place).replace("_", " ").replace("/", " › ")
    return gettext(_DONE[what], what=words) if colon and what in _DONE else words


def _begin_page(program_id: UUID, problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    row = _row(program_id)
    away = program_drafts.draft_away(current.db(), organization_id, program_id)
    published = program_versions.versions(current.db(), program_id)
    return render_template(
        "program_builder/begin.html", program=row, away=away, published=published, problem=problem, typed=request.form
    )


def _new_page(typed: Any, problem: str | None = None) -> str:
    choices = [(each.path.stem, each.editions[-1].name) for each in shipped() if each.editions]
    return render_template("program_builder/new.html", typed=typed, problem=problem, choices=choices)


def _text_to_begin(named: str) -> str:
    if not named:
        return program_drafts.NOTHING
    if named not in {each.stem for each in SHIPPED.glob("*.toml")}:
        raise Refused("not_a_choice", "Please choose one of those shown.")
    return text_in(SHIPPED / f"{named}.toml")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("please_check", "Please write a day, such as 2026-05-01.") from None
