"""Pausing a path."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.lifecycle.pausing import Clock
from grading.telling.statuses import DATES
from lti_tool.services.programs import pauses
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from rubrics.refusal import Refused

bp = Blueprint("pauses", __name__)

CLOCKS = {
    Clock.STAGE: _N("the time of a stage that is for a limited time"),
    Clock.VALIDITY: _N("how long your certificate is valid"),
    Clock.WINDOWS: _N("how long what you did counts, such as “in the last two years”"),
    Clock.EACH: _N("what is asked for each week, month or year"),
}


@bp.get("/path/<uuid:enrollment_id>/pause")
@signed_in
def pause(enrollment_id: UUID) -> ResponseReturnValue:
    """What a pause means here, and one button."""
    return _page(enrollment_id)


@bp.post("/path/<uuid:enrollment_id>/pause")
@signed_in
@act
def begin(enrollment_id: UUID) -> ResponseReturnValue:
    """Begin one."""
    typed = request.form.get("since", "")
    try:
        pauses.begin(current.db(), current.visitor(), enrollment_id, _day(typed), current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(enrollment_id, typed=typed, problem=problem))
    return redirect(url_for("pauses.pause", enrollment_id=enrollment_id, said="pause_begun"), 303)


@bp.post("/path/<uuid:enrollment_id>/pause/end")
@signed_in
@act
def end(enrollment_id: UUID) -> ResponseReturnValue:
    """Go on."""
    pauses.end(current.db(), current.visitor(), enrollment_id, current.now())
    return redirect(url_for("pauses.pause", enrollment_id=enrollment_id, said="pause_ended"), 303)


@bp.post("/path/<uuid:enrollment_id>/pause/undo")
@signed_in
@act
def undo(enrollment_id: UUID) -> ResponseReturnValue:
    """Take the last step back."""
    try:
        pauses.undo(current.db(), current.visitor(), enrollment_id, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(enrollment_id, problem=problem))
    return redirect(url_for("pauses.pause", enrollment_id=enrollment_id, said="pause_undone"), 303)


def _page(enrollment_id: UUID, *, typed: str = "", problem: str | None = None) -> ResponseReturnValue:
    found = pauses.page(current.db(), current.visitor(), enrollment_id, current.now())
    page = render_template(
        "pauses/pause.html",
        pause=found,
        clocks={clock: gettext(words) for clock, words in CLOCKS.items()},
        date_words={name: gettext(words) for name, words in DATES.items()},
        days=pauses.EXAMPLE_DAYS,
        typed=typed,
        problem=problem,
    )
    return page, 422 if problem else 200


def _day(typed: str) -> date | None:
    """None where nothing was chosen. Raises `Refused` ("pause_day") where it is no day."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("pause_day", "Please check the day. It is written like 2026-03-02.") from None
