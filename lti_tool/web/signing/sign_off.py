"""Signing: everything that will be signed is on the page, and exactly that is signed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import differing
from lti_tool.services.personal_data import record_access
from lti_tool.services.signing import sign_off
from lti_tool.services.signing.signed import signed
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import lane_of
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.signing.confirming import CODE_FIRST, code_comes_first
from lti_tool.web.supervising.agreements import first_an_agreement
from lti_tool.web.texts import gettext, language, readers_languages
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

bp = Blueprint("signing", __name__)
ABOUT_THE_REASON = frozenset({"reason_needed", "too_long"})
"""Refusals after which the form is shown again as it was typed."""
NO_AGREEMENT, SCOPE_FIRST = "no_agreement", "scope_first"
MOST_ATTEMPTS = 9_999


@bp.route("/o/<uuid:observation_id>/sign/<lane>", methods=["GET", "POST"])
@signed_in
@writes
@act
def sign(observation_id: UUID, lane: str) -> ResponseReturnValue:
    """Show what would be signed in this lane; sign it if it is still the same."""
    chosen = lane_of(lane)
    if request.method == "GET":
        return _shown(observation_id, chosen)
    try:
        to_look_at = sign_off.sign(
            current.db(),
            current.visitor(),
            observation_id,
            lane=chosen,
            digest=request.form.get("digest", ""),
            now=current.now(),
            reader=reader_here(),
        )
    except Refused as refused:
        if refused.code != "changed_since_shown":
            _keep_refusal(observation_id, chosen, refused)
            if refused.code == CODE_FIRST:
                return code_comes_first(request.path)
            if refused.code == NO_AGREEMENT:
                return first_an_agreement(observation_id, chosen, refused), 409
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _sign_page(observation_id, chosen, problem=problem)), 422
    for delivery_id in to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
    return redirect(url_for("observations.read", observation_id=observation_id, said="signed"), 303)


@bp.get("/o/<uuid:observation_id>/signed/<lane>")
@signed_in
@writes
def as_signed(observation_id: UUID, lane: str) -> ResponseReturnValue:
    """What was signed in this lane, in the words that the signer read."""
    attempt = request.args.get("attempt", type=int)
    if attempt is not None and not 0 < attempt <= MOST_ATTEMPTS:
        raise NotHere
    found = signed(current.db(), current.visitor(), observation_id, lane_of(lane), current.now(), attempt=attempt)
    return render_template("signing/signed.html", signed=found, document=found.document, **record_page(found.record))


@bp.route("/o/<uuid:observation_id>/differ/<lane>", methods=["GET", "POST"])
@signed_in
@writes
@act
def differ(observation_id: UUID, lane: str) -> ResponseReturnValue:
    """Say that one sees it differently: the lanes meet about it before anyone else signs."""
    chosen, reason = lane_of(lane), request.form.get("reason", "")
    if request.method == "GET":
        return _differ_page(observation_id, chosen, reason)
    try:
        differing.differ(current.db(), current.visitor(), observation_id, chosen, reason=reason, now=current.now())
    except Refused as refused:
        if refused.code not in ABOUT_THE_REASON:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _differ_page(observation_id, chosen, reason, problem=problem)), 422
    return redirect(url_for("observations.read", observation_id=observation_id, said="lanes_meet"), 303)


def _differ_page(observation_id: UUID, lane: Lane, reason: str, *, problem: str | None = None) -> str:
    visitor = current.visitor()
    to_sign = sign_off.preview(
        current.db(), visitor, observation_id, lane, current.now(), reader=reader_here(), with_code=False
    )
    return render_template("signing/differ.html", lane=lane, reason=reason, problem=problem, **around(to_sign))


def _keep_refusal(observation_id: UUID, lane: Lane, refused: Refused) -> None:
    """That someone tried to sign where they may not stands in the audit, though nothing was signed."""
    transactions.give_up()
    sign_off.note_refusal(
        current.db(), current.visitor(), observation_id, lane=lane, code=refused.code, now=current.now()
    )
    transactions.keep()


def _shown(observation_id: UUID, lane: Lane) -> ResponseReturnValue:
    """The page; where an agreement, the scope of practice or a code comes first, the way to that, and back here."""
    try:
        return _sign_page(observation_id, lane)
    except Refused as refused:
        if refused.code == SCOPE_FIRST:
            return redirect(url_for("scope.read", back=request.path), 303)
        if refused.code == CODE_FIRST:
            return code_comes_first(request.path)
        if refused.code != NO_AGREEMENT:
            raise
        transactions.give_up()
        return first_an_agreement(observation_id, lane, refused), 409


def _sign_page(observation_id: UUID, lane: Lane, *, problem: str | None = None) -> str:
    visitor = current.visitor()
    to_sign = sign_off.preview(current.db(), visitor, observation_id, lane, current.now(), reader=reader_here())
    return render_template(
        "signing/sign.html",
        to_sign=to_sign,
        problem=problem,
        **around(to_sign),
    )


def around(to_sign: sign_off.ToSign) -> dict[str, Any]:
    """What a page of signing needs besides the document: where it is, and who can see what."""
    record = to_sign.record
    readers = record_access.readers_of(current.db(), current.visitor(), record.line)
    line = record.line
    return {"line": line, "page_course_id": line.course_id, "rubric": record.version.rubric, "readers": readers}


def reader_here() -> sign_off.Reader:
    """In which words this visitor reads what they sign."""
    return sign_off.Reader(language=language(), wanted=readers_languages(), say=gettext)
