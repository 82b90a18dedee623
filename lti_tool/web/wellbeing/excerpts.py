"""Sharing a part of the private journal: choose the words and the readers, see it as they will, then share."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.courses.places import Place
from lti_tool.services.wellbeing import excerpts, journal
from lti_tool.services.wellbeing.excerpts import Excerpt
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("excerpts", __name__)

FIELDS = ("words", "title", "sharing", "activity", "about")


@bp.get("/journal/<uuid:entry_id>/share")
@signed_in
def choose(entry_id: UUID) -> ResponseReturnValue:
    """The words that were marked, or the whole entry, to be cut down; nothing is shared yet."""
    entry = journal.entry(current.db(), current.visitor(), entry_id)
    begin, end = (request.args.get(name, 0, type=int) for name in ("begin", "end"))
    marked = entry.words[max(begin, 0) : end] if end > begin else ""
    return _form(entry_id, {"words": marked.strip() or entry.words})


@bp.post("/journal/<uuid:entry_id>/share/preview")
@signed_in
@repeatable
def preview(entry_id: UUID) -> ResponseReturnValue:
    """Exactly what others would read, and who they are. Nothing is kept of it."""
    typed = _typed()
    if request.form.get("then") == "change":
        return _form(entry_id, typed)
    journal.entry(current.db(), current.visitor(), entry_id)
    try:
        place, excerpt = _excerpt(typed)
    except Refused as refused:
        return _form(entry_id, typed, {refused.code: in_words(refused)})
    return render_template(
        "journal/preview.html",
        entry_id=entry_id,
        typed=typed,
        excerpt=excerpt,
        where=place,
        readers=excerpts.readers(current.db(), current.visitor(), place, excerpt),
    )


@bp.post("/journal/<uuid:entry_id>/share")
@signed_in
@act
def share(entry_id: UUID) -> ResponseReturnValue:
    """Share it as it was shown. The entry stays private."""
    typed = _typed()
    journal.entry(current.db(), current.visitor(), entry_id)
    try:
        place, excerpt = _excerpt(typed)
        evidence_id = excerpts.share(current.db(), current.visitor(), place, excerpt, current.now())
    except Refused as refused:
        problems = {refused.code: in_words(refused)}
        return transactions.shown_again(lambda: _form(entry_id, typed, problems))
    address = f"/evidence/{evidence_id}"
    if current_app.url_map.bind("attune").test(address, method="GET"):
        return redirect(f"{address}?said=excerpt_shared", 303)
    return redirect(url_for("journal.write", entry_id=entry_id, said="excerpt_shared"), 303)


def _excerpt(typed: dict[str, str]) -> tuple[Place, Excerpt]:
    excerpt = excerpts.excerpt_of(typed["words"], typed["title"], typed["sharing"], uuid_if_any(typed["about"]))
    return excerpts.place_of(current.db(), current.visitor(), uuid_of(typed["activity"])), excerpt


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _form(entry_id: UUID, typed: dict[str, str], problems: dict[str, str] | None = None) -> ResponseReturnValue:
    entry = journal.entry(current.db(), current.visitor(), entry_id)
    page = render_template(
        "journal/share.html",
        entry=entry,
        typed=dict.fromkeys(FIELDS, "") | typed,
        problems=problems or {},
        wheres=excerpts.wheres(current.db(), current.visitor()),
        abouts=excerpts.abouts(current.db(), current.visitor()),
    )
    return page, 422 if problems else 200
