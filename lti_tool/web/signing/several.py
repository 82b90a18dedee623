"""Signing several at once, and taking that back before it is sent on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.signing import several as services
from lti_tool.services.signing.several import MOST, UNDO, Chosen
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.signing.confirming import CODE_FIRST, can_get_one, code_comes_first
from lti_tool.web.signing.sign_off import around, reader_here
from rubrics.sign_off import Lane

bp = Blueprint("several", __name__)


@bp.get("/several")
@signed_in
@writes
def read() -> ResponseReturnValue:
    """Everything that would be signed, each in full, before one button signs them all."""
    session, visitor = current.db(), current.visitor()
    chosen = [_chosen(text) for text in request.args.getlist("o")][:MOST]
    if not chosen:
        return redirect(url_for("landing.queue", said="none_chosen"), 303)
    found = services.shown(session, visitor, chosen, current.now(), reader=reader_here())
    code_asked = any(one.not_yet and one.not_yet.code == CODE_FIRST for one in found)
    if code_asked and can_get_one():
        return code_comes_first(request.full_path)
    ready = [(one, around(one.to_sign)) for one in found if one.to_sign]
    return render_template(
        "several/read.html",
        ready=ready,
        code_from=request.full_path if code_asked else None,
        rest=[(one.line, in_words(one.not_yet)) for one in found if one.line and one.not_yet],
        until=current.now() + UNDO,
        minutes=int(UNDO.total_seconds() // 60),
    )


@bp.post("/several")
@signed_in
@act
def sign() -> ResponseReturnValue:
    """Sign those that are still as they were shown; the others are named on the page that follows."""
    digests = [(_chosen(name), digest) for name, digest in (_pair(text) for text in request.form.getlist("sign"))]
    if not digests:
        return redirect(url_for("landing.queue", said="none_chosen"), 303)
    now = current.now()
    services.sign_all(current.db(), current.visitor(), digests[:MOST], now, reader=reader_here())
    return _leads_to_done([chosen for chosen, _ in digests], now)


@bp.get("/several/done")
@signed_in
@writes
def done() -> ResponseReturnValue:
    """What was signed, what not yet and why; and the way to take it back."""
    at, chosen = _at(request.args.get("at", "")), [_chosen(text) for text in request.args.getlist("o")]
    now = current.now()
    outcomes = services.outcomes(current.db(), current.visitor(), chosen, at, now)
    return render_template(
        "several/done.html",
        outcomes=outcomes,
        not_yet={one.chosen: in_words(one.not_yet) for one in outcomes if one.not_yet},
        to_take_back=[one for one in outcomes if one.stands and not one.final] if now < at + UNDO else [],
        at=at,
        until=at + UNDO,
    )


@bp.post("/several/take-back")
@signed_in
@act
def take_back() -> ResponseReturnValue:
    """Take back what was signed at that moment and is not final yet."""
    at, chosen = _at(request.form.get("at", "")), [_chosen(text) for text in request.form.getlist("o")]
    services.take_all_back(current.db(), current.visitor(), chosen, at, current.now())
    return _leads_to_done(chosen, at)


def _leads_to_done(chosen: Sequence[Chosen], at: datetime) -> ResponseReturnValue:
    names = [f"{one.observation_id}:{one.lane.value}" for one in chosen]
    return redirect(url_for("several.done", at=at.isoformat(), o=names), 303)


def _pair(text: str) -> tuple[str, str]:
    name, _, digest = text.rpartition(":")
    return name, digest


def _chosen(text: str) -> Chosen:
    observation_id, _, lane = text.partition(":")
    try:
        return Chosen(UUID(observation_id), Lane(lane))
    except ValueError:
        abort(400)


def _at(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        at + UNDO  # raises at the very last moment that there is
    except (ValueError, OverflowError):
        abort(400)
    return at
