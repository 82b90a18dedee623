"""The observer's answer to the trainee's words, and amending what was shared."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import replying
from lti_tool.services.observations.read import read
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.observations.record_page import RecordPage, record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader
from rubrics.observation import State
from rubrics.refusal import Refused

bp = Blueprint("replying", __name__)

TO_MEND = ("nothing_written", "too_long")


@bp.route("/o/<uuid:observation_id>/reply", methods=["GET", "POST"])
@signed_in
@writes
@act
def reply(observation_id: UUID) -> ResponseReturnValue:
    """The observer answers the trainee's words."""
    if request.method == "GET":
        return _reply_page(observation_id)
    words = request.form.get("reply")
    if words is None:
        abort(400)
    try:
        replying.reply(current.db(), current.visitor(), observation_id, words, current.now())
    except Refused as refused:
        if refused.code not in TO_MEND:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _reply_page(observation_id, typed=words, problem=problem))
    return _to_the_record(observation_id, "replied")


def _reply_page(observation_id: UUID, *, typed: str | None = None, problem: str | None = None) -> ResponseReturnValue:
    page = _observers_page(observation_id)
    if not page["parts"].ways or not page["parts"].ways.may_reply:
        return _to_the_record(observation_id)
    return render_template("replying/reply.html", typed=typed, problem=problem, **page), 422 if problem else 200


@bp.post("/o/<uuid:observation_id>/reply/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Autosave of an answer that is not given yet."""
    words = fields_of_json(request.get_json()).get("reply")
    if words is None:
        abort(400)
    saved_at = replying.save_reply(current.db(), current.visitor(), observation_id, words, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.route("/o/<uuid:observation_id>/amend", methods=["GET", "POST"])
@signed_in
@writes
@act
def amend(observation_id: UUID) -> ResponseReturnValue:
    """Take up again what was shared: what happens is said first."""
    if request.method == "POST":
        replying.amend(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("rating.rate", observation_id=observation_id), 303)
    page = _observers_page(observation_id)
    if page["line"].state is State.AMENDING:
        return redirect(url_for("rating.rate", observation_id=observation_id), 303)
    if not page["parts"].ways or not page["parts"].ways.may_amend:
        return _to_the_record(observation_id)
    return render_template("replying/amend.html", **page)


@bp.route("/o/<uuid:observation_id>/amend/share", methods=["GET", "POST"])
@signed_in
@act
def again(observation_id: UUID) -> ResponseReturnValue:
    """Look over what was rewritten; then share it with the trainee again."""
    if request.method == "POST":
        try:
            replying.share_again(current.db(), current.visitor(), observation_id, current.now())
        except Refused as refused:
            if refused.code != "still_needed":
                raise
            return redirect(url_for("replying.again", observation_id=observation_id), 303)
        return _to_the_record(observation_id, "shared_again")
    try:
        found = replying.again(current.db(), current.visitor(), observation_id, current.now())
    except Refused:
        return _to_the_record(observation_id)
    return render_template(
        "replying/share_again.html",
        again=replace(found, rubric=for_reader(found.rubric, readers_languages())),
        line=found.line,
        page_course_id=found.line.course_id,
    )


@bp.route("/o/<uuid:observation_id>/amend/leave", methods=["GET", "POST"])
@signed_in
@act
def leave(observation_id: UUID) -> ResponseReturnValue:
    """Leave it as it was shared: asked once."""
    if request.method == "POST":
        replying.leave(current.db(), current.visitor(), observation_id, current.now())
        return _to_the_record(observation_id, "left_as_it_was")
    try:
        found = replying.again(current.db(), current.visitor(), observation_id, current.now())
    except Refused:
        return _to_the_record(observation_id)
    return render_template("replying/leave.html", again=found, line=found.line, page_course_id=found.line.course_id)


def _observers_page(observation_id: UUID) -> RecordPage:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_observer"]:
        raise NotHere
    return page


def _to_the_record(observation_id: UUID, said: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
