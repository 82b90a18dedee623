"""The trainee's words: kept while they are written, looked over, then given."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services import answer as answers
from lti_tool.services.read import read
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.rating_fields import fields_of_json
from lti_tool.web.record_page import record_page
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("answering", __name__)


@bp.post("/o/<uuid:observation_id>/answer/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Keep the words. Autosave gets the moment back; the plain form goes on to look the answer over."""
    words = fields_of_json(request.get_json()).get("words") if request.is_json else request.form.get("words")
    if words is None:
        abort(400)
    try:
        saved_at = answers.save_answer_draft(current.db(), current.visitor(), observation_id, words, current.now())
    except Refused as refused:
        if request.is_json or refused.code != "too_long":
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _words_again(observation_id, words, problem)), 422
    if request.is_json:
        return {"saved_at": saved_at.isoformat()}
    return redirect(url_for("answering.answer", observation_id=observation_id), 303)


def _words_again(observation_id: UUID, words: str, problem: str) -> str:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    return render_template("observations/read.html", typed=words, problem=problem, **page)


@bp.route("/o/<uuid:observation_id>/answer", methods=["GET", "POST"])
@signed_in
@writes
@act
def answer(observation_id: UUID) -> ResponseReturnValue:
    """Show the answer as others will see it, then give it; in time it is an answer without words too."""
    record = read(current.db(), current.visitor(), observation_id, current.now())
    page = url_for("observations.read", observation_id=observation_id)
    if request.method == "POST":
        words = request.form.get("words")
        if words is None:
            abort(400)
        if record.may_add and not words.strip():
            return redirect(page, 303)  # with nothing to add it stays open
        answers.answer(current.db(), current.visitor(), observation_id, words=words or None, now=current.now())
        said = "words_added" if record.may_add else "answered"
        return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
    if not record.may_answer and not (record.may_add and record.response_draft):
        return redirect(page, 303)
    in_time = record.may_answer and record.line.respond_until is not None and current.now() < record.line.respond_until
    return render_template("answering/answer.html", in_time=in_time, **record_page(record))
