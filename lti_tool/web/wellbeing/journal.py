"""The private journal: nobody else's, ever. A page of it is only ever about whoever is signed in."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Field
from lti_tool.services.wellbeing import excerpts, journal
from lti_tool.services.wellbeing.owner_only import own_readers
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("journal", __name__)


@bp.get("/journal")
@signed_in
def entries() -> ResponseReturnValue:
    """The visitor's entries, newest first; `before` in the address is the moment from which on a page goes back."""
    found = journal.journal(current.db(), current.visitor(), current.now(), _before())
    readers = own_readers(current.visitor(), Field.JOURNAL)
    return render_template("journal/entries.html", journal=found, readers=readers)


@bp.post("/journal")
@signed_in
@act
def begin() -> ResponseReturnValue:
    """A new entry, with first words where a form brings some."""
    words = request.form.get("words", "")
    entry_id = journal.begin(current.db(), current.visitor(), current.now(), words)
    return redirect(url_for("journal.write", entry_id=entry_id), 303)


@bp.get("/journal/<uuid:entry_id>")
@signed_in
def write(entry_id: UUID) -> ResponseReturnValue:
    """One entry, to go on with."""
    return _page(entry_id)


@bp.post("/journal/<uuid:entry_id>")
@signed_in
@act
def save(entry_id: UUID) -> ResponseReturnValue:
    """Save it, and stay, or go on to share a part of it."""
    words = _words(request.form.get("words"))
    try:
        journal.save(current.db(), current.visitor(), entry_id, words, current.now())
    except Refused as refused:
        if refused.code != "too_long":
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(entry_id, typed=words, problem=problem))
    if request.form.get("then") == "share":
        marked = request.form.get("begin", 0, type=int), request.form.get("end", 0, type=int)
        return redirect(url_for("excerpts.choose", entry_id=entry_id, begin=marked[0], end=marked[1]), 303)
    return redirect(url_for("journal.write", entry_id=entry_id, said="journal_saved"), 303)


@bp.post("/journal/<uuid:entry_id>/save")
@signed_in
@repeatable
def autosave(entry_id: UUID) -> ResponseReturnValue:
    """Autosave: an object of fields in, the moment it was saved out."""
    words = _words(fields_of_json(request.get_json()).get("words"))
    saved_at = journal.save(current.db(), current.visitor(), entry_id, words, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.post("/journal/<uuid:entry_id>/put-away")
@signed_in
@act
def put_away(entry_id: UUID) -> ResponseReturnValue:
    """Delete an entry; for a day it can be brought back."""
    journal.put_away(current.db(), current.visitor(), entry_id, current.now())
    return redirect(url_for("journal.entries", said="own_put_away"), 303)


@bp.post("/journal/<uuid:entry_id>/put-away/undo")
@signed_in
@act
def undo(entry_id: UUID) -> ResponseReturnValue:
    """Bring it back, or delete it for good now."""
    if request.form.get("then") == "delete":
        journal.delete_now(current.db(), current.visitor(), entry_id)
        return redirect(url_for("journal.entries", said="own_deleted"), 303)
    journal.bring_back(current.db(), current.visitor(), entry_id, current.now())
    return redirect(url_for("journal.entries", said="own_brought_back"), 303)


def _page(entry_id: UUID, *, typed: str | None = None, problem: str | None = None) -> ResponseReturnValue:
    found = journal.entry(current.db(), current.visitor(), entry_id)
    page = render_template(
        "journal/write.html",
        entry=found,
        typed=typed,
        problem=problem,
        readers=own_readers(current.visitor(), Field.JOURNAL),
        may_share=bool(excerpts.wheres(current.db(), current.visitor())),
    )
    return page, 422 if problem else 200


def _before() -> datetime | None:
    """None for what is no moment: then the newest are shown."""
    try:
        moment = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _words(typed: str | None) -> str:
    if typed is None:
        abort(400)
    return typed
