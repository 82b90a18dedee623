"""Asking for a certification, its renewal or the way back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.proof import Answer
from lti_tool.services.certification import renewal
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from rubrics.refusal import Refused

bp = Blueprint("renewal", __name__)

ANSWERS = {
    Answer.MET: (_N("met"), "check"),
    Answer.NOT_YET: (_N("not yet"), "circle"),
    Answer.WAITING: (_N("waiting for a person"), "person"),
    Answer.UNKNOWN: (_N("cannot be known"), "dots"),
    Answer.NOT_APPLICABLE: (_N("does not apply"), "dots"),
}


@bp.get("/path/<uuid:enrollment_id>/renewal")
@signed_in
def page(enrollment_id: UUID) -> ResponseReturnValue:
    """The certificate in time, and what can be asked for."""
    return _page(enrollment_id)


@bp.post("/path/<uuid:enrollment_id>/renewal")
@signed_in
@act
def apply_for(enrollment_id: UUID) -> ResponseReturnValue:
    """Ask for a decision."""
    stage = request.form.get("stage", "")
    try:
        renewal.apply_for(current.db(), current.visitor(), enrollment_id, stage, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(enrollment_id, problem=problem))
    return redirect(url_for("renewal.page", enrollment_id=enrollment_id, said="applied"), 303)


@bp.post("/path/<uuid:enrollment_id>/renewal/take-back")
@signed_in
@act
def take_back(enrollment_id: UUID) -> ResponseReturnValue:
    """Not now after all."""
    try:
        renewal.take_back(current.db(), current.visitor(), enrollment_id, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(enrollment_id, problem=problem))
    return redirect(url_for("renewal.page", enrollment_id=enrollment_id, said="application_taken_back"), 303)


def _page(enrollment_id: UUID, *, problem: str | None = None) -> ResponseReturnValue:
    page = render_template(
        "renewal/renewal.html",
        renewal=renewal.page(current.db(), current.visitor(), enrollment_id, current.now()),
        answers={answer: (gettext(word), icon) for answer, (word, icon) in ANSWERS.items()},
        problem=problem,
    )
    return page, 422 if problem else 200
