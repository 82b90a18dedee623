"""Writing a rubric: beginning a draft, its outline, and saving its fields as one goes."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import (
    author,
    draft_beginnings,
    draft_endings,
    draft_structure,
    draft_undo,
    drafting,
    drafts,
    publishing,
    wording,
)
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization, repeatable
from lti_tool.web.acts import act
from lti_tool.web.authoring import draft_fields
from lti_tool.web.authoring.draft_acts import posted
from lti_tool.web.authoring.draft_fields import Fields
from lti_tool.web.authoring.draft_posting import Sent, typed_in_json
from lti_tool.web.authoring.library import language_name
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import language
from rubrics.language import still_to_translate
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

bp = Blueprint("builder", __name__)

WRITE = Capability.PROGRAM_LEAD
READ = (WRITE, Capability.REVIEWER)


@bp.route("/rubrics/new", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def new() -> ResponseReturnValue:
    """Begin a rubric: from nothing, or from a copy of a published one."""
    if request.method == "GET":
        return _new_page(request.args)
    try:
        draft_id = _begin()
    except Refused as refused:
        transactions.give_up()
        return _new_page(request.form, in_words(refused)), 422
    return redirect(url_for("builder.draft", draft_id=draft_id, said="draft_begun"), 303)


@bp.post("/rubrics/<uuid:rubric_id>/next")
@needs_in_organization(WRITE)
@act
def next_edition(rubric_id: UUID) -> ResponseReturnValue:
    """Go on in the rubric's draft, or begin one from its newest edition."""
    by = drafts.author(current.visitor())
    draft_id = draft_beginnings.begin_next(current.db(), by, rubric_id, current.now())
    return redirect(url_for("builder.draft", draft_id=draft_id, said="draft_begun"), 303)


@bp.route("/drafts/<uuid:draft_id>", methods=["GET", "POST"])
@needs_in_organization(*READ)
@act
def draft(draft_id: UUID) -> ResponseReturnValue:
    """The outline: what the rubric is, its criteria in order, its languages. Reviewers read it on a page of theirs."""
    if WRITE not in current.capabilities():
        drafts.open_row(current.db(), current.visitor().organization_id, draft_id)
        return redirect(url_for("publishing.review", draft_id=draft_id), 303)
    if request.method == "GET":
        return _outline_or_edition(draft_id)
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    here = url_for("builder.draft", draft_id=draft_id)
    return posted(draft_id, here, lambda sent: _outline(draft_id, sent))


@bp.post("/drafts/<uuid:draft_id>/save")
@needs_in_organization(WRITE)
@repeatable
def save(draft_id: UUID) -> ResponseReturnValue:
    """Autosave: places with `was` and `value` in; what became of each, and what to look at again, out."""
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    body = request.get_json()
    for place in body if isinstance(body, dict) else ():
        drafting.field_place(place)  # what was taken out meanwhile is told before anything else
    typed = typed_in_json(body, most=draft_fields.MOST_FIELDS)
    outcomes = draft_fields.keep(draft_id, typed)
    advice = draft_fields.advice_at(draft_id, outcomes)
    return {
        "saved_at": current.now().isoformat(),
        "fields": {place: _told(outcome, advice.get(place, ())) for place, outcome in outcomes.items()},
    }


@bp.post("/drafts/<uuid:draft_id>/place")
@needs_in_organization(WRITE)
@repeatable
def place(draft_id: UUID) -> ResponseReturnValue:
    """Have a criterion stand at a position, counted from 0; where everything stands now is the answer."""
    visitor = current.visitor()
    draft_endings.require_open(current.db(), visitor.organization_id, draft_id)
    body = request.get_json()
    key, position = (body.get("criterion"), body.get("position")) if isinstance(body, dict) else (None, None)
    if not isinstance(key, str):
        key = ""
    if not isinstance(position, int):
        position = 0
    draft_structure.move(current.db(), drafts.author(visitor), draft_id, key, position, current.now())
    found = drafts.draft(current.db(), visitor.organization_id, draft_id)
    return {"criteria": [criterion.key for criterion in found.rubric.criteria]}


