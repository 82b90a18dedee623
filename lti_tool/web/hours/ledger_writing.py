"""Writing an entry of the ledger: new, changed, corrected, the same every week, and what it counts for meanwhile."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.ledger import CHANGEABLE, EntryKind, EntryState
from lti_tool.services.hours import ledger_choices, ledger_correcting, ledger_repeating, ledger_writing
from lti_tool.services.hours.ledger_writing import Written
from lti_tool.web import current
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.hours.ledger import own_entry
from lti_tool.web.hours.ledger_fields import (
    Asking,
    Typed,
    counts_in_words,
    day_typed,
    fields_of,
    first_fields,
    form_page,
    own_choices,
    read_entry,
    series_page,
)
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("ledger_writing", __name__)

HAND_OVER = "hand_over"


@bp.route("/ledger/new", methods=["GET", "POST"])
@signed_in
@act
def new() -> ResponseReturnValue:
    """A new entry. Without a kind in the address, that of the last one; without any yet, the kinds to choose from."""
    if request.method == "POST":
        return _posted_new(request.form)
    wanted = next((one for one in EntryKind if one.value == request.args.get("kind")), None)
    choices = own_choices()
    usual = ledger_choices.usual(current.db(), current.visitor(), wanted, choices)
    kind = wanted or usual.kind
    if kind is None or "kinds" in request.args:
        return render_template("ledger/kinds.html", kinds=list(EntryKind))
    return form_page(first_fields(kind, usual, current.now().date()), Asking(choices=choices))


@bp.route("/ledger/<uuid:ledger_entry_id>/change", methods=["GET", "POST"])
@signed_in
@act
def change(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Change an entry that nobody signed yet."""
    entry = own_entry(ledger_entry_id)
    if entry.state not in CHANGEABLE:
        return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id), 303)
    if request.method == "GET":
        return form_page(fields_of(entry), Asking(entry))
    typed, over = request.form, _hands_over(request.form)
    try:
        written = read_entry(typed)
        ledger_writing.change(
            current.db(), current.visitor(), ledger_entry_id, written, hand_over=over, now=current.now()
        )
    except Refused as refused:
        give_up()
        return form_page(typed, Asking(own_entry(ledger_entry_id), refused=refused)), 422
    said = "entry_handed_over" if over else "entry_kept"
    return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id, said=said), 303)


@bp.route("/ledger/<uuid:ledger_entry_id>/correct", methods=["GET", "POST"])
@signed_in
@act
def correct(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Correct a signed entry: it is taken back, and what is written here waits in its place."""
    entry = own_entry(ledger_entry_id)
    if entry.state is not EntryState.SIGNED:
        return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id), 303)
    if request.method == "GET":
        return form_page(fields_of(entry), Asking(entry, corrects=True))
    typed = request.form
    try:
        new_id = ledger_correcting.correct(
            current.db(), current.visitor(), ledger_entry_id, read_entry(typed), why=typed.get("why", ""),
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return form_page(typed, Asking(own_entry(ledger_entry_id), corrects=True, refused=refused)), 422
    return redirect(url_for("ledger.entry", ledger_entry_id=new_id, said="entry_corrected"), 303)


@bp.post("/ledger/counts")
@signed_in
@repeatable
def counts() -> ResponseReturnValue:
    """What the entry in the form would count for: as sentences for a script, or the form again with them."""
    typed, but = request.form, uuid_if_any(request.args.get("entry"))
    entry = own_entry(but) if but else None
    corrects = entry is not None and entry.state is EntryState.SIGNED
    wants_sentences = request.accept_mimetypes.best == "application/json"
    try:
        found = counts_in_words(read_entry(typed), but)
    except Refused as refused:
        if wants_sentences:
            return {"field": refused.code, "wanted": in_words(refused)}
        return form_page(typed, Asking(entry, corrects, refused=refused)), 422
    if not wants_sentences:
        return form_page(typed, Asking(entry, corrects, counts=found))
    like = [
        {"address": url_for("ledger.entry", ledger_entry_id=one.id), "title": one.title or ""} for one in found.like
    ]
    programs = [{"name": name, "lines": list(lines)} for name, lines in found.programs]
    return {"read": _("Read as %(amount)s.", amount=found.read), "programs": programs, "like": like}


@bp.post("/ledger/repeat")
@signed_in
@repeatable
def repeat() -> ResponseReturnValue:
    """The days on which the entry in the form was the same, to choose from."""
    typed = request.form
    try:
        return series_page(typed, read_entry(typed), day_typed(typed, "until"))
    except Refused as refused:
        return form_page(typed, Asking(refused=refused)), 422


@bp.post("/ledger/series")
@signed_in
@act
def series() -> ResponseReturnValue:
    """One entry for each of the days that were chosen; or back to the form."""
    typed = request.form
    if typed.get("then") == "back":
        return form_page(typed, Asking()), 422
    over = _hands_over(typed)
    try:
        written, until = read_entry(typed), day_typed(typed, "until")
    except Refused as refused:
        return form_page(typed, Asking(refused=refused)), 422
    session, visitor, now = current.db(), current.visitor(), current.now()
    offered = ledger_repeating.days_of_series(session, visitor, written, until, now)
    days = [one.day for one in offered if one.day.isoformat() in typed.getlist("days")]
    try:
        ledger_repeating.write_series(session, visitor, written, days, hand_over=over, now=now)
    except Refused as refused:
        give_up()
        return series_page(typed, written, until, refused), 422
    said = "entries_handed_over" if over else "entries_kept"
    return redirect(url_for("ledger.entries", month=f"{max(days):%Y-%m}", said=said), 303)


def _posted_new(typed: Typed) -> ResponseReturnValue:
    over = _hands_over(typed)
    try:
        written = read_entry(typed)
        like = _like(typed, written)
        if like:
            give_up()
            return form_page(typed, Asking(like=like)), 422
        entry_id = ledger_writing.write(
            current.db(), current.visitor(), written, hand_over=over, now=current.now()
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return form_page(typed, Asking(refused=refused)), 422
    said = "entry_handed_over" if over else "entry_kept"
    return redirect(url_for("ledger.entry", ledger_entry_id=entry_id, said=said), 303)


def _like(typed: Typed, written: Written) -> tuple[ledger_repeating.There, ...]:
    """What looks like it and is there already; said once, and it is kept all the same when somebody says so."""
    if typed.get("anyway") == "yes":
        return ()
    return ledger_repeating.looks_like(current.db(), current.visitor(), written, [written.day])


def _hands_over(typed: Typed) -> bool:
    return typed.get("then") == HAND_OVER
