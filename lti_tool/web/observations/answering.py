"""The trainee's words: kept while they are written, looked over, then given."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.observations import answer as answers
from lti_tool.services.observations import taking_time
from lti_tool.services.observations.read import read
from lti_tool.services.observations.voice import Voice
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("answering", __name__)

OF_CRITERION = "words."


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields `words`, and `words.KEY` with a criterion's key, as far as they were sent."""

    words: str | None
    by_criterion: Mapping[str, str]


def typed_in(fields: Mapping[str, str]) -> Typed:
    """What these fields hold. Answers 400 where none of ours is among them."""
    by_criterion = {
        name.removeprefix(OF_CRITERION): text for name, text in fields.items() if name.startswith(OF_CRITERION)
    }
    if "words" not in fields and not by_criterion:
        abort(400)
    return Typed(fields.get("words"), by_criterion)


@bp.post("/o/<uuid:observation_id>/answer/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Keep the words. Autosave gets the moment back; the plain form goes on to look the answer over."""
    typed = typed_in(fields_of_json(request.get_json()) if request.is_json else request.form)
    try:
        saved_at = answers.save_answer_draft(
            current.db(),
            current.visitor(),
            observation_id,
            typed.words,
            current.now(),
            by_criterion=typed.by_criterion,
        )
    except Refused as refused:
        if request.is_json or refused.code != "too_long":
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _words_again(observation_id, typed, problem)), 422
    if request.is_json:
        return {"saved_at": saved_at.isoformat()}
    return redirect(url_for("answering.answer", observation_id=observation_id), 303)


def _words_again(observation_id: UUID, typed: Typed, problem: str) -> str:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    again = Voice(typed.words, typed.by_criterion, None)
    return render_template("observations/read.html", typed=again, problem=problem, **page)


@bp.route("/o/<uuid:observation_id>/answer", methods=["GET", "POST"])
@signed_in
@writes
@act
def answer(observation_id: UUID) -> ResponseReturnValue:
    """Show the answer as others will see it, then give it; in time it is an answer without words too."""
    record = read(current.db(), current.visitor(), observation_id, current.now())
    page = url_for("observations.read", observation_id=observation_id)
    if request.method == "POST":
        typed = typed_in(request.form)
        with_words = bool((typed.words or "").strip() or any(text.strip() for text in typed.by_criterion.values()))
        if record.may_add and not with_words:
            return redirect(page, 303)  # with nothing to add it stays open
        answers.answer(
            current.db(),
            current.visitor(),
            observation_id,
            words=typed.words,
            by_criterion=typed.by_criterion,
            now=current.now(),
        )
        said = "words_added" if record.may_add else "answered"
        return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
    if record.writing is None or (record.may_add and record.writing.without_words):
        return redirect(page, 303)
    in_time = record.may_answer and record.line.respond_until is not None and current.now() < record.line.respond_until
    return render_template("answering/answer.html", in_time=in_time, **record_page(record))


@bp.post("/o/<uuid:observation_id>/more-time")
@signed_in
@act
def more_time(observation_id: UUID) -> ResponseReturnValue:
    """Move the date, by the trainee or by an instructor whom they asked."""
    taking_time.more_time(current.db(), current.visitor(), observation_id, current.now())
    return _back(observation_id, "more_time")


WISHES = {
    "ask": (taking_time.ask_to_talk, "talk_asked"),
    "not_needed": (taking_time.no_talk_needed, "talk_not_needed"),
    "held": (taking_time.talked, "talked"),
}


@bp.post("/o/<uuid:observation_id>/talk")
@signed_in
@act
def talk(observation_id: UUID) -> ResponseReturnValue:
    """Talking before the answer: the trainee asks for it or needs it no more; an observer says that it was held."""
    wish = WISHES.get(request.form.get("wish", ""))
    if wish is None:
        abort(400)
    do, said = wish
    do(current.db(), current.visitor(), observation_id, current.now())
    return _back(observation_id, said)


def _back(observation_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
