"""Signing entries of the ledger: one by one, or several that are read on one page; and what was signed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.ledger import EntryKind, EntryState
from lti_tool.access import Field
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger, ledger_signing, ledger_unsigning
from lti_tool.services.hours.ledger import LedgerEntry
from lti_tool.services.hours.ledger_signing import MOST, Shown, ToSign, Wanted
from lti_tool.services.hours.ledger_unsigning import OwnSignature
from lti_tool.services.personal_data import record_access
from lti_tool.web import current, transactions
from lti_tool.web.access import public, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.paging import page_of
from lti_tool.web.refusals import in_words
from lti_tool.web.signing.confirming import CODE_FIRST, can_get_one, code_comes_first
from lti_tool.web.signing.sign_off import reader_here
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane

bp = Blueprint("ledger_signing", __name__)
ABOUT_THE_REASON = frozenset({"reason_needed", "too_long"})


@bp.route("/ledger/<uuid:ledger_entry_id>/sign", methods=["GET", "POST"])
@signed_in
@writes
@act
def sign(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Show what would be signed; sign it if it is still the same."""
    lane = _lane(request.values.get("lane"))
    if request.method == "GET":
        return _shown(ledger_entry_id, lane)
    session, visitor, now = current.db(), current.visitor(), current.now()
    digest = request.form.get("digest", "")
    try:
        ledger_signing.sign(session, visitor, ledger_entry_id, digest=digest, now=now, lane=lane, reader=reader_here())
    except Refused as refused:
        if refused.code == "changed_since_shown":
            problem = in_words(refused)
            return transactions.shown_again(lambda: _sign_page(ledger_entry_id, lane, problem=problem)), 422
        transactions.give_up()
        ledger_signing.note_refusal(session, visitor, ledger_entry_id, code=refused.code, now=now)
        transactions.keep()
        if refused.code == CODE_FIRST:
            return code_comes_first(_address(ledger_entry_id, lane))
        raise
    return redirect(url_for("landing.queue", said="entry_signed"), 303)


@bp.route("/ledger/<uuid:ledger_entry_id>/hand-back", methods=["GET", "POST"])
@signed_in
@writes
@act
def hand_back(ledger_entry_id: UUID) -> ResponseReturnValue:
    """Hand the entry back to whoever wrote it, with a reason."""
    reason = request.form.get("reason", "")
    if request.method == "GET":
        return _hand_back_page(ledger_entry_id, reason)
    try:
        ledger_signing.hand_back(current.db(), current.visitor(), ledger_entry_id, reason=reason, now=current.now())
    except Refused as refused:
        if refused.code not in ABOUT_THE_REASON:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _hand_back_page(ledger_entry_id, reason, problem)), 422
    return redirect(url_for("landing.queue", said="entry_handed_back"), 303)


@bp.route("/ledger/to-sign", methods=["GET", "POST"])
@signed_in
@writes
@act
def several() -> ResponseReturnValue:
    """Several entries on one page, each in full; each is signed, handed back or left by itself."""
    if request.method == "GET":
        chosen = _ids(request.args.getlist("e"))
        if not chosen:
            return redirect(url_for("landing.queue", said="none_chosen"), 303)
        found = _found(chosen)
        if not any(_asks_for_code(one.not_yet) for one in found):
            return _several_page(found)
        if can_get_one():
            return code_comes_first(request.full_path)
        return _page_without_code(chosen)
    chosen = _ids(request.form.getlist("e"))
    wanted = [one for one in (_wanted(entry_id) for entry_id in chosen) if one is not None]
    problems = _reasons_to_look_at(wanted)
    if problems:
        return transactions.shown_again(lambda: _page_without_code(chosen, problems)), 422
    ledger_signing.settle(current.db(), current.visitor(), wanted, current.now(), reader=reader_here())
    return redirect(url_for("ledger_signing.done", e=[str(one) for one in chosen]), 303)


@bp.get("/ledger/to-sign/done")
@signed_in
@writes
def done() -> ResponseReturnValue:
    """What became of each, and why one still waits."""
    session, visitor = current.db(), current.visitor()
    outcomes: list[tuple[LedgerEntry | None, Refused | None]] = []
    for entry_id in _ids(request.args.getlist("e")):
        try:
            entry = ledger.entry_for(session, visitor, entry_id)
        except NotHere:
            outcomes.append((None, None))
            continue
        _note_reading(entry.person_id)
        outcomes.append((entry, _why_not(entry_id) if entry.state is EntryState.WAITING else None))
    return render_template(
        "ledger_signing/done.html",
        outcomes=[
            (entry, in_words(why) if why else None, why is None or _asks_for_code(why)) for entry, why in outcomes
        ],
    )


