"""The ledger: hours, training, supervision and continuing education. Writing entries is in `ledger_writing`."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.ledger import EntryKind
from lti_tool.access import Field
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger_correcting, ledger_lists, ledger_writing
from lti_tool.services.hours.ledger import LedgerEntry, entry_for, readers
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.web import current, moments, transactions
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.hours.ledger_fields import hours_in_words
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("ledger", __name__)
bp.add_app_template_filter(moments.month, "month")


@bp.get("/ledger")
@signed_in
def entries() -> ResponseReturnValue:
    """The visitor's own entries, a month at a time."""
    wanted = ledger_lists.month_of(request.args.get("month", ""))
    kind = next((one for one in EntryKind if one.value == request.args.get("kind")), None)
    found = ledger_lists.own_ledger(current.db(), current.visitor(), wanted)
    shown = [one for one in found.entries if kind is None or one.kind is kind]
    return render_template("ledger/entries.html", ledger=found, shown=shown, kind=kind)


@bp.get("/ledger/<uuid:ledger_entry_id>")
@signed_in
@writes
def entry(ledger_entry_id: UUID) -> ResponseReturnValue:
    """One entry, for its writer, whoever is asked to sign it, and program leads."""
    return _page(ledger_entry_id)


@bp.post("/ledger/<uuid:ledger_entry_id>/hand-over")
@signed_in
@act
def hand_over(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Ask whoever was chosen to sign it."""
    try:
        ledger_writing.hand_over(current.db(), current.visitor(), ledger_entry_id, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: (_page(ledger_entry_id, problem), 422))
    return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id, said="entry_handed_over"), 303)


@bp.post("/ledger/<uuid:ledger_entry_id>/take-back")
@signed_in
@act
def take_back(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Ask nobody any more."""
    try:
        ledger_writing.take_back(current.db(), current.visitor(), ledger_entry_id, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: (_page(ledger_entry_id, problem), 422))
    return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id, said="entry_taken_back"), 303)


@bp.route("/ledger/<uuid:ledger_entry_id>/delete", methods=["GET", "POST"])
@signed_in
@act
def delete(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Delete what nobody else was asked about: asked once."""
    found = own_entry(ledger_entry_id)
    if request.method == "GET":
        return render_template("ledger/delete.html", entry=found, amount=hours_in_words(found.amount))
    try:
        ledger_writing.delete(current.db(), current.visitor(), ledger_entry_id, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: (_page(ledger_entry_id, problem), 422))
    return redirect(url_for("ledger.entries", month=f"{found.day:%Y-%m}", said="entry_deleted"), 303)


@bp.route("/ledger/<uuid:ledger_entry_id>/reverse", methods=["GET", "POST"])
@signed_in
@act
def reverse(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Take a signed entry back without another one: asked once, with a word why where somebody likes."""
    found = own_entry(ledger_entry_id)
    if request.method == "GET":
        return _reverse_page(found)
    why = request.form.get("why", "")
    try:
        ledger_correcting.reverse(current.db(), current.visitor(), ledger_entry_id, why=why, now=current.now())
    except Refused as refused:
        transactions.give_up()
        return _reverse_page(own_entry(ledger_entry_id), why, in_words(refused)), 422
    return redirect(url_for("ledger.entry", ledger_entry_id=ledger_entry_id, said="entry_reversed"), 303)


def own_entry(ledger_entry_id: UUID) -> LedgerEntry:
    """An entry of the visitor's own. Raises `NotHere`."""
    found = entry_for(current.db(), current.visitor(), ledger_entry_id)
    if not found.mine:
        raise NotHere
    return found


def _reverse_page(found: LedgerEntry, why: str = "", problem: str | None = None) -> str:
    return render_template(
        "ledger/reverse.html",
        entry=found,
        amount=hours_in_words(found.amount),
        why=why,
        problem=problem,
        readers=readers(found),
    )


def _page(ledger_entry_id: UUID, problem: str | None = None) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    found = entry_for(session, visitor, ledger_entry_id)
    if not found.mine:
        log_reading(session, visitor, trainee_id=found.person_id, seen={None: [Field.LEDGER]}, now=now)
    return render_template(
        "ledger/entry.html",
        entry=found,
        amount=hours_in_words(found.amount),
        readers=readers(found),
        i_am_asked=found.asked_id == visitor.person_id,
        problem=problem,
    )
