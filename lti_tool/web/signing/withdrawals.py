"""Taking a signature back, and saying that what was final no longer stands, each with a reason."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import superseding
from lti_tool.services.observations.read import read
from lti_tool.services.signing import unsigning
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import lane_of
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.signing.sign_off import ABOUT_THE_REASON
from lti_tool.web.texts import gettext as _
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

bp = Blueprint("withdrawals", __name__)


@bp.route("/o/<uuid:observation_id>/take-back/<lane>", methods=["GET", "POST"])
@signed_in
@writes
@act
def take_back(observation_id: UUID, lane: str) -> ResponseReturnValue:
    """Take back one's own signature in this lane, before it is final."""
    chosen, reason = lane_of(lane), request.form.get("reason", "")
    if request.method == "GET":
        return _take_back_page(observation_id, chosen, reason)
    try:
        unsigning.take_back(current.db(), current.visitor(), observation_id, chosen, reason=reason, now=current.now())
    except Refused as refused:
        if refused.code not in ABOUT_THE_REASON:
            raise
        problem = in_words(refused)
        return _again(lambda: _take_back_page(observation_id, chosen, reason, problem))
    return redirect(url_for("observations.read", observation_id=observation_id, said="signature_taken_back"), 303)


@bp.route("/o/<uuid:observation_id>/supersede", methods=["GET", "POST"])
@signed_in
@writes
@act
def supersede(observation_id: UUID) -> ResponseReturnValue:
    """Say why a final record no longer stands, and whether another is to take its place."""
    reason, outcome = request.form.get("reason", ""), request.form.get("outcome", "")
    if request.method == "GET":
        return _supersede_page(observation_id, reason, outcome, {})
    problems = {}
    if outcome not in ("correct", "not_count"):
        problems["outcome"] = _("Please choose what is to follow.")
    try:
        superseding.reason_in(reason)
    except Refused as refused:
        problems["reason"] = in_words(refused)
    if problems:
        return _again(lambda: _supersede_page(observation_id, reason, outcome, problems))
    done = superseding.say_so(
        current.db(), current.visitor(), observation_id, reason=reason, correct=outcome == "correct", now=current.now()
    )
    for delivery_id in done.to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
    said = "to_be_corrected" if done.successor_id else "counts_no_more"
    leads_to = done.successor_id or observation_id
    return redirect(url_for("observations.read", observation_id=leads_to, said=said), 303)


def _take_back_page(observation_id: UUID, lane: Lane, reason: str, problem: str | None = None) -> str | Response:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if lane in page["signing"].to_take_back:
        return render_template("withdrawals/take_back.html", lane=lane, reason=reason, problem=problem, **page)
    if page["signing"].may_supersede:
        return redirect(url_for("withdrawals.supersede", observation_id=observation_id), 303)
    raise NotHere


def _supersede_page(observation_id: UUID, reason: str, outcome: str, problems: dict[str, str]) -> str | Response:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if page["signing"].superseded:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    if not page["signing"].may_supersede:
        raise NotHere
    return render_template("withdrawals/supersede.html", reason=reason, outcome=outcome, problems=problems, **page)


def _again(page: Callable[[], str | Response]) -> ResponseReturnValue:
    """The form as it was typed; where it is there no more, wherever its page leads instead."""
    shown = transactions.shown_again(page)
    return (shown, 422) if isinstance(shown, str) else shown