@bp.get("/ledger/signatures")
@signed_in
def signatures() -> ResponseReturnValue:
    """Every entry that was signed in the visitor's name, newest first."""
    session, visitor = current.db(), current.visitor()
    paged = page_of(
        ledger_unsigning.own_count(session, visitor),
        lambda first, most: ledger_unsigning.own_signatures(session, visitor, first, most),
    )
    return render_template("ledger_signing/signatures.html", paged=paged)


@bp.get("/ledger/signatures/<uuid:ledger_signature_id>")
@signed_in
@writes
def signature(ledger_signature_id: UUID) -> ResponseReturnValue:
    """The signer's copy: what was signed, word for word."""
    own = ledger_unsigning.own_one(current.db(), current.visitor(), ledger_signature_id)
    _note_reading(own.person_id)
    return render_template("ledger_signing/signed.html", own=own, document=in_values(own.document))


@bp.route("/ledger/signatures/<uuid:ledger_signature_id>/take-back", methods=["GET", "POST"])
@signed_in
@act
def take_back(ledger_signature_id: UUID) -> ResponseReturnValue:
    """Take one's own signature back, with a reason."""
    reason = request.form.get("reason", "")
    if request.method == "GET":
        return _take_back_page(ledger_signature_id, reason)
    try:
        ledger_unsigning.take_back(
            current.db(), current.visitor(), ledger_signature_id, reason=reason, now=current.now()
        )
    except Refused as refused:
        if refused.code not in ABOUT_THE_REASON:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _take_back_page(ledger_signature_id, reason, problem)), 422
    return redirect(url_for("ledger_signing.signatures", said="entry_signature_taken_back"), 303)


@bp.post("/ledger/signatures/<uuid:ledger_signature_id>/not-me")
@signed_in
@act
def not_me(ledger_signature_id: UUID) -> ResponseReturnValue:
    """Say that one did not give this signature."""
    _not_me(ledger_unsigning.own_one(current.db(), current.visitor(), ledger_signature_id))
    return redirect(url_for("ledger_signing.signatures", said="was_not_me"), 303)


@bp.get("/copy/entries/<secret>")
@public
def copy(secret: str) -> ResponseReturnValue:
    """What was signed in one act: for whom and when, nothing of what was written. Opening it changes nothing."""
    found = ledger_unsigning.copies_of(current.db(), secret)
    return render_template("ledger_signing/copy.html", found=found, secret=secret)


@bp.post("/copy/entries/<secret>/not-me")
@public
def copy_not_me(secret: str) -> ResponseReturnValue:
    """The same from the link of the copy, which proves whose it is: one of them, or all."""
    wanted = uuid_if_any(request.form.get("signature", ""))
    for own in ledger_unsigning.copies_of(current.db(), secret):
        if wanted in (None, own.id):
            _not_me(own)
    return redirect(url_for("ledger_signing.copy", secret=secret, said="was_not_me"), 303)