@bp.route("/drafts/<uuid:draft_id>/put-away", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def put_away(draft_id: UUID) -> ResponseReturnValue:
    """Write it no more: asked once."""
    visitor = current.visitor()
    if request.method == "GET":
        found = drafts.draft(current.db(), visitor.organization_id, draft_id)
        return render_template("builder/put_away.html", draft_id=draft_id, draft=found, away=None)
    draft_endings.put_away(current.db(), drafts.author(visitor), draft_id, current.now())
    return redirect(url_for("builder.draft", draft_id=draft_id), 303)


@bp.post("/drafts/<uuid:draft_id>/take-up")
@needs_in_organization(WRITE)
@act
def take_up(draft_id: UUID) -> ResponseReturnValue:
    """Write it again."""
    try:
        draft_endings.take_up(current.db(), drafts.author(current.visitor()), draft_id, current.now())
    except Refused as refused:
        transactions.give_up()
        return _away_page(draft_id, in_words(refused)), 422
    return redirect(url_for("builder.draft", draft_id=draft_id), 303)


def _away_page(draft_id: UUID, problem: str | None = None) -> str:
    away = draft_endings.found_away(current.db(), current.visitor().organization_id, draft_id)
    return render_template("builder/put_away.html", draft_id=draft_id, away=away, problem=problem)


def _told(outcome: draft_fields.Outcome, advice: tuple[draft_fields.Advice, ...]) -> dict[str, Any]:
    if outcome.problem is not None:
        return {"problem": outcome.problem}
    if outcome.meanwhile is not None:
        found = outcome.meanwhile
        return {"changed": {"sentence": found.sentence, "stands": found.stands, "shown": found.shown}}
    return {"stands": outcome.stands, "advice": [{"sentence": one.sentence, "blocks": one.blocks} for one in advice]}


def _begin() -> UUID:
    form, by = request.form, drafts.author(current.visitor())
    title = form.get("title", "").strip()
    if form.get("from"):
        try:
            version_id = UUID(form["from"])
        except ValueError:
            abort(400)
        return draft_beginnings.begin_copy(current.db(), by, version_id, title, current.now())
    words = Rubric(
        key="", title=title, summary=form.get("summary", "").strip(), license="", provenance="", criteria=(),
        language=form.get("language", "").strip(),
    )  # fmt: skip
    return draft_beginnings.begin_new(current.db(), by, words, current.now())


def _new_page(typed: Any, problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    return render_template(
        "builder/new.html",
        typed=typed,
        problem=problem,
        choices=author.choices(current.db(), organization_id),
        own_language={"en": "en-US"}.get(language(), language().replace("_", "-")),
    )


def _outline_or_edition(draft_id: UUID) -> ResponseReturnValue:
    """The outline; what the draft became, once it is published."""
    try:
        return _outline(draft_id, Sent())
    except NotHere:
        version_id = publishing.became(current.db(), current.visitor().organization_id, draft_id)
        if version_id is None:
            return _away_page(draft_id)
        return redirect(url_for("library.version", version_id=version_id), 303)


def _outline(draft_id: UUID, sent: Sent) -> str:
    visitor = current.visitor()
    found = drafts.draft(current.db(), visitor.organization_id, draft_id)
    rubric = found.rubric
    advice = draft_fields.advice_by_place(rubric, wording.rules(current.db(), visitor.organization_id))
    return render_template(
        "builder/draft.html",
        draft=found,
        rubric=rubric,
        fields=Fields(rubric, advice=advice, typed=sent.typed, outcomes=sent.outcomes),
        problem=sent.problem,
        own=draft_undo.own(current.db(), drafts.author(visitor), draft_id),
        to_look_at={criterion.key: _count(advice, criterion.key) for criterion in rubric.criteria},
        still={each.language: len(still_to_translate(rubric, each)) for each in rubric.translations},
        language_name=language_name,
        typed=request.form,
    )


def _count(advice: dict[str, tuple[draft_fields.Advice, ...]], key: str) -> int:
    return sum(len(found) for place, found in advice.items() if place.startswith(f"criteria.{key}."))