def in_values(document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A document for a page: its day as a day, its amount as a number, its codes as values."""
    if document is None:
        return None
    return {
        **document,
        "day": date.fromisoformat(document["day"]),
        "amount": Decimal(document["amount"]),
        "kind": EntryKind(document["kind"]),
        "model": PracticeModel(document["model"]) if document["model"] else None,
        "setting": Setting(document["setting"]) if document["setting"] else None,
        "lane": Lane(document["lane"]),
        "assurance": Assurance(document["assurance"]),
    }


def _shown(entry_id: UUID, lane: Lane | None) -> ResponseReturnValue:
    try:
        return _sign_page(entry_id, lane)
    except Refused as refused:
        if refused.code == CODE_FIRST:
            return code_comes_first(_address(entry_id, lane))
        if refused.code != "scope_first":
            raise
        return redirect(url_for("scope.read", back=request.path), 303)


def _address(entry_id: UUID, lane: Lane | None) -> str:
    return url_for("ledger_signing.sign", ledger_entry_id=entry_id, lane=lane.value if lane else None)


def _asks_for_code(refused: Refused | None) -> bool:
    return refused is not None and refused.code == CODE_FIRST


def _sign_page(entry_id: UUID, lane: Lane | None, *, problem: str | None = None) -> str:
    session, visitor = current.db(), current.visitor()
    found = ledger_signing.preview(session, visitor, entry_id, current.now(), lane=lane, reader=reader_here())
    _note_reading(found.entry.person_id)
    return render_template(
        "ledger_signing/sign.html",
        to_sign=found,
        document=in_values(found.document),
        readers=ledger.readers(found.entry),
        problem=problem,
    )


def _hand_back_page(entry_id: UUID, reason: str, problem: str | None = None) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    found = ledger_signing.preview(session, visitor, entry_id, now, reader=reader_here(), with_code=False)
    _note_reading(found.entry.person_id)
    return render_template(
        "ledger_signing/hand_back.html",
        entry=found.entry,
        document=in_values(found.document),
        readers=ledger.readers(found.entry),
        reason=reason,
        problem=problem,
    )


def _take_back_page(signature_id: UUID, reason: str, problem: str | None = None) -> str:
    own = ledger_unsigning.own_one(current.db(), current.visitor(), signature_id)
    entry = ledger.entry_for(current.db(), current.visitor(), own.entry_id)
    return render_template(
        "ledger_signing/take_back.html", own=own, reason=reason, problem=problem, readers=ledger.readers(entry)
    )


def _page_without_code(chosen: Sequence[UUID], problems: Mapping[UUID, str] | None = None) -> str:
    """All of them, also where a code no longer counts or none can come: nothing else is kept from anybody by that."""
    later = () if can_get_one() else (one.entry_id for one in _found(chosen) if _asks_for_code(one.not_yet))
    return _several_page(_found(chosen, with_code=False), problems, frozenset(later))


def _found(chosen: Sequence[UUID], *, with_code: bool = True) -> tuple[Shown, ...]:
    session, visitor, now = current.db(), current.visitor(), current.now()
    return ledger_signing.shown(session, visitor, chosen, now, reader=reader_here(), with_code=with_code)


def _several_page(
    found: Sequence[Shown], problems: Mapping[UUID, str] | None = None, later: frozenset[UUID] = frozenset()
) -> str:
    """`later`: those that ask for a code which cannot be sent now."""
    ready = [one.to_sign for one in found if one.to_sign]
    for one in ready:
        _note_reading(one.entry.person_id)
    return render_template(
        "ledger_signing/several.html",
        ready=[(one, in_values(one.document), ledger.readers(one.entry), _typed(one)) for one in ready],
        problems=problems or {},
        later=later,
        code_from=url_for("ledger_signing.several", e=[str(one.entry_id) for one in found]) if later else None,
        rest=[in_words(one.not_yet) for one in found if one.not_yet],
    )


def _typed(one: ToSign) -> dict[str, str]:
    """What was chosen and written for this one, where the form is shown again."""
    id_ = str(one.entry.id)
    return {
        "what": request.form.get(f"what-{id_}", "sign"),
        "reason": request.form.get(f"reason-{id_}", ""),
    }


def _wanted(entry_id: UUID) -> Wanted | None:
    form, id_ = request.form, str(entry_id)
    match form.get(f"what-{id_}"):
        case "sign":
            lane = _lane(form.get(f"lane-{id_}"))
            return Wanted(entry_id, sign=True, digest=form.get(f"digest-{id_}", ""), lane=lane)
        case "hand_back":
            return Wanted(entry_id, sign=False, reason=form.get(f"reason-{id_}", ""))
        case _:
            return None


def _reasons_to_look_at(wanted: Sequence[Wanted]) -> dict[UUID, str]:
    """Where something is handed back and its reason is still to come: said before anything is done."""
    found = {}
    for one in wanted:
        if not one.sign:
            try:
                ledger_signing.reason_in(one.reason)
            except Refused as refused:
                found[one.entry_id] = in_words(refused)
    return found


def _why_not(entry_id: UUID) -> Refused | None:
    try:
        ledger_signing.preview(current.db(), current.visitor(), entry_id, current.now(), reader=reader_here())
    except Refused as refused:
        return refused
    except NotHere:
        return None
    return None


def _not_me(own: OwnSignature) -> None:
    """The second time it is as it was."""
    if own.stands:
        ledger_unsigning.not_me(current.db(), own, current.now())


def _note_reading(person_id: UUID) -> None:
    record_access.log_reading(
        current.db(), current.visitor(), trainee_id=person_id, seen={None: {Field.LEDGER}}, now=current.now()
    )


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = (uuid_if_any(text) for text in texts)
    return list(dict.fromkeys(one for one in found if one is not None))[:MOST]


def _lane(text: str | None) -> Lane | None:
    if not text:
        return None
    try:
        return Lane(text)
    except ValueError:
        raise NotHere from None
